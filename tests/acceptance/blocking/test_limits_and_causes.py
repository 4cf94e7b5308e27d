# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Limits count what is ours, a busy FortiGate is asked again, a cause is named, and a block is removed where it is."""

from __future__ import annotations

import contextlib
import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.registry.store import open_registry

from acceptance.blocking.fleet import Fleet, Run
from simulators.fortigate import FortiGate

TARGET, MORE, SERVER = "198.51.100.7", "198.51.100.8", "203.0.113.10"
OWN = "203.0.113.1"
CDN, RESOLVER = "198.51.100.70", "9.9.9.9"
SHARED = {f"{CDN}/32": [{"id": 1, "name": "Cloudflare-CDN", "reputation": 5}]}
PREPARED = {"with_feed": True, "with_group": True, "with_policies": True}
ATTACKED = {"ip": TARGET, "victims": [OWN], "role": "attacker"}
BANS, PLACES = "user/banned", ["root", "guest"]
pytestmark = pytest.mark.timeout(600)


def of_others(box: FortiGate) -> None:
    """Ten bans of an engine, and five of another pipeline."""
    box.seed_bans([{"ip_address": f"192.0.2.{number}", "source": "IPS"} for number in range(1, 11)])
    body = {"ip_addresses": [f"192.0.2.{number}" for number in range(20, 25)], "expiry": 86400}
    box.other_administrator("POST", "monitor/user/banned/add_users?vdom=root", body)


# Each FortiGate by its name: switches, variables of the role, and what is the case with it.
SETUPS: dict[str, tuple[dict[str, t.Any], dict[str, t.Any], t.Callable[[FortiGate], t.Any]]] = {
    "limits": ({}, {"max_active": 2}, of_others),
    "ours": ({}, {"max_active": 1, "targets": [TARGET, MORE]}, of_others),
    "rate": ({}, {}, lambda box: box.fault("too_many", method="GET", path=BANS, times=2, retry_after=1)),
    "busy": ({}, {}, lambda box: box.fault("unavailable", method="GET", path=BANS, times=2)),
    "never": ({}, {}, lambda box: box.fault("too_many", method="GET", path=BANS, times=99)),
    "old": ({"version": "v7.2.3"}, {"targets": [ATTACKED], "local_in_method": "feed_push"}, lambda box: None),
    "unverified": ({}, {"verify": False}, lambda box: None),
    "refused": ({}, {"verify": False}, lambda box: box.fault("forbidden", method="POST", path="add_users", times=9)),
    "allowed": ({"internet_services": SHARED}, {"targets": [CDN, RESOLVER], "allow_shared": [f"{CDN}/32", RESOLVER]}, lambda box: None),
    "transparent": (
        {},
        {"targets": [TARGET, MORE], "on_protected": "skip"},
        lambda box: box.configure("system/settings", {"opmode": "transparent", "manageip": f"{MORE} 255.255.255.0"}),
    ),
    "everywhere": ({"vdoms": PLACES}, {"vdoms": PLACES}, lambda box: None),
    "other-method": ({}, {"method": "feed_push"}, lambda box: None),
    **{
        name: ({}, {}, lambda box: box.seed_bans([{"ip_address": TARGET, "source": "IPS"}])) for name in ("engine", "forced")
    },
}  # fmt: skip


UNBLOCKED = ("limits", "everywhere", "other-method", "engine", "forced")


class Story(t.NamedTuple):
    blocked: Run
    unblocked: Run
    # FortiGates that stopped the packet between the two.
    stopped: set[str]


@pytest.fixture(scope="module")
def story(fleet: Fleet) -> Story:
    for name, (switches, variables, prepare) in SETUPS.items():
        box = fleet.box(name, {**PREPARED, **switches}, **{"method": "ban", "targets": [TARGET], **variables})
        prepare(box)
    blocked = fleet.play("-v")
    stopped = {name for name, box in fleet.boxes.items() if not box.passes(TARGET, SERVER)}
    # As a person does it who remembers neither the method nor the VDOMs; and one who remembers the wrong method.
    for name in UNBLOCKED:
        fleet.forget(name, "method", "vdoms")
    fleet.connect("other-method", fortigate_block_method="ban")
    fleet.connect("forced", fortigate_block_force=True)
    fleet.connect("limits", fortigate_block_everything=True, fortigate_block_targets=[])
    return Story(blocked, fleet.play("-v", entry="unblock", only=",".join(UNBLOCKED)), stopped)


def states(fleet: Fleet, name: str) -> set[str]:
    with contextlib.closing(open_registry(str(fleet.directory / "blocks.sqlite"))) as registry:
        return {claim.state for claim in registry.find(host=name)}


def test_bans_of_engines_and_other_pipelines_use_up_no_limit(fleet: Fleet, story: Story) -> None:
    assert not story.blocked.outcomes["limits"].failed, story.blocked.outcomes["limits"].said
    assert "limits" in story.stopped
    outcome = story.blocked.outcomes["ours"]
    assert outcome.failed and "fortigate_block_max_active" in outcome.said
    assert fleet.boxes["ours"].passes(TARGET, SERVER) and fleet.boxes["ours"].writes == []


@pytest.mark.parametrize("name", ["rate", "busy"])
def test_a_busy_fortigate_is_asked_again(fleet: Fleet, story: Story, name: str) -> None:
    assert not story.blocked.outcomes[name].failed, story.blocked.outcomes[name].said
    assert name in story.stopped


def test_a_limit_of_requests_is_named_after_three_more(fleet: Fleet, story: Story) -> None:
    outcome, box = story.blocked.outcomes["never"], fleet.boxes["never"]
    assert outcome.failed and "The FortiGate limits the rate of requests" in outcome.said and box.writes == []
    assert len([one for one in box.journal if one.path.endswith(BANS)]) == 4


def test_a_shared_service_that_somebody_permits_is_blocked(fleet: Fleet, story: Story) -> None:
    outcome, box = story.blocked.outcomes["allowed"], fleet.boxes["allowed"]
    assert not outcome.failed and not box.passes(CDN, SERVER) and not box.passes(RESOLVER, SERVER), outcome.said
    assert "Cloudflare-CDN, permitted by fortigate_block_allow_shared" in story.blocked.output


def test_the_management_address_of_transparent_mode_is_protected(fleet: Fleet, story: Story) -> None:
    outcome, box = story.blocked.outcomes["transparent"], fleet.boxes["transparent"]
    assert not outcome.failed and not box.passes(TARGET, SERVER) and box.passes(MORE, SERVER), outcome.said
    (refused,) = [line for line in fleet.lines("transparent") if line["result"] == "refused"]
    assert refused["address"] == MORE and "management address" in refused["refusals"][0]


def test_a_release_that_is_too_old_is_named_before_the_first_write(fleet: Fleet, story: Story) -> None:
    outcome = story.blocked.outcomes["old"]
    assert outcome.failed and "7.2.4" in outcome.said and fleet.boxes["old"].writes == []


def test_what_was_not_verified_is_so_in_the_registry_too(fleet: Fleet, story: Story) -> None:
    assert not story.blocked.outcomes["unverified"].failed
    assert [line["result"] for line in fleet.lines("unverified")] == ["written, not verified"]
    assert states(fleet, "unverified") == {"unverified"}


def test_without_verification_an_error_is_an_error(fleet: Fleet, story: Story) -> None:
    assert story.blocked.outcomes["refused"].failed and fleet.boxes["refused"].passes(TARGET, SERVER)
    assert [line["result"] for line in fleet.lines("refused")] == ["rolled_back"]


def test_a_block_is_removed_in_every_vdom_where_it_is(fleet: Fleet, story: Story) -> None:
    box = fleet.boxes["everywhere"]
    assert "everywhere" in story.stopped
    assert not story.unblocked.outcomes["everywhere"].failed, story.unblocked.outcomes["everywhere"].said
    assert [line["vdom"] for line in fleet.lines("everywhere") if line["result"] == "blocked"] == PLACES
    assert box.passes(TARGET, SERVER) and [box.bans(vdom) for vdom in PLACES] == [[], []]


def test_what_another_method_still_blocks_is_named(fleet: Fleet, story: Story) -> None:
    outcome = story.unblocked.outcomes["other-method"]
    assert not fleet.boxes["other-method"].passes(TARGET, SERVER)
    assert outcome.failed and f"{TARGET} is still blocked by" in outcome.said and "feed_push" in outcome.said


def test_everything_is_everything_of_ours(fleet: Fleet, story: Story) -> None:
    box = fleet.boxes["limits"]
    assert not story.unblocked.outcomes["limits"].failed, story.unblocked.outcomes["limits"].said
    assert box.passes(TARGET, SERVER) and len(box.bans()) == 15


def test_a_ban_of_an_engine_goes_by_force_only(fleet: Fleet, story: Story) -> None:
    outcome = story.unblocked.outcomes["engine"]
    assert outcome.failed and outcome.changed == 0 and "banned by IPS until" in outcome.said
    assert not fleet.boxes["engine"].passes(TARGET, SERVER)
    assert not story.unblocked.outcomes["forced"].failed and fleet.boxes["forced"].passes(TARGET, SERVER)

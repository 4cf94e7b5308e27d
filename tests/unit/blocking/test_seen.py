# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""On which FortiGates an offender is blocked: what is not known never leaves one out."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.identities import Identity, identity
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.planning import ADD, KEEP, Step
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.seen import Seen, identify, judge_place
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.targets import merged, parse_targets
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput
from unit.blocking.support import HOST, SERIAL, Simulated, options

HQ = identity("fgt-hq", ["FG100FTK20000001", "FG100FTK20000002", "HQ-A", "HQ-B"])
BRANCH = identity("fgt-branch", ["FGT60FTK20000003", "Branch", "FGHA000123456789_CID"])
LAB = identity("fgt-lab", ["FGVM010000000004"])
FLEET = (HQ, BRANCH, LAB)


@pytest.mark.parametrize(
    "devices",
    [
        ["FG100FTK20000001"],
        ["FG100FTK20000002[root]"],
        ["hq-b"],
        [" fgt-hq "],
        ["FGT60FTK20000003", "HQ-A"],
    ],
)
def test_it_is_blocked_where_it_was_logged(devices: list[str]) -> None:
    assert judge_place(devices, HQ, FLEET) == (True, "")


@pytest.mark.parametrize(
    "devices, said",
    [
        (["FGT60FTK20000003"], "logged only by fgt-branch"),
        (["FGHA000123456789_CID"], "logged only by fgt-branch"),
        (["FGVM010000000004[dmz]", "branch"], "logged only by fgt-branch and fgt-lab"),
    ],
)
def test_it_is_left_out_where_every_device_is_another_fortigate_of_the_run(devices: list[str], said: str) -> None:
    assert judge_place(devices, HQ, FLEET) == (False, said)


@pytest.mark.parametrize(
    "devices, said",
    [
        ([], "blocked everywhere, because the devices that logged it are not known"),
        (["FG200FTK20000009"], "blocked everywhere, because it was logged by FG200FTK20000009, which is not a FortiGate that this run has read"),
        # As if it was everywhere also where it is known: a plan has one row for it.
        (["FG200FTK20000009", "HQ-A"], "blocked everywhere, because it was logged by FG200FTK20000009, which is not a FortiGate that this run has read"),
        (["a", "b", "c", "d"], "blocked everywhere, because it was logged by a, b, c and 1 more, which are not FortiGates that this run has read"),
        (["All_Devices\n"], "blocked everywhere, because it was logged by All_Devices, which is not a FortiGate that this run has read"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("here", FLEET)
def test_what_is_not_known_is_blocked_everywhere(devices: list[str], said: str, here: Identity) -> None:
    assert judge_place(devices, here, FLEET) == (True, said)


def test_two_hosts_for_one_fortigate_and_names_that_two_share() -> None:
    alias = identity("fgt-hq-guest", ["FG100FTK20000001"])
    assert judge_place(["FG100FTK20000001"], alias, (HQ, alias)) == (True, "")
    one, other = identity("a", ["FortiGate"]), identity("b", ["FortiGate"])
    assert (
        judge_place(["FortiGate"], one, (one, other)) == judge_place(["FortiGate"], other, (one, other)) == (True, "")
    )


@pytest.mark.parametrize("devices", ["FG1", ["FG1"], ("FG1",), [None, "", "FG1"]])
def test_devices_of_an_offender(devices: t.Any) -> None:
    (target,) = parse_targets([{"address": "198.51.100.7", "role": "attacker", "devices": devices}])
    assert target.devices == ("FG1",) and target.as_dict()["devices"] == ["FG1"]


def test_an_address_that_a_person_names_too_is_blocked_everywhere() -> None:
    one, other, person = parse_targets(
        [*({"address": "198.51.100.7", "devices": [name]} for name in ("A", "B")), "198.51.100.7"]
    )
    assert merged(one, other, 3600).devices == ("A", "B")
    assert merged(one, person, 3600).devices == merged(person, other, 3600).devices == ()


def wanted(device: str) -> dict[str, t.Any]:
    return {"address": "198.51.100.7", "role": "attacker", "devices": [device]}


def other_read(fortigate: Simulated, host: str, serial: str, run_id: str = "run") -> None:
    """What another FortiGate of the run has left in the registry."""
    kept = {
        "serial": serial,
        "names": [host],
        "unknown": [],
        "read_at": fortigate.clock.now(),
        "known_as": [],
        "run_id": run_id,
    }
    fortigate.registry.keep_answer("identity", host, kept)


def test_a_run_leaves_out_what_only_another_fortigate_has_logged(fortigate: Simulated) -> None:
    other_read(fortigate, "fgt-branch", "FG2")
    given = options(wanted("FG2[root]"), where="seen", fleet=[HOST, "fgt-branch"])
    seen = Seen(given, fortigate.context)
    seen.learn()
    assert seen.left_out(given.targets) == {"198.51.100.7": "logged only by fgt-branch"}
    mine = options(wanted(SERIAL), where="seen", fleet=[HOST, "fgt-branch"])
    assert seen.left_out(mine.targets) == {}


def test_a_fortigate_of_an_earlier_run_takes_no_part_in_this_one(fortigate: Simulated) -> None:
    other_read(fortigate, "fgt-branch", "FG2", run_id="earlier")
    given = options(wanted("FG2"), where="seen", fleet=[HOST, "fgt-branch"])
    seen = Seen(given, fortigate.context)
    seen.learn()
    assert seen.left_out(given.targets) == {}
    step = Step(ADD, "198.51.100.7", "root", given.targets[0])
    assert "blocked everywhere, because it was logged by FG2" in seen.explained(step).why
    assert seen.explained(step._replace(action=KEEP)).why == ""


def test_without_the_option_nothing_is_read_or_left_out(fortigate: Simulated) -> None:
    given = options(wanted("FG2"))
    seen = Seen(given, fortigate.context)
    seen.learn(wait=True)
    assert fortigate.reads == [] and seen.left_out(given.targets) == {}


def test_others_of_the_play_are_waited_for(fortigate: Simulated) -> None:
    given = options(wanted("FG2"), where="seen", fleet=[HOST, "fgt-late"], batch=[HOST, "fgt-late"])
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        other_read(fortigate, "fgt-late", "FG2")

    seen = Seen(given, fortigate.context._replace(sleep=sleep))
    seen.learn(wait=True)
    assert len(slept) == 1 and seen.left_out(given.targets) == {"198.51.100.7": "logged only by fgt-late"}


def test_a_file_reaches_every_fortigate(fortigate: Simulated) -> None:
    given = options(wanted("FG2"), where="seen", method="feed_file", feed_file="/srv/feed.txt")
    with pytest.raises(InvalidInput, match="every FortiGate fetches the same file"):
        Seen(given, fortigate.context)
    with pytest.raises(InvalidInput, match="every FortiGate fetches the same file"):
        identify(given, fortigate.context, False)


def test_identify_changes_nothing(fortigate: Simulated) -> None:
    found = identify(options(), fortigate.context, False)
    assert (found["changed"], found["serial"], found["steps"], found["notices"]) == (False, SERIAL, [], [])
    assert fortigate.writes == []

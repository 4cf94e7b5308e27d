# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Offenders are blocked on the FortiGates that have logged them, and everywhere where that is not known."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput

from acceptance.blocking.cases import fortigates
from simulators.fortigate import FortiGate
from support.blocking import PREPARED, Data, Several

NAMES = ("hq", "branch", "lab")
START = 1_800_000_000.0
PUBLISHED = "203.0.113.10"
PEERS, STATUS, LIST = "system/ha-peer", "system/status", "user/banned"
CLUSTER = "FGHA000123456789_CID"
# The last part of the address, the devices that have logged it, and the FortiGates that block it.
OFFENDERS: dict[int, tuple[list[str], tuple[str, ...]]] = {
    1: (["FGT-branch"], ("branch",)),
    2: (["FGT-hq-b[root]"], ("hq",)),
    3: (["lab-fw"], ("lab",)),
    4: (["FGT-hq", "lab"], ("hq", "lab")),
    5: ([CLUSTER], ("branch",)),
    6: (["FGT-elsewhere"], NAMES),
    7: ([], NAMES),
    8: (["FGT-branch", "FGT-elsewhere"], NAMES),
}
TARGETS = [
    {"address": f"198.51.100.{number}", "role": "attacker", "reasons": ["9 incidents"], "devices": devices}
    for number, (devices, _where) in OFFENDERS.items()
]
WANTED = {number: places for number, (_devices, places) in OFFENDERS.items()}
SEEN = {"where": "seen", "method": "ban", "targets": TARGETS}


def where(site: Several) -> dict[int, tuple[str, ...]]:
    """By packets, where each offender is blocked."""
    return {
        number: tuple(name for name in NAMES if not site.boxes[name].passes(f"198.51.100.{number}", PUBLISHED))
        for number in OFFENDERS
    }


def step(found: t.Mapping[str, Data], name: str, number: int) -> Data:
    (one,) = [one for one in found[name]["steps"] if one["address"] == f"198.51.100.{number}"]
    return t.cast("Data", one)


def sent(site: Several, name: str, path: str) -> int:
    return sum(path in entry.path for entry in site.boxes[name].journal)


@pytest.fixture(scope="module")
def boxes() -> t.Iterator[dict[str, FortiGate]]:
    with fortigates(NAMES, START) as found:
        yield found


@pytest.fixture
def site(boxes: dict[str, FortiGate], tmp_path: Path) -> t.Iterator[Several]:
    """A cluster, a FortiGate that FortiAnalyzer knows by the id of a cluster, and one by its host name."""
    for box in boxes.values():
        box.reset()
        box.switches.update(PREPARED)
    boxes["hq"].switches.update({"ha_members": [{"serial_no": "FGT-hq-b", "hostname": "hq-b"}]})
    boxes["lab"].configure("system/global", {"hostname": "Lab-FW"})
    found = Several(boxes, str(tmp_path / "blocks.sqlite"))
    found.known_as["branch"] = [CLUSTER]
    yield found
    assert {name: problems for name, box in boxes.items() if (problems := box.check())} == {}


def test_each_offender_is_blocked_where_it_was_logged(site: Several) -> None:
    check = site.block(check_mode=True, **SEEN)
    assert where(site) == dict.fromkeys(OFFENDERS, ()) and not any(box.writes for box in site.boxes.values())

    run = site.block(**SEEN)
    assert where(site) == WANTED
    for name in NAMES:
        # What the plan said.
        planned = [(one["address"], one["action"], one["why"]) for one in check[name]["steps"]]
        assert planned == [(one["address"], one["action"], one["why"]) for one in run[name]["steps"]]
        said = {number: (step(run, name, number)["action"], step(run, name, number)["why"]) for number in OFFENDERS}
        assert said[1] == (("add", "") if name == "branch" else ("not seen", "logged only by branch"))
        assert said[4] == (("not seen", "logged only by hq and lab") if name == "branch" else ("add", ""))
        for number in (6, 8):
            assert (
                said[number][0] == "add"
                and "it was logged by FGT-elsewhere, which is not a FortiGate" in said[number][1]
            )
        assert "the devices that logged it are not known" in said[7][1]
    # Who they are was asked once, and a cluster says its host name beside its members.
    assert [(sent(site, name, PEERS), sent(site, name, STATUS)) for name in NAMES] == [(1, 0), (1, 1), (1, 1)]

    before = {name: len(site.boxes[name].journal) for name in NAMES}
    again = site.block(**SEEN)
    assert not any(one["changed"] for one in again.values()) and where(site) == WANTED
    for name, number in before.items():
        assert {entry.path.partition("?")[0] for entry in list(site.boxes[name].journal)[number:]} == {
            f"/api/v2/monitor/{LIST}"
        }


def test_after_a_failover_the_members_are_the_same_fortigate(site: Several) -> None:
    site.block(**SEEN)
    site.boxes["hq"].ha_failover()
    lost = where(site)
    assert lost[2] == () and lost[1] == ("branch",)
    site.block(**SEEN)
    assert where(site) == WANTED and sent(site, "hq", PEERS) == 2
    site.boxes["hq"].ha_failover()


def test_one_after_the_other_nothing_known_is_missed(site: Several) -> None:
    """As with `serial: 1`: a FortiGate that was not read yet is unknown, and unknown is everywhere."""
    for name in NAMES:
        for one in ({"state": "identified"}, {"plan": True}, {}):
            site.one(name, "slow", **one, fleet=NAMES, batch=[name], **SEEN)
    late = {1: ("hq", "branch"), 2: ("hq",), 3: NAMES, 4: NAMES, 5: ("hq", "branch"), 6: NAMES, 7: NAMES, 8: NAMES}
    assert where(site) == late


def test_the_first_waits_for_the_others(site: Several) -> None:
    """As with `strategy: free`."""
    others = ["branch", "lab"]

    def sleep(_seconds: float) -> None:
        if others:
            site.one(others.pop(), "free", state="identified")

    found = {"hq": site.one("hq", "free", sleep, fleet=NAMES, batch=NAMES, **SEEN)}
    assert {number for number in OFFENDERS if step(found, "hq", number)["action"] == "add"} == {2, 4, 6, 7, 8}
    assert {number: "hq" in places for number, places in where(site).items()} == {
        number: "hq" in places for number, places in WANTED.items()
    }


def test_a_part_of_the_fortigates_leaves_nothing_to_the_others(site: Several) -> None:
    site.block(**SEEN)
    site.boxes["hq"].reboot()
    run = site.block(only=["hq"], **SEEN)
    assert all("hq" in places for places in where(site).values())
    assert "it was logged by FGT-branch" in step(run, "hq", 1)["why"]


def test_what_is_blocked_already_stays_and_is_not_extended(site: Several) -> None:
    site.block(**{**SEEN, "where": "everywhere"}, ttl="10m")
    assert set(where(site).values()) == {NAMES}
    assert not any(sent(site, name, PEERS) for name in NAMES)
    run = site.block(ttl="1h", **SEEN)
    assert set(where(site).values()) == {NAMES}
    assert {name: step(run, name, 1)["action"] for name in NAMES} == {"hq": "keep", "branch": "extend", "lab": "keep"}
    assert step(run, "hq", 1)["why"] == "logged only by branch, so the block is not extended here"


def test_a_list_that_no_policy_uses_fails_only_where_something_is_blocked(site: Several) -> None:
    site.boxes["lab"].switches.update({"with_policies": False})
    site.block(targets=TARGETS[:1], where="seen", method="feed_push")
    assert where(site)[1] == ("branch",) and site.boxes["lab"].writes == []
    with pytest.raises(InvalidInput, match="Nothing was blocked"):
        site.block(targets=TARGETS[2:3], where="seen", method="feed_push")


@pytest.mark.parametrize("switches, said", [({"denied": [PEERS]}, "HTTP 403"), ({"missing": [PEERS]}, "")])
def test_members_that_are_not_shown(site: Several, switches: dict[str, t.Any], said: str) -> None:
    site.boxes["hq"].switches.update(switches)
    notices = " ".join(site.block(**SEEN)["hq"]["notices"])
    assert where(site) == {**WANTED, 2: NAMES}
    assert ("does not show its HA members" in notices) is bool(said) and said in notices


def test_a_file_is_on_every_fortigate(site: Several, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="every FortiGate fetches the same file"):
        site.block(**{**SEEN, "method": "feed_file"}, feed_file=str(tmp_path / "feed.txt"))
    assert not (tmp_path / "feed.txt").exists()

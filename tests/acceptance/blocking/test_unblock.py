# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Unblocking is at least as sure as blocking: what can be removed is removed, and what still blocks an address is named.

See protocol_fortigate.rst, "Address groups", "Bans".
"""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from acceptance.blocking.cases import clock_of, on
from simulators.fortigate import FortiGate
from support.blocking import PREPARED, Data, Ended, Line, attempt

TARGET, OTHER = "203.0.114.31", "203.0.114.77"
PUBLISHED = "203.0.113.10"


def member(box: FortiGate, name: str, **obj: t.Any) -> None:
    """An object of a colleague in our group."""
    box.configure("firewall/address", [{"name": name, **obj}])
    old = next(one for one in box.objects("firewall/addrgrp") if one["name"] == "SOC-BLOCK")
    box.configure("firewall/addrgrp", [{"name": "SOC-BLOCK", "member": [*old["member"], {"name": name}]}])


def nothing(box: FortiGate) -> None:
    pass


def in_use(box: FortiGate) -> None:
    box.configure("firewall/addrgrp", [{"name": "ops-watch", "member": [{"name": f"blk-{TARGET}"}]}])


def same_address(box: FortiGate) -> None:
    member(box, "manual-block-1", type="ipmask", subnet=f"{TARGET} 255.255.255.255")


def wider(box: FortiGate) -> None:
    member(box, "evil-net", **{"type": "iprange", "start-ip": "203.0.114.1", "end-ip": "203.0.114.50"})


def foreign_name(box: FortiGate) -> None:
    member(box, "blk-badnet", **{"type": "iprange", "start-ip": "9.1.1.1", "end-ip": "9.1.1.9"})


def by_name(box: FortiGate) -> None:
    member(box, "evil-name", type="fqdn", fqdn="evil.example.com")


def network(box: FortiGate) -> None:
    push = {"commands": [{"name": "soc-block", "command": "add", "entries": ["203.0.114.0/26"]}]}
    box.other_administrator("POST", "monitor/system/external-resource/dynamic", push)


def engine(box: FortiGate) -> None:
    box.other_administrator("POST", "monitor/user/banned/clear_users", {"ip_addresses": [TARGET]})
    box.seed_bans([{"ip_address": TARGET, "source": "IPS"}])


def unread(box: FortiGate) -> None:
    box.fault("forbidden_html", method="GET", path="external-resource", times=99)


def deny(box: FortiGate, source: str, move: str) -> None:
    """A colleague's policy."""
    places = {"srcintf": "any", "dstintf": "any", "srcaddr": source, "dstaddr": "all", "service": "ALL"}
    given = {key: [{"name": name}] for key, name in places.items()} | {"schedule": "always", "match-vip": "enable"}
    box.configure("firewall/policy", [{"policyid": 40, "name": "colleague", "action": "deny", **given}])
    if move:
        box.other_administrator("PUT", f"cmdb/firewall/policy/40?vdom=root&action=move&{move}")


def colleague_denies(box: FortiGate) -> None:
    box.configure("firewall/address", [{"name": "bad-net", "subnet": "203.0.114.0/24"}])
    deny(box, "bad-net", "before=9001")


def denies_all(box: FortiGate) -> None:
    """The last one of many configurations: what nothing accepts is denied."""
    deny(box, "all", "")


# By name the method that blocks, what somebody does before that, and what between the block and the end of it.
Does = t.Callable[[FortiGate], None]
CASES: dict[str, tuple[str, Does, Does]] = {
    "in-use": ("addrgrp", nothing, in_use),
    "same-address": ("addrgrp", nothing, same_address),
    "range": ("addrgrp", nothing, wider),
    "foreign-name": ("addrgrp", foreign_name, nothing),
    "fqdn": ("addrgrp", nothing, by_name),
    "elsewhere": ("feed_push", nothing, nothing),
    "wide": ("feed_push", nothing, network),
    "engine": ("ban", nothing, engine),
    "unread": ("ban", nothing, unread),
    "clean": ("ban", nothing, nothing),
    "policy": ("feed_push", nothing, colleague_denies),
    "denies-all": ("feed_push", nothing, denies_all),
}


class Case:
    """Both addresses were blocked, and one of them was unblocked."""

    def __init__(self, box: FortiGate, folder: Path, name: str) -> None:
        method, before, meanwhile = CASES[name]
        box.reset()
        box.switches.update(PREPARED)
        self.box, self.name = box, name
        self._line, self._send = Line.of(box), Line.of(box).sender()
        self._usual: Data = {"registry": str(folder / "blocks.sqlite"), "verify_retries": 1}
        before(box)
        blocked = self._run(method=method, targets=[TARGET, OTHER])
        assert not blocked.failed, blocked.said
        assert not box.passes(TARGET, PUBLISHED) and not box.passes(OTHER, PUBLISHED)
        meanwhile(box)
        self.ended = self.unblock()

    def unblock(self) -> Ended:
        """Without a method, as a person does it who does not remember."""
        return self._run(state="absent", targets=[TARGET])

    def _run(self, **options: t.Any) -> Ended:
        clock = clock_of(self.box)
        return attempt(self._line, self._send, clock.now, clock.advance, **self._usual, **options)


@pytest.fixture
def case(request: pytest.FixtureRequest, fortigate: FortiGate, tmp_path: Path) -> t.Iterator[Case]:
    yield Case(fortigate, tmp_path, request.param)
    assert fortigate.check() == []


@on("in-use", "foreign-name", "elsewhere", "clean", "denies-all")
def test_it_is_unblocked_wherever_it_is(case: Case) -> None:
    assert not case.ended.failed and case.ended.changed, case.ended.said
    assert case.box.passes(TARGET, PUBLISHED) and not case.box.passes(OTHER, PUBLISHED)


@on("unread")
def test_a_list_that_cannot_be_read_stops_none_of_the_others(case: Case) -> None:
    assert case.box.passes(TARGET, PUBLISHED) and case.ended.changed
    assert case.ended.failed and "could not be read" in case.ended.said and "external-resource" in case.ended.said


STILL = {
    "same-address": "entry manual-block-1 blocks it",
    "range": "entry evil-net blocks it",
    "wide": "entry 203.0.114.0/26 blocks it",
    "engine": "banned by IPS",
}


@on("policy")
def test_what_a_policy_of_a_colleague_denies_is_not_called_absent(case: Case) -> None:
    assert not case.box.passes(TARGET, PUBLISHED) and TARGET not in case.box.feed("soc-block")
    for ended in (case.ended, case.unblock()):
        assert ended.failed
        assert f"{TARGET} is still blocked in VDOM root: policy 40 'colleague' denies it" in ended.said


@on(*STILL)
def test_what_still_blocks_it_is_named(case: Case) -> None:
    assert not case.box.passes(TARGET, PUBLISHED)
    assert case.ended.failed and f"{TARGET} is still blocked by" in case.ended.said
    assert STILL[case.name] in case.ended.said


@on("in-use")
def test_an_object_in_use_stays_outside_of_the_group_and_the_next_run_is_quiet(case: Case) -> None:
    assert f"blk-{TARGET}" not in case.box.members("SOC-BLOCK")
    assert f"blk-{TARGET}" in {one["name"] for one in case.box.objects("firewall/address")}
    assert case.ended.changed
    again = case.unblock()
    assert not again.changed and not again.failed


@on("fqdn")
def test_members_whose_addresses_are_not_known_are_named(case: Case) -> None:
    assert not case.ended.failed
    assert any("evil-name" in notice for notice in case.ended.result["notices"])


MEMBERS = {"same-address": "manual-block-1", "range": "evil-net", "foreign-name": "blk-badnet"}


@on(*MEMBERS)
def test_members_of_colleagues_stay(case: Case) -> None:
    assert MEMBERS[case.name] in case.box.members("SOC-BLOCK")

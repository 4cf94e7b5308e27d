# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`state: reconciled` and `state: adopted`: afterwards the FortiGate blocks what the registry says, or the run has failed."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.registry.store import open_registry
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import FortiViewError, InvalidInput

from acceptance.blocking.cases import clock_of
from simulators.fortigate import FortiGate, ManualClock
from support.blocking import PREPARED, Data, Line, on_list, operate, state

START = 1_800_000_000.0
HOUR = 3600
ONE, TWO, THREE = "198.51.100.7", "203.0.113.77", "2001:db8:bad::7"
ALL = (ONE, TWO, THREE)
LISTS = ("ban", "feed_push", "addrgrp")


@pytest.fixture(scope="module")
def fortigate() -> t.Iterator[FortiGate]:
    with FortiGate(clock=ManualClock(START), serial="FGT-1", hostname="one") as box:
        yield box


class Site:
    def __init__(self, box: FortiGate, registry: str) -> None:
        box.reset()
        box.switches.update(PREPARED)
        self.box, self.registry = box, registry
        self.clock = clock_of(box)
        self.line = Line.of(box)
        self.send = self.line.sender()

    def run(self, state: str = "reconciled", run_id: str = "night", **options: t.Any) -> Data:
        usual = {"registry": self.registry, "verify_retries": 0, "run_id": run_id}
        return operate(self.line, self.send, self.clock.now, self.clock.advance, state=state, **usual, **options)

    def block(self, method: str, targets: t.Sequence[t.Any] = ALL, ttl: int = HOUR, **options: t.Any) -> None:
        self.run("present", "hunt", method=method, targets=list(targets), ttl=str(ttl), **options)

    def refused(self, **options: t.Any) -> FortiViewError:
        with pytest.raises(FortiViewError) as caught:
            self.run(**options)
        return caught.value

    def requests(self) -> list[str]:
        return [f"{one.http_method} {one.path}" for one in self.box.journal]

    def problems(self, method: str) -> list[str]:
        return state(self.box, self.registry, method, self.clock.now()).problems


@pytest.fixture
def site(fortigate: FortiGate, tmp_path: Path) -> t.Iterator[Site]:
    yield Site(fortigate, str(tmp_path / "blocks.sqlite"))
    assert fortigate.check() == []


def lose(site: Site, method: str) -> None:
    """What a reboot or a colleague does."""
    if method == "ban":
        site.box.reboot()
    elif method == "feed_push":
        site.box.switches.update({"feed_kept_on_reboot": False})
        site.box.reboot()
    else:
        for address in sorted(on_list(site.box, method)):
            six = "6" if ":" in address else ""
            name = f"blk-{address.replace(':', '_')}"
            site.box.other_administrator("DELETE", f"cmdb/firewall/addrgrp{six}/SOC-BLOCK{six}/member/{name}?vdom=root")
            if address == TWO:
                site.box.other_administrator("DELETE", f"cmdb/firewall/address/{name}?vdom=root")


@pytest.mark.parametrize("method", LISTS)
def test_what_is_missing_is_blocked_again_for_the_time_that_is_left(site: Site, method: str) -> None:
    site.block(method)
    site.clock.advance(HOUR // 2)
    lose(site, method)
    assert on_list(site.box, method) == set()

    found = site.run()

    assert found["changed"] and {step["address"]: (step["action"], step["result"]) for step in found["steps"]} == {
        address: ("restore", "blocked") for address in ALL
    }
    assert all(
        abs(step["ttl"] - HOUR // 2) < 60 and step["why"].startswith("it was missing") for step in found["steps"]
    )
    assert on_list(site.box, method) == set(ALL) and site.problems(method) == []
    assert method == "ban" or not site.box.passes(ONE, "203.0.113.10")

    writes = len(site.box.writes)
    again = site.run(run_id="next")
    assert not again["changed"] and again["steps"] == [] and len(site.box.writes) == writes

    site.clock.advance(HOUR // 2 + 1)
    site.run(run_id="later")
    assert on_list(site.box, method) == set() and site.problems(method) == []


def test_a_restored_block_keeps_its_ticket_and_an_adopted_one_gets_that_of_its_run(site: Site) -> None:
    def notes() -> dict[str, set[tuple[str, str, str]]]:
        with open_registry(site.registry) as registry:
            claims = registry.find()
        return {
            run: {(one.address, one.ticket, one.approver) for one in claims if one.run_id == run}
            for run in ("night", "day")
        }

    site.block("addrgrp", [ONE], ticket="CHG-1", approver="anna")
    lose(site, "addrgrp")
    site.run(ticket="CHG-2")
    assert notes()["night"] == {(ONE, "CHG-1", "anna")}
    (comment,) = [one["comment"] for one in site.box.objects("firewall/address") if one["name"] == f"blk-{ONE}"]
    assert comment.endswith(" ticket=CHG-1 approver=anna")

    site.box.seed_bans([{"ip_address": TWO, "source": "Administrative"}])
    site.run("adopted", "day", everything=True, method="ban", ticket="CHG-2", approver="ben")
    assert notes()["day"] == {(TWO, "CHG-2", "ben")}


def test_a_restored_block_keeps_its_step(site: Site) -> None:
    """It is for the time that is left, which is none of the steps."""
    ladder = {"ttl": [HOUR, 24 * HOUR]}
    for run, wanted in (("first", HOUR), ("second", 24 * HOUR)):
        found = site.run("present", run, targets=[ONE], **ladder)
        assert [step["ttl"] for step in found["steps"]] == [wanted]
        if run == "first":
            site.clock.advance(HOUR + 1)
    site.clock.advance(12 * HOUR)
    lose(site, "ban")
    assert [step["ttl"] for step in site.run(**ladder)["steps"]] == [12 * HOUR]
    lose(site, "ban")
    (step,) = site.run("present", "third", targets=[ONE], **ladder)["steps"]
    assert (step["action"], step["ttl"]) == ("add", 24 * HOUR) and step["why"].endswith("step 2 of 2")


def test_a_block_is_restored_where_it_was_whoever_logged_it(site: Site) -> None:
    site.run("present", "hunt", targets=[{"address": ONE, "devices": ["FGT-1"]}], where="seen")
    lose(site, "ban")
    (step,) = site.run(where="seen")["steps"]
    assert (step["action"], step["why"]) == ("restore", "it was missing") and on_list(site.box, "ban") == {ONE}


@pytest.mark.parametrize("method", LISTS)
def test_a_run_with_nothing_to_do_sends_four_reads(site: Site, method: str) -> None:
    site.block(method)
    before = len(site.requests())
    assert not site.run(method=method)["changed"]
    requests = site.requests()[before:]
    assert len(requests) <= 4 and all(one.startswith("GET") for one in requests)


def test_without_a_method_every_list_is_read(site: Site) -> None:
    for method in LISTS:
        site.block(method, [ONE])
    lose(site, "ban")
    lose(site, "addrgrp")
    found = site.run()
    assert sorted((step["method"], step["action"]) for step in found["steps"]) == [
        ("addrgrp", "restore"),
        ("ban", "restore"),
    ]


def test_check_mode_and_plan_write_nothing(site: Site) -> None:
    site.block("ban")
    lose(site, "ban")
    writes = len(site.box.writes)
    planned = site.run(plan=True)
    assert planned["pending"] and {step["action"] for step in planned["steps"]} == {"restore"}
    checked = site.run(check_mode=True)
    assert checked["changed"] and checked["dry_run"] and len(site.box.writes) == writes
    assert on_list(site.box, "ban") == set()
    assert site.run()["changed"] and not site.run(plan=True)["pending"]


def test_what_a_person_unblocked_stays_unblocked(site: Site) -> None:
    site.block("ban")
    site.run("absent", "anna", targets=[ONE])
    lose(site, "ban")
    site.run()
    assert on_list(site.box, "ban") == {TWO, THREE}


def test_entries_that_nobody_knows_are_named_and_left(site: Site) -> None:
    site.block("feed_push", [ONE])
    site.box.other_administrator(
        "POST",
        "monitor/system/external-resource/dynamic?vdom=root",
        {"commands": [{"name": "soc-block", "command": "add", "entries": [TWO]}]},
    )
    found = site.run()
    assert not found["changed"] and on_list(site.box, "feed_push") == {ONE, TWO}
    assert any(TWO in notice and "not in the registry" in notice for notice in found["notices"])


@pytest.mark.parametrize("method", ["ban", "feed_push"])
def test_a_lost_registry_is_an_error_until_somebody_decides(site: Site, method: str) -> None:
    site.block(method)
    site.registry += ".new"
    error = site.refused()
    assert error.kind == "not_reconciled" and "3 entries" in str(error) and all(one in str(error) for one in ALL)
    assert on_list(site.box, method) == set(ALL)

    adopted = site.run("adopted", "anna", everything=True, ttl="2h")
    assert adopted["changed"] and {step["result"] for step in adopted["steps"]} == {"adopted"}
    assert not site.run()["changed"] and site.problems(method) == []
    site.clock.advance(2 * HOUR + 1)
    site.run(run_id="later")
    assert on_list(site.box, method) == set() and site.problems(method) == []


def test_marks_bring_back_a_lost_registry(site: Site) -> None:
    site.block("addrgrp")
    site.registry += ".new"
    found = site.run()
    assert found["changed"] and {step["result"] for step in found["steps"]} == {"adopted"}
    assert site.problems("addrgrp") == [] and not site.run()["changed"]
    site.clock.advance(HOUR + 1)
    site.run(run_id="later")
    assert on_list(site.box, "addrgrp") == set() and site.problems("addrgrp") == []


def test_a_restored_configuration_does_not_bring_back_what_was_unblocked(site: Site) -> None:
    site.block("addrgrp")
    backup = site.box.backup()
    site.run("absent", "anna", targets=[ONE], pardon="0s")
    site.block("addrgrp", ["198.51.100.9"])
    site.box.restore(backup)
    assert on_list(site.box, "addrgrp") == set(ALL)

    found = site.run()

    actions = {step["address"]: step["action"] for step in found["steps"]}
    assert actions == {ONE: "remove", "198.51.100.9": "restore"}
    assert on_list(site.box, "addrgrp") == {TWO, THREE, "198.51.100.9"} and site.problems("addrgrp") == []
    assert not site.run(run_id="next")["changed"]


def test_what_must_not_be_blocked_any_more_is_not_blocked_again(site: Site) -> None:
    site.block("ban")
    lose(site, "ban")
    found = site.run(never=[ONE])
    assert [one["address"] for one in found["refused"]] == [ONE] and on_list(site.box, "ban") == {TWO, THREE}
    assert site.problems("ban") == [] and not site.run(never=[ONE])["changed"]


def test_what_is_blocked_and_must_not_be_is_an_error(site: Site) -> None:
    site.block("ban")
    error = site.refused(never=[ONE])
    assert f"{ONE} is blocked by ban in VDOM root, but must not be" in str(error)
    assert on_list(site.box, "ban") == set(ALL)


def test_an_exclusion_list_is_needed(site: Site) -> None:
    with pytest.raises(InvalidInput, match="never"):
        site.run(never=None)


def test_one_list_that_fails_stops_none_of_the_others(site: Site) -> None:
    site.block("ban", [ONE])
    site.block("feed_push", [TWO])
    lose(site, "ban")
    site.box.switches.update({"feed_kept_on_reboot": False})
    site.box.reboot()
    site.box.configure("firewall/policy", [])
    for policy in site.box.objects("firewall/policy"):
        site.box.other_administrator("DELETE", f"cmdb/firewall/policy/{policy['policyid']}?vdom=root")
    error = site.refused()
    assert on_list(site.box, "ban") == {ONE} and on_list(site.box, "feed_push") == set()
    assert "missing in feed_push" in str(error) and f"could not be restored: {TWO}" in str(error)
    assert site.refused().kind == "not_reconciled"


def test_bans_that_have_ended_leave_the_registry(site: Site) -> None:
    site.block("ban")
    site.clock.advance(HOUR + 1)
    assert not site.run()["changed"]
    with open_registry(site.registry) as registry:
        assert registry.find() == [] and {one.outcome for one in registry.history()} == {"expired"}


def test_bans_of_engines_are_left(site: Site) -> None:
    site.block("ban", [ONE])
    lose(site, "ban")
    site.box.seed_bans([{"ip_address": ONE, "source": "IPS"}])
    assert not site.run()["changed"]
    adopted = site.run("adopted", "anna", targets=[ONE])
    assert [step["action"] for step in adopted["steps"] if step["method"] == "ban"] == ["banned by the FortiGate"]


def test_adopted_targets_that_are_on_no_list_are_named(site: Site) -> None:
    site.block("ban", [ONE])
    found = site.run("adopted", "anna", targets=[TWO])
    assert not found["changed"] and {step["action"] for step in found["steps"]} == {"absent"}
    with pytest.raises(InvalidInput, match="targets"):
        site.run("adopted", "anna")

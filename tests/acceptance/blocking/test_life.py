# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The life of blocks: the guardrails, what a person unblocked, clocks that differ, and a registry that is lost."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest

from acceptance.blocking.cases import clock_of
from simulators.fortigate import FortiGate
from support.blocking import PREPARED, Data, Ended, Line, attempt, on_list
from support.fortigate_client import Client

FEW = ("198.51.100.7", "203.0.113.77", "2001:db8:bad::7")
OWN_ADDRESS = "203.0.113.1"
RESOLVERS = ["8.8.8.8", "1.1.1.1", "9.9.9.9", "2001:4860:4860::8888", "2606:4700:4700::1111", "198.41.0.4"]
HUNTED = [{"address": one, "role": "attacker", "threats": ["Scan"], "reasons": ["3 incidents"]} for one in FEW]
LATER = "2100-01-01T00:00:00Z"
METHODS = ("feed_push", "addrgrp", "ban")

pytestmark = pytest.mark.core


class Site:
    """A FortiGate, a registry and an audit log."""

    def __init__(self, box: FortiGate, folder: Path) -> None:
        box.switches.restore(type(box.switches)())
        box.reset()
        box.switches.update(PREPARED)
        self.box, self.registry, self._audit = box, str(folder / "blocks.sqlite"), folder / "audit.jsonl"
        self._line, self._send = Line.of(box), Line.of(box).sender()

    def run(self, state: str = "present", **options: t.Any) -> Ended:
        clock = clock_of(self.box)
        usual: Data = {"registry": self.registry, "audit_log": str(self._audit), "verify_retries": 1}
        usual.update(protect_infrastructure=True, state=state)
        return attempt(self._line, self._send, clock.now, clock.advance, **{**usual, **options})

    def block(self, method: str, targets: t.Sequence[t.Any] = FEW, **options: t.Any) -> None:
        ended = self.run(method=method, targets=list(targets), **options)
        assert not ended.failed, ended.said

    @property
    def lines(self) -> list[Data]:
        return [json.loads(line) for line in self._audit.read_text().splitlines()]


@pytest.fixture
def site(fortigate: FortiGate, tmp_path: Path) -> t.Iterator[Site]:
    yield Site(fortigate, tmp_path)
    assert fortigate.check() == []


@pytest.mark.parametrize("method", METHODS)
def test_a_dry_run_only_reads_and_the_second_run_changes_nothing(site: Site, method: str) -> None:
    dry = site.run(method=method, targets=list(FEW), check_mode=True)
    assert not dry.failed and dry.changed and {one.http_method for one in site.box.journal} == {"GET"}
    assert on_list(site.box, method) == set() and site.box.passes(FEW[0], "203.0.113.10")
    site.block(method)
    assert on_list(site.box, method) == set(FEW) and not site.box.passes(FEW[0], "203.0.113.10")
    writes = len(site.box.writes)
    again = site.run(method=method, targets=list(FEW))
    assert (again.failed, again.changed, len(site.box.writes)) == (False, False, writes)
    assert {line["result"] for line in site.lines} == {"blocked"}


@pytest.mark.parametrize("method", METHODS)
def test_with_an_empty_registry_nothing_ends_green_with_nothing_done(site: Site, method: str) -> None:
    site.block(method)
    known, site.registry = site.registry, f"{site.registry}.empty"
    writes = len(site.box.writes)
    expired = site.run("expired", method=method)
    if method == "feed_push":
        # Of a feed nobody knows what is over.
        assert expired.failed
        assert "3 entries of feed_push soc-block in VDOM root are not in the registry" in expired.said
        assert "fortigate_block_registry" in expired.said
    else:
        # Bans end by themselves, and objects say in their comment when they are over, which is not now.
        assert not expired.failed
    assert len(site.box.writes) == writes and on_list(site.box, method) == set(FEW)
    unblocked = site.run("absent", method=method, everything=True)
    if method == "addrgrp":
        # Their mark says that they are ours.
        assert not unblocked.failed and on_list(site.box, method) == set()
    else:
        assert unblocked.failed and "3 entries of" in unblocked.said and "registry" in unblocked.said
        assert len(site.box.writes) == writes
        site.registry = known
        assert not site.run("absent", method=method, everything=True).failed
        assert on_list(site.box, method) == set()


def test_with_the_right_registry_a_feed_expires(site: Site) -> None:
    site.block("feed_push")
    assert site.run("expired", registry=f"{site.registry}.empty", expired_by=LATER).failed
    assert on_list(site.box, "feed_push") == set(FEW)
    ended = site.run("expired", expired_by=LATER)
    assert not ended.failed, ended.said
    assert on_list(site.box, "feed_push") == set()


@pytest.mark.parametrize("skew", [7200.0, -7200.0], ids=["ahead", "behind"])
def test_clocks_two_hours_apart(site: Site, skew: float) -> None:
    site.box.switches.update({"clock_skew": skew})
    site.block("ban")
    writes = len(site.box.writes)
    again = site.run(method="ban", targets=list(FEW))
    assert (again.failed, again.changed, len(site.box.writes)) == (False, False, writes)
    assert not site.run("absent", everything=True).failed and site.box.bans() == []


@pytest.mark.parametrize("method", METHODS)
def test_a_hunt_does_not_block_again_what_a_person_unblocked(site: Site, method: str) -> None:
    site.block(method, HUNTED)
    unblocked = site.run("absent", targets=list(FEW)[:1])
    assert not unblocked.failed, unblocked.said
    writes = len(site.box.writes)
    hunt = site.run(method=method, targets=HUNTED)
    assert (hunt.failed, hunt.changed, len(site.box.writes)) == (False, False, writes)
    (why,) = [step["why"] for step in hunt.result["steps"] if step["address"] == FEW[0]]
    assert "soc unblocked it at " in why and "a hunt can block it again only after" in why
    # A person's plain address is blocked, and the pardon has ended.
    assert site.run(method=method, targets=list(FEW)[:1]).changed
    assert on_list(site.box, method) == set(FEW)


def test_one_spoofed_address_stops_nothing(site: Site) -> None:
    site.block("ban", [*FEW, OWN_ADDRESS], on_protected="skip")
    assert on_list(site.box, "ban") == set(FEW)
    (line,) = [line for line in site.lines if line["address"] == OWN_ADDRESS]
    assert line["result"] == "refused" and "interface" in " ".join(line["refusals"])


def test_a_longer_list_of_which_a_fifth_is_refused_is_stopped(site: Site) -> None:
    good = [f"203.0.114.{number}" for number in range(1, 16)]
    private = [f"10.0.0.{number}" for number in range(1, 6)]
    twenty = site.run(method="ban", targets=[*good, *private], on_protected="skip")
    assert twenty.failed and "5 of 20 targets are refused, which is more than 20 %" in twenty.said
    assert site.box.writes == []
    site.block("ban", [*good[:-1], *private], on_protected="skip")
    assert len(site.box.bans()) == 14


def test_public_resolvers_are_refused(site: Site) -> None:
    assert site.run(method="ban", targets=RESOLVERS).failed and site.box.writes == []
    refused = {line["address"]: " ".join(line["refusals"]) for line in site.lines}
    assert set(refused) == set(RESOLVERS) and all("shared infrastructure" in why for why in refused.values())
    site.block("ban", RESOLVERS[:1], allow_shared=["8.8.8.0/24"])
    assert on_list(site.box, "ban") == set(RESOLVERS[:1])


def test_an_entry_with_host_bits_is_its_network(site: Site) -> None:
    with Client(site.box) as client:
        client.push("add", ["198.51.100.9/24"])
    writes = len(site.box.writes)
    site.block("feed_push", ["198.51.100.0/24"], allow_networks=True)
    assert len(site.box.writes) == writes
    unblocked = site.run("absent", targets=["198.51.100.20"])
    assert unblocked.failed and "entry 198.51.100.9/24 blocks it" in unblocked.said

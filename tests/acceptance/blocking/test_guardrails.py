# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the guardrails refuse, each with its reason, and the limits of a run: then nothing is written."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest

from acceptance.blocking.cases import clock_of
from simulators.fortigate import FortiGate
from support.blocking import PREPARED, Data, Ended, Line, in_two_steps

METHODS = ("ban", "feed_push", "addrgrp")
FAZ, HOST, NAME = "198.51.100.201", "198.51.100.203", "fgt"
# Addresses that the guardrails protect, each with the word that its refusal must have.
PROTECTED = {
    "0.0.0.0": "unspecified",
    "127.0.0.1": "loopback",
    "169.254.7.7": "link-local",
    "224.0.0.5": "multicast",
    "255.255.255.255": "broadcast",
    "10.1.1.20": "private",
    "100.64.0.9": "private",
    "fd00::7": "private",
    "::1": "loopback",
    "ff02::1": "multicast",
    "::ffff:10.1.1.20": "private",
    "64:ff9b::a01:114": "translated",
    "198.051.100.7": "not an address",
    "laptop-7": "not an address",
    "fe80::1%eth0": "not an address",
    "203.0.113.0/24": "network",
    "198.51.100.250": "exclusion list",
    "::ffff:198.51.100.250": "exclusion list",
    FAZ: "infrastructure",
    HOST: "inventory host",
    "203.0.113.1": "interface",
    "203.0.113.2": "interface",
    "::ffff:203.0.113.1": "interface",
    "2001:db8:1::1": "interface",
    "192.0.2.200": "administrator",
}

pytestmark = pytest.mark.core


class Site:
    def __init__(self, box: FortiGate, folder: Path) -> None:
        box.reset()
        box.switches.restore(type(box.switches)())
        box.switches.update(PREPARED)
        self.box, self._folder = box, folder

    def run(self, targets: t.Sequence[str], **options: t.Any) -> Ended:
        clock = clock_of(self.box)
        usual: Data = {
            "registry": str(self._folder / "blocks.sqlite"),
            "audit_log": str(self._folder / "audit.jsonl"),
            "infrastructure": [FAZ],
            "never": ["198.51.100.250"],
            "inventory": [{"name": NAME, "addresses": ["127.0.0.1"]}, {"name": "another", "addresses": [HOST]}],
        }
        hosts = {NAME: (Line.of(self.box), {**usual, "targets": list(targets), **options})}
        return in_two_steps(hosts, now=clock.now, sleep=clock.advance)[NAME]

    @property
    def refusals(self) -> dict[str, str]:
        lines = map(json.loads, (self._folder / "audit.jsonl").read_text().splitlines())
        return {line["address"]: ", ".join(line["refusals"]) for line in lines if line["result"] == "refused"}


@pytest.fixture
def site(fortigate: FortiGate, tmp_path: Path) -> t.Iterator[Site]:
    yield Site(fortigate, tmp_path)
    assert fortigate.check() == []


@pytest.mark.parametrize("method", METHODS)
def test_each_protected_class_is_refused_with_its_reason(site: Site, method: str) -> None:
    """And nothing is written where one target is."""
    # As many good ones as it takes for a fifth to be refused at most, so that every refusal is told by its own reason.
    good = [f"203.0.114.{number}" for number in range(1, 5 * len(PROTECTED))]
    ended = site.run([*good, *PROTECTED], method=method, max_per_run=500)
    assert ended.failed and {entry.http_method for entry in site.box.journal} == {"GET"}
    assert site.box.passes(good[0], "203.0.113.10")
    refused = site.refusals
    assert set(refused) == {target.removeprefix("::ffff:") for target in PROTECTED}
    assert {
        target: why for target, why in PROTECTED.items() if why not in refused[target.removeprefix("::ffff:")]
    } == {}


@pytest.mark.parametrize(
    "limit, word", [({"max_per_run": 2}, "max_per_run permits 2"), ({"max_active": 2}, "max_active permits 2")]
)
def test_over_a_limit_nothing_is_written(site: Site, limit: Data, word: str) -> None:
    ended = site.run(["198.51.100.7", "203.0.113.77", "2001:db8:bad::7"], **limit)
    assert ended.failed and word in ended.said
    assert site.box.writes == []


def test_a_list_that_no_policy_uses_is_no_block(site: Site) -> None:
    site.box.switches.update({"with_policies": False})
    ended = site.run(["198.51.100.7"], method="feed_push")
    assert ended.failed and "no policy denies the addresses in soc-block in VDOM root" in ended.said
    assert site.box.writes == []

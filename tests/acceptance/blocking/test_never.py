# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is never blocked: what any FortiGate of a run depends on, who administers it, and shared services."""

from __future__ import annotations

import json
import time
import typing as t
from contextlib import ExitStack
from pathlib import Path

import pytest

from simulators.fortigate import FortiGate, ManualClock
from support.blocking import Data, Ended, Line, in_two_steps

PLAIN, SERVER, CDN, CLOUD, TOR = "198.51.100.7", "203.0.113.10", "198.51.100.70", "198.51.100.71", "198.51.100.72"
METHODS = ("ban", "feed_push", "addrgrp")
PREPARED = {"with_feed": True, "with_group": True, "with_policies": True, "with_local_in": True}
HUB = "hub"
# What only the hub depends on, with the reason for it.
DEPENDENCIES: dict[str, tuple[str, t.Any, str]] = {
    "198.51.100.40": ("system/admin", [{"name": "noc", "trusthost1": "198.51.100.40 255.255.255.255"}], "trusted host of administrator noc"),
    "198.51.100.41": (
        "system/api-user",
        [{"name": "soc", "trusthost": [{"id": 1, "type": "ipv4-trusthost", "ipv4-trusthost": "198.51.100.41 255.255.255.255"}]}],
        "trusted host of API user soc",
    ),
    "198.51.100.42": ("vpn.ipsec/phase1-interface", [{"name": "to-branch", "remote-gw": "198.51.100.42"}], "remote gateway of to-branch"),
    "198.51.100.43": ("router/bgp", {"neighbor": [{"ip": "198.51.100.43"}]}, "BGP neighbor"),
    "198.51.100.44": ("system/dns", {"primary": "198.51.100.44"}, "DNS server"),
    "198.51.100.45": ("log.fortianalyzer/setting", {"server": "198.51.100.45"}, "FortiAnalyzer"),
    "198.51.100.46": ("user/radius", [{"name": "aaa", "server": "198.51.100.46", "secret": "s3cr3t"}], "RADIUS server aaa"),
    "198.51.100.50": ("firewall/vip", [{"name": "web", "extip": "198.51.100.48-198.51.100.52", "mappedip": [{"range": "10.1.1.9"}]}], "virtual IP web"),
    "198.51.100.55": ("firewall/ippool", [{"name": "nat", "startip": "198.51.100.54", "endip": "198.51.100.56"}], "IP pool nat"),
}  # fmt: skip
SWITCHES = {
    "ssl_vpn_users": [{"user_name": "anna", "remote_host": "198.51.100.47"}],
    "ipsec_tunnels": [{"name": "dial-in_0", "rgwy": "198.51.100.57"}],
    "api_user_from": "198.51.100.58",
}
CONNECTED = {
    "198.51.100.47": "connected by SSL VPN: anna",
    "198.51.100.57": "IPsec peer of dial-in_0",
    "198.51.100.58": "administrator ansible",
}
PROTECTED = {address: reason for address, (_path, _given, reason) in DEPENDENCIES.items()} | CONNECTED
PPPOE = "198.51.100.60"
SERVICES = {
    f"{CDN}/32": [{"id": 1, "name": "Cloudflare-CDN", "reputation": 5}],
    f"{CLOUD}/32": [{"id": 2, "name": "Amazon-AWS", "reputation": 3}],
    f"{TOR}/32": [{"id": 4, "name": "Tor-Exit.Node", "reputation": 2}],
}
TARGETS = [PLAIN, CDN, CLOUD, TOR, PPPOE, *PROTECTED]
NOT_BLOCKED = [CDN, PPPOE, *PROTECTED]


class Site:
    """FortiGates by name, with the options of each, and what they share."""

    def __init__(self, stack: ExitStack, folder: Path) -> None:
        self._stack, self._folder = stack, folder
        self._clock = ManualClock(time.time())
        self._options: dict[str, Data] = {}
        self.boxes: dict[str, FortiGate] = {}

    def add(self, name: str, switches: Data, **options: t.Any) -> FortiGate:
        box = self._stack.enter_context(FortiGate(clock=self._clock, serial=f"FGT-{name}", hostname=name))
        box.switches.update({**PREPARED, "internet_services": SERVICES, **switches})
        self.boxes[name], self._options[name] = box, options
        return box

    def run(self, *names: str, **options: t.Any) -> dict[str, Ended]:
        usual: Data = {"registry": str(self._folder / "blocks.sqlite"), "audit_log": str(self._folder / "audit.jsonl")}
        hosts = {name: (Line.of(self.boxes[name]), {**self._options[name], **options}) for name in names}
        return in_two_steps(hosts, now=self._clock.now, sleep=self._clock.advance, **usual)

    def lines(self, name: str, run_id: str) -> list[Data]:
        lines = map(json.loads, (self._folder / "audit.jsonl").read_text().splitlines())
        return [line for line in lines if (line["host"], line["run_id"]) == (name, run_id)]


class Story(t.NamedTuple):
    site: Site
    runs: dict[str, dict[str, Ended]]
    # Requests for reputations in the first run.
    asked: list[str]

    @property
    def boxes(self) -> dict[str, FortiGate]:
        return self.site.boxes


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> t.Iterator[Story]:
    with ExitStack() as stack:
        site = Site(stack, tmp_path_factory.mktemp("never"))
        usual: Data = {"targets": TARGETS, "on_protected": "skip", "ttl": "3d"}
        hub = site.add(HUB, SWITCHES, method="ban", **usual)
        for path, given, _reason in DEPENDENCIES.values():
            hub.configure(path, given)
        for method in METHODS:
            site.add(method, {"api_user_from": "198.51.100.58"}, method=method, **usual)
        site.add("strict", {}, method="feed_push", targets=[PLAIN, "198.51.100.42"])
        pppoe = site.add("pppoe", {"live_addresses": {"wan1": f"{PPPOE} 255.255.255.0"}}, **usual)
        pppoe.configure("system/interface", [{"name": "wan1", "mode": "pppoe", "ip": "0.0.0.0 0.0.0.0"}])
        runs = {"first": site.run(HUB, *METHODS, "strict", "pppoe", run_id="first")}
        journals = [list(site.boxes[name].journal) for name in (HUB, *METHODS, "pppoe")]
        asked = [one.query for journal in journals for one in journal if "internet-service" in one.path]
        runs["again"] = site.run(*METHODS, run_id="again")
        # The hub is not in the run, as one that is off.
        runs["alone"] = site.run("ban", targets=["198.51.100.8", "198.51.100.42"], run_id="alone")
        runs["api"] = site.run("ban", targets=["198.51.100.58"], protect_infrastructure=False, run_id="api")
        yield Story(site, runs, asked)
        assert {name: problems for name, box in site.boxes.items() if (problems := box.check())} == {}


@pytest.mark.parametrize("name", [HUB, *METHODS])
@pytest.mark.parametrize("address", NOT_BLOCKED)
def test_what_one_depends_on_is_blocked_on_none(story: Story, name: str, address: str) -> None:
    assert story.boxes[name].passes(address, SERVER)


@pytest.mark.parametrize("name", METHODS)
def test_the_others_are_blocked(story: Story, name: str) -> None:
    assert not story.runs["first"][name].failed, story.runs["first"][name].said
    for address in (PLAIN, CLOUD, TOR):
        assert not story.boxes[name].passes(address, SERVER)


@pytest.mark.parametrize("address, reason", PROTECTED.items())
def test_each_refusal_has_its_reason(story: Story, address: str, reason: str) -> None:
    for name, said in ((HUB, reason), *((method, f"{reason} on {HUB}") for method in METHODS)):
        lines = [one for one in story.site.lines(name, "first") if one["address"] == address]
        assert [one["result"] for one in lines] == ["refused"]
        # The API user comes from there on every FortiGate.
        expected = reason if address == "198.51.100.58" else said
        assert any(expected in why for why in lines[0]["refusals"]), (name, lines[0]["refusals"])


def test_the_administration_is_still_reached(story: Story) -> None:
    assert story.boxes["feed_push"].passes("198.51.100.58", "203.0.113.1", to_fortigate=True)
    assert not story.boxes["feed_push"].passes(PLAIN, "203.0.113.1", to_fortigate=True)


def test_one_protected_target_stops_a_run(story: Story) -> None:
    ended = story.runs["first"]["strict"]
    assert ended.failed and f"remote gateway of to-branch on {HUB}" in ended.said
    assert story.boxes["strict"].writes == [] and story.boxes["strict"].passes(PLAIN, SERVER)


def test_the_address_that_pppoe_gave_is_its_own(story: Story) -> None:
    assert story.boxes["pppoe"].passes(PPPOE, SERVER)
    (line,) = [one for one in story.site.lines("pppoe", "first") if one["address"] == PPPOE]
    assert any("interface wan1" in why for why in line["refusals"])


def test_shared_services_and_clouds(story: Story) -> None:
    for name in METHODS:
        lines = {one["address"]: one for one in story.site.lines(name, "first")}
        assert any("Cloudflare-CDN" in why for why in lines[CDN]["refusals"])
        told = json.dumps(story.runs["first"][name].result)
        assert "hosting cloud Amazon-AWS, whose blocks last at most 24h" in told
        assert "Tor-Exit.Node, reputation 2 of 5 (internet service database)" in told
    # One of them was asked about each address that may be blocked. What plans before the hub is read asks about the others too.
    assert story.asked and len(story.asked) == len(set(story.asked))
    assert [name for name in METHODS if story.runs["again"][name].failed or story.runs["again"][name].changed] == []


def test_one_that_is_off_protects_its_peers(story: Story) -> None:
    assert not story.runs["alone"]["ban"].failed, story.runs["alone"]["ban"].said
    box = story.boxes["ban"]
    assert not box.passes("198.51.100.8", SERVER) and box.passes("198.51.100.42", SERVER)


def test_the_run_does_not_block_itself(story: Story) -> None:
    assert story.boxes["ban"].passes("198.51.100.58", SERVER)
    (line,) = story.site.lines("ban", "api")
    assert line["result"] == "refused" and "API session" in line["refusals"][0]


def test_in_batches_what_is_not_known_yet_is_said(tmp_path: Path) -> None:
    """A ban on one FortiGate waits for none of a later batch."""
    with ExitStack() as stack:
        site = Site(stack, tmp_path)
        box = site.add("one", {}, method="ban", targets=[PLAIN])
        ended = site.run("one", fleet=["one", "two"], batch=["one"])["one"]
        assert not ended.failed and not box.passes(PLAIN, SERVER), ended.said
        assert any("two" in notice for notice in ended.result["notices"]), ended.result["notices"]

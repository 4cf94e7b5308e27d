# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is never blocked: what any FortiGate of the play depends on, who administers it, and shared services."""

from __future__ import annotations

import itertools
import typing as t

import pytest

from blocking.fleet import Fleet, Run

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


class Story(t.NamedTuple):
    runs: dict[str, Run]
    marks: dict[str, dict[str, int]]


@pytest.fixture(scope="module")
def story(fleet: Fleet) -> Story:
    usual: dict[str, t.Any] = {"targets": TARGETS, "on_protected": "skip", "ttl": "3d"}
    services = {"internet_services": SERVICES}
    hub = fleet.box(HUB, {**PREPARED, **SWITCHES, **services}, method="ban", **usual)
    for path, given, _reason in DEPENDENCIES.values():
        hub.configure(path, given)
    for method in METHODS:
        fleet.box(method, {**PREPARED, **services, "api_user_from": "198.51.100.58"}, method=method, **usual)
    fleet.box("strict", {**PREPARED, **services}, method="feed_push", targets=[PLAIN, "198.51.100.42"])
    pppoe = fleet.box("pppoe", {**PREPARED, **services, "live_addresses": {"wan1": f"{PPPOE} 255.255.255.0"}}, **usual)
    pppoe.configure("system/interface", [{"name": "wan1", "mode": "pppoe", "ip": "0.0.0.0 0.0.0.0"}])
    tokens = fleet.box("tokens", {**PREPARED, "vdoms": ["root", "guest"]}, targets=[PLAIN], on_unresolved="skip")
    fleet.connect(
        "tokens",
        fortigate_token="",
        fortigate_block_vdoms=["root", "guest"],
        fortigate_block_vdom_tokens=tokens.vdom_tokens,
    )
    twin = fleet.box("twin-root", PREPARED, targets=[PLAIN])
    fleet.alias("twin-guest", "twin-root", vdoms=["guest"], vdom_token=True)
    fleet.connect("twin-guest", fortigate_token=twin.vdom_tokens["guest"])
    runs: dict[str, Run] = {}
    marks: dict[str, dict[str, int]] = {}

    def run(name: str, *arguments: str, **options: t.Any) -> None:
        marks[name] = {box: len(fleet.boxes[box].journal) for box in fleet.boxes}
        runs[name] = fleet.play(*arguments, **options)

    run("twins", only="twin-root,twin-guest")
    run("first", "-vvvv", only=f"{HUB},{','.join(METHODS)},strict,pppoe,tokens")
    run("again", only=f"{','.join(METHODS)},tokens")
    # The hub is not in the play, as one that is off.
    run("alone", only="ban", targets=["198.51.100.8", "198.51.100.42"], run_id="alone")
    run("api", only="ban", targets=["198.51.100.58"], protect_infra=False, run_id="api")
    return Story(runs, marks)


def sent(fleet: Fleet, story: Story, name: str, box: str) -> list[t.Any]:
    following = list(itertools.dropwhile(lambda one: one != name, story.marks))[1]
    entries = list(fleet.boxes[box].journal)[story.marks[name][box] : story.marks[following][box]]
    return [entry for entry in entries if entry.path.startswith("/api/")]


@pytest.mark.parametrize("name", [HUB, *METHODS])
@pytest.mark.parametrize("address", NOT_BLOCKED)
def test_what_one_depends_on_is_blocked_on_none(fleet: Fleet, story: Story, name: str, address: str) -> None:
    assert fleet.boxes[name].passes(address, SERVER)


@pytest.mark.parametrize("name", METHODS)
def test_the_others_are_blocked(fleet: Fleet, story: Story, name: str) -> None:
    assert not story.runs["first"].outcomes[name].failed, story.runs["first"].outcomes[name].said
    for address in (PLAIN, CLOUD, TOR):
        assert not fleet.boxes[name].passes(address, SERVER)


@pytest.mark.parametrize("address, reason", PROTECTED.items())
def test_each_refusal_has_its_reason(fleet: Fleet, story: Story, address: str, reason: str) -> None:
    for name, said in ((HUB, reason), *((method, f"{reason} on {HUB}") for method in METHODS)):
        lines = [one for one in fleet.lines(name) if one["address"] == address and one["result"] == "refused"]
        # The API user comes from there on every FortiGate.
        expected = reason if address == "198.51.100.58" else said
        assert any(expected in why for why in lines[0]["refusals"]), (name, lines[0]["refusals"])


def test_the_administration_is_still_reached(fleet: Fleet, story: Story) -> None:
    assert fleet.boxes["feed_push"].passes("198.51.100.58", "203.0.113.1", to_box=True)
    assert not fleet.boxes["feed_push"].passes(PLAIN, "203.0.113.1", to_box=True)


def test_one_protected_target_stops_a_run(fleet: Fleet, story: Story) -> None:
    outcome = story.runs["first"].outcomes["strict"]
    assert outcome.failed and f"remote gateway of to-branch on {HUB}" in outcome.said
    assert fleet.boxes["strict"].writes == [] and fleet.boxes["strict"].passes(PLAIN, SERVER)


def test_the_address_that_pppoe_gave_is_its_own(fleet: Fleet, story: Story) -> None:
    assert fleet.boxes["pppoe"].passes(PPPOE, SERVER)
    (line,) = [one for one in fleet.lines("pppoe") if one["address"] == PPPOE]
    assert any("interface wan1" in why for why in line["refusals"])


def test_shared_services_and_clouds(fleet: Fleet, story: Story) -> None:
    for name in METHODS:
        lines = {one["address"]: one for one in fleet.lines(name) if one["run_id"] not in ("alone", "api")}
        assert any("Cloudflare-CDN" in why for why in lines[CDN]["refusals"])
    output = story.runs["first"].output
    assert "hosting cloud Amazon-AWS, whose blocks last at most 24h" in output
    assert "Tor-Exit.Node, reputation 2 of 5 (internet service database)" in output
    asked = [
        entry
        for name in (HUB, *METHODS, "pppoe")
        for entry in sent(fleet, story, "first", name)
        if "internet-service" in entry.path
    ]
    # One of them was asked about each address that may be blocked. What plans before the hub is read asks about the others too.
    assert len(asked) == len({entry.query for entry in asked})
    assert story.runs["again"].outcomes["ban"].changed == 0


def test_one_that_is_off_protects_its_peers(fleet: Fleet, story: Story) -> None:
    assert story.runs["alone"].outcomes["ban"].failed is False, story.runs["alone"].outcomes["ban"].said
    box = fleet.boxes["ban"]
    assert not box.passes("198.51.100.8", SERVER) and box.passes("198.51.100.42", SERVER)


def test_the_run_does_not_block_itself(fleet: Fleet, story: Story) -> None:
    assert fleet.boxes["ban"].passes("198.51.100.58", SERVER)
    (line,) = [one for one in fleet.lines("ban") if one["run_id"] == "api"]
    assert line["result"] == "refused" and "API session" in line["refusals"][0]


def test_each_vdom_is_asked_with_its_own_token(fleet: Fleet, story: Story) -> None:
    assert not story.runs["first"].outcomes["tokens"].failed, story.runs["first"].outcomes["tokens"].said
    box = fleet.boxes["tokens"]
    for vdom, inside in (("root", SERVER), ("guest", "10.2.1.20")):
        assert not box.passes(PLAIN, inside, vdom=vdom)
        calls = [entry for entry in box.journal if entry.vdom == vdom and "system/status" not in entry.path]
        assert calls and {entry.admin for entry in calls} == {f"ansible-{vdom}"}
    assert not any("scope=global" in entry.query for entry in box.journal)
    assert story.runs["again"].outcomes["tokens"].changed == 0
    for token in box.vdom_tokens.values():
        assert all(token not in run.output for run in story.runs.values())
        assert token not in fleet.audit.read_text()


def test_two_hosts_that_share_a_connection_are_refused(fleet: Fleet, story: Story) -> None:
    for name, other in (("twin-root", "twin-guest"), ("twin-guest", "twin-root")):
        outcome = story.runs["twins"].outcomes[name]
        assert (
            outcome.failed and f"{name} and {other}" in outcome.said and "fortigate_block_vdom_tokens" in outcome.said
        )
    box = fleet.boxes["twin-root"]
    assert box.writes == [] and [entry for entry in box.journal if entry.path.startswith("/api/v2/cmdb")] == []

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the FortiGate itself says of a packet, of an address and of its policies."""

from __future__ import annotations

import pytest

from simulators.fortigate import Switches

ATTACKER, SERVER, INSIDE = "198.51.100.7", "203.0.113.10", "10.1.1.20"
LOOKUP = "monitor/firewall/policy-lookup?vdom=root&srcintf=wan1&protocol=tcp&destport=443"
SERVICE = {"id": 1966086, "name": "Cloudflare-CDN", "owner": {"id": 30, "name": "Cloudflare"}, "reputation": 5}
MATCH = "monitor/firewall/internet-service-match?ip=198.51.100.7"
REPUTATION = "monitor/firewall/internet-service-reputation?ip=198.51.100.7"


@pytest.fixture(scope="module")
def switches():
    return Switches(with_feed=True, with_group=True, with_policies=True)


def lookup(client, source=ATTACKER, dest=SERVER, base=LOOKUP):
    return client.results(f"{base}&sourceip={source}&dest={dest}")


def test_the_policy_that_a_packet_would_meet(fortigate, client):
    assert lookup(client) == {"success": True, "policy_id": 2} and fortigate.passes(ATTACKER, SERVER)
    client.push("add", [ATTACKER])
    assert lookup(client) == {"success": True, "policy_id": 9001} and not fortigate.passes(ATTACKER, SERVER)
    assert lookup(client, dest=INSIDE, source="198.51.100.8") == {"success": False}
    numbered = LOOKUP.replace("protocol=tcp", "protocol=6&protocol_number=6")
    assert lookup(client, base=numbered)["policy_id"] == 9001
    lan = LOOKUP.replace("wan1", "lan")
    assert lookup(client, INSIDE, ATTACKER, lan)["policy_id"] == 9002
    six = lan.replace("protocol=tcp", "protocol=udp") + "&ipv6=true"
    assert lookup(client, "2001:db8:10::5", "2001:db8:ffff::1", six)["policy_id"] == 1


def test_the_lookup_does_not_see_bans(fortigate, client):
    client.ban(ATTACKER)
    assert lookup(client) == {"success": True, "policy_id": 2} and not fortigate.passes(ATTACKER, SERVER)


def test_a_lookup_that_ignores_feeds(fortigate, client):
    client.push("add", [ATTACKER])
    fortigate.switches.policy_lookup_sees_feeds = False
    assert lookup(client) == {"success": True, "policy_id": 2} and not fortigate.passes(ATTACKER, SERVER)
    client.post("cmdb/firewall/address", {"name": "a", "subnet": f"{ATTACKER}/32"})
    client.post("cmdb/firewall/addrgrp/SOC-BLOCK/member", {"name": "a"})
    assert lookup(client)["policy_id"] == 9001, "groups are still seen"


@pytest.mark.parametrize(("how", "status"), [("forbidden", 403), ("not_found", 404), ("failed_dependency", 424)])
def test_no_lookup(fortigate, client, how, status):
    fortigate.switches.policy_lookup = how
    assert client.send("GET", f"{LOOKUP}&dest={SERVER}").status_code == status


def test_no_route(fortigate, client):
    fortigate.switches.policy_lookup = "no_route"
    assert lookup(client) == {"success": False}


@pytest.mark.parametrize(
    "query",
    ["srcintf=wan1&protocol=tcp", "protocol=tcp&dest=203.0.113.10", "srcintf=wan1&dest=203.0.113.10",
     "srcintf=wan9&protocol=tcp&dest=203.0.113.10", "srcintf=wan1&protocol=xyz&dest=203.0.113.10",
     "srcintf=wan1&protocol=tcp&dest=2001:db8::1", "srcintf=wan1&protocol=tcp&dest=host&destport=x",
     "srcintf=wan1&protocol=tcp&dest=203.0.113.10&destport=x"],
)  # fmt: skip
def test_bad_questions(client, query):
    assert client.send("GET", f"monitor/firewall/policy-lookup?{query}").status_code == 424


def test_counters(fortigate, client, clock):
    path = "monitor/firewall/policy?vdom=root&policyid=9001"
    (before,) = client.results(path)
    assert before["hit_count"] == 0 and "last_used" not in before
    client.push("add", [ATTACKER])
    lookup(client)
    first = int(clock.now())
    assert not fortigate.passes(ATTACKER, SERVER)
    clock.advance(60)
    assert not fortigate.passes(ATTACKER, SERVER) and fortigate.passes("198.51.100.8", SERVER)
    (after,) = client.results(path)
    assert (after["hit_count"], after["packets"], after["bytes"]) == (2, 2, 120)
    assert (after["first_used"], after["last_used"]) == (first, first + 60)
    assert not fortigate.passes("198.51.100.8", INSIDE)
    hits = {item["policyid"]: item["hit_count"] for item in client.results("monitor/firewall/policy?vdom=root")}
    assert hits == {0: 1, 9001: 2, 9002: 0, 1: 0, 2: 1}
    assert client.post("monitor/firewall/policy/clear_counters", {"policy": 9001}).status_code == 200
    assert client.post("monitor/firewall/policy/clear_counters", {"policy": "x"}).status_code == 424
    assert client.results(path)[0]["hit_count"] == 0


def test_a_banned_packet_is_not_counted(fortigate, client):
    client.ban(ATTACKER)
    assert not fortigate.passes(ATTACKER, SERVER)
    assert client.results("monitor/firewall/policy?policyid=2")[0]["hit_count"] == 0


@pytest.mark.parametrize(
    ("version", "parameters"),
    [("v6.4.9", "mask=255.255.255.255"), ("v7.4.8", "is_ipv6=false&ipv4_mask=255.255.255.255")],
)
def test_internet_services(fortigate, client, version, parameters):
    fortigate.switches.version = version
    other = {"id": 2, "name": "Other"}
    fortigate.switches.internet_services = {
        "198.51.100.0/24": [SERVICE, other],
        "192.0.2.0/24": [{"id": 3, "name": "No"}],
    }
    first, second = client.results(f"{MATCH}&{parameters}")
    assert (first["id"], first["name"], first["num_matched_services"]) == (1966086, "Cloudflare-CDN", 2)
    assert first["owner"]["name"] == "Cloudflare" and second["name"] == "Other"
    known = client.results(f"{REPUTATION}&is_ipv6=false")
    assert [(item["name"], item["reputation"]) for item in known] == [("Cloudflare-CDN", 5), ("Other", 3)]
    assert set(known[0]) == {"id", "name", "reputation", "popularity", "botnet_id", "domain_id", "country_id",
                             "blocklist"}  # fmt: skip


def test_internet_services_by_the_wrong_parameters(fortigate, client):
    assert client.send("GET", f"{MATCH}&mask=255.255.255.255").status_code == 424
    assert client.send("GET", f"{MATCH}&is_ipv6=true&ipv6_prefix=128").status_code == 424
    assert client.results("monitor/firewall/internet-service-match?ip=2001:db8::1&is_ipv6=true&ipv6_prefix=128") == []
    fortigate.switches.internet_service_parameters = "older"
    assert client.send("GET", f"{MATCH}&is_ipv6=false&ipv4_mask=255.255.255.255").status_code == 424
    fortigate.switches.internet_service_parameters = "newer"
    fortigate.switches.internet_service_lookup = "failed_dependency"
    for path in (f"{MATCH}&is_ipv6=false&ipv4_mask=255.255.255.255", f"{REPUTATION}&is_ipv6=false"):
        assert client.send("GET", path).status_code == 424


def test_countries(fortigate, client):
    fortigate.switches.countries = {"198.51.100.0/24": "CN", "198.51.100.64/26": "FR"}
    query = "monitor/geoip/geoip-query/select"
    found = client.post(query, {"ip_addresses": [ATTACKER, "198.51.100.65", "192.0.2.1"]}).json()["results"]
    assert {ip: item["location"] for ip, item in found.items()} == {ATTACKER: "CN", "198.51.100.65": "FR",
                                                                    "192.0.2.1": ""}  # fmt: skip
    assert client.post(query, {"ip_addresses": ["x"]}).status_code == client.post(query, {}).status_code == 424

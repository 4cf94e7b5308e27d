# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What makes a block mean less than it seems: groups, feeds, interfaces, policies above, engines, and a lost configuration."""

from __future__ import annotations

import pytest
import requests

from simulators.fortigate import FortiGate, Switches
from support.fortigate_client import Client

ATTACKER, SERVER, BOX = "198.51.100.7", "203.0.113.10", "203.0.113.1"
GROUP = "cmdb/firewall/addrgrp/SOC-BLOCK"


@pytest.fixture(scope="module")
def switches():
    return Switches(with_feed=True, with_group=True, with_policies=True)


def error(reply):
    return reply.status_code, reply.json().get("error")


def address(client, name="blk-7", **more):
    assert client.post("cmdb/firewall/address", {"name": name, "subnet": f"{ATTACKER}/32", **more}).status_code == 200


def member(client, name="blk-7"):
    assert client.post(f"{GROUP}/member", {"name": name}).status_code == 200


def second_way_in(fortigate):
    fortigate.configure("system/interface", [{"name": "wan2", "vdom": "root", "ip": "192.0.2.130/30", "role": "wan"}])


def test_a_group_in_the_group_of_the_policy(fortigate, client):
    address(client)
    client.post("cmdb/firewall/addrgrp", {"name": "inner", "member": [{"name": "blk-7"}]})
    assert fortigate.passes(ATTACKER, SERVER)
    member(client, "inner")
    assert not fortigate.passes(ATTACKER, SERVER)


@pytest.mark.parametrize(("six", "source"), [("", ATTACKER), ("6", "2001:db8:bad::7")])
def test_a_default_route_leads_outside(fortigate, six, source):
    """A deny policy for the usual way in leaves this one open, in the IP version of the route."""
    fortigate.configure("system/interface", [{"name": "tunnel", "vdom": "root", "ip": "0.0.0.0 0.0.0.0"}])
    everything = {f"{side}addr{version}": [{"name": "all"}] for side in ("src", "dst") for version in ("", "6")}
    accept = {"action": "accept", "schedule": "always", "service": [{"name": "ALL"}], **everything}
    accept |= {"srcintf": [{"name": "tunnel"}], "dstintf": [{"name": "dmz"}]}
    fortigate.configure("firewall/policy", [{"policyid": 70, **accept}])
    inside = "2001:db8:20::9" if six else "172.16.1.9"
    assert not fortigate.passes(source, inside)
    fortigate.configure(f"router/static{six}", [{"device": "tunnel"}])
    assert fortigate.passes(source, inside)
    assert not fortigate.passes(ATTACKER if six else "2001:db8:bad::7", "172.16.1.9" if six else "2001:db8:20::9")


def test_a_published_server_of_ipv6(fortigate):
    fortigate.configure(
        "firewall/vip6", [{"name": "vip6-web", "extip": "2001:db8:1::10", "mappedip": "2001:db8:20::10"}]
    )
    accept = {"action": "accept", "schedule": "always", "service": [{"name": "HTTPS"}], "srcaddr6": [{"name": "all"}]}
    accept |= {"srcintf": [{"name": "wan1"}], "dstintf": [{"name": "dmz"}], "dstaddr6": [{"name": "vip6-web"}]}
    fortigate.configure("firewall/policy", [{"policyid": 70, **accept}])
    assert fortigate.passes("2001:db8:bad::7", "2001:db8:1::10") and not fortigate.passes(
        "2001:db8:bad::7", "2001:db8:20::10"
    )


def test_no_group_is_a_member_of_itself(fortigate, client):
    client.post("cmdb/firewall/addrgrp", {"name": "inner", "member": [{"name": "all"}]})
    member(client, "inner")
    assert client.post(f"{GROUP}/member", {"name": "SOC-BLOCK"}).status_code == 500
    assert client.post("cmdb/firewall/addrgrp/inner/member", {"name": "SOC-BLOCK"}).status_code == 500
    assert client.put("cmdb/firewall/addrgrp/inner", {"member": [{"name": "SOC-BLOCK"}]}).status_code == 500
    assert fortigate.members("inner") == ["all"]


def test_an_object_that_is_used_elsewhere_stays(fortigate, client):
    address(client)
    member(client)
    client.post("cmdb/firewall/addrgrp", {"name": "ops-watch", "member": [{"name": "blk-7"}, {"name": "all"}]})
    assert error(client.delete("cmdb/firewall/address/blk-7")) == (500, -23)
    assert client.delete(f"{GROUP}/member/blk-7").status_code == 200
    assert fortigate.passes(ATTACKER, SERVER)
    assert error(client.delete("cmdb/firewall/address/blk-7")) == (500, -23)
    assert client.delete("cmdb/firewall/addrgrp/ops-watch/member/blk-7").status_code == 200
    assert client.delete("cmdb/firewall/address/blk-7").status_code == 200
    assert error(client.delete("cmdb/firewall/addrgrp/SOC-BLOCK")) == (500, -23), "a policy names it"


@pytest.mark.parametrize(
    ("obj", "told"),
    [({"type": "iprange", "start-ip": "198.51.100.5", "end-ip": "198.51.100.9"}, {}),
     ({"type": "fqdn", "fqdn": "evil.example.com"}, {"names": {"evil.example.com": [ATTACKER]}}),
     ({"type": "geography", "country": "CN"}, {"countries": {"198.51.100.0/24": "CN"}}),
     ({"type": "ipmask", "subnet": "198.51.100.0/24"}, {})],
)  # fmt: skip
def test_members_of_every_type(fortigate, client, obj, told):
    assert client.post("cmdb/firewall/address", {"name": "by-hand", **obj}).status_code == 200
    member(client, "by-hand")
    fortigate.switches.update(told)
    assert not fortigate.passes(ATTACKER, SERVER) and fortigate.passes("192.0.2.77", SERVER)


def test_a_policy_above_that_accepts_a_country(fortigate, client):
    fortigate.switches.countries = {"198.51.100.0/24": "CN"}
    client.post("cmdb/firewall/address", {"name": "partners", "type": "geography", "country": "CN"})
    body = {
        "policyid": 50, "srcintf": [{"name": "wan1"}], "dstintf": [{"name": "dmz"}], "srcaddr": [{"name": "partners"}],
        "dstaddr": [{"name": "vip-web"}], "service": [{"name": "ALL"}], "schedule": "always", "action": "accept",
    }  # fmt: skip
    client.post("cmdb/firewall/policy", body)
    address(client)
    member(client)
    assert not fortigate.passes(ATTACKER, SERVER)
    client.put("cmdb/firewall/policy/50?action=move&before=9001")
    assert (
        fortigate.passes(ATTACKER, SERVER)
        and client.results("monitor/firewall/policy?policyid=50")[0]["hit_count"] == 1
    )


def test_a_policy_for_one_interface_only(fortigate, client):
    second_way_in(fortigate)
    client.put("cmdb/firewall/policy/2", {"srcintf": [{"name": "wan1"}, {"name": "wan2"}]})
    address(client)
    member(client)
    assert not fortigate.passes(ATTACKER, SERVER) and not fortigate.passes(ATTACKER, SERVER, interface="wan2")
    client.put("cmdb/firewall/policy/9001", {"srcintf": [{"name": "wan1"}]})
    assert not fortigate.passes(ATTACKER, SERVER, interface="wan1") and fortigate.passes(
        ATTACKER, SERVER, interface="wan2"
    )
    assert fortigate.passes(ATTACKER, SERVER), "what leaves one way open is no block"
    client.push("add", ["203.0.113.31"])
    assert fortigate.passes("203.0.113.31", SERVER), "also for a neighbour on the network of the first interface"


def test_a_local_in_policy_for_one_interface_only(fortigate, client):
    second_way_in(fortigate)
    client.push("add", [ATTACKER])
    body = {"intf": [{"name": "wan1"}], "srcaddr": [{"name": "soc-block"}], "dstaddr": [{"name": "all"}],
            "service": [{"name": "ALL"}], "schedule": "always"}  # fmt: skip
    client.post("cmdb/firewall/local-in-policy", body)
    assert not fortigate.passes(ATTACKER, BOX, interface="wan1") and fortigate.passes(ATTACKER, BOX, interface="wan2")
    assert fortigate.passes(ATTACKER, BOX)


def test_no_interface_of_this_name(fortigate):
    with pytest.raises(Exception, match="no interface wan9"):
        fortigate.passes(ATTACKER, SERVER, interface="wan9")


@pytest.mark.parametrize("change", [{"status": "disable"}, {"type": "category"}, {"type": "domain"}])
def test_a_feed_that_blocks_nothing(fortigate, client, change):
    client.push("add", [ATTACKER])
    client.put("cmdb/system/external-resource/soc-block", change)
    assert fortigate.passes(ATTACKER, SERVER) and client.entries()["valid_count"] == 1


def test_a_feed_that_is_fetched_takes_no_push(fortigate, client):
    body = {"update-method": "feed", "resource": "https://192.0.2.9/list"}
    assert client.put("cmdb/system/external-resource/soc-block", body).status_code == 200
    assert client.push("add", [ATTACKER])["results"][0]["status"] == "error"
    assert fortigate.passes(ATTACKER, SERVER)


@pytest.mark.parametrize(("version", "status"), [("v7.2.3", 500), ("v7.2.4", 200), ("v7.4.0", 200), ("v7.0.17", 500)])
def test_feeds_in_local_in_policies(fortigate, client, version, status):
    client.push("add", [ATTACKER])
    fortigate.switches.version = version
    body = {"intf": "any", "srcaddr": [{"name": "soc-block"}], "dstaddr": [{"name": "all"}], "schedule": "always"}
    assert client.post("cmdb/firewall/local-in-policy", body).status_code == status
    assert fortigate.passes(ATTACKER, BOX) is (status != 200)
    grouped = {**body, "srcaddr": [{"name": "SOC-BLOCK"}]}
    assert client.post("cmdb/firewall/local-in-policy", grouped).status_code == 200


def test_no_local_in_policy_with_a_feed_is_prepared_where_there_can_be_none():
    with FortiGate(Switches(version="v7.2.3", with_feed=True, with_local_in=True)) as fortigate:
        assert fortigate.objects("firewall/local-in-policy") == []
    with FortiGate(Switches(with_feed=True, with_local_in=True)) as fortigate, Client(fortigate) as client:
        client.push("add", [ATTACKER])
        assert not fortigate.passes(ATTACKER, BOX)


@pytest.mark.parametrize(
    ("entry", "inside", "outside"),
    [
        ("198.51.100.4/24", ATTACKER, "198.51.101.7"),
        ("2001:db8:bad::9a01/120", "2001:db8:bad::9aff", "2001:db8:bad::1"),
    ],
)
def test_entries_with_host_bits_mean_the_network(fortigate, client, entry, inside, outside):
    client.push("add", [entry])
    found = client.entries()
    assert [(item["entry"], item["valid"]) for item in found["entries"]] == [(entry, True)]
    source = "10.1.1.20" if "." in entry else "2001:db8:10::5"
    assert not fortigate.passes(source, inside) and fortigate.passes(source, outside)


def test_bans_of_the_engines_come_back(fortigate, client, clock):
    fortigate.switches.engine_bans_return = 30.0
    fortigate.seed_bans([{"ip_address": ATTACKER, "source": "DOS"}])
    client.ban("198.51.100.8")
    client.unban(ATTACKER, "198.51.100.8")
    assert client.banned() == [] and fortigate.passes(ATTACKER, SERVER)
    clock.advance(30)
    (again,) = fortigate.bans()
    assert (again["ip_address"], again["source"]) == (ATTACKER, "DOS")
    assert again["expires"] - again["created"] == 3600 and not fortigate.passes(ATTACKER, SERVER)


def test_by_default_they_stay_away(fortigate, client, clock):
    fortigate.seed_bans([{"ip_address": ATTACKER, "source": "IPS"}])
    client.unban(ATTACKER)
    clock.advance(60)
    assert client.banned() == []


def test_a_ban_is_for_traffic_through_the_box(fortigate, client):
    client.ban(ATTACKER)
    assert (
        not fortigate.passes(ATTACKER, SERVER)
        and fortigate.passes(ATTACKER, BOX)
        and fortigate.passes(ATTACKER, BOX, dport=22)
    )


@pytest.mark.parametrize(("mode", "kept"), [("automatic", True), ("manual", False), ("revert", False)])
def test_what_a_reboot_forgets(fortigate, client, mode, kept):
    client.put("cmdb/system/global", {"cfg-save": mode})
    address(client)
    member(client)
    client.push("add", ["198.51.100.8"])
    assert not fortigate.passes(ATTACKER, SERVER)
    fortigate.reboot()
    assert fortigate.passes(ATTACKER, SERVER) is not kept
    assert client.results("cmdb/system/global")["cfg-save"] == mode, "this was saved before"
    assert not fortigate.passes("198.51.100.8", SERVER), "the content of a feed is no configuration"


def test_what_was_saved_stays(fortigate, client):
    client.put("cmdb/system/global", {"cfg-save": "manual"})
    address(client)
    member(client)
    fortigate.save_configuration()
    address(client, "later")
    fortigate.reboot()
    assert not fortigate.passes(ATTACKER, SERVER)
    assert client.send("GET", "cmdb/firewall/address/later").status_code == 404


@pytest.mark.parametrize("saved", [True, False])
def test_revert_after_its_time(fortigate, client, clock, saved):
    client.put("cmdb/system/global", {"cfg-save": "revert", "cfg-revert-timeout": 300})
    address(client)
    member(client)
    clock.advance(299)
    assert not fortigate.passes(ATTACKER, SERVER)
    if saved:
        fortigate.save_configuration()
    clock.advance(1)
    assert fortigate.passes(ATTACKER, SERVER) is not saved


def test_manual_does_not_revert_by_itself(fortigate, client, clock):
    client.put("cmdb/system/global", {"cfg-save": "manual"})
    address(client)
    clock.advance(100_000)
    assert client.send("GET", "cmdb/firewall/address/blk-7").status_code == 200


def test_an_automation_that_blocks_its_own_address_is_shut_out(fortigate, client):
    """Trusted hosts lose against a local-in policy that denies."""
    fortigate.configure(
        "system/api-user", [{"name": "ansible", "trusthost": [{"id": 1, "ipv4-trusthost": f"{ATTACKER}/32"}]}]
    )
    fortigate.switches.api_user_from = ATTACKER
    body = {"intf": [{"name": "wan1"}], "srcaddr": [{"name": "soc-block"}], "dstaddr": [{"name": "all"}],
            "service": [{"name": "HTTPS"}], "schedule": "always"}  # fmt: skip
    assert client.post("cmdb/firewall/local-in-policy", body).status_code == 200
    client.ban(ATTACKER)
    assert client.banned() == [ATTACKER], "a ban does not stop what goes to the FortiGate itself"
    client.push("add", [ATTACKER])
    with pytest.raises(requests.exceptions.ConnectionError):
        client.push("remove", [ATTACKER])
    assert fortigate.feed("soc-block") == [ATTACKER] and fortigate.journal[-1].fault == "local_in"


def test_a_range_of_published_addresses(fortigate, client):
    vip = {"name": "servers", "extip": "203.0.113.20-203.0.113.22", "mappedip": [{"range": "172.16.1.20-172.16.1.22"}]}
    fortigate.configure("firewall/vip", [vip])
    client.put("cmdb/firewall/policy/2", {"dstaddr": [{"name": "servers"}]})
    assert fortigate.passes(ATTACKER, "203.0.113.22") and not fortigate.passes(ATTACKER, "203.0.113.23")
    address(client)
    member(client)
    assert not fortigate.passes(ATTACKER, "203.0.113.22")


def test_a_restored_configuration_brings_back_what_it_had(fortigate, client):
    address(client)
    member(client)
    backup = fortigate.backup()
    client.delete("cmdb/firewall/addrgrp/SOC-BLOCK/member/blk-7")
    address(client, "later")
    assert fortigate.passes(ATTACKER, SERVER)
    fortigate.restore(backup)
    assert not fortigate.passes(ATTACKER, SERVER)
    assert client.send("GET", "cmdb/firewall/address/later").status_code == 404

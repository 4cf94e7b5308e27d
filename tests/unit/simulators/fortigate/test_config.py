# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Configuration tables: objects, members, order, filters, purges (protocol_fortigate.rst, "Configuration tables")."""

from __future__ import annotations

import pytest

from simulators.fortigate import Switches

ADDRESS, GROUP = "cmdb/firewall/address", "cmdb/firewall/addrgrp"
POLICY = {
    "policyid": 9001, "srcintf": [{"name": "any"}], "dstintf": [{"name": "any"}], "srcaddr": [{"name": "SOC-BLOCK"}],
    "dstaddr": [{"name": "all"}], "service": [{"name": "ALL"}], "schedule": "always",
}  # fmt: skip


@pytest.fixture(scope="module")
def switches():
    return Switches(with_group=True)


def host(number):
    return {"name": f"blk-{number}", "type": "ipmask", "subnet": f"198.51.100.{number}/32", "comment": "exp=1"}


def error(reply):
    return reply.status_code, reply.json().get("error")


def test_life_of_an_object(fortigate, client):
    made = client.post(f"{ADDRESS}?vdom=root", host(7)).json()
    assert (made["status"], made["http_status"], made["revision_changed"], made["mkey"]) == (
        "success",
        200,
        True,
        "blk-7",
    )
    assert made["revision"] != made["old_revision"]
    (read,) = client.results(f"{ADDRESS}/blk-7/?vdom=root")
    assert read["subnet"] == "198.51.100.7 255.255.255.255"
    assert read["q_origin_key"] == "blk-7" and read["uuid"] and read["color"] == 0
    same = client.put(f"{ADDRESS}/blk-7", host(7)).json()
    assert same["revision_changed"] is False and same["revision"] == made["revision"] == same["old_revision"]
    assert client.put(f"{ADDRESS}/blk-7", {"comment": "new"}).json()["revision_changed"] is True
    assert error(client.post(ADDRESS, host(7))) == (500, -5)
    assert client.delete(f"{ADDRESS}/blk-7").json()["revision_changed"] is True
    gone = client.delete(f"{ADDRESS}/blk-7")
    assert error(gone) == (404, -3)
    assert gone.json()["http_method"] == "DELETE" and gone.json()["revision_changed"] is False
    fortigate.switches.error_revisions = False
    assert "revision_changed" not in client.delete(f"{ADDRESS}/blk-7").json()
    assert error(client.put(f"{ADDRESS}/blk-7", host(7))) == (404, -3)
    assert fortigate.alarms == []


def test_vdoms_have_their_own_objects(fortigate, client):
    client.post(f"{ADDRESS}?vdom=guest", host(7))
    assert client.send("GET", f"{ADDRESS}/blk-7?vdom=root").status_code == 404
    assert "blk-7" in [item["name"] for item in fortigate.objects("firewall/address", vdom="guest")]


@pytest.mark.parametrize(
    "body",
    [{}, {"name": ""}, {"name": "a", "subnet": "300.1.1.1/32"}, {"name": "a" * 80}, {"name": "a", "type": "wrong"},
     {"name": "a", "comment": "c" * 256}, [], None, {"name": "a", "color": "red"}],
)  # fmt: skip
def test_bad_objects(fortigate, client, body):
    assert client.post(ADDRESS, body).status_code == 424


def test_requests_that_make_no_sense(client):
    assert client.post(ADDRESS, "{broken").status_code == 400
    assert client.post(f"{ADDRESS}/all", {}).status_code == 405
    assert client.put(ADDRESS, {}).status_code == 405
    assert client.send("GET", "cmdb/firewall/nothing").status_code == 404
    assert client.send("GET", "log/disk/traffic").status_code == 404
    assert client.send("GET", "cmdb/firewall/policy/abc").status_code == 424


def test_keys_with_slashes_and_blanks(fortigate, client):
    client.post(ADDRESS, {**host(7), "name": "a/b c"})
    assert client.results(f"{ADDRESS}/a%2Fb%20c")[0]["name"] == "a/b c"
    assert client.send("GET", f"{ADDRESS}/a/b%20c").status_code == 404


def test_ipv6_and_ranges(client):
    client.post("cmdb/firewall/address6", {"name": "six", "ip6": "2001:DB8::0007/128"})
    assert client.results("cmdb/firewall/address6/six")[0]["ip6"] == "2001:db8::7/128"
    client.post(ADDRESS, {"name": "net", "subnet": "198.51.100.77/24"})
    assert client.results(f"{ADDRESS}/net")[0]["subnet"] == "198.51.100.0 255.255.255.0"
    assert (
        client.post(ADDRESS, {"name": "r", "type": "iprange", "start-ip": "1.1.1", "end-ip": "1.1.1.2"}).status_code
        == 424
    )


def test_members(fortigate, client):
    client.post(ADDRESS, host(7))
    members = f"{GROUP}/SOC-BLOCK/member"
    assert client.send("GET", f"{members}/blk-7").status_code == 404
    assert client.post(members, {"name": "blk-7"}).json()["revision_changed"] is True
    assert client.results(f"{members}/blk-7") == [{"name": "blk-7", "q_origin_key": "blk-7"}]
    assert client.put(f"{members}/blk-7", {"name": "blk-7"}).json()["revision_changed"] is False
    assert error(client.post(members, {"name": "blk-7"})) == (500, -5)
    assert error(client.post(members, {"name": "nobody"})) == (500, -3)
    assert client.post(members, {}).status_code == 424
    assert fortigate.members("SOC-BLOCK") == ["blk-placeholder", "blk-7"]
    assert error(client.delete(f"{ADDRESS}/blk-7")) == (500, -23)
    assert client.delete(f"{members}/blk-placeholder").status_code == 200
    assert error(client.delete(f"{members}/blk-7")) == (500, -56)
    assert error(client.delete(f"{members}/blk-8")) == (404, -3)
    assert client.send("GET", f"{GROUP}/nobody/member").status_code == 404
    assert client.send("GET", f"{GROUP}/SOC-BLOCK/nonsense").status_code == 404


def test_a_group_is_replaced_as_a_whole(fortigate, client):
    for number in (7, 8):
        client.post(ADDRESS, host(number))
    client.put(f"{GROUP}/SOC-BLOCK", {"name": "SOC-BLOCK", "member": [{"name": "blk-7"}, {"name": "blk-8"}]})
    assert fortigate.members("SOC-BLOCK") == ["blk-7", "blk-8"]
    assert error(client.put(f"{GROUP}/SOC-BLOCK", {"member": []})) == (500, -56)
    assert error(client.put(f"{GROUP}/SOC-BLOCK", {"member": [{"name": "nobody"}]})) == (500, -3)
    assert fortigate.members("SOC-BLOCK") == ["blk-7", "blk-8"]


def test_caps(fortigate, client):
    fortigate.switches.update({"member_cap": 2, "table_caps": {"firewall/address": 5}})
    assert [client.post(ADDRESS, host(number)).status_code for number in (7, 8, 9)] == [200, 200, 500]
    members = f"{GROUP}/SOC-BLOCK/member"
    assert client.post(members, {"name": "blk-7"}).status_code == 200
    assert error(client.post(members, {"name": "blk-8"})) == (500, -4)
    assert fortigate.members("SOC-BLOCK") == ["blk-placeholder", "blk-7"]


def test_policies_have_an_order(fortigate, client):
    assert client.post("cmdb/firewall/policy", POLICY).json()["mkey"] == 9001

    def order() -> list[int]:
        return [item["policyid"] for item in client.results("cmdb/firewall/policy?format=policyid")]

    assert order() == [1, 2, 9001]
    moved = client.put("cmdb/firewall/policy/9001?vdom=root&action=move&before=1", "null").json()
    assert order() == [9001, 1, 2] and moved["revision_changed"] is True
    assert client.put("cmdb/firewall/policy/9001?action=move&before=1", "null").json()["revision_changed"] is False
    client.put("cmdb/firewall/policy/9001?action=move&after=1", "null")
    assert order() == [1, 9001, 2]
    assert client.put("cmdb/firewall/policy/9001?action=move&before=77", "null").status_code == 404
    assert client.put("cmdb/firewall/policy/9001?action=dance", "null").status_code == 400
    assert client.post("cmdb/firewall/policy", {**POLICY, "policyid": 0}).json()["mkey"] == 9002
    assert client.put("cmdb/firewall/policy/9001", POLICY).json()["revision_changed"] is False


@pytest.mark.parametrize(
    ("change", "status", "number"),
    [({"srcaddr": [{"name": "nobody"}]}, 500, -3), ({"srcintf": [{"name": "nobody"}]}, 500, -3),
     ({"service": []}, 500, -56), ({"srcaddr": []}, 500, -56), ({"action": "maybe"}, 424, None),
     ({"schedule": "never"}, 500, -3), ({"srcaddr": "all"}, 424, None)],
)  # fmt: skip
def test_bad_policies(client, change, status, number):
    assert error(client.post("cmdb/firewall/policy", {**POLICY, **change})) == (status, number)


@pytest.mark.parametrize(("version", "value"), [("v7.2.2", "disable"), ("v7.2.3", "enable")])
def test_match_vip_by_default(fortigate, client, version, value):
    fortigate.switches.version = version
    client.post("cmdb/firewall/policy", POLICY)
    assert client.results("cmdb/firewall/policy/9001")[0]["match-vip"] == value


def test_local_in_interface_by_version(fortigate, client):
    body = {"policyid": 1, "srcaddr": [{"name": "all"}], "dstaddr": [{"name": "all"}], "schedule": "always"}
    path = "cmdb/firewall/local-in-policy"
    assert error(client.post(path, {**body, "intf": "[{'name': 'any'}]"})) == (500, -3)
    assert client.post(path, {**body, "intf": [{"name": "any"}]}).status_code == 200
    fortigate.switches.version = "v7.4.1"
    assert client.post(path, {**body, "policyid": 2, "intf": [{"name": "any"}]}).status_code == 424
    assert client.post(path, {**body, "policyid": 2, "intf": "wan1"}).status_code == 200
    assert client.results(f"{path}/2")[0]["intf"] == "wan1"


def test_filters(client):
    for number in (7, 8, 9):
        client.post(ADDRESS, {**host(number), "color": number})

    def names(query):
        return [item["name"] for item in client.results(f"{ADDRESS}?{query}")]

    assert names("filter=name%3D%40BLK-&filter=color%3E7") == ["blk-8", "blk-9"]
    assert names("filter=name%3D%3Dblk-7%2Cname%3D%3Dblk-9") == ["blk-7", "blk-9"]
    assert names("filter=name==blk-7,blk-8") == ["blk-7", "blk-8"]
    assert names("filter=name!@blk&filter=name!=none") == ["all"]
    assert names("filter=color<=7,color>=9&filter=name=@blk-") == ["blk-placeholder", "blk-7", "blk-9"]
    assert names("start=1&count=2") == ["none", "blk-placeholder"]
    assert client.results(f"{ADDRESS}?format=name|comment&filter=name==blk-7") == [
        {"q_origin_key": "blk-7", "name": "blk-7", "comment": "exp=1"}
    ]
    assert [item["name"] for item in client.results(f"{GROUP}?filter=member=@placeholder")] == ["SOC-BLOCK"]
    assert client.send("GET", f"{ADDRESS}?filter=name").status_code == 400
    assert client.send("GET", f"{ADDRESS}?start=x").status_code == 400


@pytest.mark.parametrize("path", [ADDRESS, f"{ADDRESS}/", f"{ADDRESS}/?vdom=root"])
def test_delete_without_a_key_purges_and_is_an_alarm(fortigate, client, path):
    client.post(ADDRESS, host(7))
    assert client.delete(path).json()["revision_changed"] is True
    assert fortigate.objects("firewall/address") == []
    assert fortigate.check() == ["the table firewall/address of root was purged"]


def test_purging_a_list_is_an_alarm_too(fortigate, client):
    client.delete(f"{GROUP}/SOC-BLOCK/member/")
    assert fortigate.members("SOC-BLOCK") == [] and "the list member" in fortigate.alarms[0]


def test_single_objects(fortigate, client):
    path = "cmdb/firewall/global"
    assert client.results(path) == {"banned-ip-persistency": "disabled"}
    assert client.put(path, {"banned-ip-persistency": "all"}).json()["revision_changed"] is True
    assert client.put(path, {"banned-ip-persistency": "all"}).json()["revision_changed"] is False
    assert client.put(path, {"banned-ip-persistency": "some"}).status_code == 424
    assert client.delete(path).status_code == 405 and client.send("GET", f"{path}/key").status_code == 404
    fortigate.switches.version = "v7.0.17"
    assert client.results(path) == {}
    assert client.put(path, {"banned-ip-persistency": "permanent-only"}).json()["revision_changed"] is False


def test_interfaces_and_scopes(client):
    (wan, *others) = client.results("cmdb/system/interface?vdom=root")
    assert (wan["ip"], wan["ipv6"]["ip6-address"]) == ("203.0.113.1 255.255.255.0", "2001:db8:1::1/64")
    assert wan["secondaryip"][0]["ip"] == "203.0.113.2 255.255.255.0"
    assert [item["name"] for item in others] == ["lan", "dmz"]
    (whole,) = client.get("cmdb/system/interface?scope=global")
    assert {item["vdom"] for item in whole["results"]} == {"root", "guest"} and whole["vdom"] == "global"
    assert client.send("GET", f"{ADDRESS}?scope=global").status_code == 424


def test_central_management(fortigate, client):
    assert client.results("cmdb/system/central-management")["type"] == "none"
    fortigate.switches.managed_by = "192.0.2.30"
    found = client.results("cmdb/system/central-management")
    assert (found["type"], found["fmg"]) == ("fortimanager", '"192.0.2.30"')


def test_what_is_prepared_can_be_deleted(fortigate, client):
    assert client.delete(f"{GROUP}/SOC-BLOCK").status_code == 200
    assert [item["name"] for item in fortigate.objects("firewall/addrgrp")] == []
    fortigate.reset()
    assert fortigate.members("SOC-BLOCK", vdom="guest") == ["blk-placeholder"]

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables that say what a FortiGate depends on, and what it knows while it runs."""

from __future__ import annotations

import pytest
import requests

from simulators.fortigate import FortiGate, Switches
from support.fortigate_client import Client

ATTACKER, SERVER, INSIDE = "198.51.100.7", "203.0.113.10", "10.1.1.20"
TABLES = {
    "system/admin": ([{"name": "noc", "trusthost1": "203.0.113.40/32"}], "trusthost1", "203.0.113.40 255.255.255.255"),
    "system/api-user": (
        [{"name": "soc", "trusthost": [{"id": 1, "type": "ipv4-trusthost", "ipv4-trusthost": "203.0.113.41/32"}]}],
        "trusthost",
        [{"id": 1, "q_origin_key": 1, "type": "ipv4-trusthost", "ipv4-trusthost": "203.0.113.41/32"}],
    ),
    "vpn.ipsec/phase1-interface": ([{"name": "hub", "remote-gw": "203.0.113.42"}], "remote-gw", "203.0.113.42"),
    "vpn.ipsec/phase1": ([{"name": "old", "remote-gw": "203.0.113.42"}], "remote-gw", "203.0.113.42"),
    "router/static": ([{"gateway": "203.0.113.254", "device": "wan1"}], "gateway", "203.0.113.254"),
    "router/static6": ([{"gateway": "2001:db8::fe", "device": "wan1"}], "gateway", "2001:db8::fe"),
    "user/radius": ([{"name": "aaa", "server": "203.0.113.46", "secret": "s3"}], "server", "203.0.113.46"),
    "user/ldap": ([{"name": "dir", "secondary-server": "203.0.113.46"}], "secondary-server", "203.0.113.46"),
    "user/tacacs+": ([{"name": "tac", "server": "203.0.113.46", "key": "s3"}], "server", "203.0.113.46"),
    "user/saml": ([{"name": "idp", "idp-entity-id": "https://idp.example.com/"}], "idp-entity-id",
                  "https://idp.example.com/"),
    "endpoint-control/fctems": ([{"ems-id": 1, "name": "ems", "server": "203.0.113.48"}], "server", "203.0.113.48"),
    "firewall/vip": ([{"name": "range", "extip": "203.0.113.20-203.0.113.22", "mappedip": [{"range": "10.1.1.1"}]}],
                     "extip", "203.0.113.20-203.0.113.22"),
    "firewall/vip6": ([{"name": "six", "extip": "2001:db8::9", "mappedip": "2001:db8:10::9"}], "extip", "2001:db8::9"),
    "firewall/ippool": ([{"name": "nat", "startip": "203.0.113.30", "endip": "203.0.113.31"}], "endip", "203.0.113.31"),
    "firewall/ippool6": ([{"name": "nat6", "startip": "2001:db8::5", "endip": "2001:db8::6"}], "endip", "2001:db8::6"),
}  # fmt: skip
SINGLES = {
    "router/bgp": ({"as": "65001", "neighbor": [{"ip": "203.0.113.43", "remote-as": "65002"}]}, "vdom"),
    "system/sdwan": ({"members": [{"seq-num": 1, "gateway": "203.0.113.254"}],
                      "health-check": [{"name": "dns", "server": "203.0.113.53"}]}, "vdom"),
    "system/settings": ({"opmode": "transparent", "manageip": "203.0.113.70 255.255.255.0"}, "vdom"),
    "system/vdom-dns": ({"vdom-dns": "enable", "primary": "203.0.113.44"}, "vdom"),
    "system/dns": ({"primary": "203.0.113.44"}, "global"),
    "system/ntp": ({"type": "custom", "ntpserver": [{"id": 1, "server": "ntp.example.com"}]}, "global"),
    "system/central-management": ({"type": "fortimanager", "fmg": "203.0.113.49"}, "global"),
    "system/global": ({"cfg-save": "manual"}, "global"),
    **{f"log.fortianalyzer{number}/setting": ({"server": "203.0.113.45"}, "global") for number in ("", 2, 3)},
    **{f"log.syslogd{number}/setting": ({"server": "203.0.113.45"}, "global") for number in ("", 2, 3, 4)},
}  # fmt: skip


@pytest.mark.parametrize("path", TABLES)
def test_tables(fortigate, client, path):
    objects, attribute, shown = TABLES[path]
    before = len(client.results(f"cmdb/{path}?vdom=root"))
    fortigate.configure(path, objects)
    found = client.results(f"cmdb/{path}?vdom=root")
    assert len(found) == before + 1 and found[-1][attribute] == shown
    (only,) = client.results(f"cmdb/{path}/{found[-1]['q_origin_key']}?vdom=root&format={attribute}")
    assert set(only) == {attribute, "q_origin_key"}
    assert "s3" not in client.send("GET", f"cmdb/{path}").text


@pytest.mark.parametrize("path", SINGLES)
def test_single_objects(fortigate, client, path):
    values, where = SINGLES[path]
    assert client.send("GET", f"cmdb/{path}?vdom=root").status_code == 200, "it is there before anybody sets it"
    fortigate.configure(path, values)
    found = client.results(f"cmdb/{path}?vdom=root&format={'|'.join(values)}")
    for name, value in values.items():
        shown = found[name]
        if isinstance(value, list):
            shown = [{key: item for key, item in one.items() if key != "q_origin_key"} for one in shown]
        assert shown == value
    reply = client.send("GET", f"cmdb/{path}?scope=global")
    if where == "global":
        assert reply.json()[0]["results"] == client.results(f"cmdb/{path}?vdom=guest")
    else:
        assert reply.status_code == 424
        assert client.results(f"cmdb/{path}?vdom=guest") != client.results(f"cmdb/{path}?vdom=root")


def test_a_single_object_is_written(fortigate, client):
    assert client.put("cmdb/system/dns", {"primary": "203.0.113.53"}).json()["revision_changed"] is True
    assert client.put("cmdb/system/settings?vdom=guest", {"opmode": "wrong"}).status_code == 424
    assert client.results("cmdb/system/dns")["primary"] == "203.0.113.53"


def test_what_is_not_there_and_what_may_not_be_read(fortigate, client):
    fortigate.switches.missing = ["cmdb/system/sdwan", "monitor/vpn/ssl"]
    for path in ("cmdb/system/sdwan", "monitor/vpn/ssl"):
        assert client.send("GET", path).status_code == 404
    fortigate.switches.denied = ["system/admin"]
    assert client.send("GET", "cmdb/system/admin").status_code == 403
    assert client.send("GET", "cmdb/system/dns").status_code == 200


@pytest.mark.parametrize(
    ("path", "given"),
    [("system/nothing", {}), ("system/admin", [{"name": "a", "trusthost99": "x"}]), ("system/admin", [{}]),
     ("system/dns", [{"primary": "10.0.0.1"}]), ("system/settings", {"opmode": "wrong"})],
)  # fmt: skip
def test_a_misspelt_configuration_is_an_error(fortigate, path, given):
    with pytest.raises(ValueError, match=r"no|missing|single|must be"):
        fortigate.configure(path, given)


def test_configure_by_the_control_plane(fortigate, client):
    def control(path, **more):
        return requests.post(f"{fortigate.url}/_simulator/{path}", verify=fortigate.ca_path, timeout=10, **more)

    body = {"path": "user/radius", "given": [{"name": "aaa", "server": "203.0.113.46"}], "vdom": "guest"}
    assert control("configure", json=body).status_code == 200
    assert [item["server"] for item in client.results("cmdb/user/radius?vdom=guest")] == ["203.0.113.46"]
    assert client.results("cmdb/user/radius?vdom=root") == []
    assert control("configure", json={"path": "nothing", "given": []}).status_code == 400
    assert [control(path).status_code for path in ("save", "failover")] == [200, 200]


def test_attributes_that_fortios_does_not_have_are_not_kept(fortigate, client):
    body = {"name": "a", "subnet": "198.51.100.9/32", "expires": "tomorrow", "uuid": "mine"}
    assert client.post("cmdb/firewall/address", body).status_code == 200
    (found,) = client.results("cmdb/firewall/address/a")
    assert "expires" not in found and found["uuid"] != "mine"
    assert client.put("cmdb/firewall/address/a", {"expires": "never"}).json()["revision_changed"] is False
    policy = {"srcaddr": [{"name": "all", "comment": "x"}]}
    client.put("cmdb/firewall/policy/1", policy)
    assert client.results("cmdb/firewall/policy/1")[0]["srcaddr"] == [{"name": "all", "q_origin_key": "all"}]


def test_or_they_are_refused(fortigate, client):
    fortigate.switches.unknown_attributes = "refuse"
    body = {"name": "a", "subnet": "198.51.100.9/32"}
    assert client.post("cmdb/firewall/address", {**body, "expires": "tomorrow"}).status_code == 424
    assert client.post("cmdb/firewall/address", {**body, "uuid": "mine", "q_origin_key": "a"}).status_code == 200


def test_addresses_from_pppoe(fortigate, client):
    """The configuration has none; the FortiGate answers at the one that it was given."""
    fortigate.configure("system/interface", [{"name": "wan1", "mode": "pppoe", "ip": "0.0.0.0 0.0.0.0"}])
    client.put("cmdb/system/interface/wan1", {"secondaryip": []})
    client.ban(ATTACKER)
    assert not fortigate.passes(ATTACKER, "203.0.113.60")
    fortigate.switches.live_addresses = {"wan1": "203.0.113.60 255.255.255.0"}
    found = client.results("monitor/system/interface?vdom=root")
    assert (found["wan1"]["ip"], found["wan1"]["mask"], found["lan"]["ip"]) == ("203.0.113.60", 24, "10.1.1.1")
    assert client.results("cmdb/system/interface/wan1")[0]["ip"] == "0.0.0.0 0.0.0.0"
    assert fortigate.passes(ATTACKER, "203.0.113.60"), "the FortiGate itself answers, whoever is banned"
    assert set(client.results("monitor/system/interface?vdom=guest")) == {"guest-wan", "guest-lan"}
    (everywhere,) = client.get("monitor/system/interface?scope=global&interface_name=guest-lan")
    assert list(everywhere["results"]) == ["guest-lan"]


def test_who_is_connected(fortigate, client):
    assert client.results("monitor/vpn/ssl") == client.results("monitor/vpn/ipsec") == []
    fortigate.switches.ssl_vpn_users = [{"user_name": "eve", "remote_host": "203.0.113.47"}]
    fortigate.switches.ipsec_tunnels = [{"name": "dialup_0", "rgwy": "203.0.113.48"}]
    assert client.results("monitor/vpn/ssl")[0]["remote_host"] == "203.0.113.47"
    assert client.results("monitor/vpn/ipsec")[0]["rgwy"] == "203.0.113.48"
    assert "ansible" not in [admin["admin"] for admin in client.results("monitor/system/current-admins")]
    fortigate.switches.api_user_from = "203.0.113.41"
    last = client.results("monitor/system/current-admins")[-1]
    assert (last["admin"], last["srcaddr"]) == ("ansible", "203.0.113.41")


def test_transparent_mode(fortigate, client):
    fortigate.configure("system/settings", {"opmode": "transparent", "manageip": "203.0.113.70 255.255.255.0"})
    assert {item["ip"] for item in client.results("cmdb/system/interface?vdom=root")} == {"0.0.0.0 0.0.0.0"}
    assert {item["ip"] for item in client.results("monitor/system/interface?vdom=root").values()} == {"0.0.0.0"}
    assert "0.0.0.0 0.0.0.0" not in {item["ip"] for item in client.results("cmdb/system/interface?vdom=guest")}
    client.ban(INSIDE)
    assert not fortigate.passes(INSIDE, ATTACKER) and fortigate.passes("10.1.1.21", ATTACKER)
    assert fortigate.passes(INSIDE, "203.0.113.70"), "the address of the FortiGate"
    assert not fortigate.passes(INSIDE, "203.0.113.1"), "no longer one"


def test_a_vdom_for_management_only():
    """Bans in it stop nothing; the traffic flows through the other one."""
    switches = Switches(vdoms=["root", "FG-traffic"], admin_vdom="root", with_feed=True, with_policies=True)
    with FortiGate(switches) as fortigate, Client(fortigate) as client:
        assert client.results("cmdb/system/settings?vdom=root")["vdom-type"] == "admin"
        assert client.results("cmdb/system/settings?vdom=FG-traffic")["vdom-type"] == "traffic"
        client.ban(ATTACKER, vdom="root")
        client.push("add", [ATTACKER])
        assert fortigate.passes(ATTACKER, SERVER) and fortigate.passes(ATTACKER, SERVER, vdom="FG-traffic")
        assert not fortigate.passes("198.51.100.8", SERVER, vdom="root"), "nothing passes through it at all"
        assert fortigate.passes(ATTACKER, "192.0.2.129", vdom="root"), "it is managed there"
        client.ban(ATTACKER, vdom="FG-traffic")
        assert not fortigate.passes(ATTACKER, SERVER) and fortigate.passes("198.51.100.8", SERVER)


@pytest.mark.parametrize(("version", "mode"), [("v7.0.17", "split-vdom"), ("v7.2.10", "multi-vdom")])
def test_split_task_mode_of_old_releases(version, mode):
    with FortiGate(Switches(version=version, vdoms=["root", "FG-traffic"], admin_vdom="root")) as fortigate:
        assert fortigate.objects("system/global")[0]["vdom-mode"] == mode


def test_the_management_vdom_is_for_a_new_box():
    """One that was already built would have its networks in the wrong VDOM, and every packet would seem to be stopped."""
    with FortiGate() as fortigate:
        fortigate.switches.admin_vdom = "root"
        assert fortigate.passes(ATTACKER, SERVER) and fortigate.passes(ATTACKER, SERVER, vdom="guest")
        fortigate.switches.admin_vdom = ""
        with pytest.raises(ValueError, match="new FortiGate"):
            fortigate.passes(ATTACKER, SERVER)


def test_the_type_of_a_vdom_is_a_setting(fortigate):
    assert fortigate.passes(ATTACKER, SERVER, vdom="root")
    fortigate.configure("system/settings", {"vdom-type": "admin"})
    assert not fortigate.passes(ATTACKER, SERVER, vdom="root")
    assert fortigate.passes("10.2.1.20", ATTACKER)


@pytest.mark.parametrize(("kind", "odd"), [("latin-1", b"\xe4"), ("control", b"\x1b\t"), ("quote", b'"')])
def test_text_in_an_old_code_page(fortigate, client, kind, odd):
    """An alias has it, and who asks only for addresses does not meet it."""
    fortigate.configure("system/interface", [{"name": "wan1", "alias": "Buero"}])
    fortigate.switches.odd_text = {"alias": kind}
    for path in ("cmdb/system/interface?vdom=root", "monitor/system/interface?vdom=root"):
        assert b"Bu" + odd + b"ero" in client.send("GET", path).content
    assert client.results("cmdb/system/interface?vdom=root&format=name|ip")
    with pytest.raises(ValueError, match="odd_text takes"):
        fortigate.switches.odd_text = {"alias": "odd"}


def test_a_secondary_address_is_not_the_one_that_pppoe_gave(fortigate, client):
    fortigate.configure("system/interface", [{"name": "wan1", "mode": "pppoe", "ip": "0.0.0.0 0.0.0.0"}])
    assert client.results("monitor/system/interface?vdom=root")["wan1"]["ip"] == "0.0.0.0"
    fortigate.switches.live_addresses = {"wan1": "203.0.113.60 255.255.255.0"}
    assert client.results("monitor/system/interface?vdom=root")["wan1"]["ip"] == "203.0.113.60"

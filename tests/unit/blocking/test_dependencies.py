# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The addresses that a FortiGate depends on, as its tables write them."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.client import FortiGateError
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.dependencies import (
    Dependencies,
    addresses_in,
    api_sessions,
    read_dependencies,
)
from unit.blocking.support import Simulated


def read(fortigate: Simulated, vdom_token: bool = False) -> Dependencies:
    """All of them in one."""
    found = Dependencies({}, {}, {})
    for one in read_dependencies(fortigate.device, ["root"], vdom_token).values():
        for address, reason in one.addresses.items():
            found.addresses.setdefault(address, reason)
        found.names.update(one.names)
        found.unknown.update(one.unknown)
    return found


@pytest.mark.parametrize(
    "value, found",
    [
        ("203.0.113.1 255.255.255.0", ["203.0.113.1"]),
        ("2001:DB8::1/64", ["2001:db8::1"]),
        ("https(10.1.1.50)", ["10.1.1.50"]),
        ("203.0.113.9:514, [2001:db8::9]", ["203.0.113.9", "2001:db8::9"]),
        ("fe80::1%port1", ["fe80::1"]),
        (
            {"ip": "203.0.113.1", "second": [{"ip": "203.0.113.1"}, {"ip": "203.0.113.2"}]},
            ["203.0.113.1", "203.0.113.2"],
        ),
        ("0.0.0.0 0.0.0.0", []),
        ("::/0", []),
        ("255.255.255.255", []),
        ("198.51.100", []),
        (3405803777, []),
        (None, []),
        ("{{ lookup('pipe', 'id') }}", []),
    ],
)
def test_addresses_in_any_text(value: t.Any, found: list[str]) -> None:
    assert addresses_in(value) == found


@pytest.mark.parametrize(
    "table, given, address, reason",
    [
        ("system/admin", {"name": "noc", "trusthost3": "192.0.2.64 255.255.255.192"}, "192.0.2.64/26", "trusted host of administrator noc"),
        ("system/admin", {"name": "noc", "ip6-trusthost1": "2001:db8:9::/48"}, "2001:db8:9::/48", "trusted host of administrator noc"),
        ("system/dns", {"primary": "192.0.2.53"}, "192.0.2.53", "DNS server"),
        ("firewall/ippool", {"name": "out", "startip": "192.0.2.20", "endip": "192.0.2.10"}, "192.0.2.10-192.0.2.20", "IP pool out"),
        ("firewall/vip", {"name": "mail", "extip": "203.0.113.20-203.0.113.25", "mappedip": [{"range": "172.16.1.20"}]},
         "203.0.113.20-203.0.113.25", "virtual IP mail"),
        ("vpn.ipsec/phase1-interface", {"name": "branch", "remote-gw": "192.0.2.33"}, "192.0.2.33", "remote gateway of branch"),
        ("router/bgp", {"neighbor": [{"ip": "192.0.2.44"}]}, "192.0.2.44", "BGP neighbor"),
        ("router/static6", {"seq-num": 7, "gateway": "2001:db8:1::99"}, "2001:db8:1::99", "gateway of static route 7"),
        ("log.syslogd3/setting", {"server": "192.0.2.66"}, "192.0.2.66", "syslog server"),
        ("user/saml", {"name": "idp", "idp-entity-id": "https://192.0.2.77:8443/saml"}, "192.0.2.77", "SAML identity provider idp"),
    ],
)  # fmt: skip
def test_each_table_protects_its_addresses(
    fortigate: Simulated, table: str, given: dict[str, t.Any], address: str, reason: str
) -> None:
    fortigate.configure(table, given)
    assert read(fortigate).addresses[address] == reason


def test_a_trusted_host_that_permits_everything_protects_nothing(fortigate: Simulated) -> None:
    fortigate.configure("system/admin", {"name": "noc", "trusthost1": "0.0.0.0 0.0.0.0", "ip6-trusthost1": "::/0"})
    assert not any(one.endswith("/0") for one in read(fortigate).addresses)


def test_names_are_kept_to_be_resolved(fortigate: Simulated) -> None:
    fortigate.configure("log.syslogd/setting", {"server": "syslog.example.com"})
    fortigate.configure("user/saml", {"name": "idp", "idp-single-sign-on-url": "https://login.example.com/a.b/c"})
    assert read(fortigate).names == {
        "syslog.example.com": "syslog server",
        "login.example.com": "SAML identity provider idp",
    }


def test_interfaces_of_the_vdoms_that_are_not_named_count_too(fortigate: Simulated) -> None:
    fortigate.configure(
        "firewall/vip", {"name": "guest-web", "extip": "192.0.2.30", "mappedip": [{"range": "10.2.1.30"}]}, "guest"
    )
    found = read(fortigate).addresses
    assert found["192.0.2.2"] == "interface guest-wan" and found["192.0.2.30"] == "virtual IP guest-web"


def test_administrators_who_are_logged_in(fortigate: Simulated) -> None:
    assert read(fortigate).addresses["192.0.2.200"] == "administrator noc"
    fortigate.state.switches.update({"current_admins": [{"admin": "tty", "srcaddr": "", "method": "console"}]})
    fortigate.device.kept.clear()
    assert "console" not in str(read(fortigate).unknown)
    fortigate.state.switches.update({"current_admins": [{"admin": "ghost", "srcaddr": "", "method": "https"}]})
    with pytest.raises(
        FortiGateError, match="administrator 'ghost' is logged in from an address that the FortiGate does not show"
    ):
        read(fortigate)


def test_this_run_is_one_of_the_api_sessions(fortigate: Simulated) -> None:
    assert api_sessions(fortigate.vdom) == []
    fortigate.state.switches.update({"api_user_from": "198.51.100.200"})
    assert [address for address, _reason in api_sessions(fortigate.vdom)] == ["198.51.100.200"]


def test_a_dynamic_address_is_the_one_that_the_provider_gave(fortigate: Simulated) -> None:
    fortigate.configure("system/interface", {"name": "wan1", "mode": "pppoe", "ip": "0.0.0.0 0.0.0.0"})
    assert any("wan1 has a dynamic address" in one for one in read(fortigate).unknown)
    fortigate.device.kept.clear()
    fortigate.state.switches.update({"live_addresses": {"wan1": "198.51.100.99 255.255.255.0"}})
    found = read(fortigate)
    assert found.addresses["198.51.100.99"] == "interface wan1" and found.unknown == {}


@pytest.mark.parametrize("path", ["cmdb/system/interface", "monitor/system/current-admins"])
def test_without_interfaces_and_administrators_nothing_is_known(fortigate: Simulated, path: str) -> None:
    fortigate.instead[f"GET {path}"] = 403
    with pytest.raises(FortiGateError, match="The run writes nothing"):
        read(fortigate)


@pytest.mark.parametrize("status", [403, 424, 500])
def test_another_table_that_cannot_be_read_is_not_an_empty_one(fortigate: Simulated, status: int) -> None:
    fortigate.instead["GET cmdb/user/radius"] = status
    (unknown,) = read(fortigate).unknown
    said = "the token may not read user/radius" if status == 403 else "user/radius could not be read"
    assert unknown.startswith(said)


def test_a_table_that_this_release_does_not_have_is_empty(fortigate: Simulated) -> None:
    fortigate.instead["GET cmdb/user/radius"] = 404
    assert read(fortigate).unknown == {}


def test_no_secret_is_asked_for(fortigate: Simulated) -> None:
    read(fortigate)
    configuration = [query for path, query in zip(fortigate.reads, fortigate.queries) if path.startswith("cmdb/")]
    columns = {column for query in configuration for column in query.get("format", "").split("%7C")}
    assert "" not in columns, "each table is read by its columns"
    assert not any(word in column for column in columns for word in ("pass", "secret", "psk", "api-key"))


def test_a_fortigate_none_of_whose_interfaces_has_an_address_is_not_known(fortigate: Simulated) -> None:
    reply = '{"status": "success", "vdom": "global", "results": [{"name": "wan1", "mode": "static", "ip": "0.0.0.0 0.0.0.0"}]}'
    fortigate.instead["GET cmdb/system/interface"] = reply
    fortigate.instead["GET monitor/system/interface"] = 404
    assert "no interface has an address" in read(fortigate).unknown

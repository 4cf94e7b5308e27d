# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What FortiGates depend on is never blocked, on any of them."""

from __future__ import annotations

import socket
import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.dependencies import OF_FORTIGATE, OF_VDOM
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.rights import right_for
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import FortiViewError

from simulators.fortigate import FortiGate, ManualClock
from support.hosts import METHODS, PREPARED, Blocking

ONE, LAST, OTHER, PLAIN, SERVER = "198.51.100.40", "198.51.100.47", "198.51.100.48", "198.51.100.99", "203.0.113.10"
MASKED = f"{ONE} 255.255.255.255"
SIX = "2001:db8:bad::40"
NAME = "peer.example.com"
# Path, what is configured, the address, and the reason that a person reads.
ROWS: list[tuple[str, t.Any, str, str]] = [
    ("system/admin", [{"name": "noc", "trusthost1": MASKED}], ONE, "trusted host of administrator noc"),
    ("system/admin", [{"name": "noc", "trusthost10": "198.51.100.40 255.255.255.248"}], LAST, "trusted host of administrator noc"),
    ("system/admin", [{"name": "noc", "ip6-trusthost2": f"{SIX}/128"}], SIX, "trusted host of administrator noc"),
    ("system/api-user", [{"name": "soc", "trusthost": [{"id": 1, "type": "ipv4-trusthost", "ipv4-trusthost": MASKED}]}], ONE,
     "trusted host of API user soc"),
    ("system/api-user", [{"name": "soc", "trusthost": [{"id": 1, "type": "ipv6-trusthost", "ipv6-trusthost": f"{SIX}/128"}]}], SIX,
     "trusted host of API user soc"),
    ("vpn.ipsec/phase1-interface", [{"name": "to-branch", "remote-gw": ONE}], ONE, "remote gateway of to-branch"),
    ("vpn.ipsec/phase1-interface", [{"name": "to-branch", "remote-gw6": SIX}], SIX, "remote gateway of to-branch"),
    ("vpn.ipsec/phase1", [{"name": "old", "remote-gw": ONE}], ONE, "remote gateway of old"),
    ("vpn.ipsec/phase1-interface", [{"name": "ddns", "type": "ddns", "remotegw-ddns": NAME}], ONE, f"remote gateway of ddns, {NAME}"),
    ("router/bgp", {"neighbor": [{"ip": OTHER}, {"ip": ONE}]}, ONE, "BGP neighbor"),
    ("router/bgp", {"neighbor": [{"ip": SIX}]}, SIX, "BGP neighbor"),
    ("router/bgp", {"neighbor-range": [{"id": 1, "prefix": "198.51.100.40 255.255.255.248", "neighbor-group": "dial-in"}]}, LAST, "range of BGP neighbors"),
    ("router/bgp", {"neighbor-range6": [{"id": 1, "prefix6": f"{SIX}/120"}]}, "2001:db8:bad::7f", "range of BGP neighbors"),
    ("router/static6", [{"seq-num": 8, "gateway": SIX, "device": "wan1"}], SIX, "gateway of static route 8"),
    ("router/static", [{"seq-num": 7, "gateway": ONE, "device": "wan1"}], ONE, "gateway of static route 7"),
    ("system/sdwan", {"members": [{"seq-num": 1, "gateway": ONE}]}, ONE, "SD-WAN gateway"),
    ("system/sdwan", {"health-check": [{"name": "a", "server": f'"{OTHER}" "{ONE}"'}]}, ONE, "SD-WAN health-check server"),
    ("system/sdwan", {"health-check": [{"name": "a", "server": f'"{OTHER}" "{NAME}"'}]}, ONE, f"SD-WAN health-check server, {NAME}"),
    ("system/dns", {"primary": ONE}, ONE, "DNS server"),
    ("system/dns", {"ip6-secondary": SIX}, SIX, "DNS server"),
    ("system/vdom-dns", {"vdom-dns": "enable", "secondary": ONE}, ONE, "DNS server"),
    ("system/ntp", {"type": "custom", "ntpserver": [{"id": 1, "server": ONE}]}, ONE, "NTP server"),
    ("system/ntp", {"type": "custom", "ntpserver": [{"id": 1, "server": NAME}]}, ONE, f"NTP server, {NAME}"),
    *((f"log.fortianalyzer{n}/setting", {"server": ONE}, ONE, "FortiAnalyzer") for n in ("", 2, 3)),
    ("log.fortianalyzer/setting", {"alt-server": NAME}, ONE, f"FortiAnalyzer, {NAME}"),
    *((f"log.syslogd{n}/setting", {"server": ONE}, ONE, "syslog server") for n in ("", 2, 3, 4)),
    ("system/central-management", {"type": "none", "fmg": f'"{OTHER}" "{ONE}"'}, ONE, "FortiManager"),
    ("user/radius", [{"name": "aaa", "server": ONE, "secret": "s3cr3t"}], ONE, "RADIUS server aaa"),
    ("user/radius", [{"name": "aaa", "tertiary-server": NAME}], ONE, f"RADIUS server aaa, {NAME}"),
    ("user/ldap", [{"name": "dir", "secondary-server": ONE}], ONE, "LDAP server dir"),
    ("user/tacacs+", [{"name": "tac", "server": ONE, "key": "s3cr3t"}], ONE, "TACACS+ server tac"),
    ("user/saml", [{"name": "idp", "idp-single-sign-on-url": f"https://{ONE}:8443/saml"}], ONE, "SAML identity provider idp"),
    ("user/saml", [{"name": "idp", "idp-single-logout-url": f"https://[{SIX}]/out"}], SIX, "SAML identity provider idp"),
    ("user/saml", [{"name": "idp", "idp-entity-id": f"https://{NAME}/"}], ONE, f"SAML identity provider idp, {NAME}"),
    ("endpoint-control/fctems", [{"ems-id": 1, "name": "ems", "server": ONE}], ONE, "EMS server ems"),
    ("firewall/vip", [{"name": "web", "extip": f"{ONE}-{LAST}", "mappedip": [{"range": "10.1.1.1"}]}], "198.51.100.44", "virtual IP web"),
    ("firewall/vip", [{"name": "web", "extip": OTHER, "mappedip": [{"range": f"{ONE}-{LAST}"}]}], "198.51.100.44", "server behind virtual IP web"),
    ("firewall/vip6", [{"name": "six", "extip": f"{SIX}-2001:db8:bad::49", "mappedip": "2001:db8:10::9"}], "2001:db8:bad::45", "virtual IP six"),
    ("firewall/ippool", [{"name": "nat", "startip": ONE, "endip": LAST}], "198.51.100.44", "IP pool nat"),
    ("firewall/ippool6", [{"name": "nat6", "startip": SIX, "endip": "2001:db8:bad::49"}], "2001:db8:bad::45", "IP pool nat6"),
    ("system/settings", {"opmode": "transparent", "manageip": f"{ONE} 255.255.255.0"}, ONE, "management address"),
    ("system/interface", [{"name": "wan1", "secondaryip": [{"id": 9, "ip": f"{ONE} 255.255.255.0"}]}], ONE, "interface wan1"),
]  # fmt: skip
LIVE: list[tuple[dict[str, t.Any], str, str]] = [
    ({"ssl_vpn_users": [{"user_name": "anna", "remote_host": ONE}]}, ONE, "connected by SSL VPN: anna"),
    ({"ipsec_tunnels": [{"name": "dial-in_0", "rgwy": ONE}]}, ONE, "IPsec peer of dial-in_0"),
    ({"current_admins": [{"admin": "noc", "srcaddr": ONE, "method": "ssh"}]}, ONE, "administrator noc"),
    ({"api_user_from": ONE}, ONE, "administrator ansible"),
]


@pytest.fixture
def run(
    pair: tuple[FortiGate, FortiGate, ManualClock], tmp_path: t.Any, monkeypatch: pytest.MonkeyPatch
) -> t.Iterator[Blocking]:
    one, two, clock = pair
    found = Blocking(tmp_path, clock)
    found.fortigates = {"fgt-1": one, "fgt-2": two}
    for box in (one, two):
        box.reset()
        box.switches.update(PREPARED)
    _resolve(monkeypatch, {NAME: [ONE]})
    yield found
    assert one.check() == two.check() == []


def _resolve(monkeypatch: pytest.MonkeyPatch, names: dict[str, list[str]]) -> None:
    usual = socket.getaddrinfo

    def answer(host: t.Any, *rest: t.Any, **more: t.Any) -> t.Any:
        if str(host).endswith("example.com"):
            if host not in names:
                raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
            return [(2, 1, 6, "", (address, 0)) for address in names[host]]
        return usual(host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", answer)


def refuse(run: Blocking, address: str, reason: str, **options: t.Any) -> None:
    """By every method, on this FortiGate and on the other one."""
    for host in ("fgt-1", "fgt-2"):
        for method in METHODS:
            found = run.refusals(host, [PLAIN, address], method=method, **options)
            assert list(found) == [address], (host, method)
            assert any(why.partition(" (")[0] == f"protected: {reason} on fgt-1" for why in found[address]), found


def test_every_table_has_a_row() -> None:
    paths = {path for path, _given, _address, _reason in ROWS}
    tables = {one.path.partition("/")[2] for one in (*OF_FORTIGATE, *OF_VDOM) if one.path.startswith("cmdb/")}
    assert tables <= paths


@pytest.mark.parametrize("path, given, address, reason", ROWS)
def test_what_the_configuration_names(run: Blocking, path: str, given: t.Any, address: str, reason: str) -> None:
    box = run.fortigates["fgt-1"]
    box.configure(path, given)
    refuse(run, address, reason)
    assert all(one.writes == [] for one in run.fortigates.values())


@pytest.mark.parametrize("switches, address, reason", LIVE)
def test_who_is_connected(run: Blocking, switches: dict[str, t.Any], address: str, reason: str) -> None:
    run.fortigates["fgt-1"].switches.update(switches)
    refuse(run, address, reason)


@pytest.mark.parametrize("mode", ["pppoe", "dhcp"])
def test_an_address_that_is_given_to_the_interface(run: Blocking, mode: str) -> None:
    box = run.fortigates["fgt-1"]
    box.configure("system/interface", [{"name": "wan1", "mode": mode, "ip": "0.0.0.0 0.0.0.0"}])
    box.switches.update({"live_addresses": {"wan1": f"{ONE} 255.255.255.0"}})
    refuse(run, ONE, "interface wan1")


def test_an_interface_whose_address_is_not_shown_is_named(run: Blocking) -> None:
    box = run.fortigates["fgt-1"]
    box.configure("system/interface", [{"name": "wan1", "mode": "pppoe", "ip": "0.0.0.0 0.0.0.0"}])
    with pytest.raises(FortiViewError, match=r"interface wan1 has a dynamic address.*fortigate_block_infra"):
        run.block("fgt-1", [PLAIN])
    result = run.block("fgt-1", [PLAIN], on_unresolved="skip")
    assert any("interface wan1" in notice for notice in result["notices"])


def test_one_version_of_an_address_does_not_stand_for_the_other(run: Blocking) -> None:
    box = run.fortigates["fgt-1"]
    box.configure("system/interface", [{"name": "lan", "ipv6": {"ip6-mode": "dhcp", "ip6-address": "::/0"}}])
    with pytest.raises(FortiViewError, match="interface lan has a dynamic address"):
        run.block("fgt-1", [PLAIN])


def test_a_name_that_nobody_resolves_is_named(run: Blocking) -> None:
    run.fortigates["fgt-1"].configure("user/radius", [{"name": "aaa", "server": "gone.example.com"}])
    with pytest.raises(FortiViewError, match=r"RADIUS server aaa gone\.example\.com: this machine cannot resolve"):
        run.block("fgt-1", [PLAIN])
    assert any("gone.example.com" in one for one in run.block("fgt-1", [PLAIN], on_unresolved="skip")["notices"])


@pytest.mark.parametrize("path, right", sorted({(one.path, right_for(one.path)) for one in (*OF_FORTIGATE, *OF_VDOM)}))
@pytest.mark.parametrize("page", ["json", "html"])
def test_a_table_without_right_is_named_with_it(run: Blocking, path: str, right: str, page: str) -> None:
    run.fortigates["fgt-1"].fault("forbidden" if page == "json" else "forbidden_html", path=f"{path}?", times=9)
    with pytest.raises(FortiViewError) as caught:
        run.block("fgt-1", [PLAIN])
    assert f"the token may not read {path.partition('/')[2]}: " in str(caught.value) and right in str(caught.value)
    assert run.fortigates["fgt-1"].writes == []


@pytest.mark.parametrize("path, right", [("system/interface", "netgrp"), ("system/current-admins", "sysgrp")])
def test_without_interfaces_and_administrators_nothing_is_written(run: Blocking, path: str, right: str) -> None:
    run.fortigates["fgt-1"].switches.update({"denied": [path]})
    with pytest.raises(FortiViewError, match=right):
        run.block("fgt-1", [PLAIN], on_unresolved="skip")
    assert run.fortigates["fgt-1"].writes == []


def test_tables_that_a_release_does_not_have(run: Blocking) -> None:
    run.fortigates["fgt-1"].switches.update({"missing": ["fctems", "vpn/ssl", "phase1", "sdwan", "saml"]})
    assert run.block("fgt-1", [PLAIN])["changed"]


def test_a_table_that_fails_is_named(run: Blocking) -> None:
    run.fortigates["fgt-1"].fault("bad_attribute", path="vpn/ipsec", times=9)
    with pytest.raises(FortiViewError, match="vpn/ipsec could not be read"):
        run.block("fgt-1", [PLAIN])


def test_a_fortigate_that_is_off_today_is_remembered(run: Blocking) -> None:
    run.fortigates["fgt-1"].configure("vpn.ipsec/phase1-interface", [{"name": "to-branch", "remote-gw": ONE}])
    run.block("fgt-1", [PLAIN], plan=True)
    run.clock.advance(20 * 86400)
    run.run_id = "2"
    found = run.refusals("fgt-2", [PLAIN, ONE])
    assert "remote gateway of to-branch on fgt-1" in found[ONE][0]
    assert not any(
        "The registry has no dependencies" in one for one in run.block("fgt-2", [PLAIN], check_mode=True)["notices"]
    )


def test_a_fortigate_of_which_nothing_is_known_is_named(run: Blocking) -> None:
    result = run.block("fgt-2", [PLAIN])
    assert any("The registry has no dependencies of fgt-1" in notice for notice in result["notices"])


@pytest.mark.parametrize(
    "off", [{"protect_infrastructure": False}, {"on_protected": "skip"}, {"shared_infrastructure": False}]
)
@pytest.mark.parametrize("method", METHODS)
def test_the_address_of_the_run_itself_is_refused_in_every_mode(
    run: Blocking, off: dict[str, t.Any], method: str
) -> None:
    run.fortigates["fgt-1"].switches.update({"api_user_from": ONE})
    assert list(run.refusals("fgt-1", [PLAIN, ONE], method=method, **off)) == [ONE]
    found = run.refusals("fgt-1", ["198.51.100.0/25"], method="feed_push", allow_networks=True, **off)
    assert list(found) == ["198.51.100.0/25"]


def test_who_comes_while_the_day_goes_on_is_seen(run: Blocking) -> None:
    run.block("fgt-1", [PLAIN])
    run.fortigates["fgt-1"].switches.update({"ssl_vpn_users": [{"user_name": "anna", "remote_host": ONE}]})
    run.clock.advance(60)
    run.run_id = "2"
    assert ONE in run.refusals("fgt-1", [ONE])


def test_hostile_names(run: Blocking) -> None:
    box = run.fortigates["fgt-1"]
    box.configure("vpn.ipsec/phase1-interface", [{"name": "{{ 1 }}\u202e\n\x1b[31m\\1", "remote-gw": ONE}])
    box.switches.update({"odd_text": {"alias": "latin-1"}})
    ((why, *_more),) = run.refusals("fgt-1", [PLAIN, ONE]).values()
    assert why == "protected: remote gateway of {{ 1 }} [31m\\1 on fgt-1"


def test_what_another_vdom_depends_on_stays_known(run: Blocking) -> None:
    box = run.fortigates["fgt-1"]
    box.configure("vpn.ipsec/phase1-interface", [{"name": "guest-peer", "remote-gw": ONE}], "guest")
    run.block("fgt-1", [PLAIN], vdoms=["guest"], plan=True)
    run.block("fgt-1", [PLAIN], vdoms=["root"], plan=True)
    assert ONE in run.refusals("fgt-2", [ONE]) and ONE in run.refusals("fgt-1", [ONE])


@pytest.mark.parametrize("several", ["each", "short", "refused", "ignored"])
def test_what_the_other_vdoms_depend_on_is_protected_too(run: Blocking, several: str) -> None:
    """The tunnel of one VDOM may pass through another, and however a FortiGate answers for several VDOMs, it is found."""
    box = run.fortigates["fgt-1"]
    box.switches.update({"several_vdoms": several})
    box.configure("vpn.ipsec/phase1-interface", [{"name": "guest-peer", "remote-gw": ONE}], "guest")
    assert ONE in run.refusals("fgt-1", [ONE], vdoms=["root"])


def test_a_table_that_another_vdom_does_not_have_or_show(run: Blocking) -> None:
    box = run.fortigates["fgt-1"]
    box.switches.update({"missing": ["user/saml"], "denied": ["user/radius"]})
    with pytest.raises(FortiViewError, match="user/radius"):
        run.block("fgt-1", [PLAIN])
    assert box.writes == []


def test_other_vdoms_cost_no_requests_of_their_own(run: Blocking) -> None:
    """But for the tables that were read of one VDOM before."""
    box = run.fortigates["fgt-1"]
    sent = []
    for vdoms in (["root"], ["root", "guest"], ["root", "guest", "dmz", "lab"]):
        box.reset()
        box.switches.update({**PREPARED, "vdoms": vdoms})
        run.run_id = str(len(vdoms))
        run.block("fgt-1", [PLAIN], plan=True)
        sent.append(len([entry for entry in box.journal if entry.http_method == "GET"]))
    assert sent[2] == sent[1] <= sent[0] + 5


def test_no_secret_is_read(run: Blocking) -> None:
    box = run.fortigates["fgt-1"]
    run.block("fgt-1", [PLAIN], check_mode=True)
    tables = [entry for entry in box.journal if "/cmdb/" in entry.path]
    assert tables and all("format=" in entry.query for entry in tables)
    asked = "|".join(entry.query for entry in tables)
    assert not any(word in asked for word in ("secret", "key", "psk", "passw"))


TEN = [f"198.51.100.{number}" for number in range(1, 11)]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("targets", [TEN, [*TEN[:5], *(f"2001:db8:bad::{number}" for number in range(1, 6))]])
def test_few_requests(run: Blocking, method: str, targets: list[str]) -> None:
    """The plan and the write of a first block: 25 reads for the FortiGate, 28 for a VDOM, and 1 for each address."""
    box = run.fortigates["fgt-1"]
    box.switches.update({"vdoms": ["root"]})
    for plan in (True, False):
        run.block("fgt-1", targets, method=method, plan=plan)
    reads = [entry for entry in box.journal if entry.http_method == "GET"]
    assert len([entry for entry in reads if "scope=global" in entry.query]) <= 25 and len(reads) <= 25 + 28 + 10
    mark = len(box.journal)
    assert not run.block("fgt-1", targets, method=method, plan=True)["pending"]
    assert len(list(box.journal)[mark:]) <= {"ban": 1, "feed_push": 2, "addrgrp": 5}[method]


def test_objects_on_a_managed_fortigate(run: Blocking) -> None:
    box = run.fortigates["fgt-1"]
    box.switches.update({"managed_by": "192.0.2.9"})
    for plan in (True, False):
        with pytest.raises(FortiViewError, match="a FortiManager manages the FortiGate"):
            run.block("fgt-1", [PLAIN], method="addrgrp", plan=plan)
    assert run.block("fgt-1", [PLAIN], method="addrgrp", allow_fmg_drift=True)["changed"]
    assert run.block("fgt-1", [PLAIN], method="feed_push")["changed"], "no configuration"


@pytest.mark.parametrize("how", [{"denied": ["central-management"]}, {"missing": ["central-management"]}])
def test_a_management_that_cannot_be_read_is_not_none(run: Blocking, how: dict[str, t.Any]) -> None:
    box = run.fortigates["fgt-1"]
    box.switches.update(how)
    with pytest.raises(FortiViewError) as caught:
        run.block("fgt-1", [PLAIN], method="addrgrp", on_unresolved="skip")
    assert "central-management" in str(caught.value) and box.writes == []
    assert "sysgrp" in caught.value.next_step or "missing" in how


def test_few_requests_in_two_vdoms(run: Blocking) -> None:
    box = run.fortigates["fgt-1"]
    run.block("fgt-1", TEN, vdoms=["root", "guest"])
    reads = [entry for entry in box.journal if entry.http_method == "GET"]
    whole = [entry for entry in reads if "scope=global" in entry.query]
    assert len(whole) <= 25 and len(reads) - len(whole) - 10 <= 2 * 28


def test_a_vdom_token(run: Blocking) -> None:
    box = run.fortigates["fgt-1"]
    box.switches.update({"vdoms_allowed": ["guest"], "vdom_admin_reads_global": False})
    box.configure("vpn.ipsec/phase1-interface", [{"name": "guest-peer", "remote-gw": ONE}], "guest")
    options = {"vdoms": ["guest"], "vdom_token": True}
    with pytest.raises(FortiViewError, match="a token of a VDOM may not read it"):
        run.block("fgt-1", [PLAIN], **options)
    options["on_unresolved"] = "skip"
    assert run.block("fgt-1", [PLAIN], **options)["changed"]
    assert set(run.refusals("fgt-1", [ONE, "192.0.2.2"], **options)) == {ONE, "192.0.2.2"}
    run.run_id = "2"
    with pytest.raises(FortiViewError, match="fortigate_block_vdom_token"):
        run.block("fgt-1", [ONE], vdoms=["guest"])

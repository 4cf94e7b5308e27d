# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which addresses this run must not block, because some FortiGate or this machine needs them."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking import controller
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.client import FortiGateError
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.protection import (
    Protection,
    known_own,
    known_to_registry,
    protection,
)
from ansible_collections.secops.fortiview.plugins.module_utils._common.addresses import text_of
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput
from unit.blocking.support import HOST, SERIAL, Simulated, options

DAY = 86400


@pytest.fixture(autouse=True)
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """What this machine resolves; any other name has no address."""
    known: dict[str, list[str]] = {"syslog.example.com": ["192.0.2.66", "2001:db8:9::66"]}
    monkeypatch.setattr(controller, "own_addresses", lambda _peers=(): ["192.0.2.111"])
    monkeypatch.setattr(controller, "resolved", lambda name: [name] if name[0].isdigit() else known.get(name, []))
    return known


def found(fortigate: Simulated, **more: t.Any) -> Protection:
    return protection(options(**{"protect_infrastructure": True, **more}), fortigate.context)


def reasons(protected: t.Iterable[tuple[t.Any, str]]) -> dict[str, str]:
    return {text_of(network): reason for network, reason in protected}


def test_the_fortigate_this_machine_and_the_inventory(fortigate: Simulated) -> None:
    inventory = [{"name": "web1", "addresses": ["192.0.2.50"]}]
    known = reasons(found(fortigate, inventory=inventory, infrastructure=["192.0.2.40"]).protected)
    assert known["192.0.2.111"] == "this controller" and known["192.0.2.50"] == "inventory host web1"
    assert known["192.0.2.40"] == "given as infrastructure" and known["2001:db8:1::1"] == f"interface wan1 on {HOST}"


def test_what_other_fortigates_depend_on_is_not_blocked_here_either(fortigate: Simulated) -> None:
    fortigate.registry.remember("FG2", "fgt-branch", [("192.0.2.88", "remote gateway of hq")])
    known = found(fortigate, fleet=[HOST, "fgt-branch", "fgt-lab"])
    assert reasons(known.protected)["192.0.2.88"] == "remote gateway of hq on fgt-branch"
    (notice,) = known.notices
    assert notice.startswith("The registry has no dependencies of fgt-lab, so")


def test_what_was_read_a_month_ago_counts_no_more(fortigate: Simulated) -> None:
    fortigate.registry.remember("FG2", "fgt-branch", [("192.0.2.88", "DNS server")])
    fortigate.later(30 * DAY)
    assert "192.0.2.88" in reasons(found(fortigate).protected)
    fortigate.later(1)
    again = found(fortigate, fleet=["fgt-branch"])
    assert "192.0.2.88" not in reasons(again.protected) and "fgt-branch" in again.notices[0]


def test_names_are_protected_by_all_their_addresses(fortigate: Simulated) -> None:
    fortigate.configure("log.syslogd/setting", {"server": "syslog.example.com"})
    known = reasons(found(fortigate).protected)
    assert known["192.0.2.66"] == known["2001:db8:9::66"] == f"syslog server, syslog.example.com on {HOST}"


def test_a_name_that_does_not_resolve_stops_the_run_unless_permitted(fortigate: Simulated) -> None:
    fortigate.configure("log.syslogd/setting", {"server": "gone.example.com"})
    with pytest.raises(InvalidInput, match=r"syslog server gone\.example\.com"):
        found(fortigate)
    (notice,) = found(fortigate, on_unresolved="skip").notices
    assert notice.startswith(
        "Some addresses may not be protected, because they are not known: syslog server gone.example.com"
    )


def test_a_table_that_cannot_be_read_stops_the_run_too(fortigate: Simulated) -> None:
    fortigate.instead["GET cmdb/user/radius"] = 403
    with pytest.raises(InvalidInput, match="fortigate_block_on_unresolved"):
        found(fortigate)


def test_the_tables_are_read_once_in_a_run(fortigate: Simulated) -> None:
    fortigate.vdom.read("monitor/user/banned")
    first = found(fortigate)
    fortigate.later(800)
    fortigate.reads.clear()
    assert found(fortigate) == first and fortigate.reads == []
    found(fortigate, run_id="next")
    assert "cmdb/system/interface" in fortigate.reads, "users who are connected change quickly"


def test_own_addresses_are_those_at_which_it_answers(fortigate: Simulated) -> None:
    own = reasons(found(fortigate).own)
    assert own["203.0.113.1"] == "interface wan1" and own["203.0.113.10"] == "virtual IP vip-web"
    assert "172.16.1.10" not in own, "the server behind it answers, not the FortiGate"
    assert own == reasons(known_own(options(), fortigate.context))


def test_the_own_addresses_of_another_fortigate_are_not_ours(fortigate: Simulated) -> None:
    fortigate.registry.remember("FG2", "fgt-branch", [("192.0.2.88", "interface wan1")])
    fortigate.registry.remember(SERIAL, "renamed", [("192.0.2.99", "interface wan1")])
    fortigate.vdom.read("monitor/user/banned")
    assert set(reasons(known_own(options(), fortigate.context))) == {"192.0.2.99"}


def test_without_protection_the_run_still_protects_itself(fortigate: Simulated) -> None:
    fortigate.state.switches.update({"api_user_from": "192.0.2.200"})
    known = reasons(found(fortigate, protect_infrastructure=False).protected)
    assert set(known) == {"192.0.2.111", "192.0.2.200"} and "API session" in known["192.0.2.200"]
    fortigate.registry.remember("FG2", "fgt-branch", [("192.0.2.88", "DNS server")])
    assert known_to_registry(options(), fortigate.context) == ()


def test_where_sessions_must_not_be_read_a_notice_says_so(fortigate: Simulated) -> None:
    fortigate.instead["GET monitor/system/current-admins"] = 403
    assert (
        "The API sessions of the FortiGate could not be read"
        in found(fortigate, protect_infrastructure=False).notices[0]
    )
    fortigate.instead["GET monitor/system/current-admins"] = ConnectionError("timed out")
    with pytest.raises(FortiGateError):
        found(fortigate, protect_infrastructure=False)


def test_the_other_hosts_of_the_play_are_waited_for_but_not_for_ever(fortigate: Simulated) -> None:
    given = options(protect_infrastructure=True, batch=[HOST, "fgt-late"], fleet=["fgt-late"])
    started = fortigate.clock.now()
    assert "fgt-late" in protection(given, fortigate.context, wait=True).notices[0]
    assert fortigate.clock.now() - started == 20
    fortigate.registry.remember("FG3", "fgt-late", [("192.0.2.70", "NTP server")])
    started = fortigate.clock.now()
    assert "192.0.2.70" in reasons(protection(given, fortigate.context, wait=True).protected)
    assert fortigate.clock.now() == started


def test_a_host_without_a_fortigate_protects_this_machine_and_what_is_known(fortigate: Simulated) -> None:
    fortigate.registry.remember("FG2", "fgt-branch", [("192.0.2.88", "DNS server")])
    alone = fortigate.context._replace(fortigate=None)
    assert set(reasons(protection(options(protect_infrastructure=False), alone).protected)) == {"192.0.2.111"}
    assert set(reasons(protection(options(protect_infrastructure=True), alone).protected)) == {
        "192.0.2.111",
        "192.0.2.88",
    }

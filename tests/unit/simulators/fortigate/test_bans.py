# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The bans and their effect (protocol_fortigate.rst, "Bans")."""

from __future__ import annotations

import pytest

NOW = 1772366400
ATTACKER, SERVER = "198.51.100.7", "203.0.113.10"


def test_one_call_bans_many_of_both_families(fortigate, client):
    reply = client.ban(ATTACKER, "2001:DB8::7").json()
    assert (reply["status"], reply["http_status"]) == ("success", 200)
    assert client.results("monitor/user/banned?vdom=root") == fortigate.bans() == [
        {"ip_address": ATTACKER, "ipv6": False, "source": "Administrative", "created": NOW, "expires": NOW + 3600},
        {"ip_address": "2001:db8::7", "ipv6": True, "source": "Administrative", "created": NOW, "expires": NOW + 3600},
    ]  # fmt: skip
    assert client.results("monitor/user/banned/select/") == fortigate.bans()
    assert len(fortigate.writes) == 1 and fortigate.alarms == [] and fortigate.check() == []


def test_five_thousand_in_one_call(fortigate, client):
    client.ban(*(f"198.51.{number // 250}.{number % 250}" for number in range(5000)))
    assert len(fortigate.bans()) == 5000


def test_bans_expire_by_the_clock(fortigate, client, clock):
    client.ban(ATTACKER, expiry=60)
    assert not fortigate.passes(ATTACKER, SERVER)
    clock.advance(59)
    assert client.banned() == [ATTACKER]
    clock.advance(1)
    assert client.banned() == [] and fortigate.passes(ATTACKER, SERVER)


@pytest.mark.parametrize(
    ("form", "shown"),
    [("zero", {"expires": 0}), ("null", {"expires": None}), ("missing", {}), ("indefinite", {"expires": "indefinite"})],
)
def test_no_expiry_is_for_ever(fortigate, client, clock, form, shown):
    fortigate.switches.ban_forever_form = form
    client.post("monitor/user/banned/add_users", {"ip_addresses": [ATTACKER]})
    client.ban("198.51.100.8", expiry=0)
    clock.advance(10**8)
    for entry in client.results("monitor/user/banned"):
        assert {name: value for name, value in entry.items() if name == "expires"} == shown
    assert [entry["expires"] for entry in fortigate.bans()] == [0, 0]


def test_each_vdom_has_its_own_list(fortigate, client):
    client.ban(ATTACKER, vdom="guest")
    assert fortigate.bans() == [] and client.banned("guest") == [ATTACKER]
    assert fortigate.passes(ATTACKER, SERVER)
    assert (
        client.send("POST", "monitor/user/banned/add_users?scope=global", {"ip_addresses": [ATTACKER]}).status_code
        == 424
    )


def test_lifting_needs_no_ban(fortigate, client):
    client.ban(ATTACKER, "198.51.100.8")
    assert client.unban(ATTACKER, "192.0.2.99").json()["status"] == "success"
    assert client.banned() == ["198.51.100.8"]


def test_check_of_one(fortigate, client):
    client.ban("2001:db8::7")
    for address, banned in (("2001:db8::7", True), (ATTACKER, False)):
        found = client.results(f"monitor/user/banned/check?vdom=root&ip_address={address}")
        assert found == {"ip_address": address, "is_banned": banned}
    fortigate.switches.version = "v7.0.17"
    assert client.send("GET", "monitor/user/banned/check?ip_address=192.0.2.1").status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {"ip_addresses": [ATTACKER, "nonsense"]},
        {"ip_addresses": ["198.51.100.0/24"]},
        {"ip_addresses": []},
        {"ip_addresses": ATTACKER},
        {"expiry": 60},
        {"ip_addresses": [ATTACKER], "expiry": "900"},
        {"ip_addresses": [ATTACKER], "expiry": -1},
        {"ip_addresses": [ATTACKER], "expiry": True},
        None,
    ],
)
def test_bad_requests_change_nothing(fortigate, client, body):
    reply = client.post("monitor/user/banned/add_users", body)
    assert reply.status_code == 424 and reply.json()["status"] == "error"
    assert fortigate.bans() == []


def test_a_lenient_box(fortigate, client):
    fortigate.switches.update({"ban_bad_address": "skip", "ban_number_strings": True})
    client.ban(ATTACKER, "nonsense", expiry="900")
    assert [(ban["ip_address"], ban["expires"]) for ban in fortigate.bans()] == [(ATTACKER, NOW + 900)]


@pytest.mark.parametrize(
    ("again", "created", "expires"), [("replace", 100, 160), ("extend", 0, 160), ("ignore", 0, 3600)]
)
def test_banning_again(fortigate, client, clock, again, created, expires):
    fortigate.switches.ban_again = again
    client.ban(ATTACKER)
    clock.advance(100)
    client.ban(ATTACKER, expiry=60)
    (ban,) = fortigate.bans()
    assert (ban["created"] - NOW, ban["expires"] - NOW) == (created, expires)


@pytest.mark.parametrize("word", ["Administrative", "Manual"])
def test_the_word_for_a_ban_of_an_administrator(fortigate, client, word):
    fortigate.switches.ban_source = word
    client.ban("203.0.113.7")
    assert [ban["source"] for ban in client.results("monitor/user/banned")] == [word]


def test_a_full_list_takes_none(fortigate, client):
    fortigate.switches.ban_cap = 2
    client.ban(ATTACKER)
    reply = client.ban("198.51.100.8", "198.51.100.9")
    assert (reply.status_code, reply.json()["error"]) == (500, -4)
    assert client.banned() == [ATTACKER]
    assert client.ban(ATTACKER, "198.51.100.8").status_code == 200


def test_entries_of_others(fortigate, client):
    fortigate.seed_bans(
        [{"ip_address": "192.0.2.10"}, {"ip_address": "192.0.2.11", "source": "AV", "expires": 0}], vdom="root"
    )
    client.ban(ATTACKER)
    assert [(ban["source"], ban["expires"]) for ban in fortigate.bans()] == [
        ("IPS", NOW + 3600), ("AV", 0), ("Administrative", NOW + 3600)
    ]  # fmt: skip
    assert not fortigate.passes("192.0.2.10", SERVER)
    with pytest.raises(ValueError, match="no ban source"):
        fortigate.seed_bans([{"ip_address": "192.0.2.10", "source": "me"}])


def test_clear_all_is_an_alarm(fortigate, client):
    client.ban(ATTACKER)
    assert client.post("monitor/user/banned/clear_all", "null").status_code == 200
    assert fortigate.bans() == [] and fortigate.alarms == fortigate.check() and "cleared" in fortigate.alarms[0]


@pytest.mark.parametrize(("persistency", "left"), [("disabled", 0), ("permanent-only", 1), ("all", 2)])
def test_reboot(fortigate, client, persistency, left):
    client.put("cmdb/firewall/global", {"banned-ip-persistency": persistency})
    client.ban(ATTACKER)
    client.ban("198.51.100.8", expiry=0)
    fortigate.reboot()
    assert len(fortigate.bans()) == left


def test_failover(fortigate, client):
    client.ban(ATTACKER)
    fortigate.ha_failover()
    assert fortigate.bans() == []
    fortigate.switches.ban_lost_on_failover = False
    client.ban(ATTACKER)
    fortigate.ha_failover()
    assert len(fortigate.bans()) == 1


def test_clock_skew_moves_created_and_expires_together(fortigate, client):
    fortigate.switches.clock_skew = -7200.0
    client.ban(ATTACKER)
    assert (fortigate.bans()[0]["created"], fortigate.bans()[0]["expires"]) == (NOW - 7200, NOW - 3600)


def test_bans_stop_transit_by_source_only(fortigate, client):
    client.ban(ATTACKER)
    assert not fortigate.passes(ATTACKER, SERVER)
    assert fortigate.passes("10.1.1.20", ATTACKER)
    assert fortigate.passes(ATTACKER, "203.0.113.1") and fortigate.passes(ATTACKER, SERVER, to_fortigate=True)
    assert fortigate.passes("198.51.100.8", SERVER) and not fortigate.passes("198.51.100.8", SERVER, dport=22)

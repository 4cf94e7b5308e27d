# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The bans and their effect (protocol_fortigate.rst, "Bans")."""

from __future__ import annotations

import pytest

NOW = 1772366400
ATTACKER, SERVER = "198.51.100.7", "203.0.113.10"


def test_one_call_bans_many_of_both_families(box, client):
    reply = client.ban(ATTACKER, "2001:DB8::7").json()
    assert (reply["status"], reply["http_status"]) == ("success", 200)
    assert client.results("monitor/user/banned?vdom=root") == box.bans() == [
        {"ip_address": ATTACKER, "ipv6": False, "source": "Administrative", "created": NOW, "expires": NOW + 3600},
        {"ip_address": "2001:db8::7", "ipv6": True, "source": "Administrative", "created": NOW, "expires": NOW + 3600},
    ]  # fmt: skip
    assert client.results("monitor/user/banned/select/") == box.bans()
    assert len(box.writes) == 1 and box.alarms == [] and box.check() == []


def test_five_thousand_in_one_call(box, client):
    client.ban(*(f"198.51.{number // 250}.{number % 250}" for number in range(5000)))
    assert len(box.bans()) == 5000


def test_bans_expire_by_the_clock(box, client, clock):
    client.ban(ATTACKER, expiry=60)
    assert not box.passes(ATTACKER, SERVER)
    clock.advance(59)
    assert client.banned() == [ATTACKER]
    clock.advance(1)
    assert client.banned() == [] and box.passes(ATTACKER, SERVER)


@pytest.mark.parametrize(
    ("form", "shown"),
    [("zero", {"expires": 0}), ("null", {"expires": None}), ("missing", {}), ("indefinite", {"expires": "indefinite"})],
)
def test_no_expiry_is_for_ever(box, client, clock, form, shown):
    box.switches.ban_forever_form = form
    client.post("monitor/user/banned/add_users", {"ip_addresses": [ATTACKER]})
    client.ban("198.51.100.8", expiry=0)
    clock.advance(10**8)
    for entry in client.results("monitor/user/banned"):
        assert {name: value for name, value in entry.items() if name == "expires"} == shown
    assert [entry["expires"] for entry in box.bans()] == [0, 0]


def test_each_vdom_has_its_own_list(box, client):
    client.ban(ATTACKER, vdom="guest")
    assert box.bans() == [] and client.banned("guest") == [ATTACKER]
    assert box.passes(ATTACKER, SERVER)
    assert (
        client.send("POST", "monitor/user/banned/add_users?scope=global", {"ip_addresses": [ATTACKER]}).status_code
        == 424
    )


def test_lifting_needs_no_ban(box, client):
    client.ban(ATTACKER, "198.51.100.8")
    assert client.lift(ATTACKER, "192.0.2.99").json()["status"] == "success"
    assert client.banned() == ["198.51.100.8"]


def test_check_of_one(box, client):
    client.ban("2001:db8::7")
    for address, banned in (("2001:db8::7", True), (ATTACKER, False)):
        found = client.results(f"monitor/user/banned/check?vdom=root&ip_address={address}")
        assert found == {"ip_address": address, "is_banned": banned}
    box.switches.version = "v7.0.17"
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
def test_bad_requests_change_nothing(box, client, body):
    reply = client.post("monitor/user/banned/add_users", body)
    assert reply.status_code == 424 and reply.json()["status"] == "error"
    assert box.bans() == []


def test_a_lenient_box(box, client):
    box.switches.update({"ban_bad_address": "skip", "ban_number_strings": True})
    client.ban(ATTACKER, "nonsense", expiry="900")
    assert [(ban["ip_address"], ban["expires"]) for ban in box.bans()] == [(ATTACKER, NOW + 900)]


@pytest.mark.parametrize(
    ("again", "created", "expires"), [("replace", 100, 160), ("extend", 0, 160), ("ignore", 0, 3600)]
)
def test_banning_again(box, client, clock, again, created, expires):
    box.switches.ban_again = again
    client.ban(ATTACKER)
    clock.advance(100)
    client.ban(ATTACKER, expiry=60)
    (ban,) = box.bans()
    assert (ban["created"] - NOW, ban["expires"] - NOW) == (created, expires)


@pytest.mark.parametrize("word", ["Administrative", "Manual"])
def test_the_word_for_a_ban_of_an_administrator(box, client, word):
    box.switches.ban_source = word
    client.ban("203.0.113.7")
    assert [ban["source"] for ban in client.results("monitor/user/banned")] == [word]


def test_a_full_list_takes_none(box, client):
    box.switches.ban_cap = 2
    client.ban(ATTACKER)
    reply = client.ban("198.51.100.8", "198.51.100.9")
    assert (reply.status_code, reply.json()["error"]) == (500, -4)
    assert client.banned() == [ATTACKER]
    assert client.ban(ATTACKER, "198.51.100.8").status_code == 200


def test_entries_of_others(box, client):
    box.seed_bans(
        [{"ip_address": "192.0.2.10"}, {"ip_address": "192.0.2.11", "source": "AV", "expires": 0}], vdom="root"
    )
    client.ban(ATTACKER)
    assert [(ban["source"], ban["expires"]) for ban in box.bans()] == [
        ("IPS", NOW + 3600), ("AV", 0), ("Administrative", NOW + 3600)
    ]  # fmt: skip
    assert not box.passes("192.0.2.10", SERVER)
    with pytest.raises(ValueError, match="no ban source"):
        box.seed_bans([{"ip_address": "192.0.2.10", "source": "me"}])


def test_clear_all_is_an_alarm(box, client):
    client.ban(ATTACKER)
    assert client.post("monitor/user/banned/clear_all", "null").status_code == 200
    assert box.bans() == [] and box.alarms == box.check() and "cleared" in box.alarms[0]


@pytest.mark.parametrize(("persistency", "left"), [("disabled", 0), ("permanent-only", 1), ("all", 2)])
def test_reboot(box, client, persistency, left):
    client.put("cmdb/firewall/global", {"banned-ip-persistency": persistency})
    client.ban(ATTACKER)
    client.ban("198.51.100.8", expiry=0)
    box.reboot()
    assert len(box.bans()) == left


def test_failover(box, client):
    client.ban(ATTACKER)
    box.ha_failover()
    assert box.bans() == []
    box.switches.ban_lost_on_failover = False
    client.ban(ATTACKER)
    box.ha_failover()
    assert len(box.bans()) == 1


def test_clock_skew_moves_created_and_expires_together(box, client):
    box.switches.clock_skew = -7200.0
    client.ban(ATTACKER)
    assert (box.bans()[0]["created"], box.bans()[0]["expires"]) == (NOW - 7200, NOW - 3600)


def test_bans_stop_transit_by_source_only(box, client):
    client.ban(ATTACKER)
    assert not box.passes(ATTACKER, SERVER)
    assert box.passes("10.1.1.20", ATTACKER)
    assert box.passes(ATTACKER, "203.0.113.1") and box.passes(ATTACKER, SERVER, to_fortigate=True)
    assert box.passes("198.51.100.8", SERVER) and not box.passes("198.51.100.8", SERVER, dport=22)

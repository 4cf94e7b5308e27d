# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bans and feeds against a FortiGate that misbehaves: in force, or an error and nothing left."""

from __future__ import annotations

import json
import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.client import FortiGate as Device
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import FortiViewError, InvalidInput
from ansible_collections.secops.fortiview.plugins.module_utils._glue.fortigate import HostContext, ban, feed

from component.fortigate_support import FortiGateClient
from simulators.fortigate import FortiGate, ManualClock

START = 1762862400.0
ATTACKERS = ["198.51.100.7", "203.0.113.77", "2001:db8:bad::7"]
FOREIGN = [{"ip_address": "198.51.100.200", "source": "IPS"}]
BAN = {"addresses": ATTACKERS, "state": "present", "expiry": 3600, "allow_permanent": False}
FEED = {"name": "soc-block", "entries": ATTACKERS, "state": "present", "allow_networks": False}
COMMON = {"vdom": "root", "never": [], "allow_private": False, "verify_retries": 3, "verify_delay": 2.0}
# Faults that leave it open whether the write was carried out, and those that refuse it.
KINDS: list[tuple[str, dict[str, t.Any]]] = [
    ("unauthorized", {}),
    ("forbidden", {}),
    ("forbidden_html", {}),
    ("not_json", {}),
    ("empty", {}),
    ("status_error", {}),
    ("redirect", {}),
    ("not_found", {}),
    ("not_allowed", {}),
    ("bad_attribute", {}),
    ("table_full", {}),
    ("duplicate", {}),
    ("in_use", {}),
    ("device_error", {}),
    ("http", {"status": 429}),
    ("cut_before", {}),
    ("cut_after", {}),
]


class Client(FortiGateClient):
    """Bans and feeds."""

    def ban(self, **options: t.Any) -> dict[str, t.Any]:
        return ban({**COMMON, **BAN, **options}, self.target())

    def feed(self, **options: t.Any) -> dict[str, t.Any]:
        return feed({**COMMON, **FEED, **options}, self.target())

    def banned(self) -> set[str]:
        return {str(entry["ip_address"]) for entry in self.box.bans()}


@pytest.fixture(scope="module")
def pair() -> t.Iterator[tuple[FortiGate, ManualClock]]:
    clock = ManualClock(START)
    with FortiGate(clock=clock, serial="FG100FTK20000001") as box:
        yield box, clock


@pytest.fixture
def client(pair: tuple[FortiGate, ManualClock]) -> t.Iterator[Client]:
    box, clock = pair
    box.reset()
    box.switches.update({"with_feed": True, "with_policies": True})
    yield Client(box, clock)
    assert box.check() == []


def test_one_write_bans_any_number(client: Client) -> None:
    many = [f"198.51.100.{number}" for number in range(1, 101)]
    result = client.ban(addresses=many)
    assert result["changed"] and len(result["add"]) == 100
    assert len(client.box.writes) == 1
    assert not client.box.passes("198.51.100.50", "203.0.113.10")
    assert client.box.passes("198.51.100.150", "203.0.113.10")


def test_the_second_run_writes_nothing(client: Client) -> None:
    client.ban()
    client.clock.advance(60)
    result = client.ban()
    assert not result["changed"]
    assert sorted(result["unchanged"]) == sorted(ATTACKERS)
    assert len(client.box.writes) == 1


def test_check_mode_plans_and_writes_nothing(client: Client) -> None:
    client.check_mode = True
    result = client.ban()
    assert result["changed"] and result["add"] == ATTACKERS
    assert client.box.writes == [] and client.banned() == set()
    assert "198.51.100.7" in result["diff"]["after"]
    assert client.feed()["changed"] and client.box.writes == []


def test_a_ban_ends_and_is_extended(client: Client) -> None:
    client.ban()
    client.clock.advance(2400)
    result = client.ban()
    assert sorted(result["extend"]) == sorted(ATTACKERS)
    client.clock.advance(3590)
    assert client.banned() == set(ATTACKERS)
    client.clock.advance(20)
    assert client.banned() == set()


def test_unban_leaves_the_boxs_own_bans(client: Client) -> None:
    client.box.seed_bans(FOREIGN)
    client.ban()
    result = client.ban(state="absent", addresses=[*ATTACKERS, "198.51.100.200", "198.51.100.99"])
    assert sorted(result["remove"]) == sorted(ATTACKERS)
    assert (result["foreign"], result["unchanged"]) == (["198.51.100.200"], ["198.51.100.99"])
    assert client.banned() == {"198.51.100.200"}
    assert not client.ban(state="absent")["changed"]


@pytest.mark.parametrize("kind, details", KINDS, ids=[f"{kind}{details.get('status', '')}" for kind, details in KINDS])
def test_a_faulty_ban_is_verified_or_fails_and_leaves_only_foreign_bans(
    client: Client, kind: str, details: dict[str, t.Any]
) -> None:
    client.box.seed_bans(FOREIGN)
    client.box.fault(kind, method="POST", path="add_users", **details)
    try:
        result = client.ban()
    except FortiViewError as error:
        assert client.banned() == {"198.51.100.200"}
        assert "rolled back" in str(error)
    else:
        assert set(ATTACKERS) <= client.banned()
        assert result["changed"] and result["warnings"]


@pytest.mark.parametrize("kind, details", KINDS, ids=[f"{kind}{details.get('status', '')}" for kind, details in KINDS])
def test_a_faulty_feed_is_verified_or_fails_and_is_as_before(
    client: Client, kind: str, details: dict[str, t.Any]
) -> None:
    client.feed(entries=["198.51.100.1"])
    client.box.fault(kind, method="POST", path="dynamic", **details)
    try:
        client.feed(state="exact")
    except FortiViewError:
        assert client.box.feed("soc-block") == ["198.51.100.1"]
    else:
        assert sorted(client.box.feed("soc-block")) == sorted(ATTACKERS)


def test_a_partial_ban_is_no_success(client: Client) -> None:
    client.box.seed_bans(FOREIGN)
    client.box.fault("partial", method="POST", path="add_users", missing=1)
    with pytest.raises(FortiViewError, match="2001:db8:bad::7"):
        client.ban()
    assert client.banned() == {"198.51.100.200"}


def test_a_state_that_cannot_be_read_is_no_empty_one(client: Client) -> None:
    client.box.fault("forbidden_html", method="GET", path="user/banned", times=99)
    with pytest.raises(FortiViewError):
        client.ban()
    assert client.box.writes == []


def test_feeds(client: Client) -> None:
    assert client.feed()["add"] == sorted(ATTACKERS)
    assert not client.feed()["changed"]
    assert not client.box.passes("198.51.100.7", "203.0.113.10")
    result = client.feed(state="exact", entries=["198.51.100.1"])
    assert (result["add"], sorted(result["remove"])) == (["198.51.100.1"], sorted(ATTACKERS))
    assert client.feed(state="absent", entries=["198.51.100.1"])["changed"]
    assert client.box.feed("soc-block") == []
    assert not client.feed(state="absent", entries=["198.51.100.1"])["changed"]


BAD: list[dict[str, t.Any]] = [
    {"addresses": ["10.1.1.20"]},
    {"addresses": ["198.51.100.7", "::ffff:10.1.1.20"]},
    {"addresses": ["0.0.0.0"]},
    {"addresses": ["255.255.255.255"]},
    {"addresses": ["fe80::1"]},
    {"addresses": ["198.51.100.0/24"]},
    {"addresses": ["198.051.100.7"]},
    {"addresses": ["laptop-7"]},
    {"addresses": ["198.51.100.7"], "never": ["198.51.100.0/24"]},
    {"addresses": ["::ffff:198.51.100.7"], "never": ["198.51.100.7"]},
    {"addresses": ["198.51.100.7"], "never": ["198.051.100.7"]},
    {"addresses": ["198.51.100.7"], "never": ["the office"]},
    {"expiry": 0},
    {"expiry": 5},
    {"expiry": 10**9},
    {"vdom": "global"},
]


@pytest.mark.parametrize("options", BAD, ids=[str(number) for number in range(len(BAD))])
def test_what_must_not_be_banned_is_refused_before_anything_is_sent(client: Client, options: dict[str, t.Any]) -> None:
    with pytest.raises(InvalidInput):
        client.ban(**options)
    assert [entry for entry in client.box.journal if "banned" in entry.path] == []


@pytest.mark.parametrize("how", ["refused", "ignored"])
def test_a_extension_that_does_not_happen_is_no_success(client: Client, how: str) -> None:
    client.ban()
    client.clock.advance(3300)
    if how == "refused":
        client.box.fault("forbidden", method="POST", path="add_users", times=9)
    else:
        client.box.switches.ban_again = "ignore"
    with pytest.raises(FortiViewError):
        client.ban()
    assert client.banned() == set(ATTACKERS)


def test_a_ban_that_somebody_else_made_meanwhile_is_left(client: Client) -> None:
    """Between our reading and our write the box banned one of them itself, and another job one for a day."""
    client.box.fault("forbidden_html", method="POST", path="add_users", times=9)
    send = client.send

    def racing(url: str, method: str, params: dict[str, str], body: t.Optional[str]) -> tuple[int, str]:
        reply = send(url, method, params, body)
        if method == "GET" and not client.box.bans():
            now = client.clock.now()
            day = {"ip_address": ATTACKERS[1], "source": "Administrative", "created": now, "expires": now + 86400}
            client.box.seed_bans([{"ip_address": ATTACKERS[0], "source": "IPS"}, day])
        return reply

    client.send = racing  # type: ignore[method-assign]
    with pytest.raises(FortiViewError):
        client.ban()
    assert client.banned() == {ATTACKERS[0], ATTACKERS[1]}


@pytest.mark.parametrize("hours", [-2, 1])
def test_clocks_that_disagree_shorten_no_ban(client: Client, hours: int) -> None:
    client.ban()
    client.clock.advance(3540)
    ahead = hours * 3600
    now = client.clock.now
    device = Device(client.send, "fgt-hq")
    ban({**COMMON, **BAN}, HostContext(device, False, lambda: now() + ahead, client.clock.advance))
    client.clock.advance(600)
    assert client.banned() == set(ATTACKERS)


@pytest.mark.parametrize("minutes", [-10, 0, 10])
@pytest.mark.parametrize("age", [0, 600, 604800 - 600])
def test_a_longer_ban_is_never_made_shorter(client: Client, minutes: int, age: int) -> None:
    """Whatever our clock says of it: what is left can only be judged by the box's."""
    client.ban(expiry=604800)
    before = {str(ban["ip_address"]): ban["expires"] for ban in client.box.bans()}
    client.clock.advance(age)
    now = client.clock.now
    device = Device(client.send, "fgt-hq")
    result = ban({**COMMON, **BAN}, HostContext(device, False, lambda: now() + 60 * minutes, client.clock.advance))
    assert sorted(result["unchanged"]) == sorted(ATTACKERS) and not result["changed"]
    assert {str(entry["ip_address"]): entry["expires"] for entry in client.box.bans()} == before
    # Where it ends before the asked time, whoever asked is told.
    assert len(result["warnings"]) == (len(ATTACKERS) if age > 604800 - 3600 else 0)


def test_a_extension_is_not_called_rolled_back(client: Client) -> None:
    """One is extended, another one is added and gets lost on the way."""
    client.ban(addresses=ATTACKERS[:1])
    client.clock.advance(3300)
    send = client.send

    def losing(url: str, method: str, params: dict[str, str], body: t.Optional[str]) -> tuple[int, str]:
        if body and url.endswith("add_users"):
            asked = json.loads(body)
            body = json.dumps({**asked, "ip_addresses": [ip for ip in asked["ip_addresses"] if ip == ATTACKERS[0]]})
        return send(url, method, params, body)

    client.send = losing  # type: ignore[method-assign]
    with pytest.raises(FortiViewError, match="could NOT be rolled back") as caught:
        client.ban(addresses=ATTACKERS[:2])
    # Whoever undoes what is left must not lift a ban that was there before.
    assert (caught.value.context["rolled_back"], caught.value.context["left"]) == (False, [])
    assert caught.value.context["extended"] == ATTACKERS[:1]
    assert client.banned() == set(ATTACKERS[:1])


def test_a_feed_that_is_not_applied_is_no_block(client: Client) -> None:
    reply = {"status": "success", "results": {"entries": [], "overflow": True}}
    send = client.send

    def overflowing(url: str, method: str, params: dict[str, str], body: t.Optional[str]) -> tuple[int, str]:
        if method == "GET" and client.box.feed("soc-block"):
            entries = [{"entry": entry, "valid": True} for entry in client.box.feed("soc-block")]
            return 200, json.dumps({**reply, "results": {"entries": entries, "overflow": True}})
        return send(url, method, params, body)

    client.send = overflowing  # type: ignore[method-assign]
    with pytest.raises(FortiViewError, match=r"cannot be read back|missing"):
        client.feed()


@pytest.mark.parametrize("verb", ["GET", "POST"])
@pytest.mark.parametrize("kind, details", KINDS, ids=[kind for kind, _details in KINDS])
def test_every_error_names_the_box_and_says_what_to_do_next(
    client: Client, kind: str, details: dict[str, t.Any], verb: str
) -> None:
    for path, act in (("user/banned", client.ban), ("external-resource", client.feed)):
        client.box.fault(kind, method=verb, path=path, times=99, **details)
        try:
            act()
        except FortiViewError as error:
            assert str(error).startswith(f"{verb} ") and " on fgt-hq failed: " in str(error)
            assert len(error.next_step) > 10 and error.next_step in str(error)
            assert "Error in send_request" not in str(error)


def test_what_the_connection_plugin_raises_is_said_in_words(client: Client) -> None:
    def broken(*dummy: t.Any) -> t.NoReturn:
        raise OSError("('Error in send_request', RemoteDisconnected('Remote end closed connection without response'))")

    client.send = broken  # type: ignore[method-assign]
    with pytest.raises(
        FortiViewError, match=r"no reply: RemoteDisconnected: Remote end closed connection without response\."
    ):
        client.ban()


def test_a_list_that_cannot_be_read_back_says_why(client: Client) -> None:
    client.box.switches.feed_cap = 1
    with pytest.raises(FortiViewError, match=r"on fgt-hq failed: .*cannot be read back \(.*accepted_count 1 of 3\)"):
        client.feed()

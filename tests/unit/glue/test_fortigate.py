# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bans and feeds as a task asks for them: refused before anything is sent, planned in check mode, written once."""

from __future__ import annotations

import json
import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.client import FortiGate
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.secops.fortiview.plugins.module_utils._glue.fortigate import (
    HostContext,
    ban,
    ban_arguments,
    feed,
    feed_arguments,
)

from component.support import defaults

NOW = 1_800_000_000.0
Data = dict[str, t.Any]


class Feed:
    """The entries of one feed, in order."""

    def __init__(self, *entries: str) -> None:
        self.entries = list(entries)
        self.writes = 0

    def send(self, url: str, method: str, params: dict[str, str], body: t.Optional[str]) -> tuple[int, str]:
        for command in json.loads(body)["commands"] if body else ():
            self.writes += 1
            for entry in command["entries"]:
                (self.entries.append if command["command"] == "add" else self.entries.remove)(entry)
        known = {"status": "success", "http_status": 200, "vdom": "root", "serial": "S1", "version": "v7.4.8"}
        rows: t.Any = [] if body else {"entries": [{"entry": one, "valid": True} for one in self.entries]}
        return 200, json.dumps({**known, "results": rows})

    def kept(self, state: str, *entries: str, check: bool = False) -> Data:
        fortigate = FortiGate(self.send, "fgt", lambda dummy: None)
        context = HostContext(fortigate, check, lambda: NOW, lambda dummy: None)
        return feed(defaults(feed_arguments(), entries=list(entries), state=state), context)


class Bans:
    """The bans of VDOM root, by address: their source."""

    def __init__(self, **bans: str) -> None:
        self.bans = {address.replace("_", "."): source for address, source in bans.items()}
        self.sent: list[str] = []

    def send(self, url: str, method: str, params: dict[str, str], body: t.Optional[str]) -> tuple[int, str]:
        self.sent.append(f"{method} {url.rpartition('/')[2]}")
        given = json.loads(body) if body else {}
        for address in given.get("ip_addresses", ()):
            if url.endswith("add_users"):
                self.bans[address] = "admin"
            else:
                self.bans.pop(address, None)
        rows = [
            {"ip_address": address, "source": source, "created": int(NOW), "expires": int(NOW) + 3600, "ipv6": False}
            for address, source in self.bans.items()
        ]
        return 200, json.dumps(
            {
                "status": "success",
                "http_status": 200,
                "vdom": "root",
                "serial": "S1",
                "version": "v7.4.8",
                "results": rows,
            }
        )

    def context(self, check: bool = False) -> HostContext:
        fortigate = FortiGate(self.send, "fgt", lambda dummy: None)
        return HostContext(fortigate, check, lambda: NOW, lambda dummy: None)


def banned(bans: Bans, *addresses: str, check: bool = False, **more: t.Any) -> Data:
    return ban(defaults(ban_arguments(), addresses=list(addresses), **more), bans.context(check))


def test_a_ban_and_the_same_again() -> None:
    bans = Bans()
    first = banned(bans, "198.51.100.7", "198.51.100.7", "198.51.100.8")
    assert first["changed"] and first["add"] == ["198.51.100.7", "198.51.100.8"] and first["warnings"] == []
    assert first["diff"] == {"before": "", "after": "198.51.100.7\n198.51.100.8\n"}
    second = banned(bans, "198.51.100.7")
    assert not second["changed"] and second["unchanged"] == ["198.51.100.7"]
    assert [one for one in bans.sent if one.startswith("POST")] == ["POST add_users"]


def test_check_mode_plans_the_same_and_sends_no_write() -> None:
    bans = Bans(**{"198_51_100_9": "admin"})
    planned = banned(bans, "198.51.100.7", check=True)
    assert planned["changed"] and planned["add"] == ["198.51.100.7"]
    assert planned["diff"]["after"] == "198.51.100.7\n198.51.100.9\n"
    assert {one.partition(" ")[0] for one in bans.sent} == {"GET"} and set(bans.bans) == {"198.51.100.9"}


def test_a_ban_of_the_fortigate_itself_is_left() -> None:
    bans = Bans(**{"198_51_100_7": "ips", "198_51_100_8": "admin"})
    found = banned(bans, "198.51.100.7", "198.51.100.8", "198.51.100.9", state="absent")
    assert (found["remove"], found["foreign"], found["unchanged"]) == (
        ["198.51.100.8"],
        ["198.51.100.7"],
        ["198.51.100.9"],
    )
    assert set(bans.bans) == {"198.51.100.7"}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"addresses": ["10.0.0.1"]}, r"'10.0.0.1' \(private address\)"),
        (
            {"addresses": ["198.51.100.7", "fgt.example.com", "::1"]},
            r"'fgt.example.com' \(not an address\), '::1' \(unspecified",
        ),
        ({"addresses": ["198.51.100.0/24"]}, "networks are not allowed here"),
        ({"addresses": ["198.51.100.7"], "never": ["198.51.100.0/24"]}, "on the exclusion list"),
        ({"addresses": ["198.51.100.7"], "never": ["partner"]}, "exclusion list entry"),
        ({"addresses": ["198.51.100.7"], "expiry": 0}, "allow_permanent=true"),
        ({"addresses": ["198.51.100.7"], "expiry": 5}, "expiry must be between"),
        ({"addresses": ["198.51.100.7"], "vdom": "global"}, "is not a VDOM"),
        ({"addresses": ["198.51.100.0/24"], "state": "absent"}, "not an address"),
    ],
)
def test_what_must_not_be_banned_is_refused_before_anything_is_sent(options: Data, said: str) -> None:
    bans = Bans()
    with pytest.raises(InvalidInput, match=said):
        ban(defaults(ban_arguments(), **options), bans.context())
    assert bans.sent == []


def test_what_may_not_be_banned_may_be_removed() -> None:
    bans = Bans(**{"10_0_0_1": "admin"})
    assert banned(bans, "10.0.0.1", state="absent", never=["10.0.0.0/8"])["remove"] == ["10.0.0.1"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"entries": []}, "entries is empty"),
        ({"entries": [], "state": "absent"}, "entries is empty"),
        ({"entries": ["198.51.100.7"], "name": "a/b"}, "name 'a/b' must have 1 to 35"),
        ({"entries": ["198.51.100.7"], "name": "x" * 36}, "must have 1 to 35"),
        ({"entries": ["198.51.100.0/16"], "allow_networks": True}, "not an address"),
        ({"entries": ["198.51.0.0/16"], "allow_networks": True}, "wider than /24"),
        ({"entries": ["198.51.100.0/24"]}, "networks are not allowed"),
    ],
)
def test_feeds_that_cannot_be_meant_are_refused_before_anything_is_sent(options: Data, said: str) -> None:
    bans = Bans()
    with pytest.raises(InvalidInput, match=said):
        feed(defaults(feed_arguments(), **options), bans.context())
    assert bans.sent == []


@pytest.mark.parametrize(
    ("state", "given", "after", "unchanged"),
    [
        (
            "present",
            ["198.51.100.2", "198.51.100.3"],
            ["198.51.100.1", "198.51.100.2", "198.51.100.3"],
            ["198.51.100.2"],
        ),
        ("absent", ["198.51.100.2", "198.51.100.3"], ["198.51.100.1"], ["198.51.100.3"]),
        ("exact", ["198.51.100.2", "198.51.100.3"], ["198.51.100.2", "198.51.100.3"], ["198.51.100.2"]),
        ("exact", [], [], []),
    ],
)
def test_states_of_a_feed(state: str, given: list[str], after: list[str], unchanged: list[str]) -> None:
    device = Feed("198.51.100.1", "198.51.100.2")
    planned = device.kept(state, *given, check=True)
    assert device.writes == 0
    found = device.kept(state, *given)
    assert sorted(device.entries) == after == found["entries"] == planned["entries"]
    assert found["unchanged"] == unchanged and found["changed"] and found["diff"] == planned["diff"]
    assert not device.kept(state, *given)["changed"]


def test_a_host_without_a_connection_is_refused() -> None:
    with pytest.raises(InvalidInput, match="ansible_connection"):
        ban(defaults(ban_arguments(), addresses=["198.51.100.7"]), HostContext(None, False))

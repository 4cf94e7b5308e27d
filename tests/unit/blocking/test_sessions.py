# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whose sessions are closed, and how long a FortiGate that refuses it is asked."""

from __future__ import annotations

import json
import typing as t

from ansible_collections.secops.fortiview.plugins.module_utils._blocking.client import FortiGate, Vdom
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.sessions import (
    MOST,
    MOST_FAILURES,
    close_sessions,
)
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.targets import parse_targets

FEW = [f"198.51.100.{number}" for number in range(1, 11)]
MANY = [f"198.51.{number // 250}.{number % 250 + 1}" for number in range(MOST + 20)]
SIX = "2001:db8:bad::7"


class Device:
    """Refuses the paths in `broken` with this status, and the calls with these numbers with 500."""

    def __init__(self, status: int = 200, broken: str = "/", calls: t.Collection[int] = ()) -> None:
        self._status, self._broken, self._calls = status, broken, calls
        self.closed: list[tuple[str, str]] = []
        self.asked = 0

    def send(self, url: str, _method: str, _query: dict[str, str], body: t.Optional[str]) -> tuple[int, str]:
        self.asked += 1
        status = 500 if self.asked in self._calls else self._status if self._broken in url else 200
        if status == 200:
            self.closed += [(side, str(address)) for side, address in json.loads(str(body)).items()]
        return status, json.dumps({"status": "success" if status == 200 else "error", "vdom": "root"})

    def close(self, *targets: t.Any) -> tuple[list[str], list[str]]:
        return close_sessions(Vdom(FortiGate(self.send, "fgt"), "root"), parse_targets(list(targets)))


def test_both_sides_unless_the_side_is_known() -> None:
    device = Device()
    assert device.close(FEW[0], {"address": SIX, "side": "destination"}) == ([], [])
    assert device.closed == [("saddr", FEW[0]), ("daddr", FEW[0]), ("daddr", SIX)]


def test_no_more_than_so_many_and_first_what_was_seen_in_traffic() -> None:
    device = Device()
    hunted = {"address": SIX, "role": "attacker", "side": "source"}
    still_open, (notice,) = device.close(*MANY, hunted)
    assert {address for _side, address in device.closed} == {SIX, *MANY[: MOST - 1]}
    assert still_open == MANY[MOST - 1 :]
    assert f"and {len(still_open) - 10} more may still be open" in notice and f"{MOST} addresses" in notice


def test_a_release_that_cannot_do_it_is_not_asked_for_each() -> None:
    device = Device(404)
    still_open, (notice,) = device.close(*FEW)
    assert still_open == FEW and device.asked == MOST_FAILURES and "HTTP 404" in notice


def test_a_refusal_of_one_ip_version_says_nothing_about_the_other() -> None:
    device = Device(403, "session6")
    six = [f"2001:db8:bad::{number}" for number in range(1, 8)]
    still_open, (notice,) = device.close(*six, *FEW)
    assert still_open == six and "HTTP 403" in notice
    assert {address for _side, address in device.closed} == set(FEW)


def test_single_failures_stop_none_of_the_others() -> None:
    device = Device(calls=range(1, 21, 4))
    still_open, _notices = device.close(*FEW)
    assert still_open == FEW[::2] and {address for _side, address in device.closed} == set(FEW)


def test_a_network_is_named() -> None:
    still_open, (notice,) = Device().close("198.51.100.0/24", FEW[0])
    assert still_open == ["198.51.100.0/24"] and "198.51.100.0/24" in notice

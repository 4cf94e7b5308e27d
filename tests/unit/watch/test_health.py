# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When a watch ends, how long it waits, and what it tells."""

from __future__ import annotations

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import (
    ApiError,
    AuthenticationError,
    FortiViewError,
    Garbled,
    InvalidInput,
    NotPermitted,
    ProtocolError,
    SlotsBusy,
    TlsError,
    TransportError,
)
from ansible_collections.secops.fortiview.plugins.module_utils._watch.health import Health, is_final


@pytest.mark.parametrize(
    ("error", "at_first", "later"),
    [
        (AuthenticationError("Login fail", -22), True, True),
        (AuthenticationError("maximum number of sessions reached", -1), False, False),
        (InvalidInput("no such"), True, True),
        (ApiError("Cannot find FortiView 'x'", -32602, "view"), True, False),
        (NotPermitted("No permission", -11), True, False),
        (TlsError("self-signed"), True, False),
        (ProtocolError("The reply is not JSON"), True, False),
        (Garbled("The reply cannot be read at byte 7"), False, False),
        (TransportError("No connection"), False, False),
        (SlotsBusy("No available slot"), False, False),
    ],
)
def test_which_errors_end_it(error: FortiViewError, at_first: bool, later: bool) -> None:
    assert [is_final(error, worked) for worked in (False, True)] == [at_first, later]


def test_pauses_grow_to_a_cap_and_fall_back() -> None:
    health = Health(60.0)
    away = {"a": TransportError("away")}
    pauses = []
    for dummy in range(5):
        health.ended(away, 1)
        pauses.append(health.pause)
    assert pauses == [120.0, 240.0, 300.0, 300.0, 300.0]
    health.ended({}, 1)
    assert health.pause == 60.0


def test_an_interval_longer_than_the_cap_stays() -> None:
    health = Health(3600.0)
    health.ended({"a": TransportError("away")}, 1)
    assert health.pause == 3600.0


def test_one_query_of_two_does_not_slow_the_other_down() -> None:
    health = Health(60.0)
    health.ended({"a": TransportError("away")}, 2)
    assert health.pause == 60.0


def test_one_line_for_each_change() -> None:
    health = Health(60.0)
    away = TransportError("No connection")
    rounds: list[dict[str, FortiViewError]] = [{}, {"a": away, "b": away}, {"a": away, "b": away}, {"b": away}, {}, {}]
    lines = [health.ended(errors, 2) for errors in rounds]
    assert [line and line[:22] for line in lines] == [
        None,
        "Failed queries: 2 of 2",
        None,
        "Failed queries: 1 of 2",
        "FortiAnalyzer replies ",
        None,
    ]
    assert "No connection" in str(lines[1])

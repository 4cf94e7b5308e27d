# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._insight.page_zone import UTC, page_zone

BERLIN = {"start": "2026-07-01 00:00:00", "end": "2026-07-02 00:00:00", "timezone": "Europe/Berlin"}
MOMENT = "2026-07-01T10:00:00Z"


def test_times_are_in_the_zone_of_the_ranges() -> None:
    zone = page_zone([BERLIN, None, dict(BERLIN)])
    assert zone(MOMENT) == "2026-07-01 12:00:00"
    # Another offset in winter.
    assert zone("2026-01-01T23:30:00Z") == "2026-01-02 00:30:00"
    assert zone.note == "All times are in the time zone Europe/Berlin."


@pytest.mark.parametrize(
    "ranges",
    [
        [],
        [None],
        [{**BERLIN, "timezone": None}],
        [BERLIN, {**BERLIN, "timezone": "Asia/Tokyo"}],
        [BERLIN, {**BERLIN, "timezone": None}],
        [{**BERLIN, "timezone": "Nowhere/Town"}],
        [{**BERLIN, "timezone": "../../etc/passwd"}],
    ],
)
def test_without_one_known_zone_times_stay_in_utc(ranges: list[t.Any]) -> None:
    zone = page_zone(ranges)
    assert zone(MOMENT) == MOMENT and zone.note == UTC


@pytest.mark.parametrize("text", [None, "", "soon", 5, "2026-07-01", "{{ 7 }}"])
def test_what_is_no_time_stays_as_it_is(text: object) -> None:
    assert page_zone([BERLIN])(text) is text

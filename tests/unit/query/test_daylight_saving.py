# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every change of daylight saving time from 2020 to 2035, in zones that do it oddly, against the offsets alone."""

from __future__ import annotations

import datetime as dt
import typing as t
import zoneinfo

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.secops.fortiview.plugins.module_utils._query.time_ranges import (
    SECONDS,
    parse_time_range,
    resolve,
)

UTC = dt.timezone.utc
NOW = dt.datetime(2037, 1, 1, tzinfo=UTC)
# Half an hour, in the middle of Ramadan, at midnight, quarter hours, none at all.
ZONES = (
    "Australia/Lord_Howe", "Africa/Casablanca", "America/Santiago", "America/St_Johns", "Asia/Beirut", "Europe/Dublin",
    "Pacific/Chatham", "America/Havana", "Asia/Kathmandu",
)  # fmt: skip
HOUR, STEP = dt.timedelta(hours=1), dt.timedelta(minutes=15)


def changes(zone: zoneinfo.ZoneInfo) -> list[dt.datetime]:
    """Instants, to the hour, before which the offset is another one."""
    found, moment = [], dt.datetime(2020, 1, 1, tzinfo=UTC)
    while moment.year < 2036:
        later = moment + dt.timedelta(days=7)
        if moment.astimezone(zone).utcoffset() != later.astimezone(zone).utcoffset():
            found += [
                moment + hour * HOUR
                for hour in range(1, 169)
                if (moment + (hour - 1) * HOUR).astimezone(zone).utcoffset()
                != (moment + hour * HOUR).astimezone(zone).utcoffset()
            ]
        moment = later
    return found


def instants(local: dt.datetime, change: dt.datetime, zone: zoneinfo.ZoneInfo) -> set[dt.datetime]:
    """Every instant that clocks of this zone show as this local time, tried with the offsets around the change."""
    offsets = {(change + hours * HOUR).astimezone(zone).utcoffset() for hours in (-30, 30)}
    found = {(local - t.cast(dt.timedelta, offset)).replace(tzinfo=UTC) for offset in offsets}
    return {moment for moment in found if moment.astimezone(zone).replace(tzinfo=None) == local}


def meant(sent: str, zone: zoneinfo.ZoneInfo, change: dt.datetime) -> set[dt.datetime]:
    """The instants that the appliance can read in what was sent."""
    read = dt.datetime.fromisoformat(sent)
    return {read.astimezone(UTC)} if read.tzinfo else instants(read, change, zone)


@pytest.mark.parametrize("name", ZONES)
def test_local_times_around_every_change(name: str) -> None:
    zone = zoneinfo.ZoneInfo(name)
    found = changes(zone)
    assert len(found) >= 10 or name == "Asia/Kathmandu"
    for change in found:
        around = change.astimezone(zone).replace(tzinfo=None)
        for step in range(-10, 11):
            start = around + step * STEP
            end = start + dt.timedelta(hours=20)
            starts, ends = instants(start, change, zone), instants(end, change, zone)
            option = parse_time_range({"start": start.isoformat(" "), "end": end.isoformat(" ")})
            if not starts or not ends:
                with pytest.raises(InvalidInput, match="does not exist"):
                    resolve(option, NOW, zone, name, SECONDS)
                continue
            window = resolve(option, NOW, zone, name, SECONDS)
            # One reading only, and of two the one that leaves nothing out.
            assert meant(window.start, zone, change) == {min(starts)}
            assert meant(window.end, zone, change) == {max(ends)}


@pytest.mark.parametrize("name", ZONES)
def test_the_last_hours_at_every_change(name: str) -> None:
    zone = zoneinfo.ZoneInfo(name)
    for change in changes(zone):
        for step in range(-6, 7):
            now = change + step * STEP
            window = resolve(parse_time_range({"last": "1h"}), now, zone, name, SECONDS)
            assert meant(window.start, zone, change) == {now - HOUR}
            assert meant(window.end, zone, change) == {now}

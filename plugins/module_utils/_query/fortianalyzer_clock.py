# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads the zone and the clock from `/sys/status` (protocol_fortianalyzer.rst, "Clocks and late logs")."""

from __future__ import annotations

import re
import typing as t
from datetime import datetime, timedelta, timezone, tzinfo

from .._common.naming import counted
from .clock_readings import TOLERATED_SKEW, in_zone, shown, without_zone

BELIEVED_SKEW = timedelta(days=2)
NO_TIME_ZONE = "FortiAnalyzer reported no time zone, so times are sent in UTC."
UNSURE = (
    "The time zone or the daylight saving time of FortiAnalyzer's clock is not certain. The "
    "earliest possible time was used, so that no range ends in the future."
)


class FortiAnalyzerClock(t.NamedTuple):
    """The zone and the clock of FortiAnalyzer. `zone` is None if it is not known. `skew` is the time on FortiAnalyzer's
    clock minus the time on the clock of this machine. It is 0 if FortiAnalyzer's clock is not known or not plausible.
    `local` is the time on FortiAnalyzer's clock without a zone, or None if the clock is not known or not plausible."""

    zone: t.Optional[tzinfo] = None
    zone_name: t.Optional[str] = None
    skew: timedelta = timedelta(0)
    warnings: tuple[str, ...] = ()
    local: t.Optional[datetime] = None


def zone_of(name: object) -> t.Optional[tzinfo]:
    """The IANA zone. None if the name is not valid or this machine has no zone data."""
    # The module is imported here, because a run without a named zone does not need the zone database.
    import zoneinfo

    text = str(name or "")
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_+/-]{0,63}", text):
        return None
    try:
        return zoneinfo.ZoneInfo(text)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None


def clock_of(status: object, now: datetime) -> FortiAnalyzerClock:
    """Read the data of `/sys/status`. Its keys differ in spelling and case between builds. `now` is an aware
    datetime."""
    if not isinstance(status, dict):
        return FortiAnalyzerClock(warnings=(NO_TIME_ZONE,))
    reported = {re.sub(r"[^a-z]", "", str(key).lower()): value for key, value in status.items()}
    zone_name = next((str(reported[key]) for key in ("tz", "timezone") if reported.get(key)), None)
    zone = zone_of(zone_name)
    local, word = shown(str(reported.get("currenttime", "")))
    if zone is not None:
        clock = None if local is None else in_zone(local, word, zone, now)
        return _with_clock(FortiAnalyzerClock(zone, zone_name, local=local), clock, now)
    unknown = f"FortiAnalyzer's time zone ({zone_name!r}) is not in the time zone data of this machine, so times are sent in UTC."
    found = FortiAnalyzerClock(warnings=(NO_TIME_ZONE if zone_name is None else unknown,), local=local)
    if local is None:
        return found
    clock, sure = without_zone(local, word, zone_name or "", str(reported.get("daylighttimesaving", "")), now)
    made = _with_clock(found, clock, now)
    return made if sure or abs(made.skew) <= TOLERATED_SKEW else made._replace(warnings=(*made.warnings, UNSURE))


def _with_clock(found: FortiAnalyzerClock, clock: t.Optional[datetime], now: datetime) -> FortiAnalyzerClock:
    """Add the skew of the clock, and a warning if the skew exceeds TOLERATED_SKEW. A clock whose skew exceeds
    BELIEVED_SKEW is not used."""
    if clock is None:
        return found
    skew = clock - now.astimezone(timezone.utc)
    if abs(skew) <= TOLERATED_SKEW:
        return found._replace(skew=skew)
    seconds = int(skew.total_seconds())
    if abs(skew) > BELIEVED_SKEW:
        warning = (
            f"FortiAnalyzer's clock differs from the clock of this machine by {counted(abs(seconds) // 86400, 'day')}. "
            "The clock of this machine was used."
        )
        return found._replace(warnings=(*found.warnings, warning), local=None)
    side = "ahead of" if seconds > 0 else "behind"
    warning = (
        f"FortiAnalyzer's clock is {abs(seconds)} s {side} the clock of this machine. FortiAnalyzer's clock was used."
    )
    return found._replace(skew=skew, warnings=(*found.warnings, warning))

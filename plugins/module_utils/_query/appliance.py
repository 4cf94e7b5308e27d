# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What `/sys/status` tells of the appliance: its zone, its clock, its version (contract section 6)."""

from __future__ import annotations

import re
import typing as t
from datetime import datetime, timedelta, timezone, tzinfo

# One difference of a minute is the reading of two clocks; more is a clock that is wrong.
TOLERATED_SKEW = timedelta(seconds=60)
BELIEVED_SKEW = timedelta(days=2)
UNTOLD = "The appliance did not tell its time zone; times are sent in UTC."
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Appliance(t.NamedTuple):
    """`zone` is None where it cannot be known; `skew` is the appliance's clock minus ours, 0 where unknown."""

    zone: t.Optional[tzinfo] = None
    zone_name: t.Optional[str] = None
    skew: timedelta = timedelta(0)
    warnings: tuple[str, ...] = ()


def zone_of(name: object) -> t.Optional[tzinfo]:
    """An IANA zone, or None where the name is none or this machine has no zone data."""
    # Imported here: a run without relative times has no use for the zone database.
    import zoneinfo

    text = str(name or "")
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_+/-]{0,63}", text):
        return None
    try:
        return zoneinfo.ZoneInfo(text)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None


def appliance_of(status: object, now: datetime) -> Appliance:
    """Read the data of `/sys/status`, whose keys differ in spelling and case between builds. `now` is aware."""
    if not isinstance(status, dict):
        return Appliance(warnings=(UNTOLD,))
    told = {re.sub(r"[^a-z]", "", str(key).lower()): value for key, value in status.items()}
    zone_name = next((str(told[key]) for key in ("tz", "timezone") if told.get(key)), None)
    if zone_name is None:
        return Appliance(warnings=(UNTOLD,))
    zone = zone_of(zone_name)
    if zone is None:
        warning = f"The appliance's time zone ({zone_name!r}) is not known here; times are sent in UTC."
        return Appliance(warnings=(warning,))
    clock = _clock(str(told.get("currenttime", "")), zone, now)
    if clock is None:
        return Appliance(zone, zone_name)
    skew = clock - now.astimezone(timezone.utc)
    if abs(skew) <= TOLERATED_SKEW:
        return Appliance(zone, zone_name, skew)
    seconds = int(skew.total_seconds())
    if abs(skew) > BELIEVED_SKEW:
        warning = f"The appliance's clock is {abs(seconds) // 86400} days off; ours was used."
        return Appliance(zone, zone_name, warnings=(warning,))
    warning = (
        f"The appliance's clock is {abs(seconds)} s {'ahead of' if seconds > 0 else 'behind'} ours; its own was used."
    )
    return Appliance(zone, zone_name, skew, (warning,))


def _clock(text: str, zone: tzinfo, now: datetime) -> t.Optional[datetime]:
    """`Tue Jan 14 10:00:00 UTC 2026`, the zone word possibly missing; None where it is written otherwise."""
    found = re.fullmatch(r"\w{3} (\w{3}) +(\d{1,2}) (\d{2}:\d{2}:\d{2})(?: ([A-Za-z0-9+-]+))? (\d{4})", text.strip())
    if not found:
        return None
    month, day, clock, word, year = found.groups()
    try:
        # Not strptime: its month names follow the locale of the machine that runs the module.
        naive = datetime.fromisoformat(f"{year}-{MONTHS.index(month) + 1:02}-{int(day):02}T{clock}")
        if not 1990 < naive.year < 2200:
            return None
    except ValueError:
        return None
    if word in ("UTC", "GMT"):
        return naive.replace(tzinfo=timezone.utc)
    readings = [naive.replace(tzinfo=zone, fold=fold).astimezone(timezone.utc) for fold in (0, 1)]
    return min(readings, key=lambda reading: abs(reading - now))

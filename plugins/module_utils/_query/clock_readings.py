# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Converts the clock of a FortiAnalyzer to an instant. The zone of the clock may be an IANA name, a GMT
offset or an abbreviation, or may be unknown.

FortiAnalyzer refuses a range that ends after its current time, or returns no rows for it. Therefore the earliest
possible instant is used if the zone is not known.
"""

from __future__ import annotations

import re
import typing as t
from datetime import datetime, timedelta, timezone, tzinfo

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# The zone names of older releases, for example "(GMT-8:00) Pacific Time (US & Canada).". The offsets in these names do
# not include daylight saving time.
FIXED = re.compile(r"\s*\((?:GMT|UTC)(?:\s*([+-])\s*(\d{1,2})(?::?(\d{2}))?)?\)", re.I | re.A)
NUMERIC = re.compile(r"([+-])(\d{2})(\d{2})?", re.A)
# The offsets from UTC in hours. An abbreviation that several zones share has several offsets.
ABBREVIATIONS: dict[str, tuple[float, ...]] = {
    "UTC": (0,), "GMT": (0,), "WET": (0,), "WEST": (1,), "BST": (1,), "CET": (1,), "CEST": (2,), "EET": (2,), "EEST": (3,),
    "MSK": (3,), "SAST": (2,), "IST": (1, 2, 5.5), "IDT": (3,), "PKT": (5,), "WIB": (7,), "HKT": (8,), "AWST": (8,), "JST": (9,),
    "KST": (9,), "ACST": (9.5,), "ACDT": (10.5,), "AEST": (10,), "AEDT": (11,), "NZST": (12,), "NZDT": (13,), "NST": (-3.5,),
    "NDT": (-2.5,), "AST": (-4,), "ADT": (-3,), "EST": (-5,), "EDT": (-4,), "CST": (-6, 8), "CDT": (-5,), "MST": (-7,),
    "MDT": (-6,), "PST": (-8,), "PDT": (-7,), "AKST": (-9,), "AKDT": (-8,), "HST": (-10,), "HDT": (-9,),
}  # fmt: skip
SUMMER = timedelta(hours=1)
# An abbreviation whose offset differs by more than NEAR from the offset of the named zone belongs to another zone.
NEAR = timedelta(hours=3)
# The offsets of zones are multiples of 15 minutes. WEST and EAST are the largest offsets from UTC.
QUARTER = timedelta(minutes=15)
WEST, EAST = timedelta(hours=-12), timedelta(hours=14)
# Reading two clocks causes a difference of up to one minute. A larger difference means that a clock is wrong.
TOLERATED_SKEW = timedelta(seconds=60)


def shown(text: str) -> tuple[t.Optional[datetime], str]:
    """`Tue Jan 14 10:00:00 UTC 2026` as a time without a zone, and its zone abbreviation, which may be empty. The time
    is None for any other format."""
    found = re.fullmatch(
        r"\w{3} (\w{3}) (\d{1,2}) (\d{2}:\d{2}:\d{2})(?: ([A-Za-z0-9+-]+))? (\d{4})", " ".join(text.split())
    )
    if not found:
        return None, ""
    month, day, clock, word, year = found.groups()
    try:
        # strptime is not used, because its month names depend on the locale of the machine that runs the module.
        local = datetime.fromisoformat(f"{year}-{MONTHS.index(month) + 1:02}-{int(day):02}T{clock}")
    except ValueError:
        return None, ""
    return (local, word or "") if 1990 < local.year < 2200 else (None, "")


def in_zone(local: datetime, word: str, zone: tzinfo, now: datetime) -> datetime:
    """The instant of a local time in a known zone. If the hour occurs twice, the abbreviation selects the instant.
    Without a matching abbreviation, the instant nearer to `now` is used."""
    if word in ("UTC", "GMT"):
        return local.replace(tzinfo=timezone.utc)
    both = [local.replace(tzinfo=zone, fold=fold) for fold in (0, 1)]
    fitting = [one for one in both if one.tzname() == word] or both
    return min((one.astimezone(timezone.utc) for one in fitting), key=lambda instant: abs(instant - now))


def without_zone(local: datetime, word: str, zone_text: str, daylight: str, now: datetime) -> tuple[datetime, bool]:
    """The earliest possible instant of the clock, and whether it is the only possible instant.

    `daylight` is the daylight saving field of the status. On some releases the field means that daylight saving time
    applies now, and on others that it applies in summer. Therefore only "No" is used.
    """
    offsets = _offsets(word, zone_text, daylight)
    away = local - now.astimezone(timezone.utc).replace(tzinfo=None)
    if offsets or not WEST - QUARTER <= away <= EAST + QUARTER:
        return (local - max(offsets, default=EAST)).replace(tzinfo=timezone.utc), len(offsets) == 1
    # The zone is not known, but its offset is a multiple of a quarter of an hour. Therefore only the difference within
    # a quarter of an hour is used.
    behind = -away % QUARTER
    return now - (timedelta(0) if QUARTER - behind <= TOLERATED_SKEW else behind), False


def _offsets(word: str, zone_text: str, daylight: str) -> set[timedelta]:
    """The possible offsets of the clock from UTC. Empty if any offset is possible."""
    numeric = NUMERIC.fullmatch("+00" if word == "UTC" else word)
    if numeric:
        return {_signed(*numeric.groups())}
    reported = {timedelta(hours=hours) for hours in ABBREVIATIONS.get(word.upper(), ())}
    fixed = FIXED.match(zone_text)
    if not fixed:
        return reported if len(reported) == 1 else set()
    base = _signed(*fixed.groups())
    possible = {base, base + SUMMER}
    near = {offset for offset in reported if abs(offset - base) <= NEAR}
    if near:
        return near & possible or near | possible
    return {base} if daylight.strip().lower() == "no" else possible


def _signed(sign: t.Optional[str], hours: t.Optional[str], minutes: t.Optional[str]) -> timedelta:
    distance = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    return -distance if sign == "-" else distance

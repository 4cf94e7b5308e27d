# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finds the instant that the clock of a FortiAnalyzer shows if its zone is a GMT offset, an abbreviation, or unknown.

A range that ends after FortiAnalyzer's present time is refused or empty, so the earliest of several readings counts.
"""

from __future__ import annotations

import re
import typing as t
from datetime import datetime, timedelta, timezone, tzinfo

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# "(GMT-8:00) Pacific Time (US & Canada).", as older releases name their zones: without daylight saving time.
FIXED = re.compile(r"\s*\((?:GMT|UTC)(?:\s*([+-])\s*(\d{1,2})(?::?(\d{2}))?)?\)", re.I | re.A)
NUMERIC = re.compile(r"([+-])(\d{2})(\d{2})?", re.A)
# Hours from UTC. Some abbreviations are those of several zones.
ABBREVIATIONS: dict[str, tuple[float, ...]] = {
    "UTC": (0,), "GMT": (0,), "WET": (0,), "WEST": (1,), "BST": (1,), "CET": (1,), "CEST": (2,), "EET": (2,), "EEST": (3,),
    "MSK": (3,), "SAST": (2,), "IST": (1, 2, 5.5), "IDT": (3,), "PKT": (5,), "WIB": (7,), "HKT": (8,), "AWST": (8,), "JST": (9,),
    "KST": (9,), "ACST": (9.5,), "ACDT": (10.5,), "AEST": (10,), "AEDT": (11,), "NZST": (12,), "NZDT": (13,), "NST": (-3.5,),
    "NDT": (-2.5,), "AST": (-4,), "ADT": (-3,), "EST": (-5,), "EDT": (-4,), "CST": (-6, 8), "CDT": (-5,), "MST": (-7,),
    "MDT": (-6,), "PST": (-8,), "PDT": (-7,), "AKST": (-9,), "AKDT": (-8,), "HST": (-10,), "HDT": (-9,),
}  # fmt: skip
SUMMER = timedelta(hours=1)
# An abbreviation that is further from the named zone than this belongs to another zone.
NEAR = timedelta(hours=3)
# Zones differ by whole quarters of an hour, and by no more than this from UTC.
QUARTER = timedelta(minutes=15)
WEST, EAST = timedelta(hours=-12), timedelta(hours=14)
# A difference of one minute comes from reading two clocks. A larger one means that a clock is wrong.
TOLERATED_SKEW = timedelta(seconds=60)


def shown(text: str) -> tuple[t.Optional[datetime], str]:
    """`Tue Jan 14 10:00:00 UTC 2026` as a time without a zone, and its zone abbreviation, which may be missing. The
    time is None if it is written otherwise."""
    found = re.fullmatch(
        r"\w{3} (\w{3}) (\d{1,2}) (\d{2}:\d{2}:\d{2})(?: ([A-Za-z0-9+-]+))? (\d{4})", " ".join(text.split())
    )
    if not found:
        return None, ""
    month, day, clock, word, year = found.groups()
    try:
        # Not strptime: its month names follow the locale of the machine that runs the module.
        local = datetime.fromisoformat(f"{year}-{MONTHS.index(month) + 1:02}-{int(day):02}T{clock}")
    except ValueError:
        return None, ""
    return (local, word or "") if 1990 < local.year < 2200 else (None, "")


def in_zone(local: datetime, word: str, zone: tzinfo, now: datetime) -> datetime:
    """The instant in a known zone. In the hour that occurs twice the abbreviation decides, otherwise the nearer instant
    counts."""
    if word in ("UTC", "GMT"):
        return local.replace(tzinfo=timezone.utc)
    both = [local.replace(tzinfo=zone, fold=fold) for fold in (0, 1)]
    fitting = [one for one in both if one.tzname() == word] or both
    return min((one.astimezone(timezone.utc) for one in fitting), key=lambda instant: abs(instant - now))


def without_zone(local: datetime, word: str, zone_text: str, daylight: str, now: datetime) -> tuple[datetime, bool]:
    """The earliest instant that the clock can show, and whether it is the only one.

    `daylight` is what the status says of daylight saving time. On some releases that is whether it applies now, on others
    whether it is applied in summer, so only a "No" decides.
    """
    offsets = _offsets(word, zone_text, daylight)
    away = local - now.astimezone(timezone.utc).replace(tzinfo=None)
    if offsets or not WEST - QUARTER <= away <= EAST + QUARTER:
        return (local - max(offsets, default=EAST)).replace(tzinfo=timezone.utc), len(offsets) == 1
    # The rest is the difference between the minutes of both clocks.
    behind = -away % QUARTER
    return now - (timedelta(0) if QUARTER - behind <= TOLERATED_SKEW else behind), False


def _offsets(word: str, zone_text: str, daylight: str) -> set[timedelta]:
    """All offsets from UTC that the clock may have. Empty if any offset is possible."""
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

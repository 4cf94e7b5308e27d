# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The age of the newest log of an ADOM. After an upgrade or a restore, the log clock may be hours behind the system
clock. FortiAnalyzer then returns no rows and no error for a relative time range that begins after the newest log."""

from __future__ import annotations

import re
import typing as t
from datetime import datetime, timedelta, timezone, tzinfo

from .._common.naming import counted
from .._protocol.constants import API_VERSION
from .._protocol.reply import whole
from .clock_readings import shown

# The paths that report the newest log, the more precise path first.
PLACES = ("logfiles/state", "logstats")
# The keys for the time of the newest log, in lower case and without punctuation. Other keys contain other times, such
# as the start of a file.
KEYS = frozenset(("etime", "endtime", "lastlogtime"))
MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)?\s?(?:([+-]\d{2}):?(\d{2})|(Z))?", re.A)
# A time outside these limits around the end of the queried range is ignored, because it comes from another number or an
# empty file.
LATEST, EARLIEST = timedelta(days=2), timedelta(days=400)
DEEPEST = 20
HOUR = timedelta(hours=1)


class Span(t.NamedTuple):
    """A relative time range. `local` is the time on FortiAnalyzer's clock at the end of the range, without a zone.
    `zone` is the zone of the clock. Both are None if not known."""

    start: datetime
    end: datetime
    zone: t.Optional[tzinfo] = None
    local: t.Optional[datetime] = None


def newest_log_params(adom: str, place: str) -> dict[str, t.Any]:
    return {"url": f"/logview/adom/{adom}/{place}", "apiver": API_VERSION}


def newest_in(found: object, span: Span) -> t.Optional[datetime]:
    """The latest plausible end time in this reply. None if the reply contains no such time."""
    times = [moment for moment in _times(found, span) if -EARLIEST <= moment - span.end <= LATEST]
    return max(times, default=None)


def lag(adom: str, newest: datetime, span: Span) -> t.Optional[str]:
    """The warning for a range without rows. None if the newest log is not before the range."""
    if newest >= span.start:
        return None
    age = span.end - newest
    shown = f"{age // HOUR} hours" if age >= 2 * HOUR else counted(age // timedelta(minutes=1), "minute")
    return (
        f"The newest log of ADOM {adom} was written at {newest.astimezone(timezone.utc):%Y-%m-%d %H:%M:%S} UTC, "
        f"{shown} before the end of the range. The range starts after this log, so a result without rows may mean that no logs were "
        "received. Check the log clock of FortiAnalyzer and whether devices send logs, or query a longer time "
        "range."
    )


def _times(found: object, span: Span, depth: int = 0) -> t.Iterator[datetime]:
    if depth > DEEPEST:
        return
    if isinstance(found, list):
        for item in found:
            yield from _times(item, span, depth + 1)
    elif isinstance(found, dict):
        for key, value in found.items():
            moment = _time(value, span) if re.sub(r"[^a-z]", "", str(key).lower()) in KEYS else None
            if moment is not None:
                yield moment
            else:
                yield from _times(value, span, depth + 1)


def _time(value: object, span: Span) -> t.Optional[datetime]:
    """The time in a value: seconds since the epoch as number or text, or a date with time. None for any other value."""
    seconds = whole(value)
    try:
        if seconds is not None:
            return datetime.fromtimestamp(seconds, timezone.utc)
        moment = _written(str(value).strip())
    except (ValueError, OverflowError, OSError):
        return None
    if moment is None or moment.tzinfo is not None:
        return moment
    if span.zone is not None:
        return moment.replace(tzinfo=span.zone)
    return None if span.local is None else span.end - (span.local - moment)


def _written(text: str) -> t.Optional[datetime]:
    found = MOMENT.fullmatch(text)
    if found is None:
        return shown(text)[0]
    date, clock, hours, minutes, zulu = found.groups()
    offset = "+00:00" if zulu else f"{hours}:{minutes}" if hours else ""
    return datetime.fromisoformat(f"{date}T{clock}{offset}")

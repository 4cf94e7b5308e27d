# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How FortiAnalyzer reads a time range: formats, zones, and malformed text.

See protocol_fortianalyzer.rst, "Time ranges".
"""

from __future__ import annotations

import datetime
import math
import re
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .errors import HttpError, internal_error, invalid_params, invalid_time_range
from .switches import Switches

_FORMS = {
    "seconds": re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"),
    "minutes": re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d"),
    "rfc3339": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)"),
}
_LIVE_FORMS = ("seconds", "rfc3339")
_DOCUMENTED_FORMS = ("seconds", "minutes", "rfc3339")


@dataclass(frozen=True)
class Window:
    """Seconds since the epoch, both ends included."""

    start: float = -math.inf
    end: float = math.inf

    @property
    def whole(self) -> bool:
        return math.isinf(self.start)

    @property
    def seconds(self) -> float:
        return 30 * 86400.0 if self.whole else max(self.end - self.start, 1.0)


def read_window(params: dict[str, Any], switches: Switches, adom: str, now: float, live: bool) -> Window:
    """The window of a submit, with what a FortiAnalyzer forgives."""
    if "time-range" not in params:
        raise invalid_params("time-range is required") if live else invalid_time_range()
    given = params["time-range"]
    if isinstance(given, str):
        raise HttpError(503, "Service Unavailable")
    zone = zone_of(params.get("timezone"), switches, adom)
    forms = switches.time_forms or (_LIVE_FORMS if live else _DOCUMENTED_FORMS)
    ends = given if isinstance(given, dict) else {}
    start, end = (read_time(ends.get(name), forms, zone) for name in ("start", "end"))
    strict = switches.strict_time and not live
    if start is None or end is None or start > end:
        if strict:
            raise invalid_time_range()
        # A misread string is not an error but another window: the whole data set.
        return Window() if start is None or end is None else Window(start, end)
    if live and switches.future_refused and end > now + switches.future_tolerance:
        raise internal_error()
    if strict and start > now:
        raise invalid_time_range()
    return Window(start, end)


def read_time(text: Any, forms: Any, zone: ZoneInfo) -> float | None:
    """Epoch seconds of one accepted form; None for everything else."""
    if not isinstance(text, str) or not any(_FORMS[form].fullmatch(text) for form in forms):
        return None
    try:
        moment = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).timestamp()


def zone_of(asked: Any, switches: Switches, adom: str) -> ZoneInfo:
    """The zone of naive times: of the request, of the ADOM, of the FortiAnalyzer, in this order."""
    for name in (asked, switches.adom_zones.get(adom), switches.time_zone):
        if isinstance(name, str) and name:
            try:
                return ZoneInfo(name)
            except (ZoneInfoNotFoundError, ValueError):
                continue
    return ZoneInfo("UTC")

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Selects one time zone for all times of a page. If all time ranges have the same time zone, this zone is used. Only the zone data of this
machine is read.
"""

from __future__ import annotations

import typing as t
from datetime import datetime, timezone, tzinfo

from .._common.clock_text import parse_time
from .._query.fortianalyzer_clock import zone_of

UTC = "Times that end in Z are in UTC."


class PageZone(t.NamedTuple):
    """`zone` is None if the time ranges have no time zone or different time zones. UTC times are then unchanged."""

    name: str = ""
    zone: t.Optional[tzinfo] = None

    def __call__(self, text: t.Any) -> t.Any:
        """The text of a UTC time, converted to this zone. Other values are unchanged."""
        try:
            seconds = parse_time(text)
        except ValueError:
            return text
        if self.zone is None:
            return text
        return datetime.fromtimestamp(seconds, timezone.utc).astimezone(self.zone).strftime("%Y-%m-%d %H:%M:%S")

    @property
    def note(self) -> str:
        return f"All times are in the time zone {self.name}." if self.zone else UTC


def page_zone(ranges: t.Iterable[object]) -> PageZone:
    names = {str(one.get("timezone") or "") for one in ranges if isinstance(one, dict) and one.get("start")}
    name = names.pop() if len(names) == 1 else ""
    zone = zone_of(name)
    return PageZone(name, zone) if zone is not None else PageZone()

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Request formats that differ by release, and the formats that this run uses (protocol_fortianalyzer.rst, "Differences
between sources").

A run begins with the documented formats. A refusal of a format causes a fallback to another format, with a warning. A
fallback is not undone in the same run.
"""

from __future__ import annotations

import datetime
import re
import typing as t

from .._common.naming import counted
from .._protocol.constants import PAGE_LIMIT
from .devices import Device, spoken
from .time_ranges import MINUTES, RFC3339, SECONDS

# Documented names and names of the vendor's schema. A pair is listed in both directions if some FortiAnalyzers accept
# only one name and some only the other (protocol_fortianalyzer.rst, "Filters").
FIELD_SYNONYMS = {
    "threat": "threat_s",
    "threat_s": "threat",
    "threattype": "threattype_s",
    "severity": "threatlevel_s",
}
COLUMN_SYNONYMS = {
    "severity": "threatlevel",
    "bytes": "bandwidth",
    "blocked": "incident_block",
    "detected": "incident_pass",
}


# The maximum number of log rows in the vendor's schema. It is used if a refusal does not name the maximum.
FEWER_ROWS = 500


class RequestFormats:
    """The request formats of this run. `version` increases with each change, so that a job can detect that its request
    has an older format."""

    def __init__(self) -> None:
        self.version = 0
        self.short_path = False
        # Whether FortiAnalyzer applies `data: {limit, offset}` of a fetch, and whether the first poll is delayed
        # because an early poll may end a task.
        self.fetch_paging = True
        self.patient = False
        self.time = SECONDS
        # The maximum number of rows of one task.
        self.page_limit = PAGE_LIMIT
        # Whether to delete tasks. After a delete without a reply, no further task is deleted.
        self.deletes = True
        # The requested device as text, and the same device under the key under which it has rows.
        self._devices: dict[str, list[Device]] = {}
        # The time of the newest log of each ADOM. None if it is not known.
        self._newest_logs: dict[str, t.Optional[datetime.datetime]] = {}
        # Renamed fields of each view, because the name of a field differs between views.
        self._fields: dict[str, dict[str, str]] = {}
        self._columns: dict[str, dict[str, str]] = {}

    def filter_text(self, view: str, text: str) -> str:
        return rename_fields(text, self._fields.get(view, {}))

    def column(self, view: str, field: str) -> str:
        return self._columns.get(view, {}).get(field, field)

    def devices(self, asked: list[Device]) -> list[Device]:
        """The requested devices, under the keys under which they had rows earlier in this run."""
        return self._devices.get(spoken(asked), asked)

    def learn_device(self, asked: list[Device], answered: list[Device]) -> None:
        """Record that a single device has rows under another key. For several devices, it is not known which device has
        the rows."""
        if len(asked) == 1:
            self._devices[spoken(asked)] = answered
            self.version += 1

    def learn_patience(self) -> None:
        """Delay the first poll of each further task, because a task was lost after an early poll."""
        self.patient = True

    def learn_that_fetches_do_not_page(self) -> None:
        self.fetch_paging = False

    def stop_deleting(self) -> None:
        self.deletes = False

    def newest_log(
        self, adom: str, find: t.Callable[[], t.Optional[datetime.datetime]]
    ) -> t.Optional[datetime.datetime]:
        """The time of the newest log of this ADOM. `find` reads this time, at most once in a run."""
        if adom not in self._newest_logs:
            self._newest_logs[adom] = find()
        return self._newest_logs[adom]

    def learn_from(self, view: str, reason: str, subject: str, documented_minutes: bool = False) -> t.Optional[str]:
        """Use the fallback for this refusal. Returns a warning that describes the fallback, or None if no fallback is
        left."""
        note = None
        if reason == "path" and not self.short_path:
            self.short_path = True
            note = "FortiAnalyzer does not accept the task path with /run/, so the path without /run/ was used."
        elif reason == "filter":
            note = self._rename("filter field", self._fields.setdefault(view, {}), FIELD_SYNONYMS, subject)
        elif reason == "column":
            note = self._rename("sort column", self._columns.setdefault(view, {}), COLUMN_SYNONYMS, subject)
        elif reason == "time-range" and self.time == SECONDS:
            self.time = MINUTES if documented_minutes else RFC3339
            shape = "YYYY-MM-DD HH:MM" if documented_minutes else "RFC 3339 with an offset"
            note = (
                f"FortiAnalyzer refused the times in the format YYYY-MM-DD HH:MM:SS, so the times were sent as {shape}."
            )
        elif reason == "limit" and 0 < (most := int(subject or FEWER_ROWS)) < self.page_limit:
            self.page_limit = most
            note = (
                f"FortiAnalyzer returns at most {counted(most, 'row')} at a time, so the rows were requested in parts."
            )
        self.version += note is not None
        return note

    @staticmethod
    def _rename(what: str, learned: dict[str, str], synonyms: t.Mapping[str, str], refused: str) -> t.Optional[str]:
        original = next((old for old, new in learned.items() if new == refused), refused)
        if original in learned or refused not in synonyms or synonyms[refused] in learned:
            return None
        learned[refused] = synonyms[refused]
        return f"FortiAnalyzer does not accept the {what} {refused}, so {learned[refused]} was used."


def rename_fields(text: str, renamed: t.Mapping[str, str]) -> str:
    """Rename the fields in a filter. Quoted text is a value and is not changed."""
    if not renamed:
        return text
    parts = re.split(r'("(?:\\.|[^"\\])*")', text)
    for position in range(0, len(parts), 2):
        parts[position] = re.sub(
            r"\b[A-Za-z_][A-Za-z0-9_]*(?=\s*(?:[=!<>~]|\b(?:like|not)\b))",
            lambda found: renamed.get(found.group(0), found.group(0)),
            parts[position],
        )
    return "".join(parts)

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decodes replies in both dialects and their mixtures (protocol_fortianalyzer.rst, "Decoding").

Decoding depends only on the structure of the reply, not on the release. This module does no I/O and reads no clock.
"""

from __future__ import annotations

import math
import re
import typing as t

from .._common.errors import ApiError, FortiViewError, ProtocolError, TaskFailed
from .._common.naming import counted
from .refusals import NO_MESSAGE, classify, is_no_data

ROW_KEYS = (
    "sources",
    "threats",
    "applications",
    "destinations",
    "websites",
    "countries",
    "users",
    "timeseries",
    "events",
    "results",
    "logs",
    "alerts",
)
TOTAL_KEYS = ("total-count-all", "total-count", "total_count", "total_lines", "total-lines", "total")
TID_KEYS = ("tid", "task-id", "task_id")
PERCENTAGE_KEYS = ("percentage", "progress-percent")

FAILED_VALUES = frozenset(("error", "failed", "cancelled", "canceled", "expired"))
DONE_VALUES = frozenset(("done", "finished", "completed"))
# These values may describe the call instead of the task, so they are used only together with 100 percent.
OK_VALUES = frozenset(("ok", "success", "succeeded", "complete"))

# Members of `data` that describe the task. A dict without these members and without lists is a row.
PROTOCOL_KEYS = frozenset((*TID_KEYS, *PERCENTAGE_KEYS, *TOTAL_KEYS, *ROW_KEYS, "status", "return-lines", "data"))
MASKABLE = ("dstip", "dstname", "epip", "sources", "src_ip", "srcip", "srcname", "user")

Classifier = t.Callable[[t.Optional[int], str], FortiViewError]


def number(value: object) -> t.Optional[float]:
    """An int, a finite float, or a string of ASCII digits ("100", "99.5", "99%", "1e+2"); None for any other value."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        text = value.strip().rstrip("%").strip()
        if not re.fullmatch(r"[+-]?[0-9]{1,300}(\.[0-9]{1,300})?([eE][+-]?[0-9]{1,4})?", text):
            return None
        value = float(text)
    try:
        return value if isinstance(value, (int, float)) and math.isfinite(value) else None
    except OverflowError:
        return None


def whole(value: object) -> t.Optional[int]:
    """The value of a count or a code as an int. None if it is not a whole number."""
    if isinstance(value, str) and re.fullmatch(r"\s*[+-]?[0-9]{1,300}\s*", value):
        return int(value)
    found = number(value)
    return int(found) if found is not None and found == int(found) else None


class Reply:
    """One successful reply, with the same interface for both dialects.

    `documented` is True if the member `result` is a list, as in the documented dialect. This format determines the
    method of paging but not how fields are read. `empty` is True for a reply without a result: a read has no rows, and
    a submit has failed. `unclean` is True if a part of the text could not be decoded.
    """

    def __init__(
        self, body: t.Mapping[str, t.Any], outer: dict[str, t.Any], documented: bool, empty: bool = False
    ) -> None:
        self.body = body
        self.documented = documented
        self.empty = empty
        self.unclean = False
        inner = outer.get("data")
        self._levels = [inner, outer] if isinstance(inner, dict) else [outer]

    def _first(self, keys: t.Iterable[str]) -> t.Any:
        for key in keys:
            for level in self._levels:
                if level.get(key) is not None:
                    return level[key]
        return None

    @property
    def data(self) -> t.Any:
        """The `data` member unchanged, for calls that are not FortiView tasks (`/sys/status`)."""
        return self._levels[-1].get("data")

    @property
    def tid(self) -> t.Optional[int]:
        """The task id, or None if it is missing, 0 or not a number."""
        found = whole(self._first(TID_KEYS))
        return found if found is not None and found > 0 else None

    @property
    def word(self) -> t.Optional[str]:
        """The state of the task in lower case. None if the reply has no state. A status that is an object describes the
        call and is ignored."""
        for level in self._levels:
            status = level.get("status")
            if isinstance(status, str) and status.strip():
                return status.strip().lower()
        return None

    @property
    def percentage(self) -> t.Optional[float]:
        """The progress from 0 to 100. None if it is missing or cannot be read."""
        found = number(self._first(PERCENTAGE_KEYS))
        return None if found is None else max(0.0, min(100.0, found))

    def rows(self, rows_key: t.Optional[str] = None) -> list[dict[str, t.Any]]:
        """The rows. An empty list is accepted only if no other list has rows. Raises ProtocolError if a row is not an
        object."""
        empty = None
        for level in self._levels:
            for key in ("data", rows_key, *ROW_KEYS):
                found = level.get(key) if key else None
                if isinstance(found, dict) and key != "data":
                    found = [found] if found else []
                if isinstance(found, list):
                    if found:
                        return self._checked(found, str(key))
                    empty = empty or str(key)
        if empty:
            return self._checked([], empty)
        if len(self._levels) == 2 and _is_row(self._levels[0]):
            return [self._levels[0]]
        self._refuse_unknown_rows()
        return []

    def _checked(self, rows: list[t.Any], key: str) -> list[dict[str, t.Any]]:
        if not all(isinstance(row, dict) for row in rows):
            raise ProtocolError(f"The rows under {key} are not objects")
        reported = whole(self._first(("return-lines",)))
        if reported is not None and reported > len(rows):
            raise ProtocolError(f"The reply contains {len(rows)} of {counted(reported, 'announced row')}")
        return rows

    def _refuse_unknown_rows(self) -> None:
        """Raise ProtocolError for rows under an unknown key, because the result would otherwise be "no rows"."""
        for level in self._levels:
            for key, value in level.items():
                if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
                    raise ProtocolError(f"The reply has rows under the unknown key {key!r}")

    @property
    def total(self) -> t.Optional[int]:
        """The number of rows that FortiAnalyzer counts. It may be larger than the number of returned rows
        (protocol_fortianalyzer.rst, "Paging")."""
        found = whole(self._first(TOTAL_KEYS))
        return found if found is not None and found >= 0 else None

    @property
    def masked_fields(self) -> list[str]:
        """Columns that the administrator's profile replaces by pseudonyms (protocol_fortianalyzer.rst, "Masked
        columns")."""
        found = self._first(("masked-fields",))
        if not found:
            return []
        names = found if isinstance(found, list) else [found]
        words = [word.strip() for name in names if isinstance(name, str) for word in name.split(",") if word.strip()]
        # If the names of the masked columns are not readable, every column that may contain an address counts as
        # masked.
        return sorted(words) if words and all(isinstance(name, str) for name in names) else list(MASKABLE)

    def done(self, rows_key: t.Optional[str] = None) -> t.Optional[bool]:
        """Whether the task is done. None if only later replies can show this (protocol_fortianalyzer.rst, "End of a
        task").

        Raises TaskFailed if the task ended without a result.
        """
        word, percentage = self.word, self.percentage
        if word in FAILED_VALUES:
            raise TaskFailed(f"The task ended with status {word}", percentage=percentage)
        full = percentage is not None and percentage >= 100
        if word in DONE_VALUES:
            return full or percentage is None
        if word is not None and word not in OK_VALUES:
            return False
        if percentage is not None:
            return full
        return True if word is None and self.rows(rows_key) else None

    @property
    def reports_progress(self) -> bool:
        """Whether the reply reports that the task is still running."""
        running = self.word is not None and self.word not in DONE_VALUES | OK_VALUES
        return running or (self.percentage is not None and self.percentage < 100)


def _is_row(data: dict[str, t.Any]) -> bool:
    return bool(data) and not PROTOCOL_KEYS & set(data) and not any(isinstance(value, list) for value in data.values())


def _error_of(error: object, classifier: Classifier) -> FortiViewError:
    if isinstance(error, list) and error:
        error = error[0]
    if isinstance(error, dict):
        return classifier(whole(error.get("code")), str(error.get("message") or error.get("data") or NO_MESSAGE))
    return classifier(None, str(error))


def _refusal(status: object, classifier: Classifier) -> t.Optional[FortiViewError]:
    """The error for a refused call, or None. A status without a code is a success. A code that is not a number is an
    error, because FortiAnalyzer never sends such a code."""
    code: object = status
    message = ""
    if isinstance(status, dict):
        code, message = status.get("code"), str(status.get("message") or NO_MESSAGE)
    elif not isinstance(status, (int, float)):
        return None
    if code is None:
        return None
    value = whole(code)
    if value is None:
        return ProtocolError(f"The reply has a status code that is not a number: {code!r}")
    return classifier(value, message) if value != 0 else None


def decode(body: object, classifier: Classifier = classify) -> Reply:
    """Decode one reply. Raises ProtocolError, or the ApiError that `classifier` returns for a refusal."""
    if not isinstance(body, dict):
        raise ProtocolError("The reply is JSON, but not an object")
    if body.get("error") not in (None, [], {}):
        raise _error_of(body["error"], classifier)
    result = body.get("result")
    documented = isinstance(result, list)
    if result is None or result == []:
        return Reply(body, {}, documented, empty=True)
    if isinstance(result, list):
        if len(result) != 1:
            # A request has one parameter object, so a reply with several results belongs to another request.
            raise ProtocolError(f"The reply has {len(result)} results for a single request")
        result = result[0]
    if not isinstance(result, dict):
        raise ProtocolError("The member `result` of the reply is not an object")
    inner = result.get("data")
    for status in (result.get("status"), inner.get("status") if isinstance(inner, dict) else None):
        refusal = _refusal(status, classifier)
        if isinstance(refusal, ApiError) and is_no_data(refusal.code, refusal.said):
            return Reply(body, {}, documented, empty=True)
        if refusal is not None:
            raise refusal
    return Reply(body, result, documented)

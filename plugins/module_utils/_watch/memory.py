# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Remembers reported rows in bounded memory, as plain data that survives a restart. The memory contains digests of
names, not the names.
"""

from __future__ import annotations

import collections
import typing as t

from .._common.errors import InvalidInput
from .._common.validation import known_keys
from .._query.rows import RANKED_SEVERITIES, is_counter

VERSION = 1
# From the least to the most severe. The empty text is an unknown severity.
SEVERITIES = ("", *reversed(RANKED_SEVERITIES))


class Known(t.NamedTuple):
    """A row as it was last reported: its counters and severity. `seen` is the time of the last result with the row, in
    epoch seconds."""

    query: str
    severity: str
    counters: dict[str, float]
    seen: float


class Memory:
    """Keeps at most `most` rows. The row that was not seen for the longest time is dropped first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._known: collections.OrderedDict[str, Known] = collections.OrderedDict()
        # The time of the last result of each query, in epoch seconds of this machine.
        self.asked: dict[str, float] = {}

    def __len__(self) -> int:
        return len(self._known)

    def get(self, identifier: str) -> t.Optional[Known]:
        return self._known.get(identifier)

    def put(self, identifier: str, known: Known) -> None:
        self._known[identifier] = known
        self._known.move_to_end(identifier)
        while len(self._known) > self._most:
            self._known.popitem(last=False)

    def forget(self, query: str, before: float) -> None:
        """Forget rows that were in no result of this query since `before`."""
        for identifier in [
            identifier for identifier, known in self._known.items() if known.query == query and known.seen < before
        ]:
            del self._known[identifier]

    def as_dict(self) -> dict[str, t.Any]:
        known = {identifier: list(entry) for identifier, entry in self._known.items()}
        return {"version": VERSION, "asked": dict(self.asked), "known": known}

    def outdates(self, saved: t.Mapping[str, t.Any], tolerance: float) -> bool:
        """Whether `saved`, a result of as_dict, must be saved again: the remembered rows have changed, or a result is more
        than `tolerance` seconds newer."""
        asked, known = saved["asked"], saved["known"]
        if self.asked.keys() != asked.keys() or self._known.keys() != known.keys():
            return True
        if any(until - asked[query] > tolerance for query, until in self.asked.items()):
            return True
        return any(list(entry[:3]) != known[identifier][:3] for identifier, entry in self._known.items())

    def load(self, state: object) -> None:
        """Restore the state from a result of as_dict. Raises InvalidInput if the state is not valid."""
        given = known_keys("the state", state, ("version", "asked", "known"))
        if given.get("version") != VERSION:
            raise InvalidInput(f"the state must have version {VERSION}, not {given.get('version')!r}")
        try:
            self.asked = {str(query): _number(until) for query, until in given["asked"].items()}
            for identifier, (query, severity, counters, seen) in given["known"].items():
                numbers = {str(field): _number(value) for field, value in counters.items()}
                self.put(str(identifier), Known(str(query), str(severity), numbers, _number(seen)))
        except (KeyError, AttributeError, TypeError, ValueError) as error:
            raise InvalidInput(f"the state cannot be read ({type(error).__name__})") from error


def _number(value: object) -> float:
    if not is_counter(value):
        raise ValueError("no number")
    return t.cast(float, value)

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decides which errors end a watch, how long the watch waits after other errors, and which changes are logged."""

from __future__ import annotations

import typing as t

from .._common.errors import (
    ApiError,
    AuthenticationError,
    FortiViewError,
    Garbled,
    InvalidInput,
    ProtocolError,
    SlotsBusy,
    TaskFailed,
    TaskGone,
    TlsError,
)
from .._common.naming import agree
from .._protocol.refusals import is_session_cap

LONGEST_PAUSE = 300.0  # seconds
MISTAKES = (ApiError, TlsError, ProtocolError)
PASSING = (SlotsBusy, TaskGone, TaskFailed, Garbled)


def is_final(error: FortiViewError, worked_before: bool) -> bool:
    """Whether another attempt is useless or harmful.

    Repeated logins with refused credentials would lock the administrator out. Any other refusal is caused by a mistake in the options if the query
    never worked, and by an outage if the query worked before. A FortiAnalyzer that cannot be reached is always an outage.
    """
    if isinstance(error, AuthenticationError):
        return not is_session_cap(error)
    if isinstance(error, InvalidInput):
        return True
    return isinstance(error, MISTAKES) and not isinstance(error, PASSING) and not worked_before


class Health:
    """The outcome of the last polls. `interval` is in seconds."""

    def __init__(self, interval: float) -> None:
        self._interval = interval
        self._failing: frozenset[str] = frozenset()
        self._failures = 0

    def ended(self, errors: t.Mapping[str, FortiViewError], queries: int) -> t.Optional[str]:
        """Record the errors of a poll by query. Returns the text to log. None if the same queries failed in the previous poll."""
        before, self._failing = self._failing, frozenset(errors)
        self._failures = self._failures + 1 if len(errors) == queries else 0
        if self._failing == before:
            return None
        if not errors:
            return "FortiAnalyzer replies to all queries again."
        them = agree(len(errors), "it", "them")
        return f"Failed queries: {len(errors)} of {queries}. The next poll sends {them} again. The first error: {next(iter(errors.values()))}"

    @property
    def pause(self) -> float:
        """Seconds until the next poll: the interval, doubled for each previous poll in succession in which all queries failed."""
        return max(self._interval, min(LONGEST_PAUSE, self._interval * 2.0 ** min(self._failures, 30)))

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An empty relative range is compared with the newest log of its ADOM, once in a run."""

from __future__ import annotations

import datetime as dt

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import (
    ApiError,
    FortiViewError,
    NotPermitted,
    TransportError,
)
from ansible_collections.secops.fortiview.plugins.module_utils._query.log_clock import PLACES, Span
from ansible_collections.secops.fortiview.plugins.module_utils._tasks.newest_log import warning_of_old_logs
from unit.tasks.support import NOW, Caller, request

HOUR = dt.timedelta(hours=1)
EMPTY = request(span=Span(NOW - HOUR, NOW, dt.timezone.utc))


def test_a_range_after_the_newest_log_is_a_warning_and_is_asked_once() -> None:
    caller = Caller()
    caller.logs = {"etime": int((NOW - 5 * HOUR).timestamp())}
    run = caller.run()
    for _number in range(2):
        assert "5 hours before the end of the range" in str(warning_of_old_logs(run, EMPTY))
    assert len(caller.asked_aside) == 1
    warning_of_old_logs(run, EMPTY._replace(adom="Branch"))
    assert len(caller.asked_aside) == 2


def test_a_log_within_the_range_is_no_warning() -> None:
    caller = Caller()
    caller.logs = {"etime": int(NOW.timestamp())}
    assert warning_of_old_logs(caller.run(), EMPTY) is None


def test_a_fixed_range_is_not_compared() -> None:
    caller = Caller()
    assert warning_of_old_logs(caller.run(), request()) is None
    assert caller.asked_aside == []


@pytest.mark.parametrize(
    "error, asked",
    [(NotPermitted("No permission"), 1), (TransportError("broken"), 1), (ApiError("Unknown"), len(PLACES))],
)
def test_a_refusal_is_no_error(error: FortiViewError, asked: int) -> None:
    caller = Caller()
    caller.logs = error
    assert warning_of_old_logs(caller.run(), EMPTY) is None
    assert len(caller.asked_aside) == asked

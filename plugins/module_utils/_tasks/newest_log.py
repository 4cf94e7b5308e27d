# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compares a relative time range without rows with the newest log of the ADOM. A run reads the time of the newest log
once for each ADOM."""

from __future__ import annotations

import datetime
import typing as t

from .._common.errors import ApiError, FortiViewError, NotPermitted, SessionGone
from .._connection.session import Caller
from .._query.log_clock import PLACES, Span, lag, newest_in, newest_log_params
from .._query.request import Request
from .run import Run


def warning_of_old_logs(run: Run, request: Request) -> t.Optional[str]:
    """The warning for a request without rows if its time range begins after the newest log. Otherwise None. Raises no
    error."""
    adom, span = request.adom, request.span
    if span is None:
        return None
    newest = run.formats.newest_log(adom, lambda: _newest(run.caller, adom, span))
    return None if newest is None else lag(adom, newest, span)


def _newest(caller: Caller, adom: str, span: Span) -> t.Optional[datetime.datetime]:
    for place in PLACES:
        try:
            found = newest_in(caller.aside("get", newest_log_params(adom, place)).body, span)
        except (SessionGone, NotPermitted):
            return None
        except ApiError:
            continue
        except FortiViewError:
            return None
        if found is not None:
            return found
    return None

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An empty relative time range is compared with the newest log of its ADOM, by one more request for each ADOM of a run."""

from __future__ import annotations

import datetime
import typing as t

from .._common.errors import ApiError, FortiViewError, NotPermitted, SessionGone
from .._query.log_clock import PLACES, Span, lag, newest_in, newest_log_params
from .life import Life


def warn_of_old_logs(life: Life) -> None:
    """Call for an answer without rows. Adds a warning where its range lies after the newest log; never an error."""
    adom, span, known = life.question.adom, life.question.span, life.run.forms.newest_logs
    if span is None:
        return
    if adom not in known:
        known[adom] = _newest(life, adom, span)
    newest = known[adom]
    text = None if newest is None else lag(adom, newest, span)
    if text is not None:
        life.asking.warn(text)


def _newest(life: Life, adom: str, span: Span) -> t.Optional[datetime.datetime]:
    for place in PLACES:
        try:
            found = newest_in(life.run.caller.aside("get", newest_log_params(adom, place)).body, span)
        except (SessionGone, NotPermitted):
            return None
        except ApiError:
            continue
        except FortiViewError:
            return None
        if found is not None:
            return found
    return None

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Classifies refusals. The message usually has precedence over the code, because most codes have several meanings."""

from __future__ import annotations

import re
import typing as t

from .._common.errors import (
    ApiError,
    AuthenticationError,
    NotPermitted,
    SessionGone,
    SlotsBusy,
    TaskGone,
)

# Patterns of refusals that name their subject. Group 1 is the refused value, or the maximum that FortiAnalyzer accepts.
NAMED = (
    ("filter", re.compile(r"filter '([^']*)' not supported", re.I)),
    ("column", re.compile(r"missing columns: '([^']*)'", re.I)),
    ("view", re.compile(r"cannot find fortiview '([^']*)'", re.I)),
    ("device", re.compile(r"(none of the device)", re.I)),
    ("value", re.compile(r"not a valid enum value for '([^']*)'", re.I)),
    ("limit", re.compile(r"limit: \d+ is bigger(?: than max value (\d{1,9}))?", re.I)),
    (
        "path",
        re.compile(r"((?:uri|url|path)\b.*(?:not supported|unknown|invalid|not found)|unknown (?:uri|url|path))", re.I),
    ),
    ("time-range", re.compile(r"(time[- ]?range|invalid time)", re.I)),
    ("filter-syntax", re.compile(r"(invalid filter)", re.I)),
)
NEXT_STEPS = {
    "filter": (
        "This view cannot filter by this column. Run the query once without filter: its rows show the columns of the view. "
        "The view can filter by some of these columns."
    ),
    "column": (
        "This view does not have this column. Run the query once without sort_by: its rows show the columns of "
        "the view."
    ),
    "view": "Check the spelling of view. This release of FortiAnalyzer may not have this view.",
    "limit": "Lower limit.",
    "device": "Check the names and serial numbers in device against the Device Manager of this ADOM.",
    "time-range": "Check the start and end of time_range, and timezone.",
    "filter-syntax": 'Write filter as conditions such as field=="value", and join them with "and" or "or".',
    "parameter": (
        "This view or this release of FortiAnalyzer does not accept one of the parameters. "
        "Omit filter, sort_by, device and limit one by one to find the refused parameter, and check time_range."
    ),
}
GONE = (re.compile(r"\btid\b|\btask\b", re.I), re.compile(r"invalid|not found|expire|no such", re.I))
SLOTS = re.compile(r"no available slot|too many (?:tasks|searches)", re.I)
SESSION = re.compile(r"\bsession\b|not authenticated|\blog ?in\b", re.I)
TIMED_OUT = re.compile(r"time(?:d)? ?out|expired", re.I)
PASSWORD = re.compile(r"password|user ?name|credential|log ?in (?:fail|incorrect)|not authenticated", re.I)
OBJECT = re.compile(r"\bobject\b|does not exist", re.I)
PERMISSION = re.compile(r"permission|not allowed|denied|unauthori[sz]ed", re.I)
NO_DATA = re.compile(r"no data", re.I)
SESSION_CAP = re.compile(
    r"(?=.*\bsessions?\b)(?=.*(?:max|limit|exceed|too many|reached))(?!.*(?:fail|lock|block))", re.I
)

# The maximum number of characters of a message that are compared with the patterns.
LONGEST_JUDGED = 1000

NO_MESSAGE = "no message"

# The text of this code is "Invalid url". FortiAnalyzer returns it for an unknown path.
UNKNOWN_PATH = -6
SESSION_CODES = (-2, -21, 401)
CREDENTIAL_CODES = (-20, -22)
# Code -11 means a stale session or a missing permission. During a login, only a missing permission is possible.
STALE_OR_FORBIDDEN = -11
# The text of this code is "The data is invalid for selected url". The documentation calls it "Session timeout".
BAD_DATA = -10
# The texts of these codes are "Object does not exist", "bad parameter" and "invalid parameters".
NO_OBJECT, BAD_PARAMETERS = -3, (-5, -32602)

NOT_AGAIN = "The login was not tried again, so that the administrator is not locked out."
RPC_PERMIT = (
    "Set rpc-permit to read-write for this administrator (JSON API Access in the GUI). A new administrator "
    "does not have this right. The login was not tried again."
)
CREDENTIALS = (
    f"Check username and password (FAZ_USERNAME, FAZ_PASSWORD), and the trusted hosts of the administrator. {NOT_AGAIN}"
)


def is_no_data(code: t.Optional[int], message: str) -> bool:
    """Whether the reply is an empty result. Code -2 with "no data" is not a refusal."""
    return code == -2 and bool(NO_DATA.search(message[:LONGEST_JUDGED]))


def speaks_of_session_cap(error: ApiError) -> bool:
    """Whether the message reports too many sessions of the administrator, independent of the code."""
    return bool(SESSION_CAP.search(error.said))


def is_session_cap(error: ApiError) -> bool:
    """Whether FortiAnalyzer refused a login because the administrator has too many sessions. A later login may succeed
    after another session ends."""
    return error.code not in (*CREDENTIAL_CODES, STALE_OR_FORBIDDEN, 401) and speaks_of_session_cap(error)


def classify(code: t.Optional[int], message: str) -> ApiError:
    """The error for a refusal of any call except a login."""
    # The text is truncated, because the run time of a pattern may grow with the square of its length.
    words = message[:LONGEST_JUDGED]
    if code == UNKNOWN_PATH:
        return ApiError(message, code, "path")
    for reason, pattern in NAMED:
        found = pattern.search(words)
        if found:
            return ApiError(message, code, reason, found.group(1) or "", next_step=NEXT_STEPS.get(reason))
    if all(pattern.search(words) for pattern in GONE):
        return TaskGone(message, code, "gone")
    if SLOTS.search(words):
        return SlotsBusy(message, code, "busy")
    if code in CREDENTIAL_CODES:
        return AuthenticationError(message, code, "credentials")
    if code == STALE_OR_FORBIDDEN or code in SESSION_CODES or _ended(code, words):
        return SessionGone(message, code, "session")
    if PERMISSION.search(words):
        return NotPermitted(message, code, "permission")
    reason = _other_reason(code, words)
    return ApiError(message, code, reason, next_step=NEXT_STEPS.get(reason))


def _other_reason(code: t.Optional[int], words: str) -> str:
    if code == BAD_DATA or code in BAD_PARAMETERS:
        return "parameter"
    return "object" if code == NO_OBJECT and OBJECT.search(words) else "other"


def _ended(code: t.Optional[int], words: str) -> bool:
    """Whether the refusal means that the session has ended. Code -10 without a message also counts as the end of the
    session, because a new login does no harm."""
    return bool(SESSION.search(words)) or (code == BAD_DATA and (words == NO_MESSAGE or bool(TIMED_OUT.search(words))))


def classify_login(code: t.Optional[int], message: str) -> ApiError:
    """The error for a refused login. The cause is the password, a permission, or a cause that only the event log
    shows."""
    words = message[:LONGEST_JUDGED]
    if code in CREDENTIAL_CODES or PASSWORD.search(words):
        return AuthenticationError(message, code, "credentials", next_step=CREDENTIALS)
    if code == STALE_OR_FORBIDDEN or PERMISSION.search(words):
        return AuthenticationError(message, code, "permission", next_step=RPC_PERMIT)
    return AuthenticationError(
        message, code, "login", next_step=f"Look for this login in the event log of FortiAnalyzer. {NOT_AGAIN}"
    )

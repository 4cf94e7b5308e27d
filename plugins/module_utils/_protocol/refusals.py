# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a refusal means. The message decides before the code does, because one code means many things (contract section 7)."""

from __future__ import annotations

import re
import typing as t

from .errors import (
    ApiError,
    AuthenticationError,
    NotPermitted,
    SessionGone,
    SlotsBusy,
    TaskGone,
)

# Reasons that name what the appliance did not take, or the most it takes: the word in group 1 is the subject.
NAMED = (
    ("filter", re.compile(r"filter '([^']*)' not supported", re.I)),
    ("column", re.compile(r"missing columns: '([^']*)'", re.I)),
    ("view", re.compile(r"cannot find fortiview '([^']*)'", re.I)),
    ("device", re.compile(r"(none of the device)", re.I)),
    ("limit", re.compile(r"limit: \d+ is bigger(?: than max value (\d{1,9}))?", re.I)),
    (
        "path",
        re.compile(r"((?:uri|url|path)\b.*(?:not supported|unknown|invalid|not found)|unknown (?:uri|url|path))", re.I),
    ),
    ("time-range", re.compile(r"(time[- ]?range|invalid time)", re.I)),
    ("filter-syntax", re.compile(r"(invalid filter)", re.I)),
)
NEXT_STEPS = {
    "filter": "Filter on a field that this view knows on this release (docs: views).",
    "column": "Sort by a column that this view has on this release.",
    "view": "Check the spelling, as in top-threats; otherwise this release has no such view.",
    "limit": "Lower limit.",
    "device": "Check the device names and serial numbers of this ADOM.",
    "time-range": "Check time_range.",
    "filter-syntax": 'Write filters as field=="value", joined by and/or.',
}
GONE = (re.compile(r"\btid\b|\btask\b", re.I), re.compile(r"invalid|not found|expire|no such", re.I))
SLOTS = re.compile(r"no available slot|too many (?:tasks|searches)", re.I)
SESSION = re.compile(r"\bsession\b|not authenticated|\blog ?in\b", re.I)
PERMISSION = re.compile(r"permission|not allowed|denied|unauthori[sz]ed", re.I)
NO_DATA = re.compile(r"no data", re.I)
SESSION_CAP = re.compile(
    r"(?=.*\bsessions?\b)(?=.*(?:max|limit|exceed|too many|reached))(?!.*(?:fail|lock|block))", re.I
)

LONGEST_JUDGED = 1000  # characters

# "Invalid url": how this family of appliances refuses a path that it does not know.
UNKNOWN_PATH = -6
SESSION_CODES = (-2, -10, -21, 401)
CREDENTIAL_CODES = (-20, -22)
# Stale session or missing right, nobody can tell from the reply (contract section 7, code -11).
STALE_OR_FORBIDDEN = -11


def is_no_data(code: t.Optional[int], message: str) -> bool:
    """Code -2 with "no data" is an empty answer, not a refusal."""
    return code == -2 and bool(NO_DATA.search(message[:LONGEST_JUDGED]))


def speaks_of_session_cap(error: ApiError) -> bool:
    """Whether the words are about too many sessions of the administrator, whatever the code."""
    return bool(SESSION_CAP.search(error.said))


def is_session_cap(error: ApiError) -> bool:
    """A login turned away because the administrator has too many sessions, which later logouts may free."""
    return error.code not in (*CREDENTIAL_CODES, STALE_OR_FORBIDDEN, 401) and speaks_of_session_cap(error)


def classify(code: t.Optional[int], message: str) -> ApiError:
    """The error type for a refusal of any call but a login."""
    # A pattern may take the square of its text's length.
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
    if code == STALE_OR_FORBIDDEN or code in SESSION_CODES or SESSION.search(words):
        return SessionGone(message, code, "session")
    if PERMISSION.search(words):
        return NotPermitted(message, code, "permission")
    return ApiError(message, code)


def classify_login(code: t.Optional[int], message: str) -> ApiError:
    """During a login every refusal is about the credentials or the administrator, whatever its code."""
    return AuthenticationError(message, code, "credentials")

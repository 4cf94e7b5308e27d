# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes the audit log, for example for a SIEM. Each line is a JSON object with the action for one address in one place
on a FortiGate. No run reads the log."""

from __future__ import annotations

import fcntl
import json
import os
import typing as t

from .._common.clock_text import time_text
from .._common.errors import FortiViewError
from .guardrails import Refused
from .options import Options
from .planning import Step
from .registry.records import Place

Line = dict[str, t.Any]


class AuditError(FortiViewError):
    """The audit log cannot be written."""

    kind = "audit_log"


def line_of(options: Options, place: Place, now: float, step: Step, result: str) -> Line:
    """The line for a step. `result` is the outcome of the step."""
    return {
        **_common(options, place, now),
        **step.as_dict(),
        "result": result,
        "before": None if step.before is None else step.before.as_dict(),
    }


def refusal_of(options: Options, place: Place, now: float, refused: Refused) -> Line:
    return {**_common(options, place, now), **refused.as_dict(), "vdom": place.vdom, "result": "refused"}


def _common(options: Options, place: Place, now: float) -> Line:
    return {
        "time": time_text(now),
        "run_id": options.run_id,
        "job_user": options.user,
        "host": options.host,
        "serial": place.serial,
        "method": place.method,
        "list": place.list,
    }


def check_writable(path: str) -> None:
    """Raise AuditError if the log cannot be written, before anything is written to a FortiGate."""
    append(path, [])


def append(path: str, lines: t.Iterable[Line]) -> None:
    """Append lines in ASCII, so that no character in the name of a threat can end a line or reverse the direction of
    text. Raises AuditError."""
    if not path:
        return
    text = "".join(json.dumps(line, sort_keys=True) + "\n" for line in lines)
    try:
        with open(path, "a", encoding="ascii", opener=_own_file) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.write(text)
            file.flush()
    except OSError as exc:
        raise AuditError(
            str(exc),
            doing=f"writing the audit log {path}",
            next_step="Check the path in fortigate_block_audit_dest and its permissions on the controller.",
        ) from exc


def _own_file(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)

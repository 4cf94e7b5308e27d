# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes the actions of a blocking run to the audit log."""

from __future__ import annotations

import typing as t

from . import audit
from .changes import RolledBack
from .guardrails import Refused
from .options import Options
from .planning import EXTEND, Step
from .registry.records import Place


class Recorder:
    """`lines` are all audit lines of this run. `notices` report that lines could not be written to the audit log."""

    def __init__(self, options: Options, now: t.Callable[[], float]) -> None:
        self._options = options
        self._now = now
        self._appended = 0
        self.lines: list[audit.Line] = []
        self.notices: list[str] = []

    def steps(self, steps: t.Iterable[tuple[Place, Step, str]]) -> None:
        """Record each step with its outcome."""
        now = self._now()
        self._append([audit.line_of(self._options, place, now, step, word) for place, step, word in steps])

    def failure(self, steps: t.Iterable[tuple[Place, Step]], backs: t.Mapping[Place, RolledBack]) -> None:
        """Record the changes of a failed run after its rollback."""
        self.steps((place, step, _word(step, backs.get(place, RolledBack([], [])))) for place, step in steps)

    def refusals(self, places: t.Iterable[Place], refused: t.Sequence[Refused]) -> None:
        now = self._now()
        self._append([audit.refusal_of(self._options, place, now, one) for place in places for one in refused])

    def _append(self, lines: list[audit.Line]) -> None:
        self.lines += lines
        try:
            audit.append(self._options.audit_log, self.lines[self._appended :])
            self._appended = len(self.lines)
        except audit.AuditError as error:
            self.notices.append(str(error))


def _word(step: Step, back: RolledBack) -> str:
    return "failed" if step.action == EXTEND else "left" if step.address in back.left else "rolled_back"

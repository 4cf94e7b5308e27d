# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sum up what tools/step.sh and pytest noted: summary.py STEP...

Each test of pytest counts as one, each other step as one. The last line is "N passed, N failed".
"""

from __future__ import annotations

import sys
import typing as t
import xml.etree.ElementTree as ET
from pathlib import Path

BUILD = Path(".build")
# The exit code with which tools/step.sh knows a step that this machine cannot run.
SKIPPED = "77"


class Outcome(t.NamedTuple):
    step: str
    passed: int
    failed: int
    skipped: int
    seconds: str
    busy: str


def count_tests(report: Path) -> tuple[int, int, int]:
    """Passed, failed and skipped tests of a JUnit report; none if there is no readable report."""
    try:
        suites = list(ET.parse(report).getroot().iter("testsuite"))
    except (OSError, ET.ParseError):
        return 0, 0, 0
    total, failures, errors, skipped = (
        sum(int(suite.get(key, 0)) for suite in suites) for key in ("tests", "failures", "errors", "skipped")
    )
    failed = failures + errors
    return total - failed - skipped, failed, skipped


def outcome_of(step: str) -> Outcome:
    """A step that left no note never ran, which is a failure too."""
    try:
        code, seconds, busy = (BUILD / "steps" / step).read_text(encoding="utf-8").split()
    except OSError:
        return Outcome(step, 0, 1, 0, "-", "-")
    if code == SKIPPED:
        return Outcome(step, 0, 0, 1, seconds, busy)
    report = BUILD / "junit" / f"{step}.xml"
    if not report.exists():
        return Outcome(step, int(code == "0"), int(code != "0"), 0, seconds, busy)
    passed, failed, skipped = count_tests(report)
    if code != "0" and not failed:
        failed = 1
    return Outcome(step, passed, failed, skipped, seconds, busy)


def main(steps: list[str]) -> int:
    outcomes = [outcome_of(step) for step in steps]
    print(f"\n{'step':<20}{'passed':>8}{'failed':>8}{'skipped':>9}{'seconds':>9}{'busy':>7}")
    for outcome in outcomes:
        print(
            f"{outcome.step:<20}{outcome.passed:>8}{outcome.failed:>8}{outcome.skipped:>9}{outcome.seconds:>9}{outcome.busy:>7}"
        )
    passed = sum(outcome.passed for outcome in outcomes)
    failed = sum(outcome.failed for outcome in outcomes)
    verdict = f"{passed} passed, {failed} failed"
    (BUILD / "summary").write_text(verdict + "\n", encoding="utf-8")
    print(f"\n{verdict}")
    return int(failed > 0 or passed == 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""python -m acceptance.fault_table [PART...]: run the playbooks of these parts, all by default, and write .build/faults.md from all parts.

--only tries some faults again, and puts them in the place of their lines.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from . import fortianalyzer, fortigate, page
from .rows import Row, load, save

ROOT = Path(__file__).resolve().parents[3]
KEPT = ROOT / ".build" / "fault-table"
PARTS = (*fortianalyzer.SUBJECTS, "modules", *fortigate.CALLS)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m acceptance.fault_table", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--batch", type=int, default=30, help="boxes at a time")
    parser.add_argument(
        "--only", action="append", default=[], metavar="WORD", help="cases with this in name or setting; repeatable"
    )
    parser.add_argument("--page", action="store_true", help="only write the page, from the parts that were run before")
    given = parser.parse_args()
    unknown = set(given.parts) - set(PARTS)
    if unknown:
        parser.error(f"no part {', '.join(sorted(unknown))}")
    for part in [] if given.page else given.parts or PARTS:
        save(_rows(part, given.batch, given.only), KEPT / f"{part}.json")
    rows = [row for part in PARTS if (KEPT / f"{part}.json").exists() for row in load(KEPT / f"{part}.json")]
    (ROOT / ".build" / "faults.md").write_text(page.text(rows))
    wrong = [row for row in rows if row.wrong]
    for row in wrong:
        print(f"{row.subject}: {row.name} {row.setting}: {row.outcome} {row.says}\n    {'; '.join(row.wrong)}")
    print(f"{len(rows)} rows, {len(wrong)} wrong")
    return 1 if wrong else 0


def _rows(part: str, batch: int, only: list[str]) -> list[Row]:
    """With `only`, the rows of the last run in which those of this one have taken the places of their like."""
    if part == "modules":
        found = fortigate.modules(batch, only)
    elif part in fortigate.CALLS:
        found = fortigate.methods(batch, part, only)
    else:
        found = fortianalyzer.run(part, batch, only)
    if not only:
        return found
    before = load(KEPT / f"{part}.json") if (KEPT / f"{part}.json").exists() else []
    return list({(row.subject, row.name, row.setting): row for row in [*before, *found]}.values())


if __name__ == "__main__":
    sys.exit(main())

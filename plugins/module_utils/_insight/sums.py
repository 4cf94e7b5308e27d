# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Adds up one column by the values of another column, over all given rows."""

from __future__ import annotations

import typing as t

from .._common.validation import one_text
from .._query.reader import all_rows, read_results
from .._query.rows import is_counter


def sums(results: object, key: object, of: object, partial: bool = False) -> dict[str, t.Any]:
    """`entries` are dictionaries with `key`, `count` and `sum`, the greatest sum first. `without_key` and
    `without_number` are numbers of rows that no sum includes. Raises InvalidInput."""
    one_text("key", key, False)
    one_text("of", of, False)
    handed = read_results(results, "sums", partial)
    rows = all_rows(handed.parts)
    named = [row for row in rows if row.get(str(key)) not in (None, "")]
    found: dict[str, list[float]] = {}
    for row in named:
        if is_counter(row.get(str(of))):
            found.setdefault(str(row[str(key)]), []).append(row[str(of)])
    entries = [{"key": name, "count": len(values), "sum": sum(values)} for name, values in found.items()]
    return {
        "entries": sorted(entries, key=lambda entry: (-t.cast(float, entry["sum"]), entry["key"])),
        "rows": len(rows),
        "without_key": len(rows) - len(named),
        "without_number": len(named) - sum(map(len, found.values())),
        "gaps": [gap._asdict() for gap in handed.gaps],
    }

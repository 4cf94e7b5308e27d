# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter secops.fortiview.to_table; documented in to_table.yml."""

from __future__ import annotations

import typing as t

from ansible_collections.secops.fortiview.plugins.module_utils._common.validation import entries, flag
from ansible_collections.secops.fortiview.plugins.module_utils._query.reader import Part, all_rows, read_results
from ansible_collections.secops.fortiview.plugins.plugin_utils._text_table import table_lines
from ansible_collections.secops.fortiview.plugins.plugin_utils._trend_table import columns_of, notes_of
from ansible_collections.secops.fortiview.plugins.plugin_utils.filters._common import filter_plugin

FORM = 'columns must be a list of names such as ["threat", "incidents"], or of dictionaries with title and field'


@filter_plugin
def to_table(
    rows: t.Any,
    title: t.Any = "",
    result: t.Any = None,
    columns: t.Any = (),
    show: t.Any = 1000000,
    empty: t.Optional[str] = None,
    notes: t.Any = (),
    partial: t.Any = False,
    trend: t.Any = None,
) -> t.Any:
    take = flag("partial", partial)
    # A ticket can also be shown as a table.
    handed = read_results(rows, "to_table", take, tickets=True)
    lone = handed.parts[0].result if len(handed.parts) == 1 else None
    head = read_results(result, "to_table", take).parts if result else []
    about = (head[0].result if head else result) or lone or {}
    missing = [f"Missing: {gap}" for gap in handed.gaps]
    below = [*(notes.splitlines() if isinstance(notes, str) else notes), *(notes_of(trend) if trend else [])]
    wanted = entries("columns", columns, form=FORM) or (columns_of(trend) if trend else [])
    return table_lines(
        all_rows(handed.parts),
        str(title or ""),
        about,
        wanted,
        show,
        empty,
        [*missing, *below],
        _sorted_by([*head, *handed.parts]),
    )


def _sorted_by(parts: t.Sequence[Part]) -> list[str]:
    """The columns by which FortiAnalyzer sorted the rows."""
    queries = [part.result.get("query") for part in parts if part.result]
    sorts = [one.get("sort_by") for one in queries if isinstance(one, t.Mapping)]
    found = [sort for one in sorts if isinstance(one, (list, tuple)) for sort in one if isinstance(sort, t.Mapping)]
    return [str(sort["field"]) for sort in found if sort.get("field")]

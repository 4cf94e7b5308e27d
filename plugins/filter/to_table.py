# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter secops.fortiview.to_table; documented in to_table.yml."""

from __future__ import annotations

import typing as t

from ansible_collections.secops.fortiview.plugins.module_utils._protocol.errors import InvalidInput
from ansible_collections.secops.fortiview.plugins.module_utils._query.words import dicts
from ansible_collections.secops.fortiview.plugins.plugin_utils._filters import Function, filter_plugin
from ansible_collections.secops.fortiview.plugins.plugin_utils._text_table import table_lines


@filter_plugin
def to_table(
    rows: t.Any,
    title: t.Any,
    result: t.Any = None,
    columns: t.Any = (),
    show: t.Any = 1000000,
    empty: t.Optional[str] = None,
    notes: t.Any = (),
) -> t.Any:
    if not isinstance(rows, (list, tuple)) or not all(isinstance(one, t.Mapping) for one in rows):
        raise InvalidInput("rows must be a list of dictionaries")
    below = notes.splitlines() if isinstance(notes, str) else notes
    return table_lines(rows, str(title), result or {}, dicts("columns", columns), show, empty, below)


class FilterModule:
    def filters(self) -> dict[str, Function]:
        return {"to_table": to_table}

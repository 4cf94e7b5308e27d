# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter secops.fortiview.to_csv; documented in to_csv.yml."""

from __future__ import annotations

import typing as t

from ansible_collections.secops.fortiview.plugins.module_utils._common.validation import flag
from ansible_collections.secops.fortiview.plugins.module_utils._insight.csv_text import csv_text
from ansible_collections.secops.fortiview.plugins.module_utils._insight.tables import tables_of
from ansible_collections.secops.fortiview.plugins.module_utils._query.reader import all_rows
from ansible_collections.secops.fortiview.plugins.plugin_utils.filters._common import filter_plugin

GAP = "gap"


@filter_plugin
def to_csv(
    rows: t.Any, columns: t.Any = None, header: t.Any = True, bom: t.Any = False, partial: t.Any = False
) -> t.Any:
    take = flag("partial", partial)
    tables, gaps = tables_of(rows, "to_csv", take)
    lines = list(all_rows(tables))
    if take:
        # The rows of complete results do not show that other results are missing, so each gap becomes a line.
        wanted = list(columns or dict.fromkeys(column for row in lines for column in row))
        columns = [*wanted, *([] if GAP in wanted else [GAP])]
        lines = lines + [{"result": gap.name, "adom": gap.adom, GAP: str(gap)} for gap in gaps]
    return csv_text(lines, columns, flag("header", header), flag("bom", bom))

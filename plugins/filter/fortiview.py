# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All filters. Each filter is documented in the .yml file of its name, and its code is loaded when it is called.

A process that uses one filter loads all files of this folder. Without this table, every task with a filter would load the code of all filters.
"""

from __future__ import annotations

import functools
import importlib
import typing as t

PACKAGE = "ansible_collections.secops.fortiview.plugins.plugin_utils.filters"
# The module of each filter.
FILTERS = {
    "block_effect": "block_effect",
    "block_end": "block_response",
    "block_response": "block_response",
    "block_rows": "block_summary",
    "block_summary": "block_summary",
    "effect_queries": "block_effect",
    "offenders": "offenders",
    "read_list": "read_list",
    "report_files": "report_files",
    "sums": "sums",
    "to_csv": "to_csv",
    "to_notification": "to_notification",
    "to_stix": "to_stix",
    "to_table": "to_table",
    "trend": "trend",
    "variable_problems": "variable_problems",
    "widespread": "widespread",
}


def _called(name: str, /, *args: t.Any, **options: t.Any) -> t.Any:
    module = importlib.import_module(f"{PACKAGE}.{FILTERS[name]}")
    return getattr(module, name)(*args, **options)


class FilterModule:
    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {name: functools.partial(_called, name) for name in FILTERS}

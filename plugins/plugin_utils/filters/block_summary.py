# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filters secops.fortiview.block_summary and block_rows; documented in the .yml files with their names."""

from __future__ import annotations

import typing as t

from ansible_collections.secops.fortiview.plugins.module_utils._blocking import block_rows as rows
from ansible_collections.secops.fortiview.plugins.module_utils._blocking import summary
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.secops.fortiview.plugins.module_utils._common.validation import flag, texts
from ansible_collections.secops.fortiview.plugins.plugin_utils.filters._common import filter_plugin, require_by_host


@filter_plugin
def block_summary(results: t.Any, expected: t.Any = ()) -> t.Any:
    require_by_host(results)
    return summary.summary(results, texts("expected", expected)).as_dict()


@filter_plugin
def block_rows(
    results: t.Any, addresses: t.Any = (), expected: t.Any = (), short: t.Any = False, gaps: t.Any = None
) -> t.Any:
    require_by_host(results)
    if not isinstance(gaps, (t.Mapping, type(None))):
        raise InvalidInput("gaps must be a dictionary of messages by host name")
    asked = texts("addresses", addresses, blanks=True)
    return rows.block_rows(results, asked, texts("expected", expected), flag("short", short), gaps)

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter secops.fortiview.read_list; documented in read_list.yml."""

from __future__ import annotations

import typing as t

from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.secops.fortiview.plugins.module_utils._common.validation import dicts, entries, texts
from ansible_collections.secops.fortiview.plugins.plugin_utils.filters._common import filter_plugin


@filter_plugin
def read_list(value: t.Any, variable: str, of: str = "text") -> t.Any:
    if of == "text":
        return texts(variable, value)
    if of == "words":
        return texts(variable, value, blanks=True)
    if of == "dictionaries":
        return dicts(variable, value)
    if of == "any":
        return entries(variable, value)
    raise InvalidInput(f"the argument 'of' must be 'text', 'words', 'dictionaries' or 'any', not {of!r}")

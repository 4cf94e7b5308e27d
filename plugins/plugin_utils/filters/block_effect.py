# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filters secops.fortiview.effect_queries and block_effect; documented in the .yml files with their names."""

from __future__ import annotations

import time
import typing as t

from ansible_collections.secops.fortiview.plugins.module_utils._common.durations import parse_duration
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.secops.fortiview.plugins.module_utils._common.validation import texts
from ansible_collections.secops.fortiview.plugins.module_utils._insight import effect
from ansible_collections.secops.fortiview.plugins.plugin_utils.filters._common import filter_plugin, require_by_host


@filter_plugin
def effect_queries(results: t.Any, adoms: t.Any = ("root",), last: t.Any = "7d") -> t.Any:
    require_by_host(results)
    return effect.effect_queries(results, texts("adoms", adoms), parse_duration("last", last), time.time())


@filter_plugin
def block_effect(results: t.Any, answers: t.Any = None, start: t.Any = None, expected: t.Any = ()) -> t.Any:
    require_by_host(results)
    try:
        return effect.effect_of(results, answers, start or None, texts("expected", expected), time.time())
    except ValueError as error:
        raise InvalidInput(f"start must be a time such as 2026-03-01T14:30:00Z: {error}") from None

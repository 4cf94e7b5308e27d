# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filters secops.fortiview.block_response and block_end; documented in the .yml files with their names."""

from __future__ import annotations

import time
import typing as t

from ansible_collections.secops.fortiview.plugins.module_utils._common.validation import dicts, entries, texts
from ansible_collections.secops.fortiview.plugins.module_utils._insight.closing import end_of, stopped_in
from ansible_collections.secops.fortiview.plugins.module_utils._insight.response import response_of
from ansible_collections.secops.fortiview.plugins.plugin_utils.filters._common import filter_plugin, require_by_host


@filter_plugin
def block_response(
    results: t.Any,
    offenders: t.Any = (),
    adoms: t.Any = ("root",),
    expected: t.Any = (),
    name: t.Any = "",
    kept: t.Any = (),
) -> t.Any:
    require_by_host(results)
    found = entries("offenders", offenders, blanks=True)
    return response_of(
        results,
        found,
        texts("adoms", adoms),
        texts("expected", expected),
        str(name),
        time.time(),
        dicts("kept", kept),
    )


@filter_plugin
def block_end(
    results: t.Any,
    ticket: t.Any,
    adoms: t.Any = ("root",),
    expected: t.Any = (),
    answers: t.Any = None,
    incidents: t.Any = (),
    gone: t.Any = (),
) -> t.Any:
    require_by_host(results)
    end = end_of(
        results,
        texts("adoms", adoms),
        texts("expected", expected),
        str(ticket),
        time.time(),
        [str(one["incident"]["description"]) for one in dicts("incidents", incidents) if one.get("incident")],
        texts("gone", gone),
    )
    return end if answers is None else stopped_in(end, answers)

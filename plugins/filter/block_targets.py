# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filters that decide for the role fortigate_block; each is documented in the .yml of its name."""

from __future__ import annotations

import typing as t

from ansible_collections.secops.fortiview.plugins.module_utils._blocking import foundation, ledger, plans, rails, usage
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.secops.fortiview.plugins.plugin_utils._filters import Function, filter_plugin


@filter_plugin
def block_targets(wanted: t.Any, **options: t.Any) -> t.Any:
    unknown = sorted(set(options) - {*rails.Rails._fields, "never_extra"})
    if unknown:
        raise InvalidInput(f"unknown options: {', '.join(unknown)}")
    return rails.plan(wanted, rails.parse_rails(options))


@filter_plugin
def block_plan(targets: t.Any, readings: t.Any, lines: t.Any = "", place: t.Any = None, **job: t.Any) -> t.Any:
    asked = plans.parse_job(job)
    known, unreadable = ledger.read_lines(lines)
    return {**plans.plan(asked, targets, plans.read(asked, readings), known, place or {}), "unreadable": unreadable}


@filter_plugin
def block_records(steps: t.Any, job: t.Any, outcome: t.Any = None, written: t.Any = (), **more: t.Any) -> t.Any:
    after = {
        one.vdom: one.present
        for one in plans.read(plans.parse_job({"method": job["method"], "now": job["time"], **more}), written, True)
    }
    return ledger.records(steps, dict(job), outcome or {}, after)


@filter_plugin
def block_refusals(refused: t.Any, vdoms: t.Any, job: t.Any) -> t.Any:
    return ledger.refusals(refused, vdoms, dict(job))


@filter_plugin
def block_lines(records: t.Any) -> t.Any:
    return ledger.lines_of(records)


@filter_plugin
def block_listed(readings: t.Any, lines: t.Any = "", place: t.Any = None, **job: t.Any) -> t.Any:
    asked = plans.parse_job(job)
    return plans.listed(asked, plans.read(asked, readings), ledger.read_lines(lines)[0], place or {})


@filter_plugin
def block_foundation(replies: t.Any, **wanted: t.Any) -> t.Any:
    return foundation.lacking(foundation.parse_wanted(wanted), replies)


@filter_plugin
def block_idle(replies: t.Any, lists: t.Any, targets: t.Any = ()) -> t.Any:
    return usage.idle(lists, replies, targets)


@filter_plugin
def block_overtaken(replies: t.Any, lists: t.Any, targets: t.Any) -> t.Any:
    return usage.overtaken(lists, replies, targets)


class FilterModule:
    def filters(self) -> dict[str, Function]:
        deciding = (block_targets, block_plan, block_foundation, block_idle, block_overtaken)
        telling = (block_records, block_refusals, block_lines, block_listed)
        return {function.__name__: function for function in (*deciding, *telling)}

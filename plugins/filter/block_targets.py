# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filters that decide for the role fortigate_block; each is documented in the .yml of its name."""

from __future__ import annotations

import functools
import typing as t

from ansible.errors import AnsibleFilterError
from ansible_collections.secops.fortiview.plugins.module_utils._offenders import foundation, ledger, plans, rails
from ansible_collections.secops.fortiview.plugins.module_utils._protocol.errors import InvalidInput

try:
    from ansible.utils.unsafe_proxy import wrap_var
except ImportError:  # later releases of ansible-core take nothing for a template that a filter returns

    def wrap_var(value: t.Any) -> t.Any:
        return value


Function = t.Callable[..., t.Any]


def _untrusted(value: t.Any) -> t.Any:
    """Plain dictionaries and lists all the way down, for those that templates hand in are no ordinary ones."""
    if isinstance(value, t.Mapping):
        return {wrap_var(key): _untrusted(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_untrusted(one) for one in value]
    return wrap_var(value)


def _filter(function: Function) -> Function:
    """Errors name the filter; what is returned is never evaluated, for attackers choose the names of threats."""

    @functools.wraps(function)
    def wrapped(*args: t.Any, **options: t.Any) -> t.Any:
        try:
            return _untrusted(function(*args, **options))
        except (InvalidInput, TypeError) as exc:
            raise AnsibleFilterError(f"secops.fortiview.{function.__name__}: {exc}") from exc

    return wrapped


@_filter
def block_targets(wanted: t.Any, **options: t.Any) -> t.Any:
    unknown = sorted(set(options) - {*rails.Rails._fields, "never_extra"})
    if unknown:
        raise InvalidInput(f"unknown options: {', '.join(unknown)}")
    return rails.plan(wanted, rails.parse_rails(options))


@_filter
def block_plan(targets: t.Any, readings: t.Any, lines: t.Any = "", place: t.Any = None, **job: t.Any) -> t.Any:
    asked = plans.parse_job(job)
    known, unreadable = ledger.read_lines(lines)
    return {**plans.plan(asked, targets, plans.read(asked, readings), known, place or {}), "unreadable": unreadable}


@_filter
def block_records(steps: t.Any, job: t.Any, outcome: t.Any = None, written: t.Any = (), **more: t.Any) -> t.Any:
    after = {
        one.vdom: one.present
        for one in plans.read(plans.parse_job({"method": job["method"], "now": job["time"], **more}), written, True)
    }
    return ledger.records(steps, dict(job), outcome or {}, after)


@_filter
def block_refusals(refused: t.Any, vdoms: t.Any, job: t.Any) -> t.Any:
    return ledger.refusals(refused, vdoms, dict(job))


@_filter
def block_lines(records: t.Any) -> t.Any:
    return ledger.lines_of(records)


@_filter
def block_listed(readings: t.Any, lines: t.Any = "", place: t.Any = None, **job: t.Any) -> t.Any:
    asked = plans.parse_job(job)
    return plans.listed(asked, plans.read(asked, readings), ledger.read_lines(lines)[0], place or {})


@_filter
def block_foundation(replies: t.Any, **wanted: t.Any) -> t.Any:
    return foundation.lacking(foundation.parse_wanted(wanted), replies)


@_filter
def block_idle(replies: t.Any, lists: t.Any) -> t.Any:
    return foundation.idle(lists, replies)


class FilterModule:
    def filters(self) -> dict[str, Function]:
        deciding = (block_targets, block_plan, block_foundation, block_idle)
        telling = (block_records, block_refusals, block_lines, block_listed)
        return {function.__name__: function for function in (*deciding, *telling)}

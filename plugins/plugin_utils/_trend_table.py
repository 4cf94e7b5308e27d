# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Makes the default columns of the table of a trend, and the notes about its periods and counters."""

from __future__ import annotations

import typing as t

from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput

Data = t.Mapping[str, t.Any]
CUT = "A ranking may be cut at its limit, so a row that seems absent may be below the limit. Increase the option limit."


def columns_of(changes: Data) -> list[Data]:
    """`changes` is the result of the filter trend. Raises InvalidInput for any other value."""
    return [
        {"title": "Name", "field": "subject", "width": 50},
        {"title": "Severity", "field": "severity", "optional": True},
        {"title": "Change", "field": "trend"},
        *(
            {"title": one["name"], "field": one["name"], "within": "by_period", "kind": "count"}
            for one in _periods(changes)
        ),
    ]


def notes_of(changes: Data) -> list[str]:
    periods = _periods(changes)
    incomplete = [one for one in periods if one["without_number"]]
    return [
        f"Counters are {'per day' if changes['basis'] == 'per_day' else 'totals of each period'}.",
        *("  ".join(str(one[key]) for key in ("name", "start", "end")) for one in periods),
        *([CUT] if any(one["truncated"] for one in periods) else []),
        *(
            f"Rows of {one['name']} without a number in {changes['by']}, not added up: {one['without_number']} of {one['rows']}."
            for one in incomplete
        ),
    ]


def _periods(changes: t.Any) -> t.Sequence[Data]:
    periods: t.Any = changes.get("periods") if isinstance(changes, t.Mapping) else None
    if not isinstance(periods, (list, tuple)):
        raise InvalidInput("trend must be the result of the filter secops.fortiview.trend")
    return periods

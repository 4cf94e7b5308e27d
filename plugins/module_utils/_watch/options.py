# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads the options of the event source that are not options of a query. Invalid options are refused before a request
is sent."""

from __future__ import annotations

import re
import typing as t

from .._common.durations import parse_seconds
from .._common.errors import InvalidInput
from .._common.naming import counted
from .._common.validation import count
from .._query.queries import EVERY_ADOM, EVERY_ROW, OPTIONS, Query, parse_queries

# The maximum number of rows that FortiAnalyzer returns for a query without a limit (protocol_fortianalyzer.rst,
# "Submit").
FORTIANALYZER_LIMIT = 1000
LONGEST_WINDOW = 30 * 86400  # seconds
FIELD = re.compile(r"[A-Za-z0-9_.-]{1,64}")


class Growth(t.NamedTuple):
    """The growth from which a counter counts as worsened: an amount, or a multiple of the earlier value."""

    amount: float
    relative: bool

    def reached(self, before: float, now: float) -> bool:
        return now > before and now - before >= (self.amount * before if self.relative else self.amount)


class Options(t.NamedTuple):
    """Times are in seconds, and `remember` is a number of rows. `key` are the columns that identify a row. It is
    empty for the default columns of the view."""

    interval: float
    window: float
    overlap: float
    remember: int
    initial: bool
    worsened_by: dict[str, Growth]
    key: tuple[str, ...]


def parse_options(params: t.Mapping[str, t.Any]) -> Options:
    """Read the options. Raises InvalidInput if an option is not valid."""
    return Options(
        interval=_seconds("interval", params, 1),
        window=_seconds("window", params, 60),
        overlap=_seconds("overlap", params, 0),
        remember=count("remember", params["remember"], 1),
        initial=params["initial"],
        worsened_by={
            _column("worsened_by", field): _growth(field, by) for field, by in (params["worsened_by"] or {}).items()
        },
        key=tuple(_column("key", column) for column in params["key"] or ()),
    )


def _seconds(name: str, params: t.Mapping[str, t.Any], least: int) -> float:
    seconds = parse_seconds(name, params[name])
    if not least <= seconds <= LONGEST_WINDOW:
        raise InvalidInput(f"{name} must be between {least} and {LONGEST_WINDOW} seconds, not {seconds:g}")
    return seconds


def parse_watched(params: t.Mapping[str, t.Any], options: Options) -> list[Query]:
    """The queries of the watch. Raises InvalidInput if an option is not valid."""
    # The time range is a placeholder. Each poll inserts the time range that is due.
    given = dict({name: params.get(name) for name in OPTIONS}, time_range="1m", queries=params["queries"])
    queries = parse_queries(given)
    for query in queries:
        if query.adom == EVERY_ADOM:
            raise InvalidInput(
                "adom must contain the names of ADOMs, as in [root, Branch]. The value all is not supported, because rows are "
                "remembered for each ADOM"
            )
        if query.limit == EVERY_ROW:
            raise InvalidInput(
                "limit must be a number such as 25. The value all is not supported, because each row is remembered"
            )
        if not options.key and not query.view.identity:
            raise InvalidInput(
                f"It is not known which columns identify a row of the view {query.view_name}: set key to these columns"
            )
    rows = sum(query.limit or FORTIANALYZER_LIMIT for query in queries)
    if rows > options.remember:
        raise InvalidInput(
            f"remember is {options.remember}, but one poll may return {counted(rows, 'row')}, and rows that are not "
            "remembered would be reported repeatedly: raise remember, or lower limit"
        )
    return queries


def _column(option: str, name: object) -> str:
    if not FIELD.fullmatch(str(name)):
        raise InvalidInput(f"{option} {name!r} must be the name of a column")
    return str(name)


def _growth(field: str, by: object) -> Growth:
    found = re.fullmatch(r"\s*([0-9]{1,15}(?:\.[0-9]{1,6})?)\s*(%?)\s*", "" if isinstance(by, bool) else str(by))
    if not found or float(found[1]) == 0:
        raise InvalidInput(f"worsened_by.{field} must be a number above 0 or a percentage such as 100%, not {by!r}")
    return Growth(float(found[1]) / (100 if found[2] else 1), bool(found[2]))

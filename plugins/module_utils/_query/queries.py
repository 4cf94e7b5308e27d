# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A query: what a user asks of FortiView, read from options and refused where it makes no sense."""

from __future__ import annotations

import re
import typing as t
from collections import Counter

from .._common.errors import InvalidInput
from .._common.validation import NAME, count, known_keys, path_word, plain_text
from .appliance import zone_of
from .devices import Device, parse_devices
from .time_ranges import TimeRange, parse_time_range
from .views import View, view_of

OPTIONS = (
    "view",
    "adom",
    "name",
    "device",
    "device_scope",
    "filter",
    "limit",
    "offset",
    "sort_by",
    "time_range",
    "timezone",
    "case_sensitive",
)


class Scope(t.NamedTuple):
    """A drill-down is for one VDOM of a device, not for an ADOM (protocol_fortianalyzer.rst, "Compromised hosts")."""

    serial: str
    vdom: str


class Query(t.NamedTuple):
    """One question. `limit` is the number of ranked rows wanted in all; None leaves it to the appliance."""

    name: str
    view_name: str
    view: View
    adom: str
    device: tuple[Device, ...]
    filter: str
    limit: t.Optional[int]
    offset: int
    sort: t.Optional[tuple[str, str]]
    time_range: TimeRange
    timezone: t.Optional[str] = None
    case_sensitive: bool = False
    scope: t.Optional[Scope] = None

    @property
    def base_url(self) -> str:
        return base_url(self.view.wire, self.adom, self.scope)


def base_url(wire_view: str, adom: str, scope: t.Optional[Scope] = None) -> str:
    """The URL of the view, without `/run` (protocol_fortianalyzer.rst, "Submit", "Compromised hosts")."""
    place = f"dev/{scope.serial}/vdom/{scope.vdom}" if scope else f"adom/{adom}"
    return f"/fortiview/{place}/{wire_view}"


def parse_queries(options: t.Mapping[str, t.Any]) -> list[Query]:
    """The queries of a task: the top-level options, which are the defaults of each entry of `queries`.

    Raises InvalidInput.
    """
    top = {key: options.get(key) for key in OPTIONS}
    entries = options.get("queries")
    if entries is None:
        return [parse_query(top)]
    if not entries:
        raise InvalidInput("queries is empty")
    if top["name"] is not None:
        raise InvalidInput("name belongs into each entry of queries when queries is used")
    asked = []
    for number, entry in enumerate(entries, 1):
        own = known_keys(f"queries entry {number}", entry, OPTIONS)
        try:
            asked.append(parse_query(dict(top, **{key: value for key, value in own.items() if value is not None})))
        except InvalidInput as error:
            raise InvalidInput(f"queries entry {number}: {error.said}") from error
    return _with_distinct_names(asked, [entry.get("name") is not None for entry in entries])


def parse_query(options: t.Mapping[str, t.Any]) -> Query:
    """One query from its options. Raises InvalidInput."""
    if not options.get("view"):
        raise InvalidInput("view is missing")
    if options.get("time_range") is None:
        raise InvalidInput("time_range is missing: give start and end, or last")
    view_name = path_word("view", options["view"])
    view = view_of(view_name)
    scope = _scope(options.get("device_scope"))
    timezone = options.get("timezone")
    return Query(
        name=result_name(options.get("name"), view_name),
        view_name=view_name,
        view=view,
        adom=path_word("adom", options.get("adom") or "root"),
        device=parse_devices(options.get("device")),
        filter=plain_text("filter", options.get("filter") or ""),
        limit=view.limit if options.get("limit") is None else count("limit", options["limit"], 1),
        offset=0 if options.get("offset") is None else count("offset", options["offset"], 0),
        sort=sort_of(options.get("sort_by"), view),
        time_range=parse_time_range(options["time_range"]),
        timezone=None if timezone in (None, "") else _timezone(timezone),
        case_sensitive=bool(options.get("case_sensitive")),
        scope=scope,
    )


def result_name(given: object, view_name: str) -> str:
    """The name of facts and results: an identifier. Raises InvalidInput."""
    name = re.sub(r"\W", "_", view_name) if given in (None, "") else str(given)
    if given in (None, "") and not NAME.fullmatch(name):
        name = f"view_{name}"
    if not NAME.fullmatch(name):
        raise InvalidInput(f"name {name!r} must be made of letters, digits and '_', and start with no digit")
    if name == "tasks":
        raise InvalidInput("name 'tasks' would take the place of the fact fortiview_tasks")
    return name


def _scope(option: object) -> t.Optional[Scope]:
    if option is None:
        return None
    keys = known_keys("device_scope", option, ("serial", "vdom"))
    if not keys.get("serial"):
        raise InvalidInput("device_scope needs serial")
    vdom = keys.get("vdom") or "root"
    return Scope(path_word("device_scope.serial", keys["serial"]), path_word("device_scope.vdom", vdom))


def _timezone(value: object) -> str:
    """An IANA name, or the appliance's own index of a zone. A misspelt one would be a silent other window."""
    text = plain_text("timezone", value)
    if re.fullmatch(r"[0-9]{1,3}", text) or zone_of(text) is not None:
        return text
    if zone_of("Europe/London") is None:
        raise InvalidInput(
            f"timezone {text!r} cannot be checked, because this machine has no time zone data: install the package tzdata"
        )
    raise InvalidInput(
        f"timezone {text!r} is not in the time zone data of this machine. It must be an IANA name, such as Europe/London; for a former "
        "name, such as US/Pacific, Debian and Ubuntu need the package tzdata-legacy"
    )


def sort_of(option: t.Optional[t.Sequence[object]], view: t.Optional[View] = None) -> t.Optional[tuple[str, str]]:
    """Field and order, the view's own where nothing is asked. Raises InvalidInput."""
    if not option:
        return (view.sort, view.order) if view and view.sort else None
    if len(option) != 1:
        raise InvalidInput("sort_by takes exactly one field: the appliance sorts by one column")
    keys = known_keys("sort_by", option[0], ("field", "order"))
    field, order = plain_text("sort_by.field", keys.get("field") or ""), str(keys.get("order") or "desc")
    if not re.fullmatch(r"[A-Za-z0-9_.-]{1,64}", field):
        raise InvalidInput(f"sort_by.field {field!r} is no column name")
    if order not in ("asc", "desc"):
        raise InvalidInput(f"sort_by.order must be asc or desc, not {order!r}")
    return field, order


def _with_distinct_names(queries: list[Query], chosen: list[bool]) -> list[Query]:
    """Names that a user chose must differ; default names are told apart."""
    taken = Counter(query.name for query, own in zip(queries, chosen) if own)
    twice = sorted(name for name, times in taken.items() if times > 1)
    if twice:
        raise InvalidInput(f"queries use a name more than once: {', '.join(twice)}")
    defaults = [(query.name, query.adom) for query, own in zip(queries, chosen) if not own]
    names = iter(distinct_names(defaults, set(taken)))
    return [query if own else query._replace(name=next(names)) for query, own in zip(queries, chosen)]


def distinct_names(names_and_adoms: t.Sequence[tuple[str, str]], taken: t.Collection[str] = ()) -> list[str]:
    """Equal names are told apart by their ADOM where that differs, then by a number."""
    adoms_of: dict[str, set[str]] = {}
    for name, adom in names_and_adoms:
        adoms_of.setdefault(name, set()).add(adom)
    used = set(taken)
    distinct = []
    for name, adom in names_and_adoms:
        if len(adoms_of[name]) > 1:
            name = f"{name}_{re.sub(r'[^a-z0-9]', '_', adom.lower())}"
        base, number = name, 2
        while name in used:
            name, number = f"{base}_{number}", number + 1
        used.add(name)
        distinct.append(name)
    return distinct

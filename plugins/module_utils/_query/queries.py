# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Parses FortiView queries from options, and refuses invalid queries."""

from __future__ import annotations

import re
import typing as t
from collections import Counter

from .._common.errors import InvalidInput
from .._common.lists import Unreadable, entries_in
from .._common.validation import NAME, count, known_keys, path_segment, plain_text, texts
from .devices import Device, parse_devices
from .fortianalyzer_clock import zone_of
from .time_ranges import FORMS, TimeRange, parse_time_range, periods_in
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


ROOT = "root"
# The value of `adoms` for every ADOM that the administrator can access.
EVERY_ADOM = "all"
# The value for `limit: all`, which is larger than the number of rows of any ranking.
EVERY_ROW = 10**9
COLUMN = re.compile(r"[A-Za-z0-9_.-]{1,64}")
SORT_FORM = "Give sort_by as bandwidth, as bandwidth desc, or as {field: bandwidth, order: desc}"


class Scope(t.NamedTuple):
    """The VDOM of a drill-down. A drill-down applies to one VDOM of a device, not to an ADOM
    (protocol_fortianalyzer.rst, "Compromised hosts")."""

    serial: str
    vdom: str


class Query(t.NamedTuple):
    """One query. `limit` is the number of requested rows. None means FortiAnalyzer's default, and EVERY_ROW means all
    rows."""

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
    """The queries of a task, one for each period and ADOM. The top-level options are one query, or the defaults for
    each entry of `queries`.

    Raises InvalidInput.
    """
    top = {key: options.get(key) for key in OPTIONS}
    entries = options.get("queries")
    if entries is None:
        return _with_distinct_names(_in_each_adom(top))
    if not entries:
        raise InvalidInput("queries is empty: add a query, or remove queries")
    if top["name"] is not None:
        raise InvalidInput("name cannot be combined with queries: set name in each entry of queries")
    asked: list[tuple[Query, bool]] = []
    for number, entry in enumerate(entries, 1):
        own = known_keys(f"queries entry {number}", entry, OPTIONS)
        try:
            asked += _in_each_adom({**top, **{key: value for key, value in own.items() if value is not None}})
        except InvalidInput as error:
            raise InvalidInput(f"queries entry {number}: {error.said}") from error
    return _with_distinct_names(asked)


def _in_each_adom(options: t.Mapping[str, t.Any]) -> list[tuple[Query, bool]]:
    """One query for each period and ADOM, and whether the name of the query comes from the user or from a period.
    Raises InvalidInput."""
    adoms = adoms_in("adom", options.get("adom"))
    if len(adoms) > 1 and options.get("device_scope") is not None:
        raise InvalidInput("device_scope is for one VDOM of one device: remove device_scope, or set only one ADOM")
    chosen = options.get("name") not in (None, "")
    queries = []
    for suffix, time_range in [("", None)] if options.get("time_range") is None else periods_in(options["time_range"]):
        asked = [parse_query({**options, "time_range": time_range, "adom": adom}) for adom in adoms]
        queries += [query._replace(name=f"{query.name}_{suffix}") for query in asked] if suffix else asked
        chosen = chosen or bool(suffix)
    if chosen and len(adoms) > 1:
        queries = [query._replace(name=_in_adom(query.name, query.adom)) for query in queries]
    return [(query, chosen) for query in queries]


def adoms_in(option: str, value: object) -> tuple[str, ...]:
    """The names of ADOMs without duplicates. The default is root. Raises InvalidInput."""
    if value is None:
        return (ROOT,)
    names = texts(option, value)
    if not names:
        raise InvalidInput(f"{option} is empty: set it to the name of an ADOM, such as root, or to a list of names")
    if EVERY_ADOM in (name.lower() for name in names):
        if len(names) > 1:
            raise InvalidInput(f"{option} contains both all and names of ADOMs: use either all or names")
        return (EVERY_ADOM,)
    return tuple(dict.fromkeys(path_segment(option, name) for name in names))


def in_adoms(options: t.Mapping[str, t.Any], visible: t.Sequence[str]) -> dict[str, t.Any]:
    """The options of a task with `all` replaced by the names of ADOMs."""

    def named(entry: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
        asks = entry.get("adom") is not None and adoms_in("adom", entry["adom"]) == (EVERY_ADOM,)
        return {**entry, "adom": list(visible)} if asks else dict(entry)

    queries = options.get("queries")
    return {**named(options), **({"queries": [named(entry) for entry in queries]} if queries else {})}


def parse_query(options: t.Mapping[str, t.Any]) -> Query:
    """One query from its options. Raises InvalidInput."""
    if not options.get("view"):
        raise InvalidInput("view is missing: set it to the name of a view, such as top-threats")
    if options.get("time_range") is None:
        raise InvalidInput(f"time_range is missing. {FORMS}")
    view_name = path_segment("view", options["view"])
    view = view_of(view_name)
    scope = _scope(options.get("device_scope"))
    timezone = options.get("timezone")
    return Query(
        name=result_name(options.get("name"), view_name),
        view_name=view_name,
        view=view,
        adom=path_segment("adom", options.get("adom") or ROOT),
        device=parse_devices(options.get("device")),
        filter=plain_text("filter", options.get("filter") or ""),
        limit=view.limit if options.get("limit") is None else limit_of(options["limit"]),
        offset=0 if options.get("offset") is None else count("offset", options["offset"], 0),
        sort=sort_of(options.get("sort_by"), view),
        time_range=parse_time_range(options["time_range"]),
        timezone=None if timezone in (None, "") else _timezone(timezone),
        case_sensitive=bool(options.get("case_sensitive")),
        scope=scope,
    )


def result_name(given: object, view_name: str) -> str:
    """The name of a result and of its fact, by default the name of the view. The name must be an identifier. Raises
    InvalidInput."""
    name = re.sub(r"\W", "_", view_name) if given in (None, "") else str(given)
    if given in (None, "") and not NAME.fullmatch(name):
        name = f"view_{name}"
    if not NAME.fullmatch(name):
        raise InvalidInput(f"name {name!r} must consist of letters, digits and '_', and must not start with a digit")
    if name == "tasks":
        raise InvalidInput("name 'tasks' would replace the fact fortiview_tasks: choose another name")
    return name


def _scope(option: object) -> t.Optional[Scope]:
    if option is None:
        return None
    keys = known_keys("device_scope", option, ("serial", "vdom"))
    if not keys.get("serial"):
        raise InvalidInput("device_scope requires serial")
    vdom = keys.get("vdom") or "root"
    return Scope(path_segment("device_scope.serial", keys["serial"]), path_segment("device_scope.vdom", vdom))


def _timezone(value: object) -> str:
    """Check an IANA name, or FortiAnalyzer's index of a zone. For a misspelt name, FortiAnalyzer would query another
    time range."""
    text = plain_text("timezone", value)
    if re.fullmatch(r"[0-9]{1,3}", text) or zone_of(text) is not None:
        return text
    if zone_of("Europe/London") is None:
        raise InvalidInput(
            f"timezone {text!r} cannot be checked, because this machine has no time zone data: install the package tzdata"
        )
    raise InvalidInput(
        f"timezone {text!r} is not in the time zone data of this machine. It must be an IANA name, such as Europe/London. For a former "
        "name, such as US/Pacific, install the package tzdata-legacy on Debian and Ubuntu"
    )


def limit_of(value: object) -> int:
    """Parse the number of rows. `all` becomes EVERY_ROW. Raises InvalidInput."""
    if str(value).strip().lower() == "all":
        return EVERY_ROW
    try:
        limit = count("limit", value, 1)
    except InvalidInput as error:
        raise InvalidInput(f"limit must be a number such as 25, or all, not {str(value)[:60]!r}") from error
    return min(limit, EVERY_ROW)


def limit_text(limit: t.Optional[int]) -> t.Union[int, str, None]:
    """The limit as a value of the option `limit`."""
    return "all" if limit == EVERY_ROW else limit


def sort_of(option: object, view: t.Optional[View] = None) -> t.Optional[tuple[str, str]]:
    """The field and the order in the option `sort_by`. The default is the order of the view. Raises InvalidInput."""
    given = _sort_entries(option)
    if not given:
        return (view.sort, view.order) if view and view.sort else None
    if len(given) != 1:
        raise InvalidInput(
            f"sort_by must contain exactly one column, because FortiAnalyzer sorts by a single column. {SORT_FORM}"
        )
    keys = known_keys("sort_by", _sort_words(given[0]), ("field", "order"))
    field, order = str(keys.get("field") or ""), str(keys.get("order") or "desc").lower()
    if not field:
        raise InvalidInput(f"sort_by has no field. {SORT_FORM}")
    if not COLUMN.fullmatch(field) or field.startswith("-"):
        raise InvalidInput(f"sort_by has {plain_text('sort_by', field)[:60]!r}, which is not a column. {SORT_FORM}")
    if order not in ("asc", "desc"):
        raise InvalidInput(f"the order of sort_by must be asc or desc, not {order[:60]!r}. {SORT_FORM}")
    return field, order


def _sort_entries(option: object) -> list[t.Any]:
    if option is None or isinstance(option, (list, tuple)):
        return list(option or ())
    if isinstance(option, str) and option.strip()[:1] in ("[", "{"):
        try:
            return entries_in(option)
        except Unreadable as exc:
            raise InvalidInput(f"sort_by is text that cannot be read: {exc}. {SORT_FORM}") from exc
    return [option] if option != "" else []


def _sort_words(entry: object) -> object:
    """The dictionary for text such as `bandwidth` or `bandwidth desc`."""
    if isinstance(entry, t.Mapping):
        return dict(entry)
    words = entry.split() if isinstance(entry, str) else []
    if not 1 <= len(words) <= 2 or words[0].startswith(("-", "+")):
        raise InvalidInput(f"sort_by must not be {str(entry)[:60]!r}. {SORT_FORM}")
    return dict(zip(("field", "order"), words))


def _with_distinct_names(asked: t.Sequence[tuple[Query, bool]]) -> list[Query]:
    """Check that the names from users and periods differ, and make default names unique."""
    taken = Counter(query.name for query, chosen in asked if chosen)
    twice = sorted(name for name, times in taken.items() if times > 1)
    if twice:
        raise InvalidInput(
            f"queries must have different names: rename the queries with the same name ({', '.join(twice)})"
        )
    defaults = [(query.name, query.adom) for query, chosen in asked if not chosen]
    names = iter(distinct_names(defaults, set(taken)))
    return [query if chosen else query._replace(name=next(names)) for query, chosen in asked]


def distinct_names(
    names_and_adoms: t.Sequence[tuple[str, str]], taken: t.Collection[str] = (), same: t.Callable[[str], str] = str
) -> list[str]:
    """Make names unique. The ADOM is added to equal names if the ADOMs differ. A number is added to names that are
    still equal. Names are equal if `same` returns the same value for both."""
    adoms_of: dict[str, set[str]] = {}
    for name, adom in names_and_adoms:
        adoms_of.setdefault(name, set()).add(adom)
    used = set(map(same, taken))
    distinct = []
    for name, adom in names_and_adoms:
        if len(adoms_of[name]) > 1:
            name = _in_adom(name, adom)
        base, number = name, 2
        while same(name) in used:
            name, number = f"{base}_{number}", number + 1
        used.add(same(name))
        distinct.append(name)
    return distinct


def _in_adom(name: str, adom: str) -> str:
    return f"{name}_{re.sub(r'[^a-z0-9]', '_', adom.lower())}"

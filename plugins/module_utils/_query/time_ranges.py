# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Parses time ranges of users, and builds the two times that are sent (protocol_fortianalyzer.rst, "Time ranges").

FortiAnalyzer may misread a time without an error, and then queries another range. Therefore every ambiguous time is
refused or sent with an offset. The current time and the zone are parameters.
"""

from __future__ import annotations

import re
import typing as t
from datetime import date, datetime, time, timedelta, timezone, tzinfo

from .._common.errors import InvalidInput
from .._common.validation import known_keys, mapping
from .log_clock import Span

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
ABSOLUTE = re.compile(
    r"(?P<date>\d{4}-\d{2}-\d{2})"
    r"(?:[ T](?P<minutes>\d{2}:\d{2})(?P<seconds>:\d{2})?(?:\.\d{1,9})?\s?(?P<offset>Z|[+-]\d{2}:?\d{2})?)?",
    re.I | re.A,
)
RELATIVE = re.compile(r"([0-9]{1,6})\s*([smhdw])", re.I)
RELATIVE_KEYS = {"last-n-hours": "hours", "last_n_hours": "hours", "last-n-days": "days", "last_n_days": "days"}
LONGEST = timedelta(days=3660)
EARLIEST = datetime(2000, 1, 1)
AROUND = timedelta(minutes=30)
# Groups of keys that can be combined. The first key of each group is required.
GROUPS = (("start", "end"), ("last", "ago"), ("around", "before", "after"), *((key, "ago") for key in RELATIVE_KEYS))
FORMS = (
    "Give time_range as 24h, as 2025-11-10, as 2025-11-10 14:30/2025-11-10 15:30, or as a dictionary: {start: 2025-11-10 14:30, "
    "end: 2025-11-10 15:30}, {last: 24h, ago: 24h} or {around: 2025-11-10 14:30, before: 30m, after: 30m}"
)

SECONDS, MINUTES, RFC3339 = "seconds", "minutes", "rfc3339"


# The maximum number of parts of a range with `by`.
MOST_PERIODS = 100


class Moment(t.NamedTuple):
    """A time from the user: naive (FortiAnalyzer's local time) or with an offset."""

    when: datetime
    whole_day: bool = False

    @property
    def naive(self) -> bool:
        return self.when.tzinfo is None

    def plus(self, span: timedelta) -> Moment:
        return self._replace(when=self.when + span)

    def at(self, instant: datetime, zone: tzinfo) -> Moment:
        """Another instant in the same notation."""
        return self._replace(
            when=instant.astimezone(zone).replace(tzinfo=None) if self.naive else instant.astimezone(self.when.tzinfo)
        )


class TimeRange(t.NamedTuple):
    """A range has either `last`, or `start` and `end`. A range with `last` ends `ago` before now. `before` is
    subtracted from `start`, and `after` is added to `end`."""

    start: t.Optional[Moment] = None
    end: t.Optional[Moment] = None
    last: t.Optional[timedelta] = None
    ago: timedelta = timedelta()
    before: timedelta = timedelta()
    after: timedelta = timedelta()

    @property
    def moved(self) -> bool:
        return bool(self.before or self.after)


class Window(t.NamedTuple):
    """A resolved range. `start` and `end` are the texts that are sent. `timezone` is None if no time zone is sent.
    `span` is set for a relative range."""

    start: str
    end: str
    timezone: t.Optional[str] = None
    warnings: tuple[str, ...] = ()
    span: t.Optional[Span] = None

    @property
    def as_dict(self) -> dict[str, t.Optional[str]]:
        return {"start": self.start, "end": self.end, "timezone": self.timezone}


def parse_time_range(option: object) -> TimeRange:
    """Parse the option `time_range`. Raises InvalidInput for unknown keys, invalid values, and reversed or empty
    ranges."""
    keys = known_keys("time_range", _written_out(option), dict.fromkeys(key for group in GROUPS for key in group))
    given = {key: value for key, value in keys.items() if value is not None}
    group = next((group for group in GROUPS if group[0] in given and set(given) <= set(group)), None)
    if group is None or (group == GROUPS[0] and len(given) == 1):
        raise InvalidInput(f"time_range has {', '.join(given) or 'nothing'}, which is not a range. {FORMS}")
    if group[0] == "around":
        return _around(given)
    return _between(given) if group[0] == "start" else _relative(group[0], given)


def periods_in(option: object) -> list[tuple[str, object]]:
    """The parts of a range with `by`, the earliest first, and a suffix for the name of each part, such as 6d_ago or
    now. A range without `by` is one part.

    Raises InvalidInput."""
    written = _written_out(option)
    if not isinstance(written, t.Mapping) or written.get("by") is None:
        return [("", option)]
    given = {key: value for key, value in written.items() if key != "by"}
    whole, step = parse_time_range(given), _last("by", written["by"])
    if whole.last is None:
        raise InvalidInput("time_range.by requires a range with last, as in {last: 7d, by: 1d}")
    number, rest = divmod(whole.last, step)
    if rest or not 2 <= number <= MOST_PERIODS:
        raise InvalidInput(
            f"time_range.by must divide last into 2 to {MOST_PERIODS} equal parts, as in {{last: 7d, by: 1d}}, not {written['by']!r}"
        )
    starts = [whole.ago + back * step for back in range(number - 1, -1, -1)]
    return [(f"{_short(ago)}_ago" if ago else "now", {"last": _short(step), "ago": _short(ago)}) for ago in starts]


def _short(span: timedelta) -> str:
    """The duration in the largest unit that leaves no remainder, such as 7d."""
    seconds = int(span.total_seconds())
    size, unit = next(
        (size, unit) for size, unit in ((86400, "d"), (3600, "h"), (60, "m"), (1, "s")) if not seconds % size
    )
    return f"{seconds // size}{unit}" if seconds else "0"


def _written_out(option: object) -> object:
    """The option as a dictionary. Text is converted to a dictionary."""
    if isinstance(option, date):
        option = option.isoformat()
    if not isinstance(option, str):
        return option if isinstance(option, t.Mapping) else _refused(option)
    text = option.strip()
    if text.startswith("{") or "=" in text:
        return mapping("time_range", text)
    if RELATIVE.fullmatch(text):
        return {"last": text}
    start, slash, end = text.partition("/")
    if slash:
        return {"start": start.strip(), "end": end.strip()}
    found = ABSOLUTE.fullmatch(text)
    if found and found["minutes"]:
        raise InvalidInput(f"time_range {text!r} is a single time, not a range. {FORMS}")
    return {"start": text, "end": text} if found else _refused(text)


def _refused(option: object) -> t.NoReturn:
    raise InvalidInput(f"time_range must not be {str(option)[:60]!r}. {FORMS}")


def _relative(key: str, given: t.Mapping[str, object]) -> TimeRange:
    last = _last("last", given[key]) if key == "last" else _span(key, given[key], RELATIVE_KEYS[key])
    return TimeRange(last=last, ago=_length("ago", given.get("ago", 0)))


def _around(given: t.Mapping[str, object]) -> TimeRange:
    moment = _moment("around", given["around"])
    if moment.whole_day:
        raise InvalidInput(f"time_range.around must be a date and a time, such as 2026-03-01 14:30. {FORMS}")
    spans = {key: _length(key, given[key]) if key in given else AROUND for key in ("before", "after")}
    if not any(spans.values()):
        raise InvalidInput(f"time_range.around requires a value above 0 for before or after. {FORMS}")
    return TimeRange(moment, moment, **spans)


def _between(given: t.Mapping[str, object]) -> TimeRange:
    start, end = _moment("start", given["start"]), _moment("end", given["end"])
    if end.whole_day:
        end = end._replace(when=datetime.combine(end.when.date(), time(23, 59, 59)))
    if start.naive == end.naive and start.when >= end.when:
        raise InvalidInput(
            f"time_range ends ({end.when}) before it starts ({start.when}), or is empty: correct start and end"
        )
    if start.naive == end.naive and end.when - start.when > LONGEST:
        raise InvalidInput(f"time_range must not be longer than {LONGEST.days} days")
    return TimeRange(start, end)


def _last(key: str, value: object) -> timedelta:
    found = RELATIVE.fullmatch(str(value).strip())
    if not found:
        raise InvalidInput(f"time_range.{key} must look like 15m, 24h, 7d or 2w, not {value!r}")
    return _span(key, found[1], UNITS[found[2].lower()])


def _length(key: str, value: object) -> timedelta:
    """Parse a duration. 0 is accepted, so that a playbook can always set the key from a variable."""
    return timedelta() if re.fullmatch(r"0+[smhdw]?", str(value).strip(), re.I | re.A) else _last(key, value)


def _span(key: str, value: object, unit: str) -> timedelta:
    if isinstance(value, bool) or not re.fullmatch(r"[0-9]{1,6}", str(value)) or int(str(value)) == 0:
        raise InvalidInput(f"time_range.{key} must be a whole number above 0, not {value!r}")
    span = timedelta(**{unit: int(str(value))})
    if span > LONGEST:
        raise InvalidInput(f"time_range.{key} must not be longer than {LONGEST.days} days")
    return span


def _moment(key: str, value: object) -> Moment:
    # YAML converts an unquoted time to a date or datetime object before a module receives it.
    text = value.isoformat() if isinstance(value, (date, datetime)) else str(value).strip()
    found = ABSOLUTE.fullmatch(text)
    if not found:
        raise InvalidInput(f"time_range.{key} must be YYYY-MM-DD, YYYY-MM-DD HH:MM[:SS] or RFC 3339, not {text[:60]!r}")
    clock = (found["minutes"] or "00:00") + (found["seconds"] or (":00" if found["minutes"] else ""))
    offset = (found["offset"] or "").upper().replace("Z", "+00:00")
    if re.fullmatch(r"[+-]\d{4}", offset):
        offset = f"{offset[:3]}:{offset[3:]}"
    try:
        when = datetime.fromisoformat(f"{found['date']}T{clock}{offset}")
    except ValueError as exc:
        raise InvalidInput(f"time_range.{key} {text!r} must be a valid time: {exc}") from exc
    if not EARLIEST.year <= when.year <= 2100:
        raise InvalidInput(f"time_range.{key} {text!r} must be between the years {EARLIEST.year} and 2100")
    return Moment(when, whole_day=found["minutes"] is None)


def resolve(
    asked: TimeRange,
    now: datetime,
    zone: t.Optional[tzinfo],
    zone_name: t.Optional[str],
    form: str = SECONDS,
    local: t.Optional[datetime] = None,
) -> Window:
    """The times to send. `now` is an aware datetime. `zone` is the zone of naive times, or None if it is not known.
    `local` is the time on FortiAnalyzer's clock at `now`. `local` is used if the zone is not known.

    The ends of a relative range, and of an absolute range with offsets, are instants. They are sent as local time with
    the name of the zone. If the zone is unknown or the local time is ambiguous, they are sent with an offset. Naive
    times are sent unchanged if they are unambiguous, not in the future and not sent as RFC 3339. An end in the future
    is moved back to now. Raises InvalidInput for a range that starts in the future.
    """
    now = now.astimezone(timezone.utc).replace(microsecond=0)
    if asked.last is not None:
        finish = now - asked.ago
        return _send_instants(finish - asked.last, finish, now, zone, zone_name, form)
    start, end = t.cast(Moment, asked.start), t.cast(Moment, asked.end)
    if zone is None:
        start, end = start.plus(-asked.before), end.plus(asked.after)
        return _without_zone(start, end, now, local, form)
    return _in_zone(asked, start, end, now, zone, zone_name, form)


def _in_zone(
    asked: TimeRange, start: Moment, end: Moment, now: datetime, zone: tzinfo, zone_name: t.Optional[str], form: str
) -> Window:
    """Resolve a range in a known zone. `start` and `end` do not include `before` and `after` yet."""
    keys = ("around", "around") if asked.moved else ("start", "end")
    begin = _instant(keys[0], start, zone, late=False) - asked.before
    finish = _instant(keys[1], end, zone, late=True) + asked.after
    twice = any(moment.naive and _ambiguous(moment.when, zone) for moment in (start, end))
    if asked.moved:
        # Daylight saving time may change between the moment and the ends of its range, so the ends are converted from
        # instants.
        start, end = start.at(begin, zone), end.at(finish, zone)
    if begin >= finish:
        raise InvalidInput(
            "time_range ends before it starts, or is empty, in the time zone of the query: give the times with an offset"
        )
    if begin >= now:
        raise InvalidInput(
            f"time_range must not start in the future ({start.when}), and the time of FortiAnalyzer is "
            f"{now.astimezone(zone)}"
        )
    plain = all(moment.naive and not _ambiguous(moment.when, zone) for moment in (start, end))
    if plain and not twice and form != RFC3339 and finish <= now:
        # A naive range that ends before now is sent without a zone. All other ranges are calculated in a known zone and
        # sent with this zone, because an ADOM may have another zone.
        return Window(_local(start.when, form), _end(end.when, form, now.astimezone(zone).replace(tzinfo=None)))
    window = _send_instants(begin, min(finish, now), now, zone, zone_name, form)
    if twice:
        hour = "The start or end of time_range is in the hour that occurs twice when daylight saving time ends. The query covers the longer range."
        window = window._replace(warnings=(hour,))
    return _drawn_back(window, end, zone_name) if finish > now else window


def _without_zone(start: Moment, end: Moment, now: datetime, local: t.Optional[datetime], form: str) -> Window:
    if start.naive != end.naive:
        raise InvalidInput(
            "time_range has one time with an offset and one without, and FortiAnalyzer's time zone is not known: give "
            "both times with an offset"
        )
    if start.naive:
        # If neither the zone nor the clock of FortiAnalyzer is known, the end is not changed. FortiAnalyzer refuses a
        # range in the future.
        latest = local or datetime.max
        window = Window(_local(start.when, form), _end(min(end.when, latest), form, latest))
    else:
        latest = now
        window = _send_instants(start.when, min(end.when, latest), now, None, None, form)
    if start.when >= latest:
        raise InvalidInput(
            f"time_range must not start in the future ({start.when}), and the time of FortiAnalyzer is {latest}"
        )
    return _drawn_back(window, end, None) if end.when > latest else window


def _drawn_back(window: Window, end: Moment, zone: t.Optional[str]) -> Window:
    asked = f"{window.end} {window.timezone}" if window.timezone else window.end
    said = f"{end.when} {zone or 'in the time zone of FortiAnalyzer'}" if end.naive else end.when
    note = f"The end of the time range ({said}) is in the future according to FortiAnalyzer's clock, so the query ends at {asked}."
    return window._replace(warnings=(*window.warnings, note))


def _send_instants(
    begin: datetime, finish: datetime, now: datetime, zone: t.Optional[tzinfo], zone_name: t.Optional[str], form: str
) -> Window:
    if zone is not None and zone_name and form != RFC3339:
        start, end, latest = (moment.astimezone(zone).replace(tzinfo=None) for moment in (begin, finish, now))
        if not _ambiguous(start, zone) and not _ambiguous(end, zone):
            return Window(_local(start, form), _end(end, form, latest), zone_name)
    first, last = (moment.astimezone(timezone.utc).isoformat(timespec="seconds") for moment in (begin, finish))
    return Window(first, last)


def _instant(key: str, moment: Moment, zone: tzinfo, late: bool) -> datetime:
    """The instant of a time. If a local time occurs twice, the earlier instant is used for a start and the later
    instant for an end, so that no log is missed."""
    if not moment.naive:
        return moment.when.astimezone(timezone.utc)
    local = moment.when.replace(tzinfo=zone, fold=int(late))
    instant = local.astimezone(timezone.utc)
    if instant.astimezone(zone).replace(tzinfo=None) != moment.when and not moment.whole_day:
        raise InvalidInput(
            f"time_range.{key} {moment.when} does not exist in the time zone {zone}, because daylight saving time skips it: give "
            "another time"
        )
    return instant


def _ambiguous(naive: datetime, zone: tzinfo) -> bool:
    early, late = (naive.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    return (
        early.utcoffset() != late.utcoffset()
        and early.astimezone(timezone.utc).astimezone(zone).replace(tzinfo=None) == naive
    )


def _local(naive: datetime, form: str) -> str:
    return naive.strftime("%Y-%m-%d %H:%M" if form == MINUTES else "%Y-%m-%d %H:%M:%S")


def _end(naive: datetime, form: str, latest: datetime) -> str:
    """The text of an end. An end in minutes is rounded up, unless the result is after `latest`, FortiAnalyzer's current
    time."""
    if form == MINUTES and naive.second:
        later = naive + timedelta(seconds=60 - naive.second)
        naive = later if later <= latest else naive
    return _local(naive, form)

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads a notification into data for all channels. The data is validated, limited in size, and without invisible characters."""

from __future__ import annotations

import json
import math
import re
import typing as t
import urllib.parse

from .._common.errors import InvalidInput
from .._common.naming import counted
from .._common.validation import known_keys
from .visible import shortened, visible

LEVELS = ("info", "warning", "critical")
KEYS = ("title", "level", "text", "facts", "rows", "link", "key")
# Maximum lengths of texts and maximum numbers of entries. Further text and entries are omitted. Each channel has further limits.
TITLE, TEXT, NAME, VALUE, LINK = 200, 2000, 60, 300, 2000
MOST_FACTS, MOST_ROWS, MOST_COLUMNS = 20, 1000, 20
LONGEST_LINE = 400
# Slack may need five characters for each character of a link, and a section of Slack has at most 3,000 characters.
LONGEST_LINK = 500
LONGEST_SUBJECT, FACTS_OF_SUBJECT = 180, 3

Scalar = t.Union[str, int, float, bool]
Row = dict[str, Scalar]


class Fact(t.NamedTuple):
    name: str
    value: Scalar

    @property
    def text(self) -> str:
        return cell_text(self.value)


class Notification(t.NamedTuple):
    """`more_facts` and `more_rows` are the numbers of facts and rows that are not shown."""

    title: str
    level: str
    text: str
    facts: list[Fact]
    rows: list[Row]
    link: str
    key: str
    more_facts: int = 0
    more_rows: int = 0

    @property
    def heading(self) -> str:
        return self.title if self.level == "info" else f"{self.level.capitalize()}: {self.title}"

    @property
    def subject(self) -> str:
        """The heading with the first facts in one line."""
        facts = ", ".join(f"{fact.name} {fact.text}" for fact in self.facts[:FACTS_OF_SUBJECT])
        return shortened(f"{self.heading} ({facts})" if facts else self.heading, LONGEST_SUBJECT)

    @property
    def left_out(self) -> list[str]:
        """The texts that replace omitted facts and rows."""
        facts = [f"and {counted(self.more_facts, 'more fact')}"] if self.more_facts else []
        return facts + ([f"and {self.more_rows} more"] if self.more_rows else [])

    def with_rows(self, most: int) -> Notification:
        """The notification with at most `most` rows."""
        gone = max(0, len(self.rows) - most)
        return self._replace(rows=self.rows[:most], more_rows=self.more_rows + gone)

    def smaller(self) -> t.Optional[Notification]:
        """The notification with fewer rows. If it has no rows, one fact is omitted. If it also has no facts, half of the text is omitted. None if nothing can
        be omitted."""
        if self.rows:
            return self.with_rows(len(self.rows) - max(1, len(self.rows) // 10))
        if self.facts:
            return self._replace(facts=self.facts[:-1], more_facts=self.more_facts + 1)
        return self._replace(text=shortened(self.text, len(self.text) // 2)) if len(self.text) > 1 else None


def read_notification(value: object) -> Notification:
    """Raises InvalidInput if `value` is not a valid notification."""
    given = known_keys("the notification", dict(value) if isinstance(value, t.Mapping) else value, KEYS)
    title = one_line(given.get("title"), TITLE)
    if not title:
        raise InvalidInput("the notification has no title: set title")
    level = str(given.get("level") or "info")
    if level not in LEVELS:
        raise InvalidInput(f"the level of the notification must be one of {', '.join(LEVELS)}, not {level[:60]!r}")
    facts = [_fact(one) for one in _dicts("facts", given.get("facts"))]
    rows = [_row(one) for one in _dicts("rows", given.get("rows"))]
    return Notification(
        title=title,
        level=level,
        text=_paragraph(given.get("text")),
        facts=facts[:MOST_FACTS],
        rows=rows[:MOST_ROWS],
        link=one_line(given.get("link"), LINK),
        key=one_line(given.get("key"), TITLE),
        more_facts=max(0, len(facts) - MOST_FACTS),
        more_rows=max(0, len(rows) - MOST_ROWS),
    )


def fitted(
    notification: Notification, render: t.Callable[[Notification], dict[str, t.Any]], largest: int
) -> dict[str, t.Any]:
    """Render the notification, and omit parts until its JSON has at most `largest` bytes."""
    while True:
        payload = render(notification)
        less = notification.smaller()
        if less is None or len(json.dumps(payload)) <= largest:
            return payload
        notification = less


def row_line(row: Row) -> tuple[str, str]:
    """The first value of the row, and its other values as "name value, name value"."""
    (_name, first), *others = row.items()
    rest = ", ".join(f"{name} {cell_text(value)}" for name, value in others)
    return shortened(cell_text(first), LONGEST_LINE // 2), shortened(rest, LONGEST_LINE // 2)


def cell_text(value: Scalar) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def is_link(text: str) -> bool:
    """Whether a browser can open the text as a URL. Any other text is never shown as a link."""
    if len(text) > LONGEST_LINK or not text.isascii():
        return False
    try:
        parts = urllib.parse.urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r'[\s<>"|\\^`{}\[\]]', text)


def one_line(value: object, longest: int) -> str:
    # One character more than `longest` is read, which shows that the text was longer.
    return shortened(visible(str("" if value is None else value).strip()[: longest + 1]), longest)


def _paragraph(value: object) -> str:
    """The text with its line ends, which are safe because the text comes from the collection. A list becomes one line."""
    text = " ".join(map(str, value)) if isinstance(value, (list, tuple)) else str("" if value is None else value)
    return shortened("\n".join(visible(line) for line in text.strip()[: TEXT + 1].splitlines()), TEXT)


def _dicts(name: str, value: object) -> list[t.Mapping[str, t.Any]]:
    found = [] if value in (None, "") else value
    if not isinstance(found, (list, tuple)) or not all(isinstance(one, t.Mapping) for one in found):
        raise InvalidInput(f"{name} of the notification must be a list of dictionaries")
    return list(found)


def _fact(given: t.Mapping[str, t.Any]) -> Fact:
    known_keys("a fact of the notification", dict(given), Fact._fields)
    return Fact(one_line(given.get("name"), NAME) or "-", _cell(given.get("value")))


def _row(given: t.Mapping[str, t.Any]) -> Row:
    cells = {one_line(name, NAME): _cell(value) for name, value in given.items() if value not in (None, "", [])}
    return dict(list(cells.items())[:MOST_COLUMNS]) or {"-": "-"}


def _cell(value: object) -> Scalar:
    if isinstance(value, (bool, int)) or (isinstance(value, float) and math.isfinite(value)):
        return value
    if isinstance(value, (list, tuple)):
        return one_line(", ".join(map(str, value)), VALUE) or "-"
    return one_line(value, VALUE) or "-"

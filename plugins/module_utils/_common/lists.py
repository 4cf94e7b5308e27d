# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads a list from text of a command line, an INI inventory or a text area, or refuses it.

JSON, the flow style of YAML (`[a, b]`), its block style (`- a` on each line), or entries that are separated by commas,
semicolons and line ends. Ambiguous text is refused, because a misread list queries the wrong names, and FortiAnalyzer
returns no rows for those instead of an error. Scalars stay text: a name `1.10` or `yes` is neither a number nor a
boolean.
"""

from __future__ import annotations

import json
import re
import typing as t

BULLET = re.compile(r"[-*\u2022](\s|\Z)")
SEPARATORS = re.compile(r"[,;\r\n]")
BRACKETS = {"]": "[", "}": "{", ")": "("}
# Characters that do not begin plain text in YAML.
INDICATORS = frozenset("\"'[]{}&*!|>%@`#,?")
# Quotation marks, a line end, a comment, or a possible key with its value.
AMBIGUOUS = re.compile(r"[\"'\r\n]|\s#|:\s")
# The second half of a network as FortiGates write it: 203.0.113.0 255.255.255.0. No host has such an address.
MASK = re.compile(r"(255|0)(\.[0-9]{1,3}){3}")
KEY = re.compile(r"([A-Za-z0-9_.-]+)\s*:(?=\s)\s*")
# No option is nested more deeply.
DEEPEST = 10


class Unreadable(ValueError):
    """The text is ambiguous; the message says why."""


def entries_in(text: str, blanks: bool = False) -> list[t.Any]:
    """The entries of the list: text, and other values of JSON and the flow style. Empty text is an empty list.

    With `blanks` blanks separate entries too, because an entry such as an address has no blank in it. Raises
    Unreadable.
    """
    text = text.strip()
    if text[:1] in ("[", "{"):
        value = _structure(text)
        return value if isinstance(value, list) else [value]
    if BULLET.match(text):
        return [_item(line.strip()) for line in text.splitlines() if line.strip()]
    return _parted(text, blanks)


def _structure(text: str) -> t.Any:
    try:
        # Text that is not JSON may follow the rules of YAML. A fraction keeps its spelling.
        return json.loads(text, parse_float=str, parse_constant=str)
    except ValueError:
        return _Flow(text).whole()
    except RecursionError as exc:
        raise Unreadable("it is nested too deeply") from exc


def _item(line: str) -> t.Any:
    if not re.match(r"-\s", line):
        raise Unreadable(f"the line {line!r} does not begin with '- '")
    rest = line[1:].strip()
    if rest[:1] in ("[", "{"):
        return _structure(rest)
    return _Flow(rest).scalar_alone()


def _parted(text: str, blanks: bool) -> list[t.Any]:
    parts = [part.strip() for part in SEPARATORS.split(text)]
    found = [one for part in parts if part for one in (part.split() if blanks else [part])]
    for part in parts if blanks else []:
        if any(MASK.fullmatch(word) for word in part.split()[1:]):
            raise Unreadable(f"{part[:40]!r} looks like a network with a mask: write it as 203.0.113.0/24")
    for part in found:
        if part[0] in "\"'[{":
            raise Unreadable(f"{part!r} begins with a quotation mark or a bracket, and the text before it does not")
        if BULLET.match(part):
            raise Unreadable(f"{part!r} begins with a bullet, and other lines do not")
        if not _balanced(part):
            raise Unreadable(f"{part!r} would be cut within brackets")
    return found


def _balanced(text: str) -> bool:
    opened: list[str] = []
    for sign in text:
        if sign in BRACKETS.values():
            opened.append(sign)
        elif sign in BRACKETS and (not opened or opened.pop() != BRACKETS[sign]):
            return False
    return not opened


class _Flow:
    """The flow style of YAML without anchors, tags, comments or multi-line text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def whole(self) -> t.Any:
        value = self._value(0)
        self._end()
        return value

    def scalar_alone(self) -> str:
        """One entry of a block: text in quotes, or the rest of the line with any characters."""
        text = self._quoted() if self._next in ('"', "'") else self._plain("")
        self._end()
        return text

    @property
    def _next(self) -> str:
        return self._text[self._at : self._at + 1]

    def _end(self) -> None:
        self._skip()
        if self._next:
            raise Unreadable(f"{self._text[self._at :][:40]!r} follows where it should end")

    def _skip(self) -> None:
        while self._next.isspace():
            self._at += 1

    def _took(self, sign: str) -> bool:
        self._skip()
        found = self._next == sign
        self._at += found
        return found

    def _value(self, depth: int) -> t.Any:
        if depth > DEEPEST:
            raise Unreadable("it is nested too deeply")
        if self._took("["):
            return self._sequence(depth)
        if self._took("{"):
            return dict(self._pairs(depth))
        if self._next in ('"', "'"):
            return self._quoted()
        text = self._plain(",]}")
        return None if text in ("null", "~") else text

    def _sequence(self, depth: int) -> list[t.Any]:
        found: list[t.Any] = []
        while not self._took("]"):
            found.append(self._value(depth + 1))
            self._separated("]")
        return found

    def _pairs(self, depth: int) -> t.Iterator[tuple[str, t.Any]]:
        while not self._took("}"):
            yield self._key(), self._value(depth + 1)
            self._separated("}")

    def _separated(self, closing: str) -> None:
        if not self._took(",") and self._next != closing:
            raise Unreadable(f"a comma or {closing!r} is missing")

    def _key(self) -> str:
        if self._next in ('"', "'"):
            key = self._quoted()
            if self._took(":"):
                return key
        else:
            found = KEY.match(self._text, self._at)
            if found:
                self._at = found.end()
                return found[1]
        raise Unreadable("a key is not followed by ': '")

    def _quoted(self) -> str:
        if self._next == "'":
            found = re.compile(r"'((?:[^']|'')*)'").match(self._text, self._at)
            text = found[1].replace("''", "'") if found else ""
        else:
            found = re.compile(r'"(?:[^"\\]|\\.)*"').match(self._text, self._at)
            text = _unescaped(found[0]) if found else ""
        if not found:
            raise Unreadable("a quotation mark is missing")
        self._at = found.end()
        return text

    def _plain(self, closing: str) -> str:
        """The text up to a character of `closing` that is outside nested brackets, as in `FGT-A[root]`."""
        begin, opened = self._at, 0
        while self._next and (opened or self._next not in closing):
            opened += (self._next in "[{(") - (self._next in "]})")
            self._at += 1
        text = self._text[begin : self._at].strip()
        if not text or text[0] in INDICATORS or BULLET.match(text):
            raise Unreadable(f"an entry is empty or begins with a character that needs quotation marks: {text[:40]!r}")
        if not _balanced(text) or AMBIGUOUS.search(text):
            raise Unreadable(f"{text[:40]!r} is ambiguous without quotation marks")
        return text


def _unescaped(quoted: str) -> str:
    try:
        return str(json.loads(quoted))
    except ValueError as exc:
        raise Unreadable(f"{quoted[:40]!r} has an escape that is not valid in JSON") from exc

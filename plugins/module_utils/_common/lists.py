# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads a list from text of a command line, an INI inventory or a text area, and refuses ambiguous text.

The text is JSON, the flow style of YAML (`[a, b]`), the block style of YAML (`- a` on each line), or entries that are
separated by commas, semicolons or line ends. Ambiguous text is refused, because a misread list would contain wrong
names, and FortiAnalyzer returns no rows for a wrong name instead of an error. Fractions and the scalars of YAML stay
text, so a name such as `1.10` or `yes` does not become a number or a boolean.
"""

from __future__ import annotations

import json
import re
import typing as t

BULLET = re.compile(r"[-*\u2022](\s|\Z)")
SEPARATORS = re.compile(r"[,;\r\n]")
BRACKETS = {"]": "[", "}": "{", ")": "("}
# Text without quotation marks cannot begin with these characters in YAML.
INDICATORS = frozenset("\"'[]{}&*!|>%@`#,?")
# Text that contains one of these is ambiguous: a quotation mark, a line end, a comment, or a key with its value.
AMBIGUOUS = re.compile(r"[\"'\r\n]|\s#|:\s")
# The mask in the notation of FortiGate, such as 203.0.113.0 255.255.255.0. No host has an address that begins like it.
MASK = re.compile(r"(255|0)(\.[0-9]{1,3}){3}")
KEY = re.compile(r"([A-Za-z0-9_.-]+)\s*:(?=\s)\s*")
# The maximum nesting depth. No option needs more.
DEEPEST = 10


class Unreadable(ValueError):
    """The text is ambiguous or malformed. The message gives the reason."""


def entries_in(text: str, blanks: bool = False) -> list[t.Any]:
    """The entries of the list. Entries of JSON and of the flow style may also be other values than text. Empty text is
    an empty list.

    If `blanks` is true, blanks also separate entries. This is for entries that contain no blank, such as addresses.
    Raises Unreadable.
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
        # Text that is not JSON may be YAML. A fraction becomes text, so that it keeps its spelling.
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
            raise Unreadable(f"{part!r} begins with a quotation mark or a bracket, but the list is not in brackets")
        if BULLET.match(part):
            raise Unreadable(f"{part!r} begins with a bullet, but the first entry does not")
        if not _balanced(part):
            raise Unreadable(f"{part!r} has a bracket without its counterpart")
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
    """A parser of the flow style of YAML, without anchors, tags, comments and multi-line text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def whole(self) -> t.Any:
        value = self._value(0)
        self._end()
        return value

    def scalar_alone(self) -> str:
        """One entry of the block style: text in quotation marks, or the rest of the line."""
        text = self._quoted() if self._next in ('"', "'") else self._plain("")
        self._end()
        return text

    @property
    def _next(self) -> str:
        return self._text[self._at : self._at + 1]

    def _end(self) -> None:
        self._skip()
        if self._next:
            raise Unreadable(f"{self._text[self._at :][:40]!r} follows the end of the value")

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

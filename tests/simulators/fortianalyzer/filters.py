# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter grammar: fields, operators, `and`, `or`, `!( )`, quotes (protocol_fortianalyzer.rst, "Filters")."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from .errors import filter_not_supported, invalid_filter

Getter = Callable[[str], Any]
Test = Callable[[Getter], bool]

_TOKEN = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|(==|!=|<=|>=|<|>|=|~|!|\(|\))|([^\s"()!=<>~]+))', re.DOTALL)
_SYMBOLS = frozenset(("==", "=", "!=", "<", ">", "<=", ">=", "~"))
_WORDS = frozenset(("like", "contain", "contains"))


@dataclass(frozen=True)
class Token:
    kind: str  # "quoted", "symbol" or "word"
    text: str

    def is_word(self, *words: str) -> bool:
        return self.kind == "word" and self.text.lower() in words

    def is_symbol(self, symbol: str) -> bool:
        return self.kind == "symbol" and self.text == symbol


@dataclass(frozen=True)
class Comparison:
    field: str
    operator: str
    value: str

    def fields(self) -> Iterator[str]:
        yield self.field


@dataclass(frozen=True)
class Junction:
    """`and` / `or` of its parts."""

    word: str
    parts: tuple[Node, ...]

    def fields(self) -> Iterator[str]:
        for part in self.parts:
            yield from part.fields()


@dataclass(frozen=True)
class Negation:
    part: Node

    def fields(self) -> Iterator[str]:
        yield from self.part.fields()


Node = Comparison | Junction | Negation


def parse(text: str) -> Node | None:
    """Parse a filter; None for an empty one. A stray word is named as an unsupported filter, as a FortiAnalyzer does."""
    if not text.strip():
        return None
    tokens = _tokens(text)
    parser = _Parser(tokens)
    node = parser.junction()
    if parser.peek() is not None:
        raise filter_not_supported(parser.take().text)
    return node


def conjuncts(node: Node | None) -> list[Node]:
    """The parts that must all hold."""
    if node is None:
        return []
    if isinstance(node, Junction) and node.word == "and":
        return [leaf for part in node.parts for leaf in conjuncts(part)]
    return [node]


def compile_node(node: Node, case_sensitive: bool = False) -> Test:
    """Turn a tree into a test over anything that can be asked for a field's value."""
    if isinstance(node, Comparison):
        return _comparison(node, case_sensitive)
    if isinstance(node, Negation):
        inner = compile_node(node.part, case_sensitive)
        return lambda get: not inner(get)
    tests = [compile_node(part, case_sensitive) for part in node.parts]
    if node.word == "and":
        return lambda get: all(test(get) for test in tests)
    return lambda get: any(test(get) for test in tests)


def _tokens(text: str) -> list[Token]:
    tokens, at, end = [], 0, len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None:
            raise invalid_filter()
        quoted, symbol, word = match.groups()
        if quoted is not None:
            tokens.append(Token("quoted", re.sub(r"\\(.)", r"\1", quoted, flags=re.DOTALL)))
        else:
            tokens.append(Token("symbol", symbol) if symbol else Token("word", word))
        at = match.end()
    return tokens


class _Parser:
    """Recursive descent: or, and, negation and parentheses, comparison."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._at = 0

    def peek(self) -> Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def take(self) -> Token:
        token = self.peek()
        if token is None:
            raise invalid_filter()
        self._at += 1
        return token

    def junction(self, word: str = "or") -> Node:
        operand = self._unary if word == "and" else lambda: self.junction("and")
        parts = [operand()]
        while (token := self.peek()) is not None and token.is_word(word):
            self.take()
            parts.append(operand())
        return parts[0] if len(parts) == 1 else Junction(word, tuple(parts))

    def _unary(self) -> Node:
        token = self.take()
        if token.is_symbol("!"):
            return Negation(self._unary())
        if token.is_symbol("("):
            node = self.junction()
            if not self.take().is_symbol(")"):
                raise invalid_filter()
            return node
        if token.kind != "word" or token.is_word("and", "or", "not"):
            raise invalid_filter()
        return self._rest(token)

    def _rest(self, field: Token) -> Comparison:
        operator = self.peek()
        if operator is None:
            raise filter_not_supported(field.text)
        if operator.is_word("not", "nlike"):
            raise invalid_filter()
        name = operator.text.lower()
        if not ((operator.kind == "symbol" and name in _SYMBOLS) or (operator.kind == "word" and name in _WORDS)):
            raise filter_not_supported(operator.text if operator.kind == "word" else field.text)
        self.take()
        value = self.take()
        if value.kind == "symbol":
            raise invalid_filter()
        return Comparison(field.text, name, value.text)


def _comparison(node: Comparison, case_sensitive: bool) -> Test:
    field, wanted = node.field, _fold(node.value, case_sensitive)
    if "." in field or node.operator in ("contain", "contains"):
        # Both are taken without a complaint and match nothing: the quietest trap of a FortiAnalyzer.
        return lambda get: False
    compare = _COMPARE[node.operator](wanted)
    return lambda get: any(compare(_fold(value, case_sensitive)) for value in _values(get(field)))


def _values(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)


def _fold(value: Any, case_sensitive: bool) -> str:
    text = "" if value is None else str(value)
    return text if case_sensitive else text.casefold()


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _ordered(holds: Callable[[Any, Any], bool]) -> Callable[[str], Callable[[str], bool]]:
    def build(wanted: str) -> Callable[[str], bool]:
        number = _number(wanted)

        def compare(value: str) -> bool:
            mine = _number(value) if number is not None else None
            return holds(mine, number) if mine is not None else holds(value, wanted)

        return compare

    return build


def _like(wanted: str) -> Callable[[str], bool]:
    pattern = re.compile(".*".join(re.escape(piece) for piece in wanted.split("%")), re.DOTALL)
    return lambda value: pattern.fullmatch(value) is not None


def _contains(wanted: str) -> Callable[[str], bool]:
    return lambda value: wanted in value


_COMPARE: dict[str, Callable[[str], Callable[[str], bool]]] = {
    "==": _ordered(lambda a, b: a == b),
    "=": _ordered(lambda a, b: a == b),
    "!=": _ordered(lambda a, b: a != b),
    "<": _ordered(lambda a, b: a < b),
    ">": _ordered(lambda a, b: a > b),
    "<=": _ordered(lambda a, b: a <= b),
    ">=": _ordered(lambda a, b: a >= b),
    "like": _like,
    "~": _contains,
}

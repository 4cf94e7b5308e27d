# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks and converts input. Path traversal, control characters and wrong types are refused before a request is sent."""

from __future__ import annotations

import re
import typing as t

from .errors import InvalidInput, printable
from .lists import Unreadable, entries_in
from .right_forms import example, unknown_name

# Names of ADOMs, views and VDOMs, and serial numbers, become parts of a path. Characters with a special meaning in a
# path are refused.
PATH_SEGMENT = re.compile(r"(?!\.)[A-Za-z0-9_.-]{1,128}")
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
LONGEST_TEXT = 8192
PAIR = re.compile(r"""([\w-]+)=("[^"]*"|'[^']*'|[^\s,"']+)""")
PAIRS = re.compile(rf"{PAIR.pattern}(?:[\s,]+{PAIR.pattern})*")
RIGHT_FORM = (
    'Give {0} as a list such as ["a", "b"], or as text with commas, semicolons or line ends between its entries. If an '
    "entry contains a separator, a bracket or a quotation mark, use a list and put this entry in quotation marks"
)
KINDS = {list: "a list in a list", bool: "a boolean without quotation marks", float: "a number without quotation marks"}


def path_segment(option: str, value: object) -> str:
    """A name that is valid in a URL. Raises InvalidInput."""
    text = str(value)
    if not PATH_SEGMENT.fullmatch(text) or ".." in text:
        raise InvalidInput(
            f"{option} {text!r} cannot be used in a request path: use letters, digits, '_', '-' and '.' only"
        )
    return text


def plain_text(option: str, value: object) -> str:
    """Free text such as a filter. Raises InvalidInput on control characters and on more than 8192 characters."""
    text = str(value)
    if CONTROL.search(text):
        raise InvalidInput(f"{option} contains a control character: remove this character")
    if len(text) > LONGEST_TEXT:
        raise InvalidInput(f"{option} must have at most {LONGEST_TEXT} characters")
    return text


def count(option: str, value: object, least: int) -> int:
    """A whole number of at least `least`. Raises InvalidInput."""
    number = whole_number(option, value)
    if number < least:
        raise InvalidInput(f"{option} must be a whole number of at least {least}, not {_shown(value)}")
    return number


def whole_number(option: str, value: object, such_as: object = 10) -> int:
    """A whole number from a number or its text. `such_as` is the example in the error. Raises InvalidInput."""
    found = None if isinstance(value, bool) else re.fullmatch(r"\s*([+-]?[0-9]{1,18})(?:\.0+)?\s*", str(value), re.A)
    if found is None:
        raise InvalidInput(f"{option} must be a whole number such as {such_as}, not {_shown(value)}")
    return int(found[1])


def number(option: str, value: object, such_as: object = 2.5) -> float:
    """A number from a number or its text. `such_as` is the example in the error. Raises InvalidInput."""
    found = (
        None if isinstance(value, bool) else re.fullmatch(r"\s*[+-]?[0-9]{1,18}(\.[0-9]{1,9})?\s*", str(value), re.A)
    )
    if found is None:
        raise InvalidInput(f"{option} must be a number such as {such_as}, not {_shown(value)}")
    return float(found[0])


def flag(option: str, value: object) -> bool:
    """A boolean from a boolean or its text, which a survey may return. None is false. Raises InvalidInput for other text,
    so that a typing error does not count as true."""
    if value is None or isinstance(value, bool):
        return bool(value)
    word = str(value).strip().lower()
    if word in ("true", "yes", "on", "1", "t", "y", "1.0"):
        return True
    if word in ("false", "no", "off", "0", "", "f", "n", "0.0"):
        return False
    raise InvalidInput(f"{option} must be true or false, not {_shown(value)}")


def one_text(option: str, value: object, secret: bool = False) -> object:
    """The unchanged value if it is text or a number. A number becomes text later. Raises InvalidInput."""
    if isinstance(value, (bool, bytes, list, tuple, set, t.Mapping)):
        known = example(option)
        such = f" such as {known}" if known else ""
        raise InvalidInput(
            f"{option} must be text{such}, not {'a ' + type(value).__name__ if secret else _shown(value)}"
        )
    return value


def mapping(option: str, value: object) -> dict[str, t.Any]:
    """A dictionary from a dictionary or its text: JSON, the flow style of YAML, or `key=value` pairs that are separated
    by blanks or commas. Raises InvalidInput."""
    if isinstance(value, t.Mapping):
        return dict(value)
    text = value.strip() if isinstance(value, str) else ""
    try:
        found = entries_in(text) if text.startswith("{") else [_pairs(text)]
    except Unreadable as exc:
        raise InvalidInput(
            f"{option} must be a dictionary, but its text cannot be read as a dictionary: {exc}"
        ) from exc
    if len(found) != 1 or not found[0] or not isinstance(found[0], dict):
        known = example(option) or "{key: value}"
        raise InvalidInput(f"{option} must be a dictionary such as {known}, not {_shown(value)}")
    return found[0]


def _pairs(text: str) -> dict[str, str]:
    """A dict from the text `key=value key2="value 2"`. Empty if the text has another format."""
    found = PAIR.findall(text)
    return {key: value.strip("\"'") for key, value in found} if PAIRS.fullmatch(text) else {}


def entries(option: str, value: object, blanks: bool = False, form: str = "") -> list[t.Any]:
    """A list of text and dicts, from a list or its text (see `_common/lists.py`). Whole numbers become text.

    None and empty text become an empty list, and a dict becomes a list with one entry. Raises InvalidInput. The error
    ends with `form`, which describes the format of the list.
    """
    form = form or RIGHT_FORM.format(option)
    if value is None:
        return []
    if isinstance(value, t.Mapping):
        return [value]
    if isinstance(value, (bool, bytes)) or not isinstance(value, (str, int, t.Iterable)):
        raise InvalidInput(f"{option} must be a list, not {_shown(value)}. {form}")
    try:
        found = entries_in(value, blanks) if isinstance(value, str) else [value] if isinstance(value, int) else [*value]
    except Unreadable as exc:
        raise InvalidInput(f"{option} is text that cannot be read as a list: {exc}. {form}") from exc
    for entry in found:
        if isinstance(entry, bool) or not isinstance(entry, (str, int, t.Mapping)):
            raise InvalidInput(
                f"{option} has the entry {_shown(entry)}, which is {KINDS.get(type(entry), 'not text')}. {form}"
            )
    return [str(entry) if isinstance(entry, int) else entry for entry in found]


def texts(option: str, value: object, blanks: bool = False) -> list[str]:
    """A list of texts, such as names and addresses; see `entries`. Raises InvalidInput."""
    found = entries(option, value, blanks)
    wrong = next((entry for entry in found if isinstance(entry, t.Mapping) or entry == ""), None)
    if wrong is not None:
        raise InvalidInput(
            f"{option} has the entry {_shown(wrong)}, but each entry must be text that is not empty. {RIGHT_FORM.format(option)}"
        )
    return found


def dicts(option: str, value: object) -> list[dict[str, t.Any]]:
    """A list of dictionaries, such as queries; see `entries`. Raises InvalidInput."""
    form = f'{option} must be a list of dictionaries, such as [{{"key": "value"}}]'
    found = entries(option, value, form=form)
    wrong = next((entry for entry in found if not isinstance(entry, t.Mapping)), None)
    if wrong is not None:
        raise InvalidInput(f"{form}, but has the entry {_shown(wrong)}")
    return found


def _shown(value: object) -> str:
    return printable(repr(value), 60)


def known_keys(option: str, value: object, allowed: t.Iterable[str]) -> dict[str, t.Any]:
    """A dict that has only allowed keys. Raises InvalidInput."""
    if not isinstance(value, dict):
        raise InvalidInput(f"{option} must be a dictionary, not {type(value).__name__}")
    allowed = sorted(allowed)
    unknown = sorted(str(key) for key in value if key not in allowed)
    if unknown:
        raise InvalidInput("; ".join(unknown_name(key, allowed, f"a key of {option}") for key in unknown))
    return value

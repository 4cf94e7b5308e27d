# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Refusal of words that must not reach the wire: path tricks, control characters, wrong types."""

from __future__ import annotations

import re
import typing as t

from .._protocol.errors import InvalidInput

# ADOM, view, serial and VDOM names are spliced into a path (contract section 3, parameter `url`).
PATH_WORD = re.compile(r"(?!\.)[A-Za-z0-9_.-]{1,128}")
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
LONGEST_TEXT = 8192


def path_word(option: str, value: object) -> str:
    """A name that may stand in a url. Raises InvalidInput."""
    text = str(value)
    if not PATH_WORD.fullmatch(text) or ".." in text:
        raise InvalidInput(
            f"{option} {text!r} cannot be used in a request path: letters, digits, '_', '-' and '.' only"
        )
    return text


def plain_text(option: str, value: object) -> str:
    """Free text such as a filter. Raises InvalidInput on control characters and on more than 8192 characters."""
    text = str(value)
    if CONTROL.search(text):
        raise InvalidInput(f"{option} has a control character in it")
    if len(text) > LONGEST_TEXT:
        raise InvalidInput(f"{option} is longer than {LONGEST_TEXT} characters")
    return text


def count(option: str, value: object, least: int) -> int:
    """A whole number of at least `least`. Raises InvalidInput."""
    if isinstance(value, bool) or not re.fullmatch(r"[0-9]{1,18}", str(value)) or int(str(value)) < least:
        raise InvalidInput(f"{option} must be a whole number of at least {least}, not {value!r}")
    return int(str(value))


def flag(option: str, value: object) -> bool:
    """A bool, or its text as surveys deliver it. Raises InvalidInput: "false" must not count as true."""
    if value is None or isinstance(value, bool):
        return bool(value)
    word = str(value).strip().lower()
    if word in ("true", "yes", "on", "1"):
        return True
    if word in ("false", "no", "off", "0", ""):
        return False
    raise InvalidInput(f"{option} must be true or false, not {value!r}")


def known_keys(option: str, value: object, allowed: t.Iterable[str]) -> dict[str, t.Any]:
    """A dict with no key but the allowed ones. Raises InvalidInput."""
    if not isinstance(value, dict):
        raise InvalidInput(f"{option} must be a dict, not {type(value).__name__}")
    allowed = sorted(allowed)
    unknown = sorted(str(key) for key in value if key not in allowed)
    if unknown:
        raise InvalidInput(f"{option} has unknown keys: {', '.join(unknown)}. Known are {', '.join(allowed)}")
    return value

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads JSON from devices. Faults in strings are repaired if their meaning is unambiguous. All other faults are refused.

One invalid byte in a file name that an attacker chose must not make the whole reply unreadable. Only the content of
strings is repaired, so a repair never adds or removes rows or fields. The error for a refused fault shows its position.
"""

from __future__ import annotations

import codecs
import json
import re
import typing as t

from .errors import Garbled, ProtocolError, TransportError, octets_of, printable, redacted
from .naming import counted
from .octets import LOST, decoded

# Matches a pair of escapes for one character, half of such a pair, any other escape, or a backslash without an escape.
ESCAPES = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|(?P<half>\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
    r'|\\(?:u[0-9a-fA-F]{4}|["\\/bfnrt])'
    r"|(?P<odd>\\)"
)
HALF = f"\\u{ord(LOST):04x}"
# Matches a string, or a number that is not valid in JSON or has more digits than Python reads.
NUMBERS = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|(?P<odd>NaN|-?Infinity|\d{4000,})', re.S)
# A line end may follow the last brace, and so may the zero byte that ends a string in C.
TAIL = "\0 \t\r\n"
# Text that was cut off may end with the beginning of a literal, a number or an escape.
STUMP = re.compile(r"[A-Za-z0-9.+\\-]{0,5}")
BETWEEN = "Check the proxies and load balancers between this machine and FortiAnalyzer."
# The number of bytes that an error shows before and after the fault, and the number that is searched for secrets.
SHOWN, AROUND = 40, 400
# Secrets that the client does not know before: the session id in the reply to a login, and the credentials of devices
# in a list of devices.
UNKNOWN_SECRETS = re.compile(rb'("(?:session|adm_pass|adm_usr|psk|private_key)"\s*:\s*\[?\s*(?:"ENC"\s*,\s*)?")([^"]*)')


class Document(t.NamedTuple):
    """The value of a JSON text. `unclean` is True if decoding changed the text or if a fault was repaired."""

    value: t.Any
    unclean: bool = False


class Unreadable(ValueError):
    """The text is not JSON. `position` is the index of the character at the fault, None if the fault has no position."""

    def __init__(self, problem: str, position: t.Optional[int] = None) -> None:
        super().__init__(problem)
        self.position = position


def parse(content: bytes, secrets: t.Collection[str] = ()) -> Document:
    """Read the body of a reply. Raises TransportError if the body is cut off or followed by other text, ProtocolError
    if it does not begin as a JSON object, and Garbled if it is unreadable for another reason."""
    encoding = json.detect_encoding(content)
    if not encoding.startswith("utf-8"):
        content = content.decode(encoding, "replace").encode()
    body = content[len(codecs.BOM_UTF8) :] if content.startswith(codecs.BOM_UTF8) else content
    text = decoded(body)
    try:
        found = loaded(text)
    except Unreadable as exc:
        if not body.lstrip().startswith(b"{"):
            start = printable(redacted(decoded(content[:2000]), secrets), 80)
            raise ProtocolError(f"The reply is not JSON. It begins with {start!r}") from None
        broken = _broken(text.rstrip(TAIL), exc)
        if broken:
            raise TransportError(broken, worth_repeating=True, next_step=BETWEEN) from None
        if exc.position is None:
            raise Garbled(f"The reply cannot be read ({exc})") from None
        offset = len(content) - len(body) + _octets_before(body, exc.position)
        raise Garbled(f"The reply cannot be read {_place(content, offset, secrets)} ({exc})") from None
    return found._replace(unclean=found.unclean or _differs(text, body))


def _broken(text: str, problem: Unreadable) -> str:
    """The problem if the text was cut off or is followed by other text. Empty if the problem is another one."""
    if problem.position is None:
        return ""
    rest = text[problem.position :]
    if str(problem) == "Extra data":
        return f"The reply was followed by {counted(len(rest), 'character')} outside its JSON"
    # Text that ends with a brace is complete. A stray backslash has then hidden the end of a string.
    in_string = str(problem).startswith("Unterminated string") and not text.endswith("}")
    return (
        f"The reply was cut off after {counted(len(text), 'character')}" if in_string or STUMP.fullmatch(rest) else ""
    )


def loaded(text: str) -> Document:
    """Read JSON, with repairs if needed. Raises Unreadable."""
    # Escapes for half of a surrogate pair are valid JSON, but their characters are not valid text.
    clean = ESCAPES.sub(_without_half, text) if "\\ud" in text or "\\uD" in text else text
    try:
        return Document(_loads(clean, strict=True), clean != text)
    except Unreadable:
        mended = ESCAPES.sub(_without_odd, clean.rstrip(TAIL))
    try:
        return Document(_loads(mended, strict=False), True)
    except Unreadable as exc:
        if exc.position is not None:
            odd = [found.start() for found in ESCAPES.finditer(clean) if found["odd"]]
            exc.position -= sum(start + number < exc.position for number, start in enumerate(odd))
        raise


def _loads(text: str, strict: bool) -> t.Any:
    try:
        return json.loads(text, strict=strict, parse_constant=_no_number)
    except json.JSONDecodeError as exc:
        raise Unreadable(exc.msg, exc.pos) from None
    except ValueError:
        found = next((one for one in NUMBERS.finditer(text) if one["odd"]), None)
        raise Unreadable("Number is not valid JSON", found.start() if found else None) from None
    except RecursionError:
        raise Unreadable("Nested too deeply") from None


def _no_number(word: str) -> t.NoReturn:
    raise ValueError(word)


def _without_half(found: re.Match[str]) -> str:
    return HALF if found["half"] else found[0]


def _without_odd(found: re.Match[str]) -> str:
    return "\\\\" if found["odd"] else found[0]


def _differs(text: str, body: bytes) -> bool:
    return LOST in text and text.encode() != body


def _octets_before(body: bytes, position: int) -> int:
    return len(body.decode("utf-8", "surrogateescape")[:position].encode("utf-8", "surrogateescape"))


def _place(content: bytes, offset: int, secrets: t.Collection[str]) -> str:
    """The position of a fault, and the text before and after it. Secrets are blanked before this text is cut out."""
    blanks = [octets for secret in secrets for octets in octets_of(secret)]
    reach = AROUND + max(map(len, blanks), default=0)
    start = max(0, offset - reach)
    around = content[start : offset + reach]
    for octets in blanks:
        around = around.replace(octets, b"*" * len(octets))
    around = UNKNOWN_SECRETS.sub(lambda found: found[1] + b"*" * len(found[2]), around)
    here = offset - start
    before, after = (_visible(part) for part in (around[max(0, here - SHOWN) : here], around[here : here + SHOWN]))
    line = content.count(b"\n", 0, offset) + 1
    return f"at byte {offset} of {len(content)}, in line {line}, where <{before}> is followed by <{after}>"


def _visible(octets: bytes) -> str:
    text = octets.decode("utf-8", "backslashreplace")
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in text)

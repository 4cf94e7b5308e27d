# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The body of a reply: read, refused as a broken connection, or refused with the place that cannot be read."""

from __future__ import annotations

import json
import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import (
    FortiViewError,
    Garbled,
    ProtocolError,
    TransportError,
)
from ansible_collections.secops.fortiview.plugins.module_utils._common.json_text import parse

DOCUMENT = {
    "id": 1,
    "result": {
        "percentage": 100.5e-7,
        "data": [{"threat": 'Sig "\u00e9" \\ \n', "ok": True, "no": None, "f": False, "n": -12}],
        "empty": [{}, []],
    },
}


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("ascii_only", [True, False])
def test_every_beginning_of_a_reply_is_cut_off(indent: t.Optional[int], ascii_only: bool) -> None:
    content = json.dumps(DOCUMENT, indent=indent, ensure_ascii=ascii_only).encode()
    for length in range(1, len(content)):
        with pytest.raises(TransportError, match="cut off") as caught:
            parse(content[:length])
        assert caught.value.worth_repeating
        assert caught.value.processed


@pytest.mark.parametrize("more", [b"x", b"{}", b"<html>", b"\n\nHTTP/1.1 200 OK"])
def test_what_follows_is_counted_and_not_shown(more: bytes) -> None:
    with pytest.raises(
        TransportError, match=f"followed by {len(more.lstrip())} characters? outside its JSON"
    ) as caught:
        parse(b'{"a": 1}' + more)
    assert "html" not in str(caught.value)


@pytest.mark.parametrize(
    "content",
    [b"<html>", b"OK", b"1 2", b'{"a": hello}', b'{"a" 1}', b"{a}", b'"text"x', b"Bad Gateway", b'{"path": "C:\\"}'],
)
def test_what_is_unreadable_for_another_reason_is_not_cut_off(content: bytes) -> None:
    """A backslash that was not escaped hides the end of a string, and the reply is whole all the same."""
    with pytest.raises(ProtocolError):
        parse(content)


def reply(text: bytes) -> bytes:
    return b'{"result": {"percentage": 100, "data": [{"threat": "' + text + b'", "incidents": "12"}]}}'


def test_the_zero_that_ends_a_string_in_c_is_no_part_of_it() -> None:
    assert parse(reply(b"x") + b"\n\0").value == json.loads(reply(b"x"))


# Each with the bytes at which it cannot be read any more.
UNREADABLE = [
    (reply(b'say "hi" \xe4'), b'hi" \xe4'),
    (b"{\n" + reply(b'"')[1:], b'", "incidents"'),
    (b"\xef\xbb\xbf" + reply(b'\xe4\xe4"z'), b'z", "incidents"'),
    (reply(b'\\x\\y\xe4"z'), b'z", "incidents"'),
    (reply(b"x").replace(b'"12"', b"NaN"), b"NaN"),
    (reply(b"NaN").replace(b'"12"', b"9" * 5000), b"99999"),
    (reply(b"x").replace(b"100", b"\x001"), b"\x001"),
]


@pytest.mark.parametrize(("content", "there"), UNREADABLE)
def test_what_cannot_be_read_is_named_with_its_place(content: bytes, there: bytes) -> None:
    with pytest.raises(Garbled) as caught:
        parse(content)
    said = caught.value.said
    place = content.index(there)
    assert f"at byte {place} of {len(content)}, in line {content[:place].count(10) + 1}," in said
    assert f"is followed by <{there.decode('utf-8', 'backslashreplace').replace(chr(0), chr(92) + 'x00')}" in said
    assert said.isprintable()
    assert "filter" in str(caught.value)


def test_nesting_without_end_is_no_crash() -> None:
    with pytest.raises(Garbled, match="deeply"):
        parse(b'{"result":' * 100000)


@pytest.mark.parametrize("content", [b"", b"<html>\xe4", b"[1, 2", b"\0", b"busy", b"\xff\xfe{}"])
def test_what_is_no_object_at_all_comes_from_somebody_else(content: bytes) -> None:
    with pytest.raises(ProtocolError, match="not JSON") as caught:
        parse(content)
    assert not isinstance(caught.value, Garbled)


@pytest.mark.parametrize("secret", ["p4ss-Wörd-zürich", "s3cr3t-" * 400, 'quo"ted\\secret', "l'été"])
@pytest.mark.parametrize("codec", ["utf-8", "latin-1"])
@pytest.mark.parametrize("away", range(0, 60, 7))
def test_no_part_of_a_secret_is_shown(secret: str, codec: str, away: int) -> None:
    """Wherever the reply breaks off, before, in or behind a secret that it echoes as JSON, or as it is."""
    for form in (json.dumps(secret), json.dumps(secret, ensure_ascii=False), f'"{secret}"'):
        echoed = b'{"echo": ' + form.encode(codec)
        for broken in (
            echoed + b", " + b" " * away + b"}",
            b'{"a" ' + b" " * away + echoed,
            echoed[: len(echoed) - 1] + b" " * away,
        ):
            with pytest.raises(FortiViewError) as caught:
                parse(broken, [secret])
            for piece in (secret[:5], secret[-5:]):
                assert piece not in caught.value.said


def test_the_session_of_a_reply_to_a_login_is_not_shown() -> None:
    for broken in (
        b'{"session": "S3ss10n-1d", "id" 1}',
        b'{"id": 1, "session" : "S3ss10n-1" 1}',
        b'{"session": "S3ss10n"-1d"}',
    ):
        with pytest.raises(Garbled) as caught:
            parse(broken)
        assert "S3ss" not in caught.value.said


@pytest.mark.parametrize(
    ("content", "unclean"),
    [
        (b'{"threat": "plain"}', False),
        ('{"threat": "a real \ufffd"}'.encode(), False),
        (rb'{"threat": "\ud83d\ude00"}', False),
        (b'{"threat": "M\xe4rz"}', True),
        (rb'{"threat": "half \ud83d"}', True),
        (rb'{"threat": "C:\Users"}', True),
        (b'{"threat": "tab\t"}', True),
        ('{"threat": "a real \ufffd and '.encode() + b'\xe4"}', True),
    ],
)
def test_it_is_said_where_the_text_is_not_what_was_sent(content: bytes, unclean: bool) -> None:
    assert parse(content).unclean is unclean

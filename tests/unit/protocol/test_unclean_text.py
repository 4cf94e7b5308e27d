# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Text as attackers and old clients wrote it: the rows are kept, and what is lost of them is said."""

from __future__ import annotations

import json
import typing as t

import pytest
from ansible.module_utils.common.text.converters import to_text
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.client import FortiGate, Vdom
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import (
    Garbled,
    redacted,
)
from ansible_collections.secops.fortiview.plugins.module_utils._common.json_text import parse
from ansible_collections.secops.fortiview.plugins.module_utils._common.octets import decoded
from ansible_collections.secops.fortiview.plugins.module_utils._hunting.sightings import sightings
from ansible_collections.secops.fortiview.plugins.module_utils._protocol.reply import decode
from ansible_collections.secops.fortiview.plugins.module_utils._query.rows import canonical
from hypothesis import given
from hypothesis import strategies as st

# A finished fetch whose file name has one byte of Latin-1.
ROW = (
    b'{"jsonrpc": "2.0", "id": 3, "result": {"percentage": 100, "status": {"code": 0, "message": "succeeded"}, '
    b'"return-lines": 1, "data": [{"threat": "Rechnung_M\xe4rz.exe", "threattype": "malware-detected", "level_s": "Critical", '
    b'"threatlevel": "4", "incidents": "12", "incident_block": "2", "incident_pass": "10", "fortigate": "FG100FTK20000001"}]}}'
)


def reply(text: bytes) -> bytes:
    return b'{"result": {"percentage": 100, "data": [{"threat": "' + text + b'", "incidents": "12"}]}}'


def test_one_byte_of_an_old_code_page_does_not_cost_the_row() -> None:
    found = parse(ROW)
    (row,) = decode(found.value).rows()
    assert found.unclean
    assert (row["threat"], row["incidents"], row["fortigate"]) == ("Rechnung_M\ufffdrz.exe", "12", "FG100FTK20000001")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (b"M\xe4rz", "M\ufffdrz"),
        (b"\xc3\xa4\xe4", "ä\ufffd"),
        (b"\xe4\xf6\xfc", "\ufffd\ufffd\ufffd"),
        (b"cut \xe2\x82", "cut \ufffd\ufffd"),
        (b"\xed\xa0\x80", "\ufffd\ufffd\ufffd"),
        (b"\x93quoted\x94", "\ufffdquoted\ufffd"),
        (b"\x83\x81\x83_.exe", "\ufffd\ufffd\ufffd_.exe"),
        (b"\xc0\xa2", "\ufffd\ufffd"),
        (b"a\tb\x1b[31m\x01", "a\tb\x1b[31m\x01"),
        (b"line\r\nline", "line\r\nline"),
        (b"nul\x00", "nul\x00"),
        (rb"\ud800", "\ufffd"),
        (rb"\udc00\ud83d\ude00\uD83D", "\ufffd😀\ufffd"),
        (rb"\x41", r"\x41"),
        (rb"C:\Users\u12\.exe", r"C:\Users\u12\.exe"),
        (rb"\\ud800 \\x\'", r"\ud800 \x\'"),
        (b"M\xe4rz \\x\x1b\\ud800", "M\ufffdrz \\x\x1b\ufffd"),
    ],
)
def test_the_row_is_kept_and_it_is_said(text: bytes, shown: str) -> None:
    found = parse(reply(text))
    assert found.unclean
    assert [canonical(row) for row in decode(found.value).rows()] == [{"threat": shown, "incidents": 12}]


@pytest.mark.parametrize(
    "content",
    [
        reply("März € 😀 \ufffd".encode()),
        reply(rb"M\u00e4rz \ud83d\ude00 \\ud800 \u001b \u0000"),
        b"\xef\xbb\xbf" + reply("März".encode()),
        reply("März".encode()).decode().encode("utf-16"),
        b" \r\n" + reply(b"x") + b"\n",
    ],
    ids=["UTF-8", "escapes", "byte order mark", "UTF-16", "white space"],
)
def test_clean_text_is_nothing_to_be_said(content: bytes) -> None:
    found = parse(content)
    assert not found.unclean
    assert len(decode(found.value).rows()) == 1


@given(st.binary(max_size=40))
def test_no_bytes_of_a_name_cost_the_other_fields(text: bytes) -> None:
    """But for a quotation mark or a backslash, which may end the name or not."""
    text = text.replace(b'"', b"").replace(b"\\", b"")
    (row,) = decode(parse(reply(text)).value).rows()
    assert row == {"threat": decoded(text), "incidents": "12"}
    json.dumps(canonical(row), ensure_ascii=False).encode()


@given(st.text(alphabet='\\"xu0dD8{}[]:, \n', max_size=30))
def test_what_is_read_tolerantly_has_the_fields_that_are_there(text: str) -> None:
    """Whatever is in the name: no further row, and no other field."""
    content = reply(json.dumps(text)[1:-1].replace("\\\\", "\\").encode())
    try:
        found = parse(content).value
    except Garbled:
        return
    assert [set(row) for row in decode(found).rows()] == [{"threat", "incidents"}]


@pytest.mark.parametrize("codec", ["utf-8", "latin-1", "cp1252"])
def test_a_secret_that_is_echoed_in_an_old_code_page_is_blanked(codec: str) -> None:
    said = decoded("refused: pässwörd-ßü!".encode(codec))
    assert redacted(said, ["pässwörd-ßü"]) == "refused: ********!"


def test_an_address_with_a_lost_byte_is_no_address() -> None:
    row = {"threat": "x", "srcip": decoded(b"198.51.100.\xb2"), "dstip": decoded(b"203.0.113.9\xa0"), "incidents": 3}
    seen = sightings(row, "rows", "root", (), "rows")
    assert seen
    assert all(one.network is None for one in seen)


def fortigate(content: bytes) -> Vdom:
    """What the official connection plugin makes of a reply: bytes that are not UTF-8 become halves of surrogate pairs."""
    return FortiGate(lambda *dummy: (200, to_text(content)), "fgt").vdom("root")


@pytest.mark.parametrize("alias", [b"B\xfcro", b"tab\there", b"esc\x1b", rb"\xfc", rb"\udcfc"])
def test_a_fortigate_is_read_whatever_an_alias_holds(alias: bytes) -> None:
    content = b'{"status": "success", "http_status": 200, "results": [{"name": "port1", "alias": "' + alias + b'", '
    (found,) = fortigate(content + b'"ip": "192.0.2.254 255.255.255.0"}]}').read("system/interface")
    assert found["ip"] == "192.0.2.254 255.255.255.0"
    json.dumps(found, ensure_ascii=False).encode()


def test_duplicate_names_after_replacement_stay_two_rows() -> None:
    content = reply(b"M\xe4rz").replace(b"}]", b'}, {"threat": "M\xf6rz", "incidents": "3"}]')
    rows: list[dict[str, t.Any]] = decode(parse(content).value).rows()
    assert [(row["threat"], row["incidents"]) for row in rows] == [("M\ufffdrz", "12"), ("M\ufffdrz", "3")]

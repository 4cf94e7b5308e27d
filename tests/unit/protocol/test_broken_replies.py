# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Replies that are cut off or followed by something are broken connections; others that cannot be read are not."""

from __future__ import annotations

import json
import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import ProtocolError, TransportError
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
    with pytest.raises(TransportError, match=f"followed by {len(more.lstrip())} characters") as caught:
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

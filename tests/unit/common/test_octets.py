# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bytes of a reply become text that every writer takes."""

from __future__ import annotations

import json

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.octets import decoded, without_surrogates
from hypothesis import given
from hypothesis import strategies as st


@given(st.binary())
def test_any_bytes_become_text_that_can_be_written(content: bytes) -> None:
    text = decoded(content)
    text.encode("utf-8")
    json.loads(json.dumps(text))


@given(st.text())
def test_text_in_utf_8_is_read_as_it_is(text: str) -> None:
    assert decoded(text.encode()) == text == without_surrogates(text)


@pytest.mark.parametrize(
    ("content", "text"),
    [(b"M\xe4rz", "M\ufffdrz"), (b"a\xe2\x82b", "a\ufffd\ufffdb"), (b"\xff\xfe", "\ufffd\ufffd"), (b"", "")],
)
def test_each_byte_that_cannot_be_read_is_one_sign(content: bytes, text: str) -> None:
    assert decoded(content) == text


def test_halves_of_pairs_are_replaced_and_the_rest_is_kept() -> None:
    assert without_surrogates("a\udce4b\ud83d") == "a\ufffdb\ufffd"
    assert without_surrogates("\U0001f600") == "\U0001f600"

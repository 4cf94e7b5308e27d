# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Messages for Slack: names are text there, whatever they say."""

from __future__ import annotations

import re

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._insight.slack import escaped
from ansible_collections.secops.fortiview.plugins.plugin_utils.filters.to_notification import to_notification
from hypothesis import given
from hypothesis import strategies as st
from unit.insight.support import MENTIONS, full_of, plain

from support.channel_formats import texts_of


def test_slack_shows_what_was_said() -> None:
    payload = to_notification(plain(), "slack")
    head, text, facts, first, second, link = payload["blocks"]
    assert payload["text"] == "Warning: 2 addresses blocked (Addresses 2, Share 82 %)"
    assert head == {
        "type": "header",
        "text": {"type": "plain_text", "text": "Warning: 2 addresses blocked", "emoji": False},
    }
    assert text["text"]["text"] == "On two FortiGates."
    assert [one["text"] for one in facts["fields"]] == ["Addresses\n2", "Share\n82 %"]
    assert first["text"]["text"] == "203.0.113.7: threats SQL.Injection, XSS, incidents 42"
    assert second["text"]["text"] == "203.0.113.9: threats Mirai.Botnet, incidents 7"
    assert link["text"]["text"] == "<https://awx.example.com/?job=42&amp;x=1|Open>"


@pytest.mark.parametrize("name", MENTIONS)
def test_slack_gets_no_markup_of_others(name: str) -> None:
    payload = to_notification(full_of(name), "slack")
    for block in payload["blocks"]:
        assert all(text["type"] == "plain_text" and text["emoji"] is False for text in texts_of(block))
    for text in [payload["text"], *(one["text"] for block in payload["blocks"] for one in texts_of(block))]:
        assert not re.search(r"[<>]|&(?!(amp|lt|gt);)", text)
    assert "@" not in payload["text"]


def test_a_text_for_slack_is_never_cut_inside_an_entity() -> None:
    for length in range(140, 160):
        head = to_notification({"title": "x" * length + "&&&&"}, "slack")["blocks"][0]["text"]["text"]
        assert len(head) <= 150 and not re.search(r"&(?!amp;)", head)


@given(st.text(st.sampled_from("a&<>\U0001f600株")), st.integers(6, 40))
def test_a_cut_text_is_no_longer_than_slack_counts(text: str, longest: int) -> None:
    found = escaped(text, longest)
    assert len(found.encode("utf-16-le")) // 2 <= longest
    assert not re.search(r"[<>]|&(?!(?:amp|lt|gt);)", found)
    whole = found.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert whole == text or (whole.endswith("…") and text.startswith(whole[:-1]))

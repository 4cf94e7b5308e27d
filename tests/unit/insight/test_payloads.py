# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Notifications in the formats of their channels: valid, within their limits, and unmoved by hostile names."""

from __future__ import annotations

import json
import re

import jsonschema
import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.secops.fortiview.plugins.plugin_utils.filters.to_notification import to_notification
from slack_sdk.errors import SlackObjectFormationError
from unit.insight.support import HOSTILE, Data, full_of, plain, strings

from support.channel_formats import TEAMS, check_slack, check_teams

CHANNELS = ("slack", "teams", "webhook", "mail")
UNSEEN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202e\u2028\ufeff\ud800-\udfff]")


def check(channel: str, payload: Data) -> None:
    if channel == "slack":
        check_slack(payload)
    elif channel == "teams":
        check_teams(payload)
    elif channel == "webhook":
        assert len(json.dumps(payload, allow_nan=False)) <= 256 * 1024
    else:
        assert set(payload) == {"subject", "text"} and len(payload["subject"]) <= 200


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize(
    "notification",
    [plain(), {"title": "x"}, plain(rows=[]), plain(rows=[{}]), plain(link="", text="", level="info"), plain(text="\n\n"),
     plain(text=["One.", "Two."]), plain(facts=[{"name": "", "value": None}]), plain(facts=[{"name": "n", "value": float("nan")}])],
)  # fmt: skip
def test_a_notification_is_a_valid_message(channel: str, notification: Data) -> None:
    check(channel, to_notification(notification, channel))


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_names_in_every_field(channel: str, name: str) -> None:
    payload = to_notification(full_of(name), channel)
    check(channel, payload)
    assert not any(UNSEEN.search(text) for text in strings(payload))


@pytest.mark.parametrize("name", ["&" * 5000, "\U0001f600" * 5000, "株" * 5000, "\u202e" * 5000, '"' * 5000])
@pytest.mark.parametrize("channel", CHANNELS)
def test_the_longest_texts_fit(channel: str, name: str) -> None:
    check(channel, to_notification(full_of(name), channel))


def test_the_checks_of_these_tests_find_what_is_wrong() -> None:
    slack = to_notification(plain(), "slack")
    long_text = {**slack, "blocks": [{**slack["blocks"][0], "text": {"type": "plain_text", "text": "x" * 151}}]}
    for wrong in (long_text, {**slack, "blocks": slack["blocks"] * 20}):
        with pytest.raises((SlackObjectFormationError, AssertionError)):
            check_slack(wrong)
    teams = to_notification(plain(), "teams")
    teams["attachments"][0]["content"]["body"].append({"type": "TextBlock", "txt": "x"})
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(teams, TEAMS)


def test_teams_shows_what_was_said() -> None:
    card = to_notification(plain(), "teams")["attachments"][0]["content"]
    container, *rest = card["body"]
    assert container["style"] == "warning"
    said = ["".join(run["text"] for run in block["inlines"]) for block in (container["items"][0], *rest)]
    assert said == [
        "Warning: 2 addresses blocked",
        "On two FortiGates.",
        "Addresses: 2",
        "Share: 82 %",
        "203.0.113.7: threats SQL.Injection, XSS, incidents 42",
        "203.0.113.9: threats Mirai.Botnet, incidents 7",
    ]
    assert card["actions"] == [
        {"type": "Action.OpenUrl", "title": "Open", "url": "https://awx.example.com/?job=42&x=1"}
    ]


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_teams_gets_names_only_where_no_markdown_is_read(name: str) -> None:
    """TextBlocks and facts of a FactSet are Markdown, a TextRun is not."""
    card = to_notification(full_of(name), "teams")["attachments"][0]["content"]
    kinds = {one for one in strings(card) if one in ("TextBlock", "FactSet", "RichTextBlock")}
    assert kinds == {"RichTextBlock"} and "actions" not in card


def test_a_webhook_gets_data() -> None:
    payload = to_notification(plain(), "webhook")
    assert payload["facts"] == [{"name": "Addresses", "value": 2}, {"name": "Share", "value": "82 %"}]
    assert payload["rows"][0] == {"address": "203.0.113.7", "threats": "SQL.Injection, XSS", "incidents": 42}
    assert (payload["level"], payload["key"], payload["rows_left_out"]) == ("warning", "run 42", 0)


def test_a_mail_is_text_and_no_markdown() -> None:
    payload = to_notification(plain(), "mail")
    assert payload["subject"] == "Warning: 2 addresses blocked (Addresses 2, Share 82 %)"
    assert payload["text"] == (
        "Warning: 2 addresses blocked\n\nOn two FortiGates.\n\nAddresses: 2\nShare: 82 %\n\n"
        "203.0.113.7: threats SQL.Injection, XSS, incidents 42\n203.0.113.9: threats Mirai.Botnet, incidents 7\n\n"
        "https://awx.example.com/?job=42&x=1\n"
    )


@pytest.mark.parametrize(("channel", "shown"), [("slack", 20), ("teams", 20), ("mail", 200), ("webhook", 450)])
def test_rows_that_are_not_shown_are_counted(channel: str, shown: int) -> None:
    rows = [{"address": f"203.0.{place // 256}.{place % 256}", "n": place} for place in range(450)]
    payload = to_notification(plain(rows=rows), channel)
    texts = " | ".join(strings(payload))
    assert len(re.findall(r"203\.0\.\d+\.\d+", texts)) == shown
    assert (f"and {450 - shown} more" in texts) == (channel != "webhook")


@pytest.mark.parametrize("channel", ["teams", "slack"])
def test_what_a_small_channel_leaves_out_is_counted(channel: str) -> None:
    rows = [{"address": "株" * 60, "threat": "株" * 200}] * 20
    facts = [{"name": str(place), "value": "株" * 300} for place in range(20)]
    payload = to_notification(plain(rows=rows, facts=facts, text="株" * 2000), channel)
    check(channel, payload)
    texts = " | ".join(strings(payload))
    assert "and 20 more" in texts and re.search(r"and \d+ more facts", texts)


def test_an_unknown_channel_is_refused() -> None:
    with pytest.raises(AnsibleFilterError, match=r"must be one of slack, teams, webhook, mail, not 'sms'"):
        to_notification(plain(), "sms")

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Renders a notification for each channel: as the body of a webhook, or as the subject and the text of a mail.

In messages for Slack and Teams, names are in elements without markup (plain_text objects and TextRuns), so that a name
cannot format text, create a link or mention a user.
"""

from __future__ import annotations

import typing as t

from .._common.errors import InvalidInput
from .notification import Notification, cell_text, fitted, is_link, read_notification, row_line
from .slack import slack_message

Payload = dict[str, t.Any]

# Maximum numbers of rows, for readability.
ROWS_OF_A_CARD, ROWS_OF_A_MAIL = 20, 200
# The limits in bytes. Slack refuses messages whose blocks have more than about 13,000 characters in total. Teams accepts
# 28 KB, including the data that its workflow adds. Receivers of webhooks usually accept 256 KB.
LARGEST_BLOCKS, LARGEST_CARD, LARGEST_BODY = 12_000, 26_000, 250_000
STYLES = {"info": "emphasis", "warning": "warning", "critical": "attention"}


def payload_of(value: object, channel: object) -> Payload:
    """Raises InvalidInput if the notification or the channel is not valid."""
    notification = read_notification(value)
    render = CHANNELS.get(str(channel))
    if render is None:
        raise InvalidInput(f"the channel must be one of {', '.join(CHANNELS)}, not {str(channel)[:60]!r}")
    return render(notification)


def teams(notification: Notification) -> Payload:
    """A message with one Adaptive Card, in the format of the workflow "Post to a channel when a webhook request is received"."""
    return fitted(notification.with_rows(ROWS_OF_A_CARD), _teams, LARGEST_CARD)


def _teams(notification: Notification) -> Payload:
    title = _runs({"text": notification.heading, "weight": "Bolder", "size": "Large"})
    body: list[Payload] = [{"type": "Container", "style": STYLES[notification.level], "bleed": True, "items": [title]}]
    body += [_runs({"text": line}) for line in notification.text.splitlines() if line]
    body += [_bold(fact.name, fact.text, "Small") for fact in notification.facts]
    body += [_bold(*row_line(row), "Default") for row in notification.rows]
    body += [_runs({"text": text, "isSubtle": True}) for text in notification.left_out]
    card: Payload = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        # The first version with RichTextBlock. Every Teams client supports this version.
        "version": "1.2",
        "msteams": {"width": "Full"},
        "body": body,
    }
    if is_link(notification.link):
        card["actions"] = [{"type": "Action.OpenUrl", "title": "Open", "url": notification.link}]
    elif notification.link:
        body.append(_runs({"text": notification.link}))
    content = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return {"type": "message", "attachments": [content]}


def _runs(*runs: Payload) -> Payload:
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", **run} for run in runs]}


def _bold(name: str, value: str, spacing: str) -> Payload:
    runs = [{"text": name, "weight": "Bolder"}, *([{"text": f": {value}"}] if value else [])]
    return {**_runs(*runs), "spacing": spacing}


def webhook(notification: Notification) -> Payload:
    return fitted(notification, _webhook, LARGEST_BODY)


def _webhook(notification: Notification) -> Payload:
    return {
        "source": "secops.fortiview",
        "title": notification.title,
        "level": notification.level,
        "text": notification.text,
        "facts": [fact._asdict() for fact in notification.facts],
        "rows": notification.rows,
        "rows_left_out": notification.more_rows,
        "facts_left_out": notification.more_facts,
        "link": notification.link or None,
        "key": notification.key or None,
    }


def mail(notification: Notification) -> Payload:
    shown = notification.with_rows(ROWS_OF_A_MAIL)
    parts = [
        shown.heading,
        shown.text,
        "\n".join(f"{fact.name}: {cell_text(fact.value)}" for fact in shown.facts),
        "\n".join(": ".join(filter(None, row_line(row))) for row in shown.rows),
        "\n".join(shown.left_out),
        shown.link,
    ]
    return {"subject": shown.subject, "text": "\n\n".join(filter(None, parts)) + "\n"}


def slack(notification: Notification) -> Payload:
    return fitted(notification.with_rows(ROWS_OF_A_CARD), slack_message, LARGEST_BLOCKS)


CHANNELS: dict[str, t.Callable[[Notification], Payload]] = {
    "slack": slack,
    "teams": teams,
    "webhook": webhook,
    "mail": mail,
}

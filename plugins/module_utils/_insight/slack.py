# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Makes a message of Slack's Block Kit from a notification, within the limits of an incoming webhook."""

from __future__ import annotations

import typing as t

from .notification import Notification, is_link, row_line

# The limits of Block Kit, in characters and entries.
HEADER, SECTION, FIELD = 150, 3000, 2000
MOST_FIELDS = 10

Block = dict[str, t.Any]


def slack_message(notification: Notification) -> dict[str, t.Any]:
    """The message. Its `text` is the preview that a phone shows."""
    blocks: list[Block] = [{"type": "header", "text": _plain(notification.heading, HEADER)}]
    if notification.text:
        blocks.append(_section(notification.text))
    facts = [_plain(f"{fact.name}\n{fact.text}", FIELD) for fact in notification.facts]
    blocks += [
        {"type": "section", "fields": facts[start : start + MOST_FIELDS]} for start in range(0, len(facts), MOST_FIELDS)
    ]
    blocks += [_section(": ".join(filter(None, row_line(row)))) for row in notification.rows]
    blocks += [_section(text) for text in notification.left_out]
    if is_link(notification.link):
        link = escaped(notification.link, SECTION)
        blocks.append({"type": "section", "text": {"type": "mrkdwn", "text": f"<{link}|Open>", "verbatim": True}})
    elif notification.link:
        blocks.append(_section(notification.link))
    # A workspace that links names could read an @ in the preview as a mention.
    preview = escaped(notification.subject, SECTION).replace("@", "\uff20")
    return {"text": preview, "mrkdwn": False, "unfurl_links": False, "unfurl_media": False, "blocks": blocks}


def escaped(text: str, longest: int) -> str:
    """The text with `&`, `<` and `>` as entities. It is cut between two characters to `longest` UTF-16 units, which Slack
    counts."""
    signs = [{"&": "&amp;", "<": "&lt;", ">": "&gt;"}.get(sign, sign) for sign in text]
    sizes = [len(sign.encode("utf-16-le")) // 2 for sign in signs]
    if sum(sizes) <= longest:
        return "".join(signs)
    room, kept = longest - 1, 0
    while sizes[kept] <= room:
        room -= sizes[kept]
        kept += 1
    return "".join(signs[:kept]) + "…"


def _plain(text: str, longest: int) -> Block:
    """Text without markup, links and mentions. Names of emoji are not replaced."""
    return {"type": "plain_text", "text": escaped(text, longest), "emoji": False}


def _section(text: str) -> Block:
    return {"type": "section", "text": _plain(text, SECTION)}

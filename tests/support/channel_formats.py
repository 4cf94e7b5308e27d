# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the channels of notifications accept, written down from their documentation.

Slack publishes no schema, but a library whose block classes check what they are made of. Of Adaptive Cards these are the elements that
a card of ours has, with all of their properties in version 1.2 (adaptivecards.io/explorer); the message around a card is the one that
"Create incoming webhooks with Workflows" in the documentation of Teams shows.
"""

from __future__ import annotations

import json
import typing as t

import jsonschema
from slack_sdk.models.blocks import Block, HeaderBlock, SectionBlock

Schema = dict[str, t.Any]
SLACK_BLOCKS = {"header": HeaderBlock, "section": SectionBlock}
MOST_BLOCKS, LONGEST_TEXT = 50, 3000
LARGEST_TEAMS = 28 * 1024

COLORS = ["default", "dark", "light", "accent", "good", "warning", "attention"]
STYLES = ["default", "emphasis", "good", "attention", "warning", "accent"]
SPACING = ["default", "none", "small", "medium", "large", "extraLarge", "padding"]


def _enum(words: t.Sequence[str]) -> Schema:
    """The values of an enum are read without regard to case."""
    return {"enum": [*words, *(word[:1].upper() + word[1:] for word in words)]}


def _object(required: t.Sequence[str], **properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


BOOL, TEXT = {"type": "boolean"}, {"type": "string"}
ELEMENT: Schema = {
    "id": TEXT,
    "spacing": _enum(SPACING),
    "separator": BOOL,
    "isVisible": BOOL,
    "height": _enum(["auto", "stretch"]),
}
TEXT_RUN = _object(
    ["type", "text"],
    type={"const": "TextRun"},
    text=TEXT,
    color=_enum(COLORS),
    fontType=_enum(["default", "monospace"]),
    highlight=BOOL,
    isSubtle=BOOL,
    italic=BOOL,
    size=_enum(["default", "small", "medium", "large", "extraLarge"]),
    strikethrough=BOOL,
    weight=_enum(["default", "lighter", "bolder"]),
)
RICH_TEXT_BLOCK = _object(
    ["type", "inlines"],
    **ELEMENT,
    type={"const": "RichTextBlock"},
    inlines={"type": "array", "minItems": 1, "items": TEXT_RUN},
    horizontalAlignment=_enum(["left", "center", "right"]),
)
CONTAINER = _object(
    ["type", "items"],
    **ELEMENT,
    type={"const": "Container"},
    items={"type": "array", "items": RICH_TEXT_BLOCK},
    style=_enum(STYLES),
    bleed=BOOL,
    minHeight=TEXT,
    verticalContentAlignment=_enum(["top", "center", "bottom"]),
)
OPEN_URL = _object(
    ["type", "url"], type={"const": "Action.OpenUrl"}, title=TEXT, url={"type": "string", "pattern": "^https?://"}
)
CARD = _object(
    ["type", "version", "body"],
    **{"$schema": {"const": "http://adaptivecards.io/schemas/adaptive-card.json"}},
    type={"const": "AdaptiveCard"},
    version={"const": "1.2"},
    body={"type": "array", "items": {"anyOf": [RICH_TEXT_BLOCK, CONTAINER]}},
    actions={"type": "array", "items": OPEN_URL},
    # Of Teams.
    msteams=_object([], width={"const": "Full"}),
)
TEAMS = _object(
    ["type", "attachments"],
    type={"const": "message"},
    attachments={
        "type": "array",
        "minItems": 1,
        "items": _object(
            ["contentType", "content"],
            contentType={"const": "application/vnd.microsoft.card.adaptive"},
            contentUrl={"type": "null"},
            content=CARD,
        ),
    },
)


def check_slack(payload: t.Mapping[str, t.Any]) -> None:
    """Raises where Slack would refuse the message."""
    assert set(payload) <= {"text", "mrkdwn", "unfurl_links", "unfurl_media", "blocks"}
    assert payload["text"] and len(payload["blocks"]) <= MOST_BLOCKS
    for block in payload["blocks"]:
        made = SLACK_BLOCKS[block["type"]](**{key: value for key, value in block.items() if key != "type"})
        made.validate_json()
        # Nothing in it was unknown to the library, and so dropped.
        assert made.to_dict() == Block.parse(block).to_dict() == block  # type: ignore[union-attr]
        for text in texts_of(block):
            assert (
                1 <= len(text["text"].encode("utf-16-le")) // 2 <= (2000 if text in block.get("fields", ()) else 3000)
            )
            assert text["type"] == "plain_text" or text["verbatim"] is True


def texts_of(block: t.Mapping[str, t.Any]) -> list[dict[str, t.Any]]:
    return [*([block["text"]] if "text" in block else []), *block.get("fields", ())]


def check_teams(payload: t.Mapping[str, t.Any]) -> None:
    jsonschema.validate(payload, TEAMS)
    assert len(json.dumps(payload)) <= LARGEST_TEAMS

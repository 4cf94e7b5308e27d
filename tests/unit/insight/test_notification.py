# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a notification may be, and which text in it is a link."""

from __future__ import annotations

import re
import typing as t

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.secops.fortiview.plugins.module_utils._insight.notification import is_link
from ansible_collections.secops.fortiview.plugins.plugin_utils.filters.to_notification import to_notification
from unit.insight.support import plain


@pytest.mark.parametrize(
    ("link", "opens"),
    [
        ("https://awx.example.com/#/jobs/42", True),
        ("http://awx/jobs", True),
        ("javascript:alert(1)", False),
        ("https://", False),
        ("https://a b", False),
        ("https://a|b", False),
        ("https://a/>x", False),
        ("https://[", False),
        ("https://a/" + "x" * 600, False),
        ("https://ex\u0430mple.com", False),
        ("file:///etc/passwd", False),
        ("see the wiki", False),
    ],
)
def test_only_a_url_becomes_a_link(link: str, opens: bool) -> None:
    assert is_link(link) is opens
    slack = to_notification(plain(link=link), "slack")["blocks"][-1]["text"]
    assert (slack["type"] == "mrkdwn") is opens
    assert ("actions" in to_notification(plain(link=link), "teams")["attachments"][0]["content"]) is opens


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({}, "has no title: set title"),
        ("x", "must be a dictionary"),
        ({"title": " "}, "has no title: set title"),
        ({"title": "x", "level": "urgent"}, "must be one of info, warning, critical, not 'urgent'"),
        ({"title": "x", "fact": []}, "fact is not a key of the notification. Did you mean facts"),
        ({"title": "x", "rows": "abc"}, "rows of the notification must be a list of dictionaries"),
        ({"title": "x", "rows": ["abc"]}, "rows of the notification must be a list of dictionaries"),
        ({"title": "x", "facts": [{"label": "x"}]}, "label is not a key of a fact"),
    ],
)
def test_what_is_no_notification_is_refused(wrong: t.Any, said: str) -> None:
    with pytest.raises(AnsibleFilterError, match=re.escape(said)):
        to_notification(wrong, "slack")

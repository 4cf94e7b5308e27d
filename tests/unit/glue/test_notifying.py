# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sending: once more where that may help, without secrets in what is said, and never an error for a receiver."""

from __future__ import annotations

import importlib
import threading
import typing as t

import pytest
import yaml
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.secops.fortiview.plugins.module_utils._glue import notifying
from ansible_collections.secops.fortiview.plugins.module_utils._glue.notifying import channel_problems, notify
from ansible_collections.secops.fortiview.plugins.module_utils._glue.posting import NotDelivered
from unit.documentation.test_fragments import assert_equal
from unit.glue.support import SAID, only, sent, webhook

from support.certificates import Authority, Issued
from support.receivers import Webhooks

Data = dict[str, t.Any]
pytestmark = pytest.mark.usefixtures("no_proxy")


def test_one_that_fails_stops_no_other(issued: Issued, authority: Authority) -> None:
    with Webhooks(issued, (500, "")) as broken, Webhooks(issued) as fine:
        result = sent(webhook(broken, authority), webhook(fine, authority, "slack"))
    assert [one["sent"] for one in result["notifications"]] == [False, True] and result["changed"] is True
    assert result["ansible_facts"] == {"fortiview_notifications": result["notifications"]}


def test_check_mode_sends_nothing(issued: Issued, authority: Authority) -> None:
    with Webhooks(issued) as receiver:
        result = sent(webhook(receiver, authority), check_mode=True)
    assert receiver.posted == [] and result["changed"] is True and result["warnings"] == []
    assert only(result)["msg"] == "not sent in check mode"


def test_a_receiver_that_never_ends_its_answer_has_a_deadline() -> None:
    ended = threading.Event()

    def drip() -> None:
        ended.wait(30)

    attempt = notifying._attempt(drip, 0.2)
    ended.set()
    assert (
        attempt is not None
        and str(attempt).startswith("no reply within 0.2 seconds. Check ")
        and attempt.again is False
    )


def test_a_defect_is_an_outcome_too() -> None:
    def broken(*dummy: object) -> None:
        raise KeyError("https://hooks.example.com/sEcReT")

    def refused(*dummy: object) -> None:
        raise NotDelivered("no", again=True, pause=5)

    result = sent({"channel": "webhook", "url": "https://x/"}, senders={"webhook": broken})
    assert only(result)["msg"].startswith("KeyError in the collection") and "sEcReT" not in str(result)
    assert sent({"channel": "webhook", "url": "https://x/"}, senders={"webhook": refused})["pauses"] == [5]


MAIL = {"channel": "mail", "server": "smtp", "from": "a@b.example", "to": ["c@d.example"]}


@pytest.mark.parametrize(
    ("channels", "said"),
    [
        ([{"channel": "slak", "url": "https://x"}], "must be one of slack, teams, webhook, mail, not 'slak'"),
        ([{"url": "https://x"}], "entry 1: channel is missing"),
        ([{"channel": "slack"}], "entry 1: channel slack needs url"),
        ([{"channel": "slack", "urls": "https://sEcReT"}], "urls is not an option. Did you mean url"),
        ("https://hooks.example.com/sEcReT", "notify_channels must be a list of dictionaries"),
        (["https://hooks.example.com/sEcReT"], "notify_channels must be a list of dictionaries"),
        ([{"channel": "webhook", "url": "https://x", "headers": "A: sEcReT"}], "headers must be a dictionary"),
        ([{"channel": "slack", "url": "http://x/sEcReT"}], "url must begin with https://"),
        ([{"channel": "slack", "url": "https:///sEcReT"}], "url must begin with https://"),
        ([{"channel": "slack", "url": "https://x/\nsEcReT"}], "url must begin with https://"),
        ([{"channel": "slack", "url": "https://[sEcReT"}], "url must begin with https://"),
        ([{"channel": "slack", "url": ["sEcReT"]}], "url must be text"),
        ([{"channel": "slack", "url": "https://x", "to": ["a@b.example"]}], "channel slack does not support to"),
        ([{"channel": "webhook", "url": "https://x", "headers": {"A": "b\r\nC: sEcReT"}}], "headers must contain only printable characters"),
        ([{"channel": "mail", "url": "https://x"}], "channel mail needs to"),
        ([{**MAIL, "to": ["no address"]}], "to 'no address' is not a mail address"),
        ([{**MAIL, "from": "x"}], "from 'x' is not a mail address"),
        ([{**MAIL, "username": "a"}], "username and password must be set together"),
        ([{**MAIL, "username": "a", "password": "sEcReT", "encryption": "none"}], "not sent without encryption"),
        ([{**MAIL, "port": "smtp"}], "port must be a whole number"),
        ("slack", "must be a list of dictionaries"),
        ([MAIL, {"channel": "teams"}], "entry 2: channel teams needs url"),
    ],
)  # fmt: skip
def test_channels_that_cannot_be_meant_are_refused_before_anything_is_sent(channels: t.Any, said: str) -> None:
    problems = channel_problems(channels, "notify_channels")
    assert said in "; ".join(problems) and "sEcReT" not in str(problems)
    assert all(problem.startswith("notify_channels") for problem in problems)
    with pytest.raises(InvalidInput):
        notify({"notification": SAID, "channels": channels, "attachments": []}, False, senders={})


def test_channels_may_be_text() -> None:
    assert channel_problems('[{"channel": "slack", "url": "https://x/"}]') == []
    assert channel_problems("") == channel_problems(None) == channel_problems([]) == []


def test_the_documentation_of_the_module_is_its_spec() -> None:
    module = importlib.import_module("ansible_collections.secops.fortiview.plugins.modules.send_notification")
    assert_equal(notifying.arguments(), yaml.safe_load(module.DOCUMENTATION)["options"])

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One POST of a notification: what a status says of another try, and no secret in what is said."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._glue.posting import LONGEST_QUOTE, quoted, secrets_of
from unit.glue.support import SECRET, only, sent, webhook

from support.certificates import Authority, Issued
from support.receivers import HOST, Webhooks
from support.servers import refused_port

pytestmark = pytest.mark.usefixtures("no_proxy")


def test_a_webhook_gets_the_message_once(issued: Issued, authority: Authority) -> None:
    with Webhooks(issued) as receiver:
        result = sent(webhook(receiver, authority, headers={"Authorization": "Bearer t0ken-of-the-test"}))
    assert only(result) == {"channel": "webhook", "to": HOST, "sent": True, "attempts": 1, "msg": ""}
    assert result["changed"] is True and result["warnings"] == [] and result["pauses"] == []
    (posted,) = receiver.posted
    assert posted.path == SECRET and posted.headers["Authorization"] == "Bearer t0ken-of-the-test"
    assert posted.headers["Content-Type"] == "application/json" and posted.body["key"] == "run 42"


@pytest.mark.parametrize("status", [500, 502, 503, 429, 408])
def test_what_may_pass_is_tried_once_more(status: int, issued: Issued, authority: Authority) -> None:
    with Webhooks(issued, (status, "busy"), (200, "ok")) as receiver:
        assert only(sent(webhook(receiver, authority)))["attempts"] == 2
    with Webhooks(issued, (status, "busy")) as receiver:
        result = sent(webhook(receiver, authority))
    assert len(receiver.posted) == 2 and only(result)["sent"] is False and result["changed"] is False
    assert result["pauses"] == [2.0]
    assert result["warnings"] == [
        f"The notification was not delivered to webhook ({HOST}): HTTP {status}: busy. The notification was tried 2 times."
    ]


@pytest.mark.parametrize(
    ("status", "text", "advice"),
    [
        (404, "no_service", "cannot find this URL"),
        (400, "invalid_blocks", "does not accept this format"),
        (403, "action_prohibited", "was not revoked"),
        (302, "", "The URL redirects"),
        (418, "teapot", "HTTP 418: teapot."),
    ],
)
def test_what_stays_is_not_tried_again(
    status: int, text: str, advice: str, issued: Issued, authority: Authority
) -> None:
    with Webhooks(issued, (status, text)) as receiver:
        receiver.headers["Location"] = f"https://{HOST}:1/"
        result = sent(webhook(receiver, authority))
    assert len(receiver.posted) == 1 and advice in only(result)["msg"]


def test_a_receiver_says_how_long_to_wait(issued: Issued, authority: Authority) -> None:
    for asked, pause in (("7", 7.0), ("3600", 30.0), ("Wed, 21 Oct 2026 07:28:00 GMT", 2.0), ("²", 2.0)):
        with Webhooks(issued, (429, ""), (200, "ok")) as receiver:
            receiver.headers["Retry-After"] = asked.encode().decode("latin-1")
            assert sent(webhook(receiver, authority))["pauses"] == [pause]


def test_slack_is_believed_only_where_it_says_ok(issued: Issued, authority: Authority) -> None:
    with Webhooks(issued, (200, "<html>Sign in</html>")) as receiver:
        outcome = only(sent(webhook(receiver, authority, "slack")))
    assert outcome["sent"] is False and 'instead of "ok"' in outcome["msg"] and outcome["attempts"] == 1
    with Webhooks(issued, (200, "ok")) as receiver:
        assert only(sent(webhook(receiver, authority, "slack")))["sent"] is True
    with Webhooks(issued, (202, "")) as receiver:
        assert only(sent(webhook(receiver, authority, "teams")))["sent"] is True


@pytest.mark.parametrize(
    "echo",
    [
        "Cannot POST {path}",
        "no such webhook: sEcReTsEcReTsEcReT",
        "x" * 190 + "{path}",
        'bad header "Bearer t0ken-of-the-test"',
        "t0ken-of-the-test has expired",
        "{path}".replace("/", "%2F"),
    ],
)
def test_no_secret_is_repeated(echo: str, issued: Issued, authority: Authority) -> None:
    with Webhooks(issued, (404, echo)) as receiver:
        result = sent(webhook(receiver, authority, headers={"Authorization": "Bearer t0ken-of-the-test"}))
    assert not re.search("sEcReT|t0ken|T00000000", str(result))


def test_receivers_that_cannot_be_reached(issued: Issued, authority: Authority, tmp_path: Path) -> None:
    gone = {"channel": "webhook", "url": f"https://{HOST}:{refused_port()}{SECRET}"}
    outcome = only(sent(gone))
    assert outcome["attempts"] == 2 and "refused" in outcome["msg"] and "sEcReT" not in outcome["msg"]
    with Webhooks(issued) as receiver:
        untrusted = only(sent({"channel": "webhook", "url": receiver.url(SECRET)}))
        assert (
            untrusted["attempts"] == 1
            and "certificate" in untrusted["msg"].lower()
            and "sEcReT" not in untrusted["msg"]
        )
        assert only(sent({"channel": "webhook", "url": receiver.url("/"), "validate_certs": False}))["sent"] is True
        missing = only(sent(webhook(receiver, authority, ca_path=str(tmp_path / "none.pem"))))
    assert missing["msg"].startswith("ca_path ") and len(receiver.posted) == 1


def test_every_part_that_may_be_a_token_is_a_secret_and_the_longest_is_blanked_first() -> None:
    url = "https://user:p4ssw0rd@hooks.example.com/in/T0ken%2Bof-8?sig=s1gnature&v=1"
    channel = {
        "url": url,
        "headers": {"Authorization": "Bearer b34rer-token", "X-Ab": "ab"},
        "password": "m4il-password",
    }
    found = secrets_of(channel)
    assert found == sorted(found, key=len, reverse=True) and found[0] == url
    for secret in ("p4ssw0rd", "T0ken%2Bof-8", "s1gnature", "b34rer-token", "m4il-password", "Bearer b34rer-token"):
        assert secret in found
    assert "T0ken+of-8" in quoted("no /in/T0ken+of-8", {}) and "T0ken" not in quoted(
        "no /in/T0ken+of-8?sig=s1gnature&v=1", channel
    )
    # Ordinary text of a path would blank ordinary text of an answer.
    assert "in" not in found and "v" not in found and secrets_of({}) == []


def test_an_answer_is_quoted_in_one_line_and_a_secret_is_blanked_before_it_is_cut() -> None:
    channel = {"url": "https://hooks.example.com/sEcReTsEcReT"}
    assert quoted("no\r\nsuch\x1b[2J hook.", channel) == "no such [2J hook"
    said = quoted("x" * (LONGEST_QUOTE - 8) + "sEcReTsEcReT is unknown", channel)
    assert "sEcReT" not in said and len(said) <= LONGEST_QUOTE + 1

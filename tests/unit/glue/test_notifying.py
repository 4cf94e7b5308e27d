# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sending: once more where that may help, without secrets in what is said, and never an error for a receiver."""

from __future__ import annotations

import importlib
import re
import threading
import typing as t
from pathlib import Path

import pytest
import yaml
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.secops.fortiview.plugins.module_utils._glue import notifying
from ansible_collections.secops.fortiview.plugins.module_utils._glue.notifying import channel_problems, notify
from ansible_collections.secops.fortiview.plugins.module_utils._glue.posting import NotDelivered
from unit.documentation.test_fragments import assert_equal

from support.certificates import Authority, Issued
from support.receivers import HOST, MailServer, Webhooks
from support.servers import refused_port

SECRET = "/services/T00000000/B00000000/sEcReTsEcReTsEcReT"
SAID = {"title": "2 addresses blocked", "facts": [{"name": "Addresses", "value": 2}], "key": "run 42"}
Data = dict[str, t.Any]


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"), "receivers")


@pytest.fixture(scope="module")
def issued(authority: Authority) -> Issued:
    return authority.issue("receiver")


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", HOST)


def sent(*channels: Data, check_mode: bool = False, attachments: t.Sequence[str] = (), **more: t.Any) -> Data:
    """The result, and the pauses in it."""
    pauses: list[float] = []
    params = {"notification": SAID, "channels": list(channels), "attachments": list(attachments)}
    return {**notify(params, check_mode, sleep=pauses.append, **more), "pauses": pauses}


def webhook(receiver: Webhooks, authority: Authority, channel: str = "webhook", **more: t.Any) -> Data:
    return {"channel": channel, "url": receiver.url(SECRET), "ca_path": str(authority.path), **more}


def mailbox(server: MailServer, authority: Authority, **more: t.Any) -> Data:
    return {
        "channel": "mail",
        "server": HOST,
        "port": server.port,
        "from": "soc@example.com",
        "to": ["ciso@example.com"],
        "ca_path": str(authority.path),
        **more,
    }


def only(result: Data) -> Data:
    (outcome,) = result["notifications"]
    return dict(outcome)


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
        f"The notification was not delivered to webhook ({HOST}): HTTP {status}: busy. (tried 2 times)"
    ]


@pytest.mark.parametrize(
    ("status", "text", "advice"),
    [
        (404, "no_service", "does not know this URL"),
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
    assert outcome["sent"] is False and 'not "ok"' in outcome["msg"] and outcome["attempts"] == 1
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
    assert attempt is not None and str(attempt) == "no answer within 0.2 seconds" and attempt.again is False


def test_a_defect_is_an_outcome_too() -> None:
    def broken(*dummy: object) -> None:
        raise KeyError("https://hooks.example.com/sEcReT")

    def refused(*dummy: object) -> None:
        raise NotDelivered("no", again=True, pause=5)

    result = sent({"channel": "webhook", "url": "https://x/"}, senders={"webhook": broken})
    assert only(result)["msg"].startswith("KeyError in the collection") and "sEcReT" not in str(result)
    assert sent({"channel": "webhook", "url": "https://x/"}, senders={"webhook": refused})["pauses"] == [5]


def test_mail_over_starttls_with_a_login(issued: Issued, authority: Authority, tmp_path: Path) -> None:
    (tmp_path / "report.pdf").write_bytes(b"%PDF-1.7 \xff")
    with MailServer(issued) as server:
        login = {"username": "soc", "password": "pass of soc"}
        result = sent(mailbox(server, authority, **login), attachments=[str(tmp_path / "report.pdf")])
    assert only(result) == {"channel": "mail", "to": "ciso@example.com", "sent": True, "attempts": 1, "msg": ""}
    (mailed,) = server.mailed
    assert mailed.secret and mailed.login == ("soc", "pass of soc") and mailed.recipients == ["ciso@example.com"]
    body, attachment = mailed.message.iter_parts()
    assert mailed.message["Subject"] == "2 addresses blocked (Addresses 2)" and mailed.message["Date"]
    assert mailed.message["Message-ID"].endswith("@example.com>") and mailed.message["References"]
    assert body.get_content().replace("\r\n", "\n") == "2 addresses blocked\n\nAddresses: 2\n"  # type: ignore[attr-defined]
    assert attachment.get_filename() == "report.pdf"
    assert attachment.get_content() == b"%PDF-1.7 \xff"  # type: ignore[attr-defined]


def test_mails_about_one_thing_are_one_thread(issued: Issued, authority: Authority) -> None:
    with MailServer(issued) as server:
        sent(mailbox(server, authority)), sent(mailbox(server, authority))
    first, second = (one.message for one in server.mailed)
    assert first["References"] == second["References"] and first["Message-ID"] != second["Message-ID"]


def test_an_attachment_that_is_missing_or_too_large_is_named(
    issued: Issued, authority: Authority, tmp_path: Path
) -> None:
    large = tmp_path / "large.pdf"
    large.write_bytes(b"x" * 10_000_001)
    with MailServer(issued) as server:
        result = sent(mailbox(server, authority), attachments=[str(tmp_path / "report.pdf"), str(large)])
    text = server.mailed[0].message.get_content()
    assert "report.pdf is not attached: No such file" in text and "large.pdf is not attached: it is too large" in text
    assert only(result)["sent"] is True


def test_mail_is_tried_once_more_for_a_passing_refusal(issued: Issued, authority: Authority) -> None:
    for answer, attempts in (("451 greylisted", 2), ("554 no", 1)):
        with MailServer(issued, answer) as server:
            outcome = only(sent(mailbox(server, authority)))
        assert (outcome["attempts"], server.attempts, outcome["sent"]) == (attempts, attempts, False)
        assert f"the server answered {answer[:3]}: {answer[4:]}" in outcome["msg"]
    with MailServer(issued, "451 greylisted", "250 taken") as server:
        assert only(sent(mailbox(server, authority)))["sent"] is True and len(server.mailed) == 1


def test_recipients_that_are_refused_are_named(issued: Issued, authority: Authority) -> None:
    with MailServer(issued) as server:
        server.refused["gone@example.com"] = "550 no such user"
        both = only(sent(mailbox(server, authority, to=["ciso@example.com", "gone@example.com"])))
        none = only(sent(mailbox(server, authority, to=["gone@example.com"])))
    assert both["msg"] == "the server refused 1 of 2 recipients: gone@example.com: 550 no such user."
    assert none["attempts"] == 1 and none["sent"] is False and server.mailed[0].recipients == ["ciso@example.com"]


def test_no_password_is_sent_or_said_in_clear(issued: Issued, authority: Authority) -> None:
    login = {"username": "soc", "password": "wrong-password"}
    with MailServer(issued) as server:
        outcome = only(sent(mailbox(server, authority, **login)))
    assert "535" in outcome["msg"] and "wrong-password" not in outcome["msg"] and outcome["attempts"] == 1
    with MailServer(issued, starttls=False) as server:
        outcome = only(sent(mailbox(server, authority, **login)))
        assert server.mailed == [] and "encryption" in outcome["msg"]
        assert only(sent(mailbox(server, authority, encryption="none")))["sent"] is True
    assert server.mailed[0].secret is False


def test_a_mail_server_that_is_not_trusted_gets_nothing(issued: Issued, authority: Authority, tmp_path: Path) -> None:
    other = Authority(tmp_path, "other")
    with MailServer(issued) as server:
        outcome = only(sent(mailbox(server, other)))
        assert server.mailed == [] and "ca_path" in outcome["msg"] and outcome["attempts"] == 1
        assert only(sent(mailbox(server, other, validate_certs=False)))["sent"] is True


def test_a_mail_server_that_is_off(authority: Authority) -> None:
    channel = {"channel": "mail", "server": HOST, "port": refused_port(), "from": "a@b.example", "to": ["c@d.example"]}
    outcome = only(sent(channel))
    assert outcome["attempts"] == 2 and "Check server, port and encryption" in outcome["msg"]


def test_a_server_that_says_no_farewell_gets_the_mail_once(issued: Issued, authority: Authority) -> None:
    with MailServer(issued) as server:
        server.farewell = "421 out of here"
        outcome = only(sent(mailbox(server, authority)))
    assert outcome["sent"] is True and server.attempts == 1


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
        ([{"channel": "slack", "url": "https://x", "to": ["a@b.example"]}], "channel slack has no to"),
        ([{"channel": "webhook", "url": "https://x", "headers": {"A": "b\r\nC: sEcReT"}}], "headers must be text"),
        ([{"channel": "mail", "url": "https://x"}], "channel mail needs to"),
        ([{**MAIL, "to": ["no address"]}], "to 'no address' is no mail address"),
        ([{**MAIL, "from": "x"}], "from 'x' is no mail address"),
        ([{**MAIL, "username": "a"}], "username and password belong together"),
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

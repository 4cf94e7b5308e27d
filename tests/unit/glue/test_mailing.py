# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Mail over SMTP: encrypted unless it is asked for otherwise, sent once, and nothing that is missing is silent."""

from __future__ import annotations

from pathlib import Path

import pytest
from unit.glue.support import mailbox, only, sent

from support.certificates import Authority, Issued
from support.receivers import HOST, MailServer
from support.servers import refused_port

pytestmark = pytest.mark.usefixtures("no_proxy")


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
    assert (
        f"report.pdf is not attached, because {tmp_path / 'report.pdf'} cannot be read: No such file" in text
        and "large.pdf is not attached: the attachments would be too large" in text
    )
    assert only(result)["sent"] is True


def test_mail_is_tried_once_more_for_a_passing_refusal(issued: Issued, authority: Authority) -> None:
    for answer, attempts in (("451 greylisted", 2), ("554 no", 1)):
        with MailServer(issued, answer) as server:
            outcome = only(sent(mailbox(server, authority)))
        assert (outcome["attempts"], server.attempts, outcome["sent"]) == (attempts, attempts, False)
        assert f"the server replied {answer[:3]}: {answer[4:]}" in outcome["msg"]
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

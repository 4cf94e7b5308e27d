# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Mail messages: whatever a name holds, it adds no header and no recipient."""

from __future__ import annotations

import email
import email.policy
import re

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.secops.fortiview.plugins.module_utils._insight.mail import (
    Attachment,
    address_problem,
    mail_message,
)
from ansible_collections.secops.fortiview.plugins.module_utils._insight.notification import read_notification
from unit.insight.support import HOSTILE, full_of, plain


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_no_name_becomes_a_header_of_a_mail(name: str) -> None:
    attachments = [Attachment(f"{name[:50]}.pdf", b"%PDF")]
    read = read_notification(full_of(name))
    message = mail_message(read, "soc@example.com", ["a@example.com"], attachments, {"Date": "x"})
    raw = message.as_bytes()
    assert raw.isascii() and max(map(len, raw.splitlines())) <= 998
    assert sorted(message.keys()) == sorted(
        ["From", "To", "Subject", "Auto-Submitted", "Importance", "Date", "Content-Type", "MIME-Version"]
    )
    head = raw.partition(b"\r\n\r\n")[0]
    assert re.findall(rb"(?mi)^(?:bcc|cc|to):.*", head) == [b"To: a@example.com\r"]


@pytest.mark.parametrize(
    "wrong",
    [
        "-oQ/tmp@example.com",
        "a@b c@d",
        "a",
        "a@example.com, b@example.com",
        "a@example.com\nBcc: b@example.com",
        "a@-b",
        "",
    ],
)
def test_what_is_no_address_gets_no_mail(wrong: str) -> None:
    read = read_notification(plain())
    with pytest.raises(InvalidInput, match="not a mail address"):
        mail_message(read, "soc@example.com", [wrong], [], {})
    with pytest.raises(InvalidInput, match="not a mail address"):
        mail_message(read, wrong, ["soc@example.com"], [], {})


@pytest.mark.parametrize(
    "address", ["soc@example.com", "a.b+c=d%e/f@xn--strae-oqa.example", "A_1@localhost", "x@a-b.c"]
)
def test_addresses(address: str) -> None:
    assert address_problem("to", address) == ""


@pytest.mark.parametrize(
    "address", [None, 7, "a@example.com ", "<a@example.com>", "A <a@example.com>", "a@.com", "a@b.", "ä@b.com"]
)
def test_what_is_no_address_is_named_with_its_option(address: object) -> None:
    assert address_problem("to", address).startswith(f"to {str(address)!r} is not a mail address")


def test_a_message_comes_back_as_it_was_meant() -> None:
    files = [Attachment("report.pdf", b"%PDF"), Attachment("März\n.csv", b"a;b"), Attachment("blob", b"\x00")]
    raw = mail_message(
        read_notification(plain(text="Größe\n.\nEnde")), "soc@example.com", ["a@b.c", "d@e.f"], files, {}
    )
    message = email.message_from_bytes(raw.as_bytes(), policy=email.policy.default)
    assert message["To"] == "a@b.c, d@e.f" and message["Auto-Submitted"] == "auto-generated"
    assert message["Importance"] is None
    _whole, body, pdf, table, blob = message.walk()
    assert "Größe\n.\nEnde" in body.get_content().replace("\r\n", "\n")
    assert [one.get_content_type() for one in (pdf, table, blob)] == [
        "application/pdf",
        "text/csv",
        "application/octet-stream",
    ]
    assert table.get_filename() == "März[U+000A].csv" and pdf.get_content() == b"%PDF"

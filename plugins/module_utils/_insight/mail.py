# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Makes a mail message from a notification."""

from __future__ import annotations

import email.policy
import re
import typing as t
from email.message import EmailMessage

from .._common.errors import InvalidInput
from .notification import Notification, one_line
from .payloads import mail

# A mail address. The pattern excludes blanks, line ends and lists of addresses.
ADDRESS = re.compile(r"[A-Za-z0-9_.+=%/][A-Za-z0-9_.+=%/-]*@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
TYPES = {
    "pdf": ("application", "pdf"),
    "html": ("text", "html"),
    "csv": ("text", "csv"),
    "json": ("application", "json"),
}


class Attachment(t.NamedTuple):
    name: str
    content: bytes


def address_problem(option: str, value: object) -> str:
    """The reason why `value` is not a mail address. Empty if it is a mail address."""
    return (
        ""
        if ADDRESS.fullmatch(str(value))
        else f"{option} {str(value)[:60]!r} is not a mail address such as soc@example.com"
    )


def mail_message(
    notification: Notification,
    sender: str,
    recipients: t.Sequence[str],
    attachments: t.Sequence[Attachment],
    headers: t.Mapping[str, str],
) -> EmailMessage:
    """`headers` are the headers whose values depend on the time and the host. Raises InvalidInput if an address is not
    valid."""
    problems = [address_problem("the address", address) for address in (sender, *recipients)]
    if any(problems):
        raise InvalidInput(next(filter(None, problems)))
    content = mail(notification)
    message = EmailMessage(policy=email.policy.SMTP)
    message["From"], message["To"], message["Subject"] = sender, ", ".join(recipients), content["subject"]
    # The header Auto-Submitted suppresses out-of-office replies.
    message["Auto-Submitted"] = "auto-generated"
    if notification.level == "critical":
        message["Importance"] = "high"
    for name, value in headers.items():
        message[name] = value
    message.set_content(content["text"], cte="quoted-printable")
    for one in attachments:
        kind, subtype = TYPES.get(one.name.rpartition(".")[2].lower(), ("application", "octet-stream"))
        message.add_attachment(one.content, maintype=kind, subtype=subtype, filename=one_line(one.name, 100))
    return message

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sends one mail over SMTP."""

from __future__ import annotations

import contextlib
import email.utils
import hashlib
import pathlib
import smtplib
import ssl
import typing as t

from .._common.naming import counted
from .._insight.mail import Attachment, mail_message
from .._insight.notification import read_notification
from .posting import PATIENCE, NotDelivered, quoted

PORTS = {"starttls": 587, "tls": 465, "none": 25}
LARGEST_ATTACHMENTS = 10_000_000  # bytes; most servers refuse a message of more than 10 to 25 MB


def mail(channel: t.Mapping[str, t.Any], notification: object, paths: t.Sequence[str] = ()) -> None:
    """Send the notification as a mail. Raises NotDelivered."""
    sender, recipients = str(channel["from"]), [str(one) for one in channel["to"]]
    read = read_notification(notification)
    attachments, gone = _attachments(paths)
    if gone:
        read = read._replace(text="\n".join(filter(None, [read.text, *gone])))
    host = sender.rpartition("@")[2]
    headers = {"Date": email.utils.formatdate(), "Message-ID": email.utils.make_msgid(domain=host)}
    if read.key:
        # Mail programs show messages with the same reference as one thread.
        headers["References"] = f"<{hashlib.sha256(read.key.encode()).hexdigest()[:32]}@{host}>"
    message = mail_message(read, sender, recipients, attachments, headers)
    try:
        smtp = _connected(channel)
        try:
            refused = smtp.send_message(message, sender, recipients)
        finally:
            # The server has already accepted or refused the message, so an error of QUIT must not cause a second
            # attempt.
            with contextlib.suppress(OSError, smtplib.SMTPException):
                smtp.quit()
    except smtplib.SMTPRecipientsRefused as error:
        raise _refused(error.recipients, channel) from None
    except smtplib.SMTPResponseException as error:
        said = f"the server replied {error.smtp_code}: {_text(error.smtp_error, channel)}"
        raise NotDelivered(f"{said}.", 400 <= error.smtp_code < 500) from None
    except smtplib.SMTPNotSupportedError as error:
        raise NotDelivered(f"{quoted(error, channel)}. Check encryption and username.", again=False) from None
    except ssl.SSLError as error:
        raise NotDelivered(f"{quoted(error, channel)}. Check ca_path, encryption and port.", again=False) from None
    except (OSError, smtplib.SMTPException) as error:
        raise NotDelivered(f"{quoted(error, channel)}. Check server, port and encryption.", again=True) from None
    if refused:
        raise _refused(refused, channel)


def _connected(channel: t.Mapping[str, t.Any]) -> smtplib.SMTP:
    encryption = str(channel.get("encryption") or "starttls")
    port = int(channel.get("port") or PORTS[encryption])
    context = ssl.create_default_context(cafile=channel.get("ca_path"))
    if channel.get("validate_certs") is False:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    server = str(channel["server"])
    if encryption == "tls":
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(server, port, timeout=PATIENCE, context=context)
    else:
        smtp = smtplib.SMTP(server, port, timeout=PATIENCE)
    try:
        if encryption == "starttls":
            smtp.starttls(context=context)
        if channel.get("username"):
            smtp.login(str(channel["username"]), str(channel.get("password") or ""))
    except BaseException:
        smtp.close()
        raise
    return smtp


def _attachments(paths: t.Sequence[str]) -> tuple[list[Attachment], list[str]]:
    """The attachments that can be sent, and a sentence for each file that is not attached."""
    found, gone, size = [], [], 0
    for path in map(pathlib.Path, paths):
        try:
            content = path.read_bytes()
        except OSError as error:
            gone.append(f"{path.name} is not attached, because {path} cannot be read: {error.strerror}.")
            continue
        if size + len(content) > LARGEST_ATTACHMENTS:
            gone.append(
                f"{path.name} is not attached: the attachments would be too large for a mail. The file is on the machine that sent this mail: {path}."
            )
            continue
        size += len(content)
        found.append(Attachment(path.name, content))
    return found, gone


def _refused(replies: t.Mapping[str, t.Any], channel: t.Mapping[str, t.Any]) -> NotDelivered:
    said = "; ".join(f"{address}: {code} {_text(text, channel)}" for address, (code, text) in replies.items())
    temporary = all(400 <= code < 500 for code, _said in replies.values()) and len(replies) == len(channel["to"])
    return NotDelivered(
        f"the server refused {len(replies)} of {counted(len(channel['to']), 'recipient')}: {said}.", temporary
    )


def _text(said: object, channel: t.Mapping[str, t.Any]) -> str:
    return quoted(said.decode("utf-8", "replace") if isinstance(said, bytes) else said, channel)

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter secops.fortiview.report_message; documented in report_message.yml."""

from __future__ import annotations

import email.policy
import hashlib
import re
import typing as t
from email.message import EmailMessage

from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.secops.fortiview.plugins.module_utils._common.validation import texts
from ansible_collections.secops.fortiview.plugins.module_utils._insight.visible import visible
from ansible_collections.secops.fortiview.plugins.plugin_utils._filters import Function, filter_plugin

# An address cannot contain a blank, a list or an option of a command.
ADDRESS = re.compile(r"[A-Za-z0-9_.+=%/][A-Za-z0-9_.+=%/-]*@[A-Za-z0-9.-]+")


@filter_plugin
def report_message(files: t.Any, sender: str, recipients: t.Any, subject: str) -> t.Any:
    """The same files give the same message, to the byte. The mail server adds date and id."""
    parts = {str(one["name"]): str(one["text"]) for one in files}
    lacking = [name for name in ("report.md", "report.html") if name not in parts]
    if lacking:
        raise InvalidInput(
            f"a message is made of report.md and report.html; {lacking[0]} is missing: add it to formats"
        )
    addresses = texts("recipients", recipients)
    for address in (sender, *addresses):
        if not ADDRESS.fullmatch(str(address)):
            raise InvalidInput(f"{address!r} is not a mail address such as soc@example.com")
    message = EmailMessage(policy=email.policy.default)
    message["From"], message["To"], message["Subject"] = str(sender), ", ".join(addresses), visible(str(subject))
    message.set_content(parts["report.md"], cte="quoted-printable")
    page = parts["report.html"].encode("utf-8")
    message.add_attachment(page, maintype="text", subtype="html", filename="report.html", params={"charset": "utf-8"})
    message.set_boundary(f"report-{hashlib.sha256(page).hexdigest()[:32]}")
    return message.as_string()


class FilterModule:
    def filters(self) -> dict[str, Function]:
        return {"report_message": report_message}

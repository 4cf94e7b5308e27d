# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Channels of the receivers on 127.0.0.1, and what sending to them returns."""

from __future__ import annotations

import typing as t

from ansible_collections.secops.fortiview.plugins.module_utils._glue.notifying import notify

from support.certificates import Authority
from support.receivers import HOST, MailServer, Webhooks

SECRET = "/services/T00000000/B00000000/sEcReTsEcReTsEcReT"
SAID = {"title": "2 addresses blocked", "facts": [{"name": "Addresses", "value": 2}], "key": "run 42"}
Data = dict[str, t.Any]


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

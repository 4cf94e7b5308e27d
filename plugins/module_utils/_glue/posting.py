# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sends a notification by one HTTP POST."""

from __future__ import annotations

import json
import re
import typing as t
import urllib.error
import urllib.parse

from ansible.module_utils.urls import open_url

from .._common.errors import printable, redacted
from .._insight.payloads import payload_of

PATIENCE = 20  # seconds to connect, or to wait for bytes
LONGEST_ANSWER = 4096  # bytes that are read from a reply
LONGEST_QUOTE = 200  # characters of a reply that are shown
LONGEST_PAUSE = 30.0
PAUSE = 2.0
# The minimum length of a part of a path that counts as a secret. A shorter part may be ordinary text.
SHORTEST_SECRET = 8

CAUSES = {
    400: "The receiver does not accept this format: check that channel matches the service of the URL.",
    401: "The receiver does not accept the token: check headers.",
    403: "The receiver refuses this URL: check that the URL is complete and was not revoked.",
    404: "The receiver cannot find this URL: check that the URL is complete and was not revoked.",
    410: "The URL was revoked: create a new URL.",
    413: "The receiver does not accept a message of this size.",
}


class NotDelivered(Exception):
    """The reason for a failed delivery, without secrets. `again` is True if a second attempt may succeed after `pause`
    seconds."""

    def __init__(self, said: str, again: bool, pause: float = PAUSE) -> None:
        super().__init__(said)
        self.again = again
        self.pause = pause


def post(channel: t.Mapping[str, t.Any], notification: object, dummy_attachments: t.Sequence[str] = ()) -> None:
    """Send the notification by POST. Raises NotDelivered."""
    url, kind = str(channel["url"]), str(channel["channel"])
    body = json.dumps(payload_of(notification, kind)).encode("ascii")
    try:
        reply = open_url(
            url,
            data=body,
            headers={"Content-Type": "application/json", **(channel.get("headers") or {})},
            method="POST",
            timeout=PATIENCE,
            validate_certs=channel.get("validate_certs") is not False,
            ca_path=channel.get("ca_path"),
            http_agent="secops.fortiview",
            # A redirect would change the POST to a GET, and could lead to another host.
            follow_redirects="none",
            use_netrc=False,
        )
        with reply:
            said = reply.read(LONGEST_ANSWER).decode("utf-8", "replace").strip()
    except urllib.error.HTTPError as error:
        raise _refused(error, channel) from None
    except Exception as error:  # noqa: BLE001  TLS, sockets, proxies and HTTP raise different types
        cause = getattr(error, "reason", None) or error
        raise NotDelivered(f"{quoted(cause, channel)}.", _passes(error)) from None
    if kind == "slack" and said != "ok":
        raise NotDelivered(
            f'the reply is "{quoted(said, channel)}" instead of "ok". Check that the URL is that of a Slack webhook.',
            again=False,
        )


def _refused(error: urllib.error.HTTPError, channel: t.Mapping[str, t.Any]) -> NotDelivered:
    try:
        said = error.read(LONGEST_ANSWER).decode("utf-8", "replace")
    except Exception:  # noqa: BLE001  the status is enough if the body cannot be read
        said = ""
    status = error.code
    reply = f"HTTP {status}" + (f": {quoted(said, channel)}" if said.strip() else "")
    cause = (
        "The URL redirects: set url to the target of the redirect." if 300 <= status < 400 else CAUSES.get(status, "")
    )
    asked = error.headers.get("Retry-After", "") if error.headers else ""
    pause = min(float(asked), LONGEST_PAUSE) if asked.isascii() and asked.isdigit() else PAUSE
    return NotDelivered(f"{reply}. {cause}".strip(), status in (408, 429) or status >= 500, pause)


def _passes(error: Exception) -> bool:
    """Whether a second attempt may succeed. A certificate that is not trusted fails again."""
    return "certificate" not in f"{error} {getattr(error, 'reason', '')}".lower()


def quoted(said: object, channel: t.Mapping[str, t.Any]) -> str:
    """The text of the receiver as one line. Secrets are removed before the text is truncated."""
    return printable(redacted(str(said), secrets_of(channel)), LONGEST_QUOTE).rstrip(".")


def secrets_of(channel: t.Mapping[str, t.Any]) -> list[str]:
    """The secrets of a channel, the longest first. A receiver may quote the path, a header, or a part of either. A part
    that is long enough to be a token is therefore also a secret."""
    url = str(channel.get("url") or "")
    parts = urllib.parse.urlsplit(url)
    tail = parts.path + (f"?{parts.query}" if parts.query else "")
    headers = [str(value) for value in (channel.get("headers") or {}).values()]
    pieces = [piece for one in (tail, *headers) for piece in _pieces(one) if len(piece) >= SHORTEST_SECRET]
    found = [
        url,
        tail,
        parts.path,
        urllib.parse.unquote(tail),
        parts.password,
        channel.get("password"),
        *pieces,
        *headers,
    ]
    texts = {str(one) for one in found if one and len(str(one)) > 1}
    return sorted(texts, key=len, reverse=True)


def _pieces(tail: str) -> list[str]:
    """The parts of a path with its query, or of a header such as `Bearer TOKEN`."""
    return [piece for part in re.split(r"[\s?&,;]", tail) for piece in (part, *re.split("[/=]", part))]

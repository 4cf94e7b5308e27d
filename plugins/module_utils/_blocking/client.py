# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calls of the FortiOS REST API that accept only proven success (protocol_fortigate.rst, "Replies").

The official modules take an HTML page, an empty body or `status: error` for a success. Here a reply is one only when it
says so in JSON.
"""

from __future__ import annotations

import json
import re
import typing as t
import urllib.parse

from .._common.errors import FortiViewError, printable
from .._common.json_text import loaded
from .._common.octets import without_surrogates

# url, method, query, body → HTTP status and text
Send = t.Callable[[str, str, dict[str, str], t.Optional[str]], tuple[int, str]]


REFUSED = "Check the token, its access profile and VDOMs, and that host and port are the box's own."
UNWELL = "Try again later. Where it stays so, look at the box's event log and load."
UNHEEDED = "Look at the box's event log, and whether its table is full."
# Statuses that tell of the box's state, not of the caller's rights.
UNWELL_STATUSES = (413, 424, 429)


class FortiGateError(FortiViewError):
    """The FortiGate refused a call, or its reply proves nothing."""

    kind = "fortigate"


class Api:
    """One box and VDOM. `name` is what errors call it."""

    def __init__(self, send: Send, name: str, vdom: str) -> None:
        self._send = send
        self._name = name
        self._vdom = vdom
        self._serial = ""

    def read(self, path: str, **query: str) -> t.Any:
        """The `results` of a GET. Raises FortiGateError."""
        reply = self._call("GET", path, query, None)
        if "results" not in reply:
            raise self._error("GET", path, "a reply without results")
        return reply["results"]

    def write(self, path: str, body: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
        """A POST. Raises FortiGateError; whether it was carried out is then not known."""
        reply = self._call("POST", path, {}, json.dumps(body))
        if reply.get("status") != "success":
            raise self._error("POST", path, "a reply that does not say success")
        return reply

    def doubt(self, method: str, path: str, said: str, next_step: str = UNHEEDED) -> FortiGateError:
        """The error for a call that the box says to have carried out, and has not."""
        return self._error(method, path, said, next_step=next_step)

    def _call(self, method: str, path: str, query: dict[str, str], body: t.Optional[str]) -> dict[str, t.Any]:
        # The connection plugin joins the query as it stands.
        params = {key: urllib.parse.quote(value, safe="") for key, value in {"vdom": self._vdom, **query}.items()}
        try:
            status, text = self._send(f"/api/v2/monitor/{path}", method, params, body)
        except FortiViewError:
            raise
        except Exception as exc:  # noqa: BLE001  the connection plugin raises what it likes
            raise self._error(method, path, f"no reply: {_words(exc)}", next_step=UNWELL) from None
        try:
            # An interface alias or a comment in an old code page comes as halves of surrogate pairs from the plugin.
            reply = loaded(without_surrogates(text)).value
        except (ValueError, TypeError):
            said = f"HTTP {status} with a body that is not JSON"
            raise self._error(method, path, said, next_step=_next_step(status)) from None
        if not isinstance(reply, dict):
            raise self._error(method, path, f"HTTP {status} with JSON that is not an object")
        told = reply.get("http_status", status)
        if status != 200 or told != 200 or reply.get("status", "success") != "success":
            said = f"HTTP {told}, status {reply.get('status')}"
            raise self._error(method, path, said, reply.get("error"), _next_step(told))
        self._is_ours(method, path, reply)
        return reply

    def _is_ours(self, method: str, path: str, reply: dict[str, t.Any]) -> None:
        """A reply about another VDOM, or from another box than the last one, proves nothing."""
        vdom, serial = reply.get("vdom", self._vdom), reply.get("serial") or self._serial
        if vdom != self._vdom:
            raise self._error(method, path, f"a reply about VDOM {str(vdom)[:40]!r}")
        if self._serial and serial != self._serial:
            raise self._error(
                method, path, f"a reply from {str(serial)[:40]!r}, and the last one was from {self._serial!r}"
            )
        self._serial = str(serial)

    def _error(
        self, method: str, path: str, said: str, code: object = None, next_step: str = REFUSED
    ) -> FortiGateError:
        return FortiGateError(
            said,
            code if isinstance(code, int) else None,
            doing=f"{method} {path} in VDOM {self._vdom}",
            host=self._name,
            next_step=next_step,
        )


def _next_step(status: object) -> str:
    unwell = status in UNWELL_STATUSES or (isinstance(status, int) and status >= 500)
    return UNWELL if unwell else REFUSED


def _words(exc: Exception) -> str:
    """What the connection plugin raises is often the tuple of a sentence and another exception, as text."""
    text = printable(exc, 200)
    found = re.fullmatch(r"\('[^']*', (\w+)\((.*)\)\)", text)
    return f"{found[1]}: {found[2].strip(chr(39))}" if found else text

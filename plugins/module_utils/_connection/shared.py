# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A connection that others share: calls over the httpapi plugin of the collection fortinet.fortianalyzer.

It logs in and out by itself, and unwraps some replies and changes some requests on the way; what that takes away is put back
here, or refused.
"""

from __future__ import annotations

import json
import re
import time
import typing as t

from .._protocol.errors import (
    AuthenticationError,
    FortiViewError,
    InvalidInput,
    NotPermitted,
    SessionGone,
    Throttled,
    TransportError,
    printable,
)
from .._protocol.reply import Reply, decode
from .transport import FIRST_PAUSE, TRIES

RESET = "Its login is kept by the connection plugin: run `meta: reset_connection` to log in anew, and check the administrator's rights."
# Of its replies, those that have one of these are whole; of the others only the inside is left.
ENVELOPE = ("jsonrpc", "result", "error")


class Sender(t.Protocol):
    """`send_request` of the plugin. Returns a code and the reply, whole or unwrapped; raises what it likes."""

    def __call__(self, method: str, params: list[dict[str, t.Any]], jsonrpc2: bool) -> tuple[t.Any, t.Any]:
        """Status code and reply."""


class SharedConnection:
    """Has the interface of Connection, but nothing to log in to or out of. `host` is what errors call the appliance;
    `verified` tells whether the plugin checks its certificate."""

    left_open = ""

    def __init__(
        self, send: Sender, host: str, sleep: t.Callable[[float], t.Any] = time.sleep, verified: bool = True
    ) -> None:
        self.host = host
        self.verified = verified
        self._send = send
        self._sleep = sleep

    def __enter__(self) -> SharedConnection:
        return self

    def __exit__(self, *dummy: object) -> None:
        """Who shares the connection ends it."""

    def call(self, method: str, params: t.Mapping[str, t.Any], give_up_at: t.Optional[float] = None) -> Reply:
        """One call; reads are repeated. How long it may take is an option of the connection, so `give_up_at` is not used.

        Raises FortiViewError.
        """
        for attempt in range(1, TRIES + 1):
            try:
                return self._once(method, params)
            except TransportError as error:
                if method != "get" or attempt == TRIES or isinstance(error, Throttled):
                    raise
            self._sleep(FIRST_PAUSE * 2 ** (attempt - 1))
        raise AssertionError("unreachable")  # pragma: no cover

    def aside(self, method: str, params: t.Mapping[str, t.Any]) -> Reply:
        """See Caller."""
        return self._once(method, params)

    def tidy(self, method: str, params: t.Mapping[str, t.Any]) -> None:
        """See Caller."""
        self._once(method, params)

    def _once(self, method: str, params: t.Mapping[str, t.Any]) -> Reply:
        try:
            answer = self._sent(method, params)
            if not isinstance(answer, dict):
                raise TransportError("The connection plugin returned no reply")
            return decode(answer if any(key in answer for key in ENVELOPE) else {"result": [answer]})
        except SessionGone as error:
            raise NotPermitted(error.said, error.code, "permission", next_step=RESET, host=self.host) from error
        except FortiViewError as error:
            error.within(host=self.host)
            raise

    def _sent(self, method: str, params: t.Mapping[str, t.Any]) -> t.Any:
        # The plugin halves each pair of backslashes in the JSON that it sends, which breaks it, or says something else.
        if "\\\\" in json.dumps(params, ensure_ascii=False):
            raise InvalidInput(
                "The official connection plugin cannot send a backslash; use the modules' own connection (host and so on)"
            )
        try:
            dummy, answer = self._send(method, [dict(params)], jsonrpc2=not str(params["url"]).startswith("/sys/"))
        except Exception as exc:  # noqa: BLE001  the plugin raises what it likes
            raise _broken(exc) from None
        return answer


def _broken(exc: Exception) -> FortiViewError:
    # The plugin sends an API key in the URL too.
    said = printable(re.sub(r"(access_token=)[^\s&'\"]+", r"\1********", str(exc)), 300) or type(exc).__name__
    if "login" in said.lower():
        return AuthenticationError(said)
    # As a status and not as a port or a figure.
    if re.search(r"\b(?:HTTP(?:/[\d.]+)?(?: error)?|status(?: code)?):? (?:429|503)\b", said, re.I):
        return Throttled(said, processed=False, worth_repeating=True)
    return TransportError(f"The connection plugin failed: {said}", worth_repeating=True)

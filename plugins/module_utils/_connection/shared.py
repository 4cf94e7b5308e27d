# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A shared connection, which sends calls over the httpapi plugin of the collection fortinet.fortianalyzer.

The plugin logs in and out. It unwraps some replies, which this module wraps again. It would change some requests, which
this module refuses.
"""

from __future__ import annotations

import json
import re
import time
import typing as t

from .._common.errors import (
    AuthenticationError,
    FortiViewError,
    InvalidInput,
    NotPermitted,
    ProtocolError,
    SessionGone,
    TlsError,
    TransportError,
    printable,
)
from .._common.octets import SURROGATES
from .._protocol.reply import Reply, decode
from .session import NEW_LOGIN
from .transport import FIRST_PAUSE, TRIES

OWN_CONNECTION = "run the task on localhost with host and credentials, to use the connection of this collection"
BACKSLASH = "The connection plugin of fortinet.fortianalyzer cannot send a backslash", f"Instead, {OWN_CONNECTION}."
PAGE = (
    "FortiAnalyzer, or a proxy in front of it, sent an HTML page instead of JSON, and the connection plugin does not "
    "report the HTTP status. FortiAnalyzer may be busy or restarting: try again later, and check ansible_host "
    "and ansible_httpapi_port."
)
UNCLEAN = (
    f"The connection plugin refuses the whole reply because of this fault. If the error persists, {OWN_CONNECTION}."
)
ENDED = (
    "The process of the persistent connection ended. Run the task again. Raise ansible_connect_timeout if the connection was idle for a longer "
    "time, or ansible_command_timeout if FortiAnalyzer replies slowly."
)
SLOW = "Raise ansible_command_timeout, or run the task when FortiAnalyzer is less busy."
UNREACHABLE = "Check ansible_host and ansible_httpapi_port, name resolution, and that the administration interface permits this machine."
CERTIFICATE = (
    "Set ansible_httpapi_ca_path to a file with the issuing CA, and ansible_host to a name in the certificate."
)
# A reply with one of these keys is complete. Of any other reply, the plugin has returned only the inner part.
ENVELOPE = ("jsonrpc", "result", "error")
# A reply that has only these keys is complete and contains no result.
BARE = frozenset(("id", "session", "url", "ver", "verbose"))

# Messages of json.loads that the plugin reports.
NO_JSON = re.compile(r"^Expecting value: line 1 column 1 ", re.I)
UNREADABLE = re.compile(r": line \d+ column \d+ \(char \d+\)")
# Messages about a refused login. The plugin ignores any HTTP status except 401, and reads the page as a reply.
REFUSED = re.compile(r"can't login|HTTP Error 401\b", re.I)
TLS = re.compile(r"CERTIFICATE_VERIFY_FAILED|\[SSL:")
GONE = re.compile(
    r"unable to connect to socket|socket path .* does not exist|unable to decode JSON from response", re.I
)
TIMED_OUT = re.compile(r"timed out|command timeout triggered", re.I)


class Official(t.Protocol):
    """The part of the connection plugin that this collection uses. Its methods may raise any exception."""

    def log_in(self) -> None:
        """Pass the credentials to the plugin."""

    def send(self, method: str, params: list[dict[str, t.Any]], jsonrpc2: bool) -> t.Any:
        """Send one call. Returns the reply, complete or unwrapped."""

    def renew(self) -> str:
        """Log in again. Returns an empty string, or the next step if the plugin has no session to renew."""

    def refused(self) -> str:
        """The next step for a refused login."""

    def without_secrets(self, text: str) -> str:
        """The text with the credentials of the connection blanked."""


class SharedConnection:
    """Has the methods of Connection, but the plugin logs in and out. `host` is the name of the FortiAnalyzer in errors.
    `verified` is True if the plugin verifies the certificate. `clock` returns monotonic seconds."""

    left_open = ""

    def __init__(
        self,
        plugin: Official,
        host: str,
        verified: bool = True,
        clock: t.Callable[[], float] = time.monotonic,
        sleep: t.Callable[[float], t.Any] = time.sleep,
    ) -> None:
        self.host = host
        self.verified = verified
        self._plugin = plugin
        self._clock = clock
        self._sleep = sleep
        # The next step if FortiAnalyzer refuses a session after its renewal, or if the renewal failed. Empty before the
        # renewal.
        self._forbidden_step = ""
        self._login_error: t.Optional[FortiViewError] = None

    def __enter__(self) -> SharedConnection:
        try:
            self._plugin.log_in()
        except Exception as exc:  # noqa: BLE001  the plugin may raise any exception
            raise self._broken(exc).within(doing="logging in") from None
        return self

    def __exit__(self, *dummy: object) -> None:
        """Keep the connection open after the task, because Ansible closes it after the play."""

    def call(self, method: str, params: t.Mapping[str, t.Any], give_up_at: t.Optional[float] = None) -> Reply:
        """Send one call. A read that failed temporarily is sent again, but not after `give_up_at`. An option of the
        connection limits the time of one request.

        Raises FortiViewError.
        """
        for attempt in range(1, TRIES + 1):
            try:
                return self._result(method, params)
            except TransportError as error:
                pause = FIRST_PAUSE * 2 ** (attempt - 1)
                too_late = give_up_at is not None and self._clock() + pause >= give_up_at
                if method != "get" or attempt == TRIES or too_late or not error.worth_repeating:
                    raise
            self._sleep(pause)
        raise AssertionError("unreachable")  # pragma: no cover

    def aside(self, method: str, params: t.Mapping[str, t.Any]) -> Reply:
        """See Caller."""
        return self._once(method, params)

    def tidy(self, method: str, params: t.Mapping[str, t.Any]) -> None:
        """See Caller."""
        self._once(method, params)

    def _result(self, method: str, params: t.Mapping[str, t.Any]) -> Reply:
        """Send one call. If FortiAnalyzer has ended the session, log in again, at most once in a run."""
        try:
            return self._once(method, params)
        except SessionGone as stale:
            self._renew(stale)
        try:
            return self._once(method, params)
        except SessionGone as again:
            raise self._forbidden(again) from again

    def _renew(self, stale: SessionGone) -> None:
        if self._forbidden_step:
            raise self._forbidden(stale) from stale
        self._forbidden_step = f"{NEW_LOGIN} {NotPermitted.next_step}"
        try:
            why_not = self._plugin.renew()
        except Exception as exc:  # noqa: BLE001  the plugin may raise any exception
            raise self._broken(exc) from None
        if why_not:
            self._forbidden_step = why_not
            raise self._forbidden(stale) from stale

    def _forbidden(self, error: SessionGone) -> NotPermitted:
        return NotPermitted(error.said, error.code, "permission", next_step=self._forbidden_step, host=self.host)

    def _once(self, method: str, params: t.Mapping[str, t.Any]) -> Reply:
        if self._login_error is not None:
            raise self._login_error.again()
        try:
            answer = self._sent(method, params)
            if not isinstance(answer, dict):
                raise TransportError("The connection plugin returned no reply")
            whole = any(key in answer for key in ENVELOPE) or BARE.issuperset(answer)
            reply = decode(answer if whole else {"result": [answer]})
            # The plugin represents bytes that are not UTF-8 as lone surrogates. In rows, replacement characters take
            # their place.
            reply.unclean = bool(SURROGATES.search(json.dumps(answer, ensure_ascii=False)))
            return reply
        except FortiViewError as error:
            error.within(host=self.host)
            raise

    def _sent(self, method: str, params: t.Mapping[str, t.Any]) -> t.Any:
        # In the JSON that it sends, the plugin replaces each pair of backslashes by a single one. This makes the JSON
        # invalid or changes its meaning.
        if "\\\\" in json.dumps(params, ensure_ascii=False):
            raise InvalidInput(BACKSLASH[0], next_step=BACKSLASH[1])
        try:
            # A call with an API version goes to a daemon that uses JSON-RPC 2.0.
            return self._plugin.send(method, [dict(params)], "apiver" in params)
        except Exception as exc:  # noqa: BLE001  the plugin may raise any exception
            raise self._broken(exc) from None

    def _broken(self, exc: Exception) -> FortiViewError:
        error = exc if isinstance(exc, FortiViewError) else broken(self._plugin.without_secrets(str(exc)), exc)
        if isinstance(error, AuthenticationError):
            error.within(doing="logging in").next_step = self._plugin.refused()
            # A failed login is not repeated for the next query, because this could lock the administrator out.
            self._login_error = error
        return error.within(host=self.host)


def broken(text: str, exc: Exception) -> FortiViewError:
    """The error for an exception of the plugin, classified by its text."""
    # The plugin also sends the API key in the URL, so the text may quote it.
    said = printable(re.sub(r"(access_token=)[^\s&'\"]+", r"\1********", text), 300) or type(exc).__name__
    if REFUSED.search(said):
        return AuthenticationError(said)
    if GONE.search(said):
        return TransportError("The persistent connection ended before it replied", next_step=ENDED)
    if TLS.search(said):
        return TlsError(said, processed=False, next_step=CERTIFICATE)
    if TIMED_OUT.search(said):
        return TransportError(said, worth_repeating=True, next_step=SLOW)
    if said.startswith("Could not connect"):
        return TransportError(said, processed=False, worth_repeating=True, next_step=UNREACHABLE)
    if NO_JSON.search(said):
        return TransportError(f"The reply is not JSON: {said}", worth_repeating=True, next_step=PAGE)
    if UNREADABLE.search(said):
        return ProtocolError(f"The connection plugin cannot read the reply: {said}", next_step=UNCLEAN)
    return TransportError(f"The connection plugin failed: {said}", worth_repeating=True)

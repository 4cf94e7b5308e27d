# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The connection of a run: login, one renewal of a stale session, and logout (protocol_fortianalyzer.rst,
"Authentication").

with Connection(settings) as connection:
    reply = connection.call("get", {"url": "/sys/status"})
"""

from __future__ import annotations

import contextlib
import itertools
import time
import typing as t

from .._common.errors import (
    AuthenticationError,
    Crashed,
    FortiViewError,
    NotPermitted,
    ProtocolError,
    SessionGone,
    Throttled,
    TransportError,
)
from .._protocol.constants import CLOUD_LOGIN_PATH, RPC_PATH
from .._protocol.envelope import envelope, login_params, logout_params
from .._protocol.refusals import (
    NOT_AGAIN,
    STALE_OR_FORBIDDEN,
    classify_login,
    is_session_cap,
    speaks_of_session_cap,
)
from .._protocol.reply import Reply, decode
from .interruption import held_back
from .settings import Settings
from .transport import TRIES, TRUSTED_HOSTS, Transport

# Seconds to wait before a second login if FortiAnalyzer refused the first because of the session limit. Another session
# may end in this time.
SESSION_CAP_PAUSE = 30.0
NEW_LOGIN = "A new login was tried, and the new session was also refused."
SHORT_SESSIONS = (
    "FortiAnalyzer accepted the session of a new login, and refused it later. If the sessions of this administrator end "
    "too soon, raise the idle timeout, or use an API key. If a right is missing for this request only, check "
    "rpc-permit and access to this ADOM."
)
LOST_SESSION = (
    "Check that host is a single FortiAnalyzer. A load balancer may send calls to a different device than the login. "
    "Alternatively, use an API key."
)
FULL_HOUSE = "Log out stale sessions of this administrator, or raise the session limit."
KEY_REFUSED = "The API key was refused: check api_token (FAZ_API_TOKEN) and the trusted hosts of its administrator."
KEY_WITHOUT_RIGHT = (
    "The API key is not valid, or a right is missing: check api_token (FAZ_API_TOKEN), the trusted hosts "
    "and rpc-permit of its administrator, its access to this ADOM, and that the ADOM exists."
)
CLOUD_REFUSED = "Get a new token for forticloud_access_token (FAZ_CLOUD_TOKEN): a token is valid for about an hour."
NO_CLOUD = "This host does not accept a login with a FortiCloud token. Use api_token, or username and password."
# The time limit in seconds of a logout, of the deletion of a task, and of an optional call. None of these calls may
# delay the result.
TIDY_TIME = 5.0
# A clean-up is tried twice, because a session that stays open counts against the session limit of its administrator,
# and a task that stays occupies a slot.
TIDY_TRIES = 2
BUSY_PAUSE = 1.5  # seconds


class Caller(t.Protocol):
    """The methods of a connection that the task layer uses."""

    def call(self, method: str, params: t.Mapping[str, t.Any], give_up_at: t.Optional[float] = None) -> Reply:
        """Send one call. Raises FortiViewError. If FortiAnalyzer is busy, raises Throttled without a retry."""

    def aside(self, method: str, params: t.Mapping[str, t.Any]) -> Reply:
        """Send an optional call once, with a time limit of a few seconds and without a new login. Raises
        FortiViewError."""

    def tidy(self, method: str, params: t.Mapping[str, t.Any]) -> None:
        """Send a clean-up call at most twice, with a time limit of a few seconds and without a new login. Raises
        FortiViewError."""


class Connection:
    """A connection with one login for the whole run. It sends nothing before the first call. `clock` returns monotonic
    seconds."""

    def __init__(
        self,
        settings: Settings,
        clock: t.Callable[[], float] = time.monotonic,
        sleep: t.Callable[[float], t.Any] = time.sleep,
    ) -> None:
        self._settings = settings
        self._transport = Transport(settings, clock, sleep)
        self._clock = clock
        self._sleep = sleep
        self._numbers = itertools.count(1)
        self._session: t.Optional[str] = None
        self._renewed = False
        # Whether a call has succeeded with the renewed session.
        self._renewed_works = False
        self._login_error: t.Optional[FortiViewError] = None
        # The reasons why sessions were not logged out. Both a renewal and the end of the run may leave a session open.
        self.left_open = ""
        self._secrets = self._transport.secrets

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, *dummy: object) -> None:
        self.close()

    def close(self) -> None:
        """Log out. A failed logout raises no error, because it must not hide the result of the run."""
        try:
            self._log_out()
        finally:
            self._transport.close()

    def call(self, method: str, params: t.Mapping[str, t.Any], give_up_at: t.Optional[float] = None) -> Reply:
        """Send one call, and log in before the first call. Raises FortiViewError, with secrets masked in its text."""
        with self._without_secrets():
            if not self._settings.api_token and self._session is None:
                self._login(give_up_at)
            try:
                return self._send(method, params, give_up_at)
            except SessionGone as stale:
                self._renew(stale, give_up_at)
            try:
                reply = self._send(method, params, give_up_at)
            except SessionGone as again:
                raise self._refused_again(again) from again
            self._renewed_works = True
            return reply

    def aside(self, method: str, params: t.Mapping[str, t.Any]) -> Reply:
        """See Caller. The session is not renewed, because a missing permission looks like a stale session, and the only
        renewal of the run is reserved for required calls."""
        with self._without_secrets():
            return self._send(method, params, self._clock() + TIDY_TIME, tries=1)

    def tidy(self, method: str, params: t.Mapping[str, t.Any]) -> None:
        """See Caller. Without a session, nothing is sent."""
        if not self._settings.api_token and self._session is None:
            return
        give_up_at = self._clock() + TIDY_TIME
        for tried in range(1, TIDY_TRIES + 1):
            try:
                with self._without_secrets(), held_back():
                    self._send(method, params, give_up_at, tries=1)
                return
            except FortiViewError:
                if tried == TIDY_TRIES or self._clock() >= give_up_at:
                    raise

    @contextlib.contextmanager
    def _without_secrets(self) -> t.Iterator[None]:
        try:
            yield
        except FortiViewError as error:
            error.without(self._secrets).within(host=self._settings.host)
            raise
        except Exception as crash:  # noqa: BLE001  the secrets in its text are only known here
            raise Crashed(crash, self._secrets).within(host=self._settings.host) from None

    def _send(
        self, method: str, params: t.Mapping[str, t.Any], give_up_at: t.Optional[float], tries: int = TRIES
    ) -> Reply:
        headers = {}
        if self._settings.api_token:
            headers["Authorization"] = f"Bearer {self._settings.api_token}"
        document = envelope(next(self._numbers), method, params, self._session)
        received = self._transport.post(
            RPC_PATH, document, headers, method == "get", give_up_at, wait_when_busy=False, tries=tries
        )
        reply = decode(received.value)
        reply.unclean = received.unclean
        return reply

    def _renew(self, stale: SessionGone, give_up_at: t.Optional[float]) -> None:
        """Renew the session, at most once in a run. Raises NotPermitted for an API key, which cannot be renewed, and after
        an earlier renewal."""
        if self._settings.api_token:
            raise NotPermitted(
                stale.said,
                stale.code,
                "permission",
                next_step=KEY_WITHOUT_RIGHT if stale.code == STALE_OR_FORBIDDEN else KEY_REFUSED,
                http_status=stale.context.get("http_status"),
            ) from stale
        if self._renewed:
            raise self._refused_again(stale) from stale
        self._renewed = True
        # If the code means a missing permission, the old session is still valid, and would stay open without this logout.
        self._log_out()
        self._login(give_up_at)

    def _refused_again(self, error: SessionGone) -> NotPermitted:
        """The error for a refusal after the renewal. The next step depends on whether a call has succeeded with the new
        session, and on the code of the refusal."""
        if self._renewed_works:
            next_step = SHORT_SESSIONS
        elif error.context.get("http_status"):
            next_step = f"{NEW_LOGIN} {TRUSTED_HOSTS}"
        else:
            cause = NotPermitted.next_step if error.code == STALE_OR_FORBIDDEN else LOST_SESSION
            next_step = f"{NEW_LOGIN} {cause}"
        return NotPermitted(error.said, error.code, "permission", next_step=next_step)

    def _log_out(self) -> None:
        give_up_at = self._clock() + TIDY_TIME
        said = ""
        ended: t.Optional[BaseException] = None
        try:
            for tried in range(TIDY_TRIES if self._session is not None else 0):
                said, throttled = self._end_session(give_up_at)
                if throttled is not None and tried == 0:
                    # FortiAnalyzer would refuse an immediate call again. A Retry-After beyond the time limit is
                    # ignored.
                    pause = throttled.retry_after or BUSY_PAUSE
                    try:
                        self._sleep(pause if self._clock() + pause < give_up_at else 0.0)
                    except BaseException as stop:  # noqa: BLE001  the second logout is also tried when the run is interrupted
                        ended = stop
                if not said:
                    break
        finally:
            self._session = None
            self.left_open = "; ".join(text for text in (self.left_open, said) if text)
        if ended is not None:
            raise ended

    def _end_session(self, give_up_at: float) -> tuple[str, t.Optional[Throttled]]:
        """Log out once. Returns the reason why the session may still be open (empty if it has ended), and the error of
        a busy FortiAnalyzer."""
        try:
            with self._without_secrets(), held_back():
                reply = self._send("exec", logout_params(), give_up_at, tries=1)
        except FortiViewError as error:
            # HTTP 401 may come from a proxy. Only a code in the reply comes from FortiAnalyzer.
            gone = isinstance(error, SessionGone) and "http_status" not in error.context
            return "" if gone else error.said, error if isinstance(error, Throttled) else None
        # A reply without a result does not confirm the logout.
        return "no result" if reply.empty else "", None

    def _login(self, give_up_at: t.Optional[float]) -> None:
        """Log in. After a failed login, later queries raise the same error without another login, because repeated failures
        lock the account."""
        if self._login_error is not None:
            raise self._login_error.again()
        try:
            self._log_in_patiently(give_up_at)
        except (SessionGone, NotPermitted) as refused:  # HTTP 401 or 403. A refusal in JSON has another type
            next_step = CLOUD_REFUSED if self._settings.forticloud_access_token else f"{TRUSTED_HOSTS} {NOT_AGAIN}"
            self._login_error = AuthenticationError(
                refused.said, refused.code, next_step=next_step, http_status=refused.context.get("http_status")
            )
            raise self._login_error.within(doing="logging in") from refused
        except FortiViewError as error:
            self._login_error = error
            error.within(doing="logging in")
            raise

    def _log_in_patiently(self, give_up_at: t.Optional[float]) -> None:
        try:
            return self._log_in_once(give_up_at)
        except AuthenticationError as error:
            if speaks_of_session_cap(error):
                error.next_step = FULL_HOUSE
            if not is_session_cap(error):
                raise
            if give_up_at is not None and self._clock() + SESSION_CAP_PAUSE > give_up_at:
                raise
        # FortiAnalyzer has not refused the password. The administrator has too many open sessions, and one of them may
        # end during the pause.
        self._sleep(SESSION_CAP_PAUSE)
        try:
            return self._log_in_once(give_up_at)
        except AuthenticationError as error:
            error.next_step = FULL_HOUSE
            raise

    def _log_in_once(self, give_up_at: t.Optional[float]) -> None:
        with held_back():
            self._session = self._new_session(give_up_at)
            self._secrets.append(self._session)

    def _new_session(self, give_up_at: t.Optional[float]) -> str:
        settings = self._settings
        if settings.forticloud_access_token:
            exchange = {"access_token": settings.forticloud_access_token}
            body = self._cloud_login(exchange, give_up_at)
            if isinstance(body, dict) and ("error" in body or "result" in body):
                body = decode(body, classify_login).body
        else:
            params = login_params(t.cast(str, settings.username), t.cast(str, settings.password))
            document = envelope(next(self._numbers), "exec", params)
            received = self._transport.post(RPC_PATH, document, {}, False, give_up_at)
            body = decode(received.value, classify_login).body
        session = body.get("session") if isinstance(body, dict) else None
        if not isinstance(session, str) or not session:
            raise AuthenticationError(
                "The reply to the login contains no session", next_step=f"{ProtocolError.next_step} {NOT_AGAIN}"
            )
        return session

    def _cloud_login(self, exchange: dict[str, str], give_up_at: t.Optional[float]) -> t.Any:
        try:
            return self._transport.post(CLOUD_LOGIN_PATH, exchange, {}, False, give_up_at).value
        except TransportError as error:
            if error.context.get("http_status") == 404:
                error.next_step = NO_CLOUD
            raise

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sends HTTP requests to one FortiAnalyzer, and classifies failures (protocol_fortianalyzer.rst, "Errors").

A failed request is repeated only if it is a read, or if FortiAnalyzer has not processed it.
"""

from __future__ import annotations

import json
import typing as t

from .._common.errors import (
    FortiViewError,
    NotPermitted,
    ProtocolError,
    SessionGone,
    Throttled,
    TransportError,
    printable,
    redacted,
)
from .._common.json_text import BETWEEN, Document, parse
from .._common.octets import decoded
from .causes import IMPATIENT, broken
from .deadline import Deadline
from .proxies import Proxy, environment_proxy, option_proxy
from .settings import Settings

if t.TYPE_CHECKING:
    import requests

TRIES = 3
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
LARGEST_REPLY = 256 * 1024 * 1024  # bytes
CHUNK = 256 * 1024
# Seconds from the timeout of an exchange until its connection is shut down, if data still arrives.
OVERTIME = 1.0
SHORTEST_TIMEOUT = 1.0  # minimum seconds for a request, even shortly before a deadline
UNWELL = "FortiAnalyzer, or a gateway in front of it, failed. Try again later."
TRUSTED_HOSTS = "Check the password or API key, and that this machine is among the trusted hosts of the administrator."


class Transport:
    """Sends JSON documents by POST. `clock` returns monotonic seconds. `sleep` takes seconds."""

    def __init__(self, settings: Settings, clock: t.Callable[[], float], sleep: t.Callable[[float], t.Any]) -> None:
        self._settings = settings
        # Secrets that messages must not show. The connection adds the id of its session.
        self.secrets = settings.secrets
        self._clock = clock
        self._sleep = sleep
        self._session: t.Optional[requests.Session] = None
        self._proxy: t.Optional[Proxy] = None
        self._deadline = Deadline()

    def close(self) -> None:
        if self._session is not None:
            self._session.close()
            self._session = None

    def post(
        self,
        path: str,
        document: t.Mapping[str, t.Any],
        headers: t.Mapping[str, str],
        repeatable: bool,
        give_up_at: t.Optional[float] = None,
        wait_when_busy: bool = True,
        tries: int = TRIES,
    ) -> Document:
        """Send the document and return the decoded reply. Raises TransportError (also TlsError and Throttled),
        ProtocolError, SessionGone for HTTP 401 and NotPermitted for HTTP 403.

        The document is sent at most `tries` times, and is not repeated after `give_up_at`. If `wait_when_busy` is False, a busy
        FortiAnalyzer raises Throttled without a retry, so the caller can do other work.
        """
        for attempt in range(1, tries + 1):
            try:
                return self._once(path, document, headers, give_up_at)
            except TransportError as error:
                error.within(host=self._settings.host)
                pause = min(LONGEST_PAUSE, error.retry_after or FIRST_PAUSE * 2 ** (attempt - 1))
                may_repeat = error.worth_repeating and (repeatable or not error.processed)
                too_late = give_up_at is not None and self._clock() + pause >= give_up_at
                left_to_caller = isinstance(error, Throttled) and not wait_when_busy
                if attempt == tries or not may_repeat or too_late or left_to_caller:
                    raise
            except FortiViewError as error:
                error.within(host=self._settings.host)
                raise
            self._sleep(pause)
        raise AssertionError("unreachable")  # pragma: no cover

    def _open(self) -> requests.Session:
        if self._session is None:
            import requests

            session = requests.Session()
            # trust_env is off, because REQUESTS_CA_BUNDLE and netrc would otherwise override the user's options.
            # Proxies are added explicitly.
            session.trust_env = False
            self._deadline.watch(session)
            self._proxy = self._find_proxy()
            if not self._settings.validate_certs:
                requests.packages.urllib3.disable_warnings()  # type: ignore[attr-defined]
            self._session = session
        return self._session

    def _find_proxy(self) -> t.Optional[Proxy]:
        """The proxy from the option or from the environment. Raises InvalidInput if the environment contains an invalid
        proxy."""
        if self._settings.proxy:
            return option_proxy(self._settings.proxy)
        proxy = environment_proxy(self._settings.base)
        if proxy:
            self.secrets += proxy.secrets
            proxy.check()
        return proxy

    def _once(
        self,
        path: str,
        document: t.Mapping[str, t.Any],
        headers: t.Mapping[str, str],
        give_up_at: t.Optional[float],
    ) -> Document:
        session = self._open()
        import requests
        import urllib3.exceptions

        settings = self._settings
        verify: t.Union[bool, str] = (settings.ca_path or True) if settings.validate_certs else False
        timeout = settings.request_timeout
        if give_up_at is not None:
            timeout = min(timeout, max(SHORTEST_TIMEOUT, give_up_at - self._clock()))
        ends = self._clock() + timeout
        try:
            with (
                self._deadline.within(timeout + OVERTIME),
                session.post(
                    settings.base + path,
                    data=json.dumps(document),
                    headers={"Content-Type": "application/json", **headers},
                    timeout=timeout,
                    allow_redirects=False,
                    verify=verify,
                    proxies={"https": self._proxy.url} if self._proxy else {},
                    stream=True,
                ) as response,
            ):
                return self._read(response, ends)
        except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError, OSError) as exc:
            if self._deadline.passed:
                raise late() from None
            # The exception is not chained, because the text of a proxy error may contain the password of the proxy.
            raise broken(exc, settings, timeout, self.secrets, self._proxy, self._deadline.connected) from None

    def _read(self, response: requests.Response, ends: float) -> Document:
        pieces: list[bytes] = []
        size = 0
        # read1 returns the data received so far, so a slow reply cannot exceed the deadline. Some versions of urllib3
        # do not have read1.
        read = getattr(response.raw, "read1", None) or response.raw.read
        while True:
            piece = read(CHUNK, decode_content=True)
            if not piece:
                break
            size += len(piece)
            pieces.append(piece)
            if size > LARGEST_REPLY:
                raise ProtocolError(f"The reply is larger than {LARGEST_REPLY} bytes")
            if self._clock() > ends:
                raise late()
        if self._deadline.passed:
            raise late()
        content = b"".join(pieces)
        if response.status_code != 200:
            raise refused(response, content, self.secrets)
        if not content.strip():
            raise TransportError("The reply was empty", worth_repeating=True, next_step=BETWEEN)
        return parse(content, self.secrets)


def late() -> TransportError:
    return TransportError("The reply did not end within request_timeout", worth_repeating=True, next_step=IMPATIENT)


def refused(response: requests.Response, content: bytes, secrets: t.Iterable[str]) -> FortiViewError:
    """The error for an HTTP status other than 200."""
    status = response.status_code
    said = f"HTTP {status} {printable(response.reason or '')}".strip()
    if 300 <= status < 400:
        return ProtocolError(
            f"{said}: the redirect to {printable(response.headers.get('Location', 'nowhere'), 100)} was not followed"
        )
    text = printable(redacted(decoded(content[:20000]), secrets), 200)
    said = f"{said}: {text}" if text and not text.startswith("<") else said
    if status in (429, 503):
        return Throttled(
            said,
            processed=False,
            worth_repeating=True,
            retry_after=_seconds(response.headers.get("Retry-After")),
            http_status=status,
        )
    if status in (500, 502, 504):
        return TransportError(said, worth_repeating=status != 500, http_status=status, next_step=UNWELL)
    if status == 401:
        return SessionGone(said, status, "session", http_status=status)
    if status == 403:
        return NotPermitted(said, reason="permission", http_status=status, next_step=TRUSTED_HOSTS)
    return TransportError(said, processed=False, http_status=status, next_step=ProtocolError.next_step)


def _seconds(retry_after: t.Optional[str]) -> t.Optional[float]:
    """The header Retry-After in seconds. A date is ignored, because only the clock of FortiAnalyzer gives the time
    until then."""
    return float(retry_after) if retry_after and retry_after.strip().isdigit() else None

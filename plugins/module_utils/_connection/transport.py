# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""HTTP to one appliance: a kept-alive requests.Session, TLS, and every way it can break, told apart (contract section 7).

What may be repeated is decided by whether the appliance can have acted: a request that never arrived always, a read always,
anything else never from here.
"""

from __future__ import annotations

import json
import typing as t

from .._protocol.errors import (
    FortiViewError,
    NotPermitted,
    ProtocolError,
    SessionGone,
    Throttled,
    TlsError,
    TransportError,
    printable,
    redacted,
)
from .._protocol.json_text import Document, parse
from .._protocol.octets import decoded
from .deadline import Deadline
from .settings import Settings, check_proxy, proxy_secrets

if t.TYPE_CHECKING:
    import requests

TRIES = 3
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
LARGEST_REPLY = 256 * 1024 * 1024  # bytes
CHUNK = 256 * 1024
# Seconds beyond its timeout after which an exchange is cut off that still receives something.
OVERTIME = 1.0
SHORTEST_TIMEOUT = 1.0  # seconds that a request gets even at the end of a deadline
UNWELL = "The appliance, or what stands before it, failed. Try again later."
IMPATIENT = "Try again when the appliance is less busy, or raise request_timeout."
UNREACHABLE = "Check host, port, name resolution, and that the administration interface allows this machine."
# Of the environment, which other programs share: what requests takes.
PROXY_SCHEMES = ("http", "https", "socks4", "socks4a", "socks5", "socks5h")
TRUSTED_HOSTS = "Check the key or password, and that this machine is among the administrator's trusted hosts."


class Transport:
    """POST of JSON documents. `clock` is monotonic seconds; `sleep` takes seconds."""

    def __init__(self, settings: Settings, clock: t.Callable[[], float], sleep: t.Callable[[float], t.Any]) -> None:
        self._settings = settings
        # What must not be shown; the session adds its own.
        self.secrets = settings.secrets
        self._clock = clock
        self._sleep = sleep
        self._session: t.Optional[requests.Session] = None
        self._proxies: dict[str, str] = {}
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
        """Send and return the decoded JSON. Raises TransportError (TlsError, Throttled) and ProtocolError.

        At most `tries` times, never later than `give_up_at`. `wait_when_busy` off leaves waiting for a busy appliance to
        the caller, who may have other things to do.
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
            import requests.utils

            session = requests.Session()
            # Off, because REQUESTS_CA_BUNDLE and netrc would otherwise override what the user said; proxies come back in
            # explicitly.
            session.trust_env = False
            self._deadline.watch(session)
            if self._settings.proxy:
                self._proxies = {"https": self._settings.proxy}
            else:
                self._proxies = requests.utils.get_environ_proxies(self._settings.base)
                self._check(requests.utils.select_proxy(self._settings.base, self._proxies))
            if not self._settings.validate_certs:
                requests.packages.urllib3.disable_warnings()  # type: ignore[attr-defined]
            self._session = session
        return self._session

    def _check(self, proxy: t.Optional[str]) -> None:
        """The proxy that the environment names for this appliance. Raises InvalidInput."""
        if proxy:
            self.secrets += proxy_secrets(proxy)
            whole = proxy if "://" in proxy else f"http://{proxy}"
            check_proxy("The proxy in the environment (HTTPS_PROXY or ALL_PROXY)", whole, PROXY_SCHEMES)

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
                    proxies=self._proxies,
                    stream=True,
                ) as response,
            ):
                return self._read(response, ends)
        except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError, OSError) as exc:
            if self._deadline.passed:
                raise late() from None
            # Not chained: the text of a proxy error holds the proxy's password.
            raise broken(exc, settings, timeout, self.secrets) from None

    def _read(self, response: requests.Response, ends: float) -> Document:
        pieces: list[bytes] = []
        size = 0
        # read1 where there is one: it returns what has come, so that a reply that drips cannot outwait the deadline.
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
            raise TransportError("The reply was empty", worth_repeating=True)
        return parse(content, self.secrets)


def late() -> TransportError:
    return TransportError("The reply did not end within request_timeout", worth_repeating=True, next_step=IMPATIENT)


def refused(response: requests.Response, content: bytes, secrets: t.Iterable[str]) -> FortiViewError:
    """The error for an HTTP status other than 200."""
    status = response.status_code
    said = f"HTTP {status} {printable(response.reason or '')}".strip()
    if 300 <= status < 400:
        return ProtocolError(
            f"{said}: redirected to {printable(response.headers.get('Location', 'nowhere'), 100)}, not followed"
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


def broken(exc: BaseException, settings: Settings, timeout: float, secrets: t.Iterable[str]) -> TransportError:
    """The error for an exchange that ended without a complete reply within `timeout` seconds."""
    text = redacted(_root_text(exc), secrets)
    name = type(exc).__name__
    where = f"{settings.host}:{settings.port}"
    if _caused_by(exc, "ProxyError"):
        return TransportError(f"The proxy could not be used ({name})", processed=False, next_step="Check proxy.")
    if _caused_by(exc, "SSLCertVerificationError") or "CERTIFICATE_VERIFY_FAILED" in text:
        return TlsError(f"The certificate of {where} was not accepted: {text}", processed=False)
    if _caused_by(exc, "SSLError") and "EOF" not in text:
        return TlsError(f"No TLS with {where}: {text}", processed=False, next_step="Check that port speaks HTTPS.")
    if _caused_by(exc, "ConnectTimeoutError", "ConnectTimeout"):
        return TransportError(
            f"No connection to {where} within {round(timeout, 1):g} s",
            processed=False,
            worth_repeating=True,
            next_step=UNREACHABLE,
        )
    if _caused_by(exc, "NewConnectionError", "NameResolutionError", "gaierror", "ConnectionRefusedError"):
        return TransportError(
            f"No connection to {where}: {text}",
            processed=False,
            worth_repeating=True,
            next_step=UNREACHABLE,
        )
    if _caused_by(exc, "ReadTimeoutError", "ReadTimeout", "TimeoutError"):
        return TransportError(
            f"No reply from {where} within {round(timeout, 1):g} s", worth_repeating=True, next_step=IMPATIENT
        )
    return TransportError(
        f"The connection to {where} broke before the reply was complete: {text}", worth_repeating=True
    )


def _chain(exc: BaseException) -> t.Iterator[BaseException]:
    """The exception and all that it wraps; requests and urllib3 put the cause into `reason` or the arguments."""
    waiting: list[t.Any] = [exc]
    seen: set[int] = set()
    while waiting:
        this = waiting.pop(0)
        if not isinstance(this, BaseException) or id(this) in seen:
            continue
        seen.add(id(this))
        yield this
        waiting += [getattr(this, "reason", None), this.__cause__, this.__context__, *this.args]


def _caused_by(exc: BaseException, *names: str) -> bool:
    return any(type(this).__name__ in names for this in _chain(exc))


def _root_text(exc: BaseException) -> str:
    return printable(str(list(_chain(exc))[-1]) or type(exc).__name__, 200)


def _seconds(retry_after: t.Optional[str]) -> t.Optional[float]:
    """Only the form in seconds; a date would need the appliance's clock."""
    return float(retry_after) if retry_after and retry_after.strip().isdigit() else None

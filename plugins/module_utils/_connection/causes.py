# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Errors for HTTP exchanges without a usable reply. Each error has a cause and a next step."""

from __future__ import annotations

import re
import typing as t

from .._common.errors import TlsError, TransportError, printable, redacted
from .proxies import Proxy, broken_proxy
from .settings import Settings
from .trust import refused_certificate

IMPATIENT = "Try again when FortiAnalyzer is less busy, or raise request_timeout."
HTTPS_PORT = "Set port (FAZ_PORT) to the HTTPS port of FortiAnalyzer's administration interface."
HANDSHAKE = (
    "Check port (FAZ_PORT), and that FortiAnalyzer and the firewalls in between permit connections from this machine."
)
NAME = "Check host (FAZ_HOST) and the name resolution of this machine."
LISTENS = "Check port (FAZ_PORT), and that this interface of FortiAnalyzer allows HTTPS as administrative access."
UNREACHABLE = "Check host (FAZ_HOST), the route to this host, and the firewalls in between."
VERSIONS = "Enable TLS 1.2 or later on FortiAnalyzer, with ciphers that this machine accepts."

PROXY_ERRORS = (
    "ProxyError",
    "ProxyConnectionError",
    "GeneralProxyError",
    "SOCKS4Error",
    "SOCKS5Error",
    "SOCKS5AuthError",
)
NO_TLS = re.compile(r"wrong.version.number|record.layer.failure|http.request|unknown.protocol|packet.length", re.I)
NO_VERSION = re.compile(
    r"protocol.version|unsupported.protocol|handshake.failure|no.(?:shared.)?cipher|too.small", re.I
)


def broken(
    exc: BaseException,
    settings: Settings,
    timeout: float,
    secrets: t.Iterable[str],
    proxy: t.Optional[Proxy],
    connected: bool,
) -> TransportError:
    """The error for an exchange that ended without a complete reply within `timeout` seconds. `connected` is True if
    the TLS handshake was completed. The request may then have arrived."""
    text = redacted(_root_text(exc), secrets)
    where = settings.base.partition("://")[2]
    if proxy and (_caused_by(exc, *PROXY_ERRORS) or "SOCKS support" in text):
        return broken_proxy(text, proxy, settings.host, where)
    if _caused_by(exc, "SSLCertVerificationError") or "CERTIFICATE_VERIFY_FAILED" in text:
        return refused_certificate(text, where, settings.host, settings.ca_path, str(proxy or ""))
    if _caused_by(exc, "SSLError") and "EOF" not in text:
        return _no_tls(text, where)
    if _caused_by(exc, "ConnectTimeoutError", "ConnectTimeout"):
        return _no_connection(f"No connection to {where} within {round(timeout, 1):g} s", UNREACHABLE)
    if _caused_by(exc, "NameResolutionError", "gaierror"):
        return _no_connection(f"No connection to {where}: {text}", NAME)
    if _caused_by(exc, "ConnectionRefusedError"):
        return _no_connection(f"No connection to {where}: {text}", LISTENS)
    if _caused_by(exc, "NewConnectionError"):
        return _no_connection(f"No connection to {where}: {text}", UNREACHABLE)
    late = _caused_by(exc, "ReadTimeoutError", "ReadTimeout", "TimeoutError")
    if not connected:
        return _no_handshake(text, where, timeout, late)
    if late:
        return TransportError(
            f"No reply from {where} within {round(timeout, 1):g} s", worth_repeating=True, next_step=IMPATIENT
        )
    return TransportError(
        f"The connection to {where} ended before the reply was complete: {text}", worth_repeating=True
    )


def _no_handshake(text: str, where: str, timeout: float, late: bool) -> TransportError:
    if late:
        return _no_connection(f"No TLS handshake with {where} within {round(timeout, 1):g} s", HANDSHAKE)
    return _no_connection(f"The connection to {where} was closed during the TLS handshake: {text}", HANDSHAKE)


def _no_connection(said: str, next_step: str) -> TransportError:
    return TransportError(said, processed=False, worth_repeating=True, next_step=next_step)


def _no_tls(text: str, where: str) -> TlsError:
    if NO_TLS.search(text):
        said = f"{where} does not use TLS: plain HTTP or another service without TLS listens on this port"
        return TlsError(said, processed=False, next_step=HTTPS_PORT)
    return TlsError(
        f"No TLS with {where}: {text}", processed=False, next_step=VERSIONS if NO_VERSION.search(text) else HTTPS_PORT
    )


def _chain(exc: BaseException) -> t.Iterator[BaseException]:
    """The exception and all exceptions that it wraps. requests and urllib3 store a wrapped exception in `reason` or in the
    arguments."""
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

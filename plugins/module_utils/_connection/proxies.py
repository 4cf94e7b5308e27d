# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The proxy, the source of its URL, and the next step if the proxy fails. Messages never show its credentials."""

from __future__ import annotations

import os
import re
import typing as t
import urllib.parse

from .._common.errors import InvalidInput, TransportError, printable

OPTION_SCHEMES = ("http", "https")
# The schemes that requests accepts in environment variables. Other programs share these variables.
ENVIRONMENT_SCHEMES = ("http", "https", "socks4", "socks4a", "socks5", "socks5h")
REFUSED = re.compile(r"Tunnel connection failed: (\d{3})\b\s*(.*)")
ENCODE = "Special characters in the user and the password of the proxy must be percent-encoded."


class Proxy(t.NamedTuple):
    """`origin` is the name of the option or of the environment variable that contains the URL."""

    url: str
    origin: str
    from_environment: bool

    def __str__(self) -> str:
        return f"{self.place}, from {self.source}"

    @property
    def place(self) -> str:
        """The host and port of the proxy, without its credentials."""
        return self._parts.netloc.rpartition("@")[2]

    @property
    def has_user(self) -> bool:
        return bool(self._parts.username)

    @property
    def secrets(self) -> list[str]:
        """The secrets of a URL with a user: the whole URL, its password, and the decoded password, which is sent. Empty if
        the URL has no user."""
        if "@" not in self.url:
            return []
        try:
            password = self._parts.password or ""
        except ValueError:
            password = ""
        return [text for text in (self.url, password, urllib.parse.unquote(password)) if text]

    def check(self) -> None:
        """Raise InvalidInput for an invalid URL. The error names the source of the URL but does not quote the URL,
        because the URL may contain a password."""
        schemes = ENVIRONMENT_SCHEMES if self.from_environment else OPTION_SCHEMES
        try:
            parts = self._parts
            usable = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
        except ValueError:
            usable = False
        # An unencoded "/", "?" or "#" in a password ends the host part too early.
        if not usable or "@" in f"{parts.path}{parts.query}{parts.fragment}":
            raise InvalidInput(f"{self.source} must look like http://proxy.example.com:3128", next_step=ENCODE)

    @property
    def source(self) -> str:
        return f"the environment variable {self.origin}" if self.from_environment else self.name

    @property
    def name(self) -> str:
        return self.origin if self.from_environment else f"the option {self.origin}"

    @property
    def _parts(self) -> urllib.parse.SplitResult:
        """The parts of the URL. A URL from the environment may have no scheme, because other programs accept such
        URLs. Raises ValueError."""
        whole = self.url if "://" in self.url or not self.from_environment else f"http://{self.url}"
        return urllib.parse.urlsplit(whole)


def option_proxy(url: str) -> Proxy:
    return Proxy(url, "proxy", from_environment=False)


def environment_proxy(base: str) -> t.Optional[Proxy]:
    """The proxy for this URL from the environment. None if no variable is set or NO_PROXY excludes the host."""
    import requests.utils

    found = requests.utils.get_environ_proxies(base)
    for scheme in ("https", "all"):
        if found.get(scheme):
            return Proxy(found[scheme], _spelled(f"{scheme}_proxy"), from_environment=True)
    return None


def _spelled(name: str) -> str:
    """The name of the variable as it is spelled in the environment. If both spellings are set, lower case has
    precedence."""
    spelled = [key for key, value in os.environ.items() if value and key.lower() == name]
    return name if name in spelled or not spelled else spelled[0]


def broken_proxy(text: str, proxy: Proxy, host: str, where: str) -> TransportError:
    """The error for a proxy that opened no tunnel to `where` (host and port). `text` is the cause from the library."""
    refused = REFUSED.search(text)
    if refused:
        status = int(refused.group(1))
        said = f"The proxy {proxy}, replied with HTTP {status} {printable(refused.group(2))}".rstrip()
        cure = _cure(status, proxy, where)
    elif "CERTIFICATE_VERIFY_FAILED" in text:
        said = f"The certificate of the proxy {proxy}, was not accepted: {text}"
        cure = (
            f"Correct the proxy in {proxy.name}, or add the CA of its certificate to the file in ca_path (FAZ_CA_PATH)."
        )
    elif "[SSL" in text:
        said = f"The proxy {proxy}, does not use TLS: {text}"
        cure = f"Write http:// in place of https:// in {proxy.name}. The connection to FortiAnalyzer is encrypted in both cases."
    elif "SOCKS support" in text:
        said = f"The proxy {proxy}, cannot be used: {text}"
        cure = "Install the Python package PySocks."
    else:
        said = f"The proxy {proxy}, could not be reached: {text}"
        cure = f"Check the proxy in {proxy.name}."
    bypass = f"add {host} to NO_PROXY" if proxy.from_environment else "remove the option proxy"
    return TransportError(
        said, processed=False, next_step=f"{cure} If FortiAnalyzer can be reached without a proxy, {bypass}."
    )


def _cure(status: int, proxy: Proxy, where: str) -> str:
    if status == 407 and proxy.has_user:
        return f"Check the user and password in {proxy.name}: special characters in them must be percent-encoded."
    if status == 407:
        return (
            f"Put the credentials for the proxy into the URL in {proxy.name}, as in http://user:password@{proxy.place}."
        )
    if status >= 500:
        return f"The proxy cannot reach {where}: check host and port, and ask the administrator of the proxy."
    return f"Ask the administrator of the proxy to permit CONNECT to {where}."

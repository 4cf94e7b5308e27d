# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where the appliance is and how to log in. Refuses before anything is sent."""

from __future__ import annotations

import ipaddress
import os
import re
import typing as t
import urllib.parse

from .._protocol.errors import InvalidInput

HOST_NAME = re.compile(
    r"(?=.{1,253}$)[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)*\.?"
)


class Settings(t.NamedTuple):
    """Connection options under the names of the modules (design section 3). `request_timeout` in seconds."""

    host: str
    port: int = 443
    username: t.Optional[str] = None
    password: t.Optional[str] = None
    api_token: t.Optional[str] = None
    forticloud_access_token: t.Optional[str] = None
    validate_certs: bool = True
    ca_path: t.Optional[str] = None
    request_timeout: float = 30.0
    proxy: t.Optional[str] = None

    @property
    def base(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"https://{host}:{self.port}"

    @property
    def secrets(self) -> list[str]:
        return [
            secret
            for secret in (self.password, self.api_token, self.forticloud_access_token, *proxy_secrets(self.proxy))
            if secret
        ]


def settings_of(params: t.Mapping[str, t.Any]) -> Settings:
    """Read the connection options. Raises InvalidInput."""
    values = {key: params[key] for key in Settings._fields if params.get(key) not in (None, "")}
    if "host" not in values:
        raise InvalidInput("host is missing: give it as an option or in FAZ_HOST")
    values["host"] = _host(str(values["host"]))
    settings = Settings(**values)
    _one_way_in(settings)
    if not 1 <= settings.port <= 65535:
        raise InvalidInput(f"port {settings.port} is not between 1 and 65535")
    if settings.request_timeout <= 0:
        raise InvalidInput("request_timeout must be above 0 seconds")
    if settings.validate_certs and settings.ca_path and not os.path.exists(settings.ca_path):
        raise InvalidInput(f"ca_path {settings.ca_path} does not exist on the machine that runs the module")
    if settings.proxy:
        check_proxy("proxy", settings.proxy)
    for name, text in (("username", settings.username), ("password", settings.password)):
        if text and text[-1] in "\r\n":
            raise InvalidInput(
                f"{name} ends with a line break, as text read from a file does: add the filter trim, or remove the line break"
            )
    for token in (settings.api_token, settings.forticloud_access_token):
        if token:
            check_token(token)
    return settings


def _host(text: str) -> str:
    host = text.strip()
    if "@" in host:
        # Not quoted: what stands before it may be a password.
        raise InvalidInput("host must be a name or an address alone, without https://, path or user")
    if "/" in host:
        raise InvalidInput(f"host {text!r} must be a name or an address alone, without https://, path or user")
    if "%" in host:
        raise InvalidInput(f"host {text!r} has a zone: give an address that can be reached without one")
    bare = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    try:
        return str(ipaddress.ip_address(bare)) if ":" in bare else _name(bare)
    except ValueError as exc:
        raise InvalidInput(f"host {text!r} is no address; a port belongs into port") from exc


def _name(host: str) -> str:
    if not HOST_NAME.fullmatch(host):
        raise InvalidInput(f"host {host!r} must be a name or an address alone, without https://, path or user")
    return host


def check_token(token: str) -> None:
    """Raises InvalidInput for what no header and no URL can carry."""
    if not re.fullmatch(r"[\x21-\x7e]+", token):
        raise InvalidInput("the token has a space, a line break or a non-ASCII character in it")


def check_proxy(origin: str, proxy: str, schemes: t.Collection[str] = ("http", "https")) -> None:
    """Raises InvalidInput, which names where the proxy comes from and never quotes it: it may hold a password."""
    try:
        parts = urllib.parse.urlsplit(proxy)
        usable = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise InvalidInput(f"{origin} must look like http://proxy.example.com:3128")


def proxy_secrets(proxy: t.Optional[str]) -> list[str]:
    """What of a proxy must not be shown: all of it, and its password, also as it is sent."""
    if not proxy:
        return []
    try:
        password = urllib.parse.urlsplit(proxy).password or ""
    except ValueError:
        return [proxy]
    return [text for text in (proxy, password, urllib.parse.unquote(password)) if text]


def _one_way_in(settings: Settings) -> None:
    ways = {
        "username and password": settings.username or settings.password,
        "api_token": settings.api_token,
        "forticloud_access_token": settings.forticloud_access_token,
    }
    given = [way for way, value in ways.items() if value]
    if len(given) != 1:
        told = "none was given" if not given else f"given were {', '.join(given)}"
        raise InvalidInput(
            f"Exactly one way to authenticate is needed ({', '.join(ways)}); {told}. "
            "Values also come from FAZ_USERNAME, FAZ_PASSWORD, FAZ_API_TOKEN and FAZ_CLOUD_TOKEN"
        )
    if bool(settings.username) != bool(settings.password):
        raise InvalidInput("username and password belong together")

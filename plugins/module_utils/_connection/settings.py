# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of a connection to FortiAnalyzer. Invalid values raise an error before anything is sent."""

from __future__ import annotations

import ipaddress
import re
import typing as t

from .._common.durations import parse_seconds
from .._common.errors import InvalidInput
from .proxies import option_proxy
from .trust import check_ca

HOST_NAME = re.compile(
    r"(?=.{1,253}$)[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)*\.?"
)


class Settings(t.NamedTuple):
    """The connection options, named as in the modules. `request_timeout` is in seconds."""

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
        proxy = option_proxy(self.proxy).secrets if self.proxy else []
        return [secret for secret in (self.password, self.api_token, self.forticloud_access_token, *proxy) if secret]


def settings_of(params: t.Mapping[str, t.Any]) -> Settings:
    """Read the connection options. Raises InvalidInput."""
    values = {key: params[key] for key in Settings._fields if params.get(key) not in (None, "")}
    if "host" not in values:
        raise InvalidInput("host is missing: set the option host or the environment variable FAZ_HOST")
    values["host"] = _host(str(values["host"]))
    values["request_timeout"] = parse_seconds("request_timeout", values.get("request_timeout", 30))
    settings = Settings(**values)
    _one_way_in(settings)
    if not 1 <= settings.port <= 65535:
        raise InvalidInput(f"port {settings.port} must be between 1 and 65535")
    if settings.request_timeout <= 0:
        raise InvalidInput("request_timeout must be above 0 seconds")
    if settings.validate_certs and settings.ca_path:
        check_ca(settings.ca_path)
    if settings.proxy:
        option_proxy(settings.proxy).check()
    for name, text in (("username", settings.username), ("password", settings.password)):
        if text and text[-1] in "\r\n":
            raise InvalidInput(
                f"{name} ends with a line break: remove the line break, or use the filter trim if the text comes from a file"
            )
    for name, token in (
        ("api_token", settings.api_token),
        ("forticloud_access_token", settings.forticloud_access_token),
    ):
        if token:
            check_token(name, token)
    return settings


def _host(text: str) -> str:
    host = text.strip()
    if "@" in host:
        # The error does not quote the value, because the text before the "@" may be a password.
        raise InvalidInput("host must be only a name or an address, without https://, path or user")
    if "/" in host:
        raise InvalidInput(f"host {text!r} must be only a name or an address, without https://, path or user")
    if "%" in host:
        raise InvalidInput(f"host {text!r} has a zone: set host to an address without a zone")
    bare = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    try:
        return str(ipaddress.ip_address(bare)) if ":" in bare else _name(bare)
    except ValueError as exc:
        raise InvalidInput(
            f"host {text!r} has a colon and is not an IPv6 address: correct the address, or set the port in the option port"
        ) from exc


def _name(host: str) -> str:
    if not HOST_NAME.fullmatch(host):
        raise InvalidInput(f"host {host!r} must be only a name or an address, without https://, path or user")
    return host


def check_token(name: str, token: str) -> None:
    """Raise InvalidInput if the token contains a character that is invalid in a header or URL."""
    if not re.fullmatch(r"[\x21-\x7e]+", token):
        raise InvalidInput(f"{name} contains a space, a line break or a non-ASCII character: remove this character")


def _one_way_in(settings: Settings) -> None:
    methods = {
        "api_token (FAZ_API_TOKEN)": settings.api_token,
        "username and password (FAZ_USERNAME, FAZ_PASSWORD)": settings.username or settings.password,
        "forticloud_access_token (FAZ_CLOUD_TOKEN)": settings.forticloud_access_token,
    }
    given = [method for method, value in methods.items() if value]
    if not given:
        raise InvalidInput(f"No credentials are set in options or environment variables. Set {', or '.join(methods)}")
    if len(given) > 1:
        raise InvalidInput(
            f"Credentials of more than one kind were given: {', and '.join(given)}. Keep one kind, and "
            "remove the others from the options and from the environment"
        )
    if settings.username and not settings.password:
        raise InvalidInput("username is given without password: set password (FAZ_PASSWORD)")
    if settings.password and not settings.username:
        raise InvalidInput("password is given without username: set username (FAZ_USERNAME)")

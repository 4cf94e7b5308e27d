# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rights of administrators: API tokens, sessions of passwords, lock-out (protocol_fortigate.rst, "Login", "Rights")."""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from . import features, rights
from .call import Call
from .errors import forbidden, unauthorized
from .switches import Switches
from .tables import TABLES

_COOKIE = re.compile(r'APSCOOKIE_\d+="?([^";,]+)')


@dataclass(frozen=True)
class Credentials:
    """What a client must know."""

    username: str
    password: str
    token: str
    read_only_token: str
    # How the tokens of administrators begin who belong to one VDOM each.
    vdom_token: str


@dataclass
class Session:
    """One login by password; the browser form has a cookie and needs the CSRF token for writing."""

    key: str
    last_used: float
    csrf: str | None = None


class Admins:
    """The logins since the last reset."""

    def __init__(self, switches: Switches, credentials: Credentials) -> None:
        self._switches = switches
        self._credentials = credentials
        self._sessions: dict[str, Session] = {}
        self._known: list[str] = []
        self._wrong = 0
        self._locked_until = 0.0

    def login(self, username: object, password: object, now: float, with_cookie: bool) -> Session | None:
        """A new session; None for a wrong password, and for any while the administrator is locked out."""
        right = (username, password) == (self._credentials.username, self._credentials.password)
        if not right:
            self._wrong += 1
            if self._wrong >= self._switches.lockout_after:
                self._locked_until = now + self._switches.lockout_seconds
        if not right or self.locked(now):
            return None
        self._wrong = 0
        session = Session(secrets.token_hex(20), now, secrets.token_hex(16) if with_cookie else None)
        self._sessions[session.key] = session
        self._known += [session.key, *([session.csrf] if session.csrf else [])]
        return session

    def locked(self, now: float) -> bool:
        return now < self._locked_until

    def logout(self, headers: Mapping[str, str]) -> None:
        for key in (_bearer(headers), _cookie(headers)):
            self._sessions.pop(key or "", None)

    def drop_sessions(self) -> None:
        self._sessions.clear()

    def open_sessions(self) -> list[str]:
        return list(self._sessions)

    def known_keys(self) -> list[str]:
        """All session keys and CSRF tokens that were ever handed out."""
        return list(self._known)

    def authenticate(self, call: Call, headers: Mapping[str, str], now: float) -> str:
        """The administrator's name; Basic and the access_token header are no login."""
        token = _bearer(headers)
        if token is None and features.token_in_url(self._switches):
            token = call.first("access_token")
        for name, secret in self._tokens().items():
            if token is not None and hmac.compare_digest(token.encode(), secret.encode()):
                return name
        session = self._sessions.get(token or _cookie(headers) or "")
        if session is None or now - session.last_used > self._switches.session_idle:
            raise unauthorized()
        session.last_used = now
        if token is None and call.method != "GET" and headers.get("x-csrftoken") != session.csrf:
            raise forbidden("no CSRF token", self._switches.forbidden_form)
        return self._credentials.username

    def authorize(self, name: str, call: Call) -> None:
        """Rights of the profile, then of the VDOM."""
        switches = self._switches
        read_only = name == "ansible-ro" or switches.read_only
        if read_only and call.method != "GET":
            raise forbidden("the profile is read-only", switches.forbidden_form)
        lacking = rights.lacks(call, switches)
        if lacking:
            raise forbidden(f"the profile has no right to this: {lacking}", switches.forbidden_form)
        if any(part in f"{call.tree}/{call.path}" for part in switches.denied):
            raise forbidden("the profile has no right to this", switches.forbidden_form)
        allowed = self.vdoms_of(name)
        if allowed is None:
            return
        if call.in_global or call.vdom not in allowed:
            raise forbidden(f"VDOM {call.vdom} is not this administrator's", switches.forbidden_form)
        if not switches.vdom_admin_reads_global and _belongs_to_all(call):
            raise forbidden(f"{call.path} belongs to the whole FortiGate", switches.forbidden_form)

    def vdoms_of(self, name: str) -> list[str] | None:
        """The VDOMs of an administrator; None for all of them."""
        vdom = next((vdom for vdom in self._switches.vdoms if name == f"ansible-{vdom}"), None)
        return self._switches.vdoms_allowed if vdom is None else [vdom]

    def vdom_tokens(self) -> dict[str, str]:
        return {vdom: f"{self._credentials.vdom_token}-{number}" for number, vdom in enumerate(self._switches.vdoms)}

    def _tokens(self) -> dict[str, str]:
        given = self._credentials
        own = {f"ansible-{vdom}": token for vdom, token in self.vdom_tokens().items()}
        return {"ansible": given.token, "ansible-ro": given.read_only_token, **own}


def _belongs_to_all(call: Call) -> bool:
    """What there is once per FortiGate; of the interfaces everybody sees his own."""
    table = TABLES.get("/".join(call.parts[:2])) if call.tree == "cmdb" else None
    return table is not None and table.shared and table.path != "system/interface"


def _bearer(headers: Mapping[str, str]) -> str | None:
    scheme, _space, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def _cookie(headers: Mapping[str, str]) -> str | None:
    match = _COOKIE.search(headers.get("cookie", ""))
    return match[1] if match else None

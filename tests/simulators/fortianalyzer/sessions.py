# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Administrator sessions: login, idle expiry, lock-out, logout (protocol_fortianalyzer.rst, "Authentication")."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass

from .errors import NO_PERMISSION, StatusError
from .switches import Switches

STALE_TEXT = {
    -11: NO_PERMISSION,
    -10: "Session timeout",
    -2: "Invalid session",
    -21: "Token expired",
}
LOGIN_TEXT = {-22: "Login fail", -20: "User is not authenticated", -11: "Invalid user name or password"}


@dataclass
class Session:
    """One login; `blameless` where the client cannot know it, or was told that it is gone."""

    sid: str
    last_used: float
    cloud: bool = False
    open: bool = True
    blameless: bool = False


class Sessions:
    """All sessions since the last reset."""

    def __init__(self, switches: Switches) -> None:
        self._switches = switches
        self._sessions: dict[str, Session] = {}
        self._wrong_passwords = 0
        self._locked_until = 0.0

    def login(self, right: bool, now: float) -> Session:
        """Open a session; three wrong passwords lock the administrator out for a while."""
        code = self._switches.login_refusal_code
        if not right:
            self._wrong_passwords += 1
            if self._wrong_passwords >= self._switches.lockout_after:
                self._locked_until = now + self._switches.lockout_seconds
        if not right or now < self._locked_until:
            raise StatusError(code, LOGIN_TEXT.get(code, "Login fail"))
        self._wrong_passwords = 0
        if self._switches.rpc_permit == "none":
            # As an administrator is created. A wrong password is refused before, by its own code.
            raise StatusError(-11, NO_PERMISSION)
        cap = self._switches.session_cap
        if cap is not None and len(self.open(now)) >= cap:
            raise StatusError(self._switches.session_cap_code, "Too many concurrent administrator sessions")
        return self.create(now)

    def create(self, now: float, cloud: bool = False) -> Session:
        sid = base64.b64encode(secrets.token_bytes(40)).decode()
        self._sessions[sid] = Session(sid, now, cloud)
        return self._sessions[sid]

    def use(self, sid: object, now: float) -> Session:
        """The session of a request, or the refusal that stale ones get."""
        session = self._sessions.get(sid) if isinstance(sid, str) else None
        if session is not None and self._alive(session, now):
            session.last_used = now
            return session
        if session is not None:
            session.blameless = True
        code = self._switches.stale_session_code
        raise StatusError(code, STALE_TEXT.get(code, STALE_TEXT[-11]), permission=True)

    def logout(self, sid: object, now: float) -> None:
        session = self.use(sid, now)
        session.open = False
        session.blameless = True

    def drop_all(self) -> None:
        """What a restart of the daemon does."""
        for session in self._sessions.values():
            session.open = False
            session.blameless = True

    def open(self, now: float) -> list[str]:
        return [session.sid for session in list(self._sessions.values()) if self._alive(session, now)]

    def known(self) -> list[str]:
        return list(self._sessions)

    def left_behind(self) -> list[str]:
        """Sessions that their client should have logged out and did not."""
        return [session.sid for session in list(self._sessions.values()) if not session.blameless]

    def forgive(self, sid: str) -> None:
        """The reply that carried this session never arrived."""
        self._sessions[sid].blameless = True

    def _alive(self, session: Session, now: float) -> bool:
        if session.open and now - session.last_used > self._switches.session_idle:
            session.open = False
        return session.open

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every request that went over the wire, for assertions (protocol_fortigate.rst, "Requirements for a simulator")."""

from __future__ import annotations

from dataclasses import dataclass

from ..common.journal import HttpEntry

# Logins and logouts come unasked and in between: a fault that names no path does not mean them.
ANY_CALL = "call "
NOISE = ("/logout", "/logincheck", "/login", "/api/v2/authentication")


@dataclass(kw_only=True)
class Entry(HttpEntry):
    """One request, the VDOM that it meant, and which administrator it came from, if any."""

    vdom: str | None = None
    admin: str | None = None

    @property
    def writes(self) -> bool:
        return self.http_method != "GET" and self.path.rstrip("/") not in NOISE

    @property
    def place(self) -> str:
        """What a fault's path is looked for in."""
        kind = ANY_CALL if self.path.startswith(("/api/v2/cmdb/", "/api/v2/monitor/")) else "login "
        return f"{kind}{self.path}?{self.query}" if self.query else f"{kind}{self.path}"


class Journal(list[Entry]):
    """The entries in order of arrival."""

    @property
    def writes(self) -> list[Entry]:
        """Whatever is not reading; logins and logouts are neither."""
        return [entry for entry in list(self) if entry.writes]

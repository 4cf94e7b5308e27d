# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Selects the connection of a run: its own connection, or the persistent connection of the host."""

from __future__ import annotations

import typing as t

from .._connection.session import Connection
from .._connection.settings import settings_of
from .._connection.shared import SharedConnection
from .._tasks.fortiview import Context

UNVERIFIED = "The certificate of FortiAnalyzer was not verified (validate_certs is off)."


class Access(t.NamedTuple):
    """A connection to FortiAnalyzer. `host` is its name in errors."""

    connection: t.Union[Connection, SharedConnection]
    host: str
    verified: bool

    @property
    def warnings(self) -> list[str]:
        """Warnings about the connection. They are complete after the connection is closed."""
        found = [] if self.verified else [UNVERIFIED]
        if self.connection.left_open:
            found.append(
                f"Could not log out of the session on {self.host} ({self.connection.left_open}). The session ends after "
                "its idle timeout."
            )
        return found


def access_of(params: t.Mapping[str, t.Any], context: Context) -> Access:
    """The connection for these options. Raises InvalidInput for invalid connection options."""
    if context.shared is not None:
        return Access(context.shared, context.shared.host, context.shared.verified)
    settings = settings_of(params)
    return Access(Connection(settings, context.clock, context.sleep), settings.host, settings.validate_certs)

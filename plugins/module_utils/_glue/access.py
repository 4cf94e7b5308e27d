# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The connection of a run: a separate one, or the persistent one of a host."""

from __future__ import annotations

import typing as t

from .._connection.session import Connection
from .._connection.settings import settings_of
from .._connection.shared import SharedConnection
from .._tasks.fortiview import Context

UNVERIFIED = "The certificate of FortiAnalyzer was not verified (validate_certs is off)."


class Access(t.NamedTuple):
    """A connection to FortiAnalyzer, which `host` names in errors."""

    connection: t.Union[Connection, SharedConnection]
    host: str
    verified: bool

    @property
    def warnings(self) -> list[str]:
        """Warnings about it, once the connection is closed."""
        found = [] if self.verified else [UNVERIFIED]
        if self.connection.left_open:
            found.append(
                f"The session on {self.host} could not be logged out ({self.connection.left_open}): it ends by "
                "its idle timeout."
            )
        return found


def access_of(params: t.Mapping[str, t.Any], context: Context) -> Access:
    """Raises InvalidInput if there is no connection."""
    if context.shared is not None:
        return Access(context.shared, context.shared.host, context.shared.verified)
    settings = settings_of(params)
    return Access(Connection(settings, context.clock, context.sleep), settings.host, settings.validate_certs)

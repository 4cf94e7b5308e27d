# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Python interface: one FortiGate as a context manager."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ..common.appliance import Appliance
from ..common.clock import Clock, WallClock
from ..common.faults import Fault
from . import passing
from .app import make_app
from .box import Box
from .config import Saved
from .configuring import Given, configure
from .journal import Entry, Journal
from .others import act
from .state import FortiGateState
from .switches import Switches

SERIAL, HOSTNAME = "FG100FTK20000001", "fgt-hq"


class FortiGate(Appliance[FortiGateState]):
    """A FortiGate on 127.0.0.1; its credentials follow from its serial number."""

    def __init__(
        self,
        switches: Switches | None = None,
        clock: Clock | None = None,
        serial: str = SERIAL,
        hostname: str = HOSTNAME,
        port: int = 0,
        directory: Path | None = None,
    ) -> None:
        self.clock: Clock = clock or WallClock()
        self._box = Box((switches or Switches()).copy(), self.clock, serial, hostname)
        state = FortiGateState(self._box)
        super().__init__(state, make_app(state), "FortiGate simulator", port, directory)
        self.serial, self.hostname = serial, hostname
        given = self._box.credentials
        self.username, self.password = given.username, given.password
        self.token, self.read_only_token = given.token, given.read_only_token

    @property
    def url(self) -> str:
        return f"https://{self.host}:{self.port}"

    @property
    def vdom_tokens(self) -> dict[str, str]:
        """Tokens of administrators who belong to one VDOM each, by VDOM."""
        return self._box.vdom_tokens

    @property
    def switches(self) -> Switches:
        return self._box.switches

    @property
    def journal(self) -> Journal:
        return self._box.journal

    @property
    def writes(self) -> list[Entry]:
        """All requests but reading, login and logout, whether they succeeded or not."""
        return self._box.journal.writes

    @property
    def alarms(self) -> list[str]:
        """What no automation may ever do: a table purged, all bans cleared, all sessions closed."""
        return self._box.alarms

    @property
    def closed_sessions(self) -> list[dict[str, Any]]:
        return self._box.closed_sessions

    @property
    def open_sessions(self) -> list[str]:
        return self._box.admins.open_sessions()

    def fault(
        self,
        kind: str,
        method: str | None = None,
        path: str | None = None,
        times: int = 1,
        after: int = 0,
        **details: Any,
    ) -> Fault:
        """Plan a failure for the next matching calls; `path` is a part of the path with its query."""
        return self._state.fault(kind, method, path, times, after, **details)

    def bans(self, vdom: str = "root") -> list[dict[str, Any]]:
        return self._state.bans(vdom)

    def seed_bans(self, entries: Iterable[Mapping[str, Any]], vdom: str = "root") -> None:
        """Bans that others have made: IPS, AV, DOS, APP, or an administrator by hand."""
        self._box.bans.seed(vdom, entries, self._box.appliance_time())

    def feed(self, name: str, vdom: str = "root") -> list[str]:
        return self._state.feed(name, vdom)

    def members(self, group: str, vdom: str = "root") -> list[str]:
        return self._state.members(group, vdom)

    def objects(self, path: str, vdom: str = "root") -> list[dict[str, Any]]:
        """All objects of a table, such as firewall/address, in their order."""
        return self._state.objects(path, vdom)

    def passes(
        self,
        src: str,
        dst: str,
        dport: int = 443,
        vdom: str | None = None,
        to_box: bool = False,
        interface: str | None = None,
    ) -> bool:
        """Would a new TCP connection get through? In the first VDOM that carries traffic, unless one is named.

        It comes in by `interface`, or by the one behind which its source lies. Policies count it.
        """
        return passing.passes(self._box, src, dst, dport, vdom, to_box, interface)

    def configure(self, path: str, given: Given, vdom: str = "root") -> None:
        """Configuration made by somebody else: objects of a table, or attributes of a single object such as system/dns."""
        configure(self._box, path, given, vdom)

    def other_administrator(self, method: str, path: str, body: Any = None) -> Any:
        """An API call of somebody else, such as POST cmdb/firewall/address?vdom=root; it is not in the journal."""
        return act(self._box, method, path, body).results

    def save_configuration(self) -> None:
        """What an administrator has to do where system/global has `cfg-save: manual` or `revert`."""
        self._box.config.save()

    def reboot(self) -> None:
        self._box.reboot()

    def backup(self) -> Saved:
        """The configuration as a file that an administrator keeps."""
        return self._box.config.backup()

    def restore(self, backup: Saved) -> None:
        """Takes the place of the whole configuration, and the FortiGate reboots."""
        self._box.config.restore(backup)
        self._box.reboot()

    def ha_failover(self) -> None:
        self._box.failover()

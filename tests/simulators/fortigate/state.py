# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state of one FortiGate: configuration, bans, feeds, logins, and what has gone wrong."""

from __future__ import annotations

import hashlib

from ..common.clock import Clock
from ..common.state import State
from ..common.wire import TRANSPORT_FAULTS
from .admins import Admins, Credentials
from .bans import Bans
from .config import Config
from .counters import Counters
from .errors import REFUSALS
from .feeds import Feeds
from .journal import Journal
from .switches import Switches

FAULTS = (
    TRANSPORT_FAULTS
    | set(REFUSALS)
    | set("too_many unavailable meanwhile forbidden_html empty status_error delay partial switches".split())
)
USERNAME = "soc"


def _credentials(serial: str) -> Credentials:
    """Nothing real accepts these; each belongs to one FortiGate only, so that a misrouted call is refused."""
    mark = hashlib.sha256(serial.encode()).hexdigest()[:12]
    return Credentials(
        username=USERNAME,
        password=f"simulated-fgt-Passw0rd-{mark}",
        token=f"simulated-fgt-token-{mark}",
        read_only_token=f"simulated-fgt-ro-token-{mark}",
        vdom_token=f"simulated-fgt-vdom-token-{mark}",
    )


class FortiGateState(State[Switches, Journal]):
    """Everything that `reset` forgets; a reboot and a failover forget less."""

    def __init__(self, switches: Switches, clock: Clock, serial: str, hostname: str) -> None:
        super().__init__(switches, clock, FAULTS)
        self.serial = serial
        self.hostname = hostname
        self.credentials = _credentials(serial)
        self.reset()

    def reset(self) -> None:
        super().reset()
        self.journal = Journal()
        self.config = Config(self.switches, self.serial, self.hostname)
        self.bans = Bans(self.switches)
        self.feeds = Feeds(self.switches)
        self.counters = Counters()
        self.admins = Admins(self.switches, self.credentials)
        self.alarms: list[str] = []
        self.closed_sessions: list[dict[str, object]] = []

    @property
    def vdom_tokens(self) -> dict[str, str]:
        return self.admins.vdom_tokens()

    def alarm(self, text: str) -> None:
        """Something that no automation may ever do has been done."""
        self.alarms.append(text)

    def settle(self) -> None:
        """What time alone does: with `cfg-save: revert`, a FortiGate restarts where nobody saved what was written."""
        if self.config.revert_due(self.now()):
            self.reboot()

    def reboot(self) -> None:
        """A reboot keeps the configuration that was saved, and bans as `banned-ip-persistency` says.

        See protocol_fortigate.rst, "Blocking mechanisms".
        """
        self.config.reload()
        self.counters = Counters()
        persistency = self.config.single("firewall/global").get("banned-ip-persistency", "disabled")
        self.bans.reboot(persistency)
        self.admins.drop_sessions()
        if not self.switches.feed_kept_on_reboot:
            self.feeds = Feeds(self.switches)

    def failover(self) -> None:
        """The other member takes over. It has the configuration, a serial number and a host name of its own, but neither bans nor logins.

        See protocol_fortigate.rst, "Blocking mechanisms".
        """
        if self.switches.ha_members:
            self._exchange()
        if self.switches.ban_lost_on_failover:
            self.bans.lose_all()
        self.admins.drop_sessions()

    def _exchange(self) -> None:
        first, *others = self.switches.ha_members
        single = self.config.single("system/global")
        former = {"serial_no": self.serial, "hostname": single["hostname"]}
        self.serial, single["hostname"] = first["serial_no"], first["hostname"]
        self.switches.update({"ha_members": [*others, former]})

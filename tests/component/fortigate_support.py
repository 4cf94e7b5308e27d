# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Operations of the FortiGate modules against a simulator, on a clock that both share."""

from __future__ import annotations

import typing as t

import requests
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.client import FortiGate as Device
from ansible_collections.secops.fortiview.plugins.module_utils._glue.fortigate import HostContext

from simulators.fortigate import FortiGate, ManualClock


class FortiGateClient:
    """A module's connection, with the connection plugin's manners: redirects are followed, errors are pages."""

    def __init__(self, box: FortiGate, clock: ManualClock) -> None:
        self.box = box
        self.clock = clock
        self.check_mode = False

    def send(self, url: str, method: str, params: dict[str, str], body: t.Optional[str]) -> tuple[int, str]:
        query = "&".join(f"{key}={value}" for key, value in params.items())
        with requests.Session() as session:
            session.trust_env = False
            reply = session.request(
                method,
                f"https://{self.box.host}:{self.box.port}{url}?{query}",
                data=body,
                headers={"Authorization": f"Bearer {self.box.token}"},
                verify=self.box.ca_path,
                timeout=5,
            )
        return reply.status_code, reply.text

    @property
    def device(self) -> Device:
        return Device(self.send, "fgt-hq", self.clock.advance)

    def target(self) -> HostContext:
        """What an operation works on."""
        return HostContext(self.device, self.check_mode, self.clock.now, self.clock.advance)

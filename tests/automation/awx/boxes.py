# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A site of simulated appliances, and the data of the pattern for it."""

from __future__ import annotations

import contextlib
import json
import typing as t
from pathlib import Path

from automation.awx.launch import Launcher
from automation.awx.support import Data, controller_data
from simulators.fortianalyzer import FortiAnalyzer
from simulators.fortianalyzer import Switches as FazSwitches
from simulators.fortigate import FortiGate
from simulators.fortigate import Switches as FortiGateSwitches


class Site(t.NamedTuple):
    faz: FortiAnalyzer
    fortigate: FortiGate
    launcher: Launcher
    registry: Path
    audit_file: Path
    reports: Path

    @property
    def audit(self) -> list[Data]:
        lines = self.audit_file.read_text().splitlines() if self.audit_file.exists() else []
        return [json.loads(line) for line in lines]

    @property
    def banned(self) -> set[str]:
        return {ban["ip_address"] for ban in self.fortigate.bans()}

    def passes(self, source: str) -> bool:
        return self.fortigate.passes(source, "203.0.113.10")

    def secrets(self) -> list[str]:
        return [self.faz.password, self.faz.api_token, self.fortigate.token]


@contextlib.contextmanager
def site(
    home: Path,
    faz: FazSwitches | None = None,
    fortigate: FortiGateSwitches | None = None,
    by_password: bool = False,
    **settings: t.Any,
) -> t.Iterator[Site]:
    """Fails where a client has left something behind."""
    with FortiAnalyzer(faz or FazSwitches(task_seconds=0.1)) as appliance, FortiGate(fortigate) as box:
        reports = home / "reports"
        reports.mkdir()
        login = (
            {"fortiview_faz_username": appliance.username, "fortiview_faz_password": appliance.password}
            if by_password
            else {"fortiview_faz_api_token": appliance.api_token}
        )
        data = controller_data(
            home,
            {
                **login,
                "fortiview_faz_host": appliance.host,
                "fortiview_faz_port": appliance.port,
                "fortiview_faz_ca_certificate": Path(appliance.ca_path).read_text(),
                "fortiview_fortigate_token": box.token,
                "fortiview_fortigate_ca_certificate": Path(box.ca_path).read_text(),
                "fortiview_fortigates": [{"name": "fgt-hq", "address": box.host, "port": box.port}],
                "fortiview_registry": str(home / "blocks.sqlite"),
                "fortiview_audit_file": str(home / "blocks.jsonl"),
                "fortiview_report_folder": str(reports),
                "fortiview_never": ["198.51.100.0/24"],
                **settings,
            },
        )
        launcher = Launcher(data)
        try:
            yield Site(appliance, box, launcher, home / "blocks.sqlite", home / "blocks.jsonl", reports)
        finally:
            launcher.close()
        assert appliance.check() == [] and appliance.open_sessions == []
        assert box.check() == [] and box.alarms == []

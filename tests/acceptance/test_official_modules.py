# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulated FortiGate understands what the official modules of fortinet.fortios send."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from simulators.fortigate import FortiGate
from support.playbooks import Controller

PLAYBOOK = Path(__file__).with_name("official_modules.yml")


@pytest.mark.parametrize(("login", "administrator"), [("token", "ansible"), ("password", "soc")])
def test_the_official_modules_reach_their_end(folder: Path, login: str, administrator: str) -> None:
    controller = Controller(folder)
    with FortiGate() as fortigate:
        names = ("host", "port", "ca_path", "token", "username", "password")
        settings = controller.write("settings.json", json.dumps({name: getattr(fortigate, name) for name in names}))
        done = controller.playbook(
            str(PLAYBOOK), "-i", "localhost,", "-e", f"settings={settings}", "-e", f"login={login}"
        )
        assert done.code == 0, done.output
        assert {entry.admin for entry in fortigate.writes} == {administrator}

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line and the control plane."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest
import requests

from support.simulator_process import TESTS, start

SIMULATOR = "simulators.fortigate"
ATTACKER = "198.51.100.7"
NOW = 1772366400


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    directory = tmp_path_factory.mktemp("fgt")
    arguments = ("--set", "with_feed=true", "--set", "with_group=true", "--serial", "FG1", "--hostname", "branch")
    process, settings = start(SIMULATOR, directory, *arguments, "--manual-clock", str(NOW))
    yield settings
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0
    assert not (directory / "settings.json").exists()


@pytest.fixture
def ask(running):
    with requests.Session() as http:
        http.trust_env = False

        def send(method, path, body=None):
            url = f"https://{running['host']}:{running['port']}{path}"
            headers = {"Authorization": f"Bearer {running['token']}"}
            return http.request(method, url, json=body, headers=headers, verify=running["ca_path"], timeout=10)

        yield send
        send("POST", "/_simulator/reset")


def ban(ask, vdom="root"):
    body = {"ip_addresses": [ATTACKER], "expiry": 60}
    return ask("POST", f"/api/v2/monitor/user/banned/add_users?vdom={vdom}", body)


def state(ask):
    return ask("GET", "/_simulator/state").json()


def test_settings_are_enough(ask, running):
    assert set(running) >= {"host", "port", "ca_path", "token", "read_only_token", "username", "password", "pid"}
    assert (running["serial"], running["hostname"]) == ("FG1", "branch")
    reply = ask("GET", "/api/v2/monitor/system/status").json()
    assert (reply["serial"], reply["results"]["hostname"]) == ("FG1", "branch")


def test_state(ask):
    ban(ask, "guest")
    ask("POST", "/api/v2/monitor/firewall/session/close-multiple", {"saddr": ATTACKER})
    found = state(ask)
    assert found["bans"]["root"] == [] and found["bans"]["guest"][0]["expires"] == NOW + 60
    assert found["feeds"]["root"] == {"soc-block": []}
    assert found["groups"]["root"]["SOC-BLOCK"] == ["blk-placeholder"]
    assert [item["policyid"] for item in found["objects"]["root"]["firewall/policy"]] == [1, 2]
    assert found["closed_sessions"] == [{"vdom": "root", "saddr": ATTACKER}]
    assert (found["writes"], found["alarms"], found["time"]) == (2, [], NOW)


def test_clock_and_passes(ask):
    def passes(query=""):
        return ask("GET", f"/_simulator/passes?src={ATTACKER}&dst=203.0.113.10{query}").json()["passes"]

    ban(ask)
    assert not passes() and passes("&to_fortigate=true") and not passes("&vdom=guest&dport=80")
    assert ask("POST", "/_simulator/clock", {"seconds": 61}).json() == {"now": state(ask)["time"]}
    assert passes()
    ask("POST", "/_simulator/clock", {"seconds": -61})
    for query in ("src=1.2.3.4", "src=1.2.3.4&dst=nonsense", "src=1.2.3.4&dst=5.6.7.8&vdom=nowhere"):
        assert ask("GET", f"/_simulator/passes?{query}").status_code == 400


def test_seeds_reboot_failover(ask):
    ask("POST", "/_simulator/seed_bans", {"vdom": "guest", "entries": [{"ip_address": "192.0.2.9", "source": "DOS"}]})
    seeded = ask("POST", "/_simulator/seed_bans", [{"ip_address": "192.0.2.8", "expires": 0}]).json()
    assert seeded == [{"ip_address": "192.0.2.8", "ipv6": False, "source": "IPS", "created": NOW, "expires": 0}]
    ask("PUT", "/api/v2/cmdb/firewall/global", {"banned-ip-persistency": "permanent-only"})
    ask("POST", "/_simulator/reboot")
    assert {vdom: len(bans) for vdom, bans in state(ask)["bans"].items()} == {"root": 1, "guest": 0}
    ask("POST", "/_simulator/failover")
    assert state(ask)["bans"]["root"] == []
    assert ask("POST", "/_simulator/seed_bans", [{}]).status_code == 400
    assert ask("POST", "/_simulator/seed_bans", [{"ip_address": "x"}]).status_code == 400


def test_switches_faults_journal_check(ask, running):
    assert ask("PATCH", "/_simulator/switches", {"version": "v7.6.6"}).json()["version"] == "v7.6.6"
    put = ask("PUT", "/_simulator/switches", {"read_only": True}).json()
    assert (put["version"], put["read_only"], put["with_feed"]) == ("v7.4.8", True, True)
    assert ask("PATCH", "/_simulator/switches", {"read_only": False}).status_code == 200
    assert ask("PATCH", "/_simulator/switches", {"nonsense": 1}).status_code == 400
    fault = {"kind": "too_many", "method": "POST", "path": "add_users"}
    assert ask("POST", "/_simulator/faults", fault).json() == {"queued": 1}
    assert ask("POST", "/_simulator/faults", {"kind": "typo"}).status_code == 400
    assert [ban(ask).status_code for _attempt in range(2)] == [429, 200]
    journal = ask("GET", "/_simulator/journal").json()
    assert [(entry["fault"], entry["status"], entry["admin"]) for entry in journal] == [
        ("too_many", 429, None), (None, 200, "ansible")
    ]  # fmt: skip
    assert journal[1]["reply"]["status"] == "success" and journal[1]["vdom"] == "root"
    assert ask("GET", "/_simulator/check").json() == {"problems": []}
    ask("DELETE", "/api/v2/cmdb/firewall/policy/")
    check = ask("GET", "/_simulator/check")
    assert check.status_code == 409 and "purged" in check.json()["problems"][0]
    ask("POST", "/_simulator/reset")
    assert ask("GET", "/_simulator/check").status_code == 200
    assert ask("GET", "/_simulator/nonsense").status_code == 404


def test_ends_with_its_parent_and_runs_on_real_time(tmp_path):
    parent = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    process, settings = start(SIMULATOR, tmp_path, "--parent", str(parent.pid))
    with requests.Session() as http:
        http.trust_env = False
        url = f"https://127.0.0.1:{settings['port']}/_simulator/clock"
        assert http.post(url, json={"seconds": 1}, verify=settings["ca_path"], timeout=10).status_code == 409
    parent.kill()
    parent.wait()
    assert process.wait(10) == 0


@pytest.mark.parametrize(
    ("assignment", "text"), [("versoin=v7.4.8", "no switch named 'versoin'"), ("version", "is not NAME=VALUE")]
)
def test_wrong_switches_end_at_once(tmp_path, assignment, text):
    command = [sys.executable, "-m", "simulators.fortigate", "--directory", str(tmp_path), "--set", assignment]
    found = subprocess.run(
        command, env={**os.environ, "PYTHONPATH": str(TESTS)}, capture_output=True, text=True, check=False
    )
    assert found.returncode != 0 and text in found.stderr


def test_help_names_every_option():
    command = [sys.executable, "-m", "simulators.fortigate", "--help"]
    text = subprocess.run(
        command, env={**os.environ, "PYTHONPATH": str(TESTS)}, capture_output=True, text=True, check=True
    ).stdout
    assert all(
        f"--{option}" in text for option in ("port", "directory", "set", "serial", "hostname", "parent", "manual-clock")
    )

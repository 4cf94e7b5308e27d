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

SIMULATOR = "simulators.fortianalyzer"


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    directory = tmp_path_factory.mktemp("faz")
    process, settings = start(
        SIMULATOR, directory, "--set", "dialect=documented", "--set", "missing_views=[top-sources]"
    )
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
            return http.request(method, url, json=body, verify=running["ca_path"], timeout=10)

        yield send
        send("POST", "/_simulator/reset")


def login(ask, running):
    data = {"user": running["username"], "passwd": running["password"]}
    return ask("POST", "/jsonrpc", {"method": "exec", "params": [{"url": "/sys/login/user", "data": data}]}).json()


def test_settings_are_enough_to_log_in(ask, running):
    assert set(running) >= {"host", "port", "ca_path", "username", "password", "api_token", "pid"}
    session = login(ask, running)["session"]
    assert ask("GET", "/_simulator/state").json()["open_sessions"] == [session]
    check = ask("GET", "/_simulator/check")
    assert check.status_code == 409 and "never logged out" in check.json()["problems"][0]
    ask("POST", "/_simulator/reset")
    check = ask("GET", "/_simulator/check")
    assert (check.status_code, check.json()) == (200, {"problems": []})


def test_switches(ask):
    found = ask("GET", "/_simulator/switches").json()
    assert found["dialect"] == "documented" and found["missing_views"] == ["top-sources"]
    assert ask("PATCH", "/_simulator/switches", {"dialect": "live"}).json()["dialect"] == "live"
    put = ask("PUT", "/_simulator/switches", {"single_use": True}).json()
    assert put["dialect"] == "documented" and put["single_use"] is True
    assert ask("PATCH", "/_simulator/switches", {"nonsense": 1}).status_code == 400
    assert ask("GET", "/_simulator/nonsense").status_code == 404


def test_faults_and_journal(ask, running):
    assert ask("POST", "/_simulator/faults", {"kind": "http", "status": 429, "retry_after": 1}).json() == {"queued": 1}
    assert ask("POST", "/_simulator/faults", {"kind": "typo"}).status_code == 400
    assert ask("POST", "/jsonrpc", {}).status_code == 429
    login(ask, running)
    journal = ask("GET", "/_simulator/journal").json()
    assert [entry["fault"] for entry in journal] == ["http", None]
    assert journal[1]["reply"]["session"]


def test_ends_with_its_parent(tmp_path):
    parent = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    process, _settings = start(SIMULATOR, tmp_path, "--parent", str(parent.pid))
    parent.kill()
    parent.wait()
    assert process.wait(10) == 0


def test_wrong_switches_end_at_once(tmp_path):
    command = [sys.executable, "-m", "simulators.fortianalyzer", "--directory", str(tmp_path), "--set", "dialetc=live"]
    found = subprocess.run(
        command, env={**os.environ, "PYTHONPATH": str(TESTS)}, capture_output=True, text=True, check=False
    )
    assert found.returncode == 1 and "no switch named 'dialetc'" in found.stderr


def test_help_names_every_option():
    command = [sys.executable, "-m", "simulators.fortianalyzer", "--help"]
    text = subprocess.run(
        command, env={**os.environ, "PYTHONPATH": str(TESTS)}, capture_output=True, text=True, check=True
    )
    assert all(option in text.stdout for option in ("--port", "--directory", "--set", "--anchor", "--parent"))

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The whole life of blocks, each step by ansible-runner in an empty directory of its own, as on execution nodes: only PostgreSQL is shared."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
import typing as t
from pathlib import Path

import pytest
import yaml

from simulators.fortianalyzer import Simulator
from simulators.fortianalyzer import Switches as FazSwitches
from simulators.fortigate import FortiGate, ManualClock
from support.blocking import PREPARED, on_list
from support.fortigates import inventory
from support.registries import emptied

pytestmark = [pytest.mark.postgresql, pytest.mark.timeout(900)]
Data = dict[str, t.Any]
ROOT = Path(__file__).resolve().parents[2]
TOOLS = Path(sys.executable).parent
HUNT = {
    "name": "Find the offenders",
    "ansible.builtin.include_role": {"name": "secops.fortiview.threat_hunt"},
    "vars": {"threat_hunt_time_range": "last=24h", "threat_hunt_never": [], "threat_hunt_outcome": "any"},
}
HAND_ON = {
    "name": "Hand them on",
    "ansible.builtin.set_stats": {"data": {"offenders": "{{ threat_hunt_offenders }}"}},
}


class Job(t.NamedTuple):
    returncode: int
    output: str
    artifacts: Data


def role(entry: str, **variables: t.Any) -> Data:
    options = {f"fortigate_block_{name}": value for name, value in variables.items()}
    where = {"name": "secops.fortiview.fortigate_block", "tasks_from": entry}
    return {"name": f"Role, {entry}", "ansible.builtin.include_role": where, "vars": options}


def run(number: int, hosts: str, tasks: list[Data], box: FortiGate, variables: Data, **environment: str) -> Job:
    """A job in a directory that is empty before and gone afterwards; it is its home too."""
    # The path of a socket may not be long.
    folder = Path(tempfile.mkdtemp(prefix="job"))
    try:
        for name in ("env", "inventory", "project", "home"):
            (folder / name).mkdir()
        play = {"name": "A job", "hosts": hosts, "gather_facts": False, "tasks": tasks}
        (folder / "project" / "job.yml").write_text(yaml.safe_dump([play]))
        (folder / "inventory" / "hosts.json").write_text(json.dumps(inventory({box.hostname: box})))
        meta = {"awx_job_id": number, "awx_user_name": "operator", "fortigate_block_verify_delay": 0}
        (folder / "env" / "extravars").write_text(json.dumps({**meta, **variables}))
        done = subprocess.run(
            [str(TOOLS / "ansible-runner"), "run", str(folder), "-p", "job.yml", "--ident", str(number)],
            cwd=folder,
            env={
                "PATH": f"{TOOLS}:/usr/bin:/bin",
                "HOME": str(folder / "home"),
                "LC_ALL": "C.UTF-8",
                "ANSIBLE_HOME": str(folder / "home"),
                "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".build"),
                "no_proxy": "127.0.0.1",
                **environment,
            },
            capture_output=True,
            text=True,
            check=False,
            timeout=280,
        )
        artifacts = folder / "artifacts" / str(number)
        events = [json.loads(file.read_text()) for file in (artifacts / "job_events").glob("*-*.json")]
        stats = [one["event_data"] for one in events if one["event"] == "playbook_on_stats"]
        handed = dict(stats[-1].get("artifact_data", {})) if stats else {}
        return Job(done.returncode, done.stdout + done.stderr, handed)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def test_the_whole_life_in_four_empty_directories(postgresql_url: str) -> None:
    usual = {"fortigate_block_registry": emptied(postgresql_url), "fortigate_block_never_extra": []}
    with (
        Simulator(FazSwitches(task_seconds=0.1)) as faz,
        FortiGate(clock=ManualClock(time.time()), hostname="fgt-hq") as box,
    ):
        box.switches.update(PREPARED)
        access = {
            "FAZ_HOST": faz.host,
            "FAZ_PORT": str(faz.port),
            "FAZ_CA_PATH": faz.ca_path,
            "FAZ_API_TOKEN": faz.api_token,
        }
        hunt = run(1001, "localhost", [HUNT, HAND_ON], box, {}, **access)
        assert hunt.returncode == 0, hunt.output
        sources = [one for one in hunt.artifacts["offenders"] if one["side"] != "destination"]
        wanted = {one["address"] for one in sources}
        assert len(wanted) > 3

        def job(number: int, *tasks: Data, **more: t.Any) -> Job:
            return run(number, "fortigates", list(tasks), box, {**usual, **more})

        blocked = job(
            1002,
            role("main", method="feed_push", ttl="1h"),
            role("main", method="ban", ttl="4h"),
            fortigate_block_targets=sources,
        )
        assert blocked.returncode == 0, blocked.output
        assert on_list(box, "feed_push") == on_list(box, "ban") == wanted
        assert {(one["job_user"], one["run_id"]) for one in blocked.artifacts["fortigate_block_audit"]} == {
            ("operator", "1002")
        }

        in_two_hours = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 7200))
        early = job(1003, role("expire"))
        assert early.returncode == 0 and on_list(box, "feed_push") == wanted, early.output
        expired = job(1004, role("expire", expired_by=in_two_hours))
        assert expired.returncode == 0, expired.output
        assert on_list(box, "feed_push") == set() and on_list(box, "ban") == wanted

        unblocked = job(1005, role("unblock", everything=True))
        assert unblocked.returncode == 0, unblocked.output
        assert on_list(box, "ban") == set()

        # The next hunt does not block again what a person unblocked.
        again = job(1006, role("main", method="ban"), fortigate_block_targets=sources)
        assert again.returncode == 0 and on_list(box, "ban") == set(), again.output
        assert box.check() == [] and faz.check() == [] and faz.open_sessions == []
        # And without the registry of the others, nothing ends green with nothing done.
        box.seed_bans([{"ip_address": "198.51.100.7", "source": "Administrative"}])
        lost = job(1007, role("unblock", everything=True), fortigate_block_registry="")
        assert lost.returncode != 0 and "1 entry of ban in VDOM root is not in the registry" in lost.output

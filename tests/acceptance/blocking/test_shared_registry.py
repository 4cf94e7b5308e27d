# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The whole life of blocks, from the hunt and the approval to the unblock, each job by ansible-runner in an empty directory of its own, as on
execution nodes: only PostgreSQL is shared."""

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
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.registry.store import open_registry

from automation.awx.workflow import Walk
from simulators.fortianalyzer import FortiAnalyzer
from simulators.fortianalyzer import Switches as FazSwitches
from simulators.fortigate import FortiGate, ManualClock
from support.blocking import PREPARED, on_list
from support.fortigates import inventory
from support.registries import emptied

pytestmark = [pytest.mark.postgresql, pytest.mark.timeout(900)]
Data = dict[str, t.Any]
ROOT = Path(__file__).resolve().parents[3]
TOOLS = Path(sys.executable).parent
WORKFLOWS = ROOT / "extensions/patterns/fortiview_remediation/controller/workflows.yml"
# What the job templates of the workflow run.
PLAYBOOKS = {
    "FortiView hunt": "hunt_adoms",
    "FortiView approval gate": "approval_gate",
    "FortiView block offenders": "block_targets",
}
HUNT = {
    "fortianalyzer_adoms": "localhost",
    "threat_hunt_adoms": ["root"],
    "threat_hunt_time_range": "last=24h",
    "threat_hunt_never": [],
    "threat_hunt_outcome": "any",
}


class Job(t.NamedTuple):
    returncode: int
    output: str
    artifacts: Data

    @property
    def successful(self) -> bool:
        return self.returncode == 0


def role(entry: str, **variables: t.Any) -> Data:
    options = {f"fortigate_block_{name}": value for name, value in variables.items()}
    where = {"name": "secops.fortiview.fortigate_block", "tasks_from": entry}
    return {"name": f"Role, {entry}", "ansible.builtin.include_role": where, "vars": options}


class Nodes:
    """Starts the jobs of the workflow, as the launcher of a controller does."""

    def __init__(self, box: FortiGate, variables: Data, environment: dict[str, str]) -> None:
        self._box = box
        self._variables = variables
        self._environment = environment
        self._number = 2000

    def run(self, template: str, artifacts: Data) -> Job:
        self._number += 1
        play = {"name": template, "ansible.builtin.import_playbook": f"secops.fortiview.{PLAYBOOKS[template]}"}
        return run(self._number, [play], self._box, {**self._variables, **artifacts}, **self._environment)


def play_of(hosts: str, tasks: t.Sequence[Data]) -> Data:
    return {"name": "A job", "hosts": hosts, "gather_facts": False, "tasks": list(tasks)}


def run(number: int, plays: list[Data], box: FortiGate, variables: Data, **environment: str) -> Job:
    """A job in a directory that is empty before and gone afterwards; it is its home too."""
    # The path of a socket may not be long.
    folder = Path(tempfile.mkdtemp(prefix="job"))
    try:
        for name in ("env", "inventory", "project", "home"):
            (folder / name).mkdir()
        (folder / "project" / "job.yml").write_text(yaml.safe_dump(plays))
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


def test_the_whole_life_in_empty_directories(postgresql_url: str) -> None:
    url = emptied(postgresql_url)
    usual = {"fortigate_block_registry": url, "fortigate_block_never_extra": []}
    with (
        FortiAnalyzer(FazSwitches(task_seconds=0.1)) as faz,
        FortiGate(clock=ManualClock(time.time()), hostname="fgt-hq") as box,
    ):
        box.switches.update(PREPARED)
        access = {
            "FAZ_HOST": faz.host,
            "FAZ_PORT": str(faz.port),
            "FAZ_CA_PATH": faz.ca_path,
            "FAZ_API_TOKEN": faz.api_token,
        }
        (workflow,) = yaml.safe_load(WORKFLOWS.read_text())["controller_workflows"]
        nodes = t.cast("t.Any", Nodes(box, {**usual, **HUNT, "fortigate_block_method": "feed_push"}, access))
        denied, approved = Walk(nodes, workflow), Walk(nodes, workflow)
        denied.go({"approval_above": 3}, approve=False, without=["report"])
        assert denied.outcomes == {"hunt": "successful", "gate": "failed", "approval": "denied"}, denied.jobs
        handed_on = denied.jobs["hunt"].artifacts["threat_hunt_offenders_2001"]
        sources = [one for one in handed_on if one["side"] != "destination"]
        wanted = {one["address"] for one in handed_on}
        assert len(wanted) > 3 and "Approve the blocks in the workflow." in denied.jobs["gate"].output
        assert box.writes == []
        with open_registry(url) as registry:
            assert registry.find() == []

        # Somebody approves: what the hunt has found is blocked by a job of its own.
        approved.go({"approval_above": 3}, approve=True, without=["report"], ended=denied.jobs)
        assert approved.outcomes["block"] == "successful", approved.jobs["block"].output
        assert on_list(box, "feed_push") == wanted
        audit = approved.jobs["block"].artifacts["fortigate_block_audit"]
        assert {(one["job_user"], one["run_id"]) for one in audit} == {("operator", "2003")}

        def job(number: int, *tasks: Data, **more: t.Any) -> Job:
            return run(number, [play_of("fortigates", tasks)], box, {**usual, **more})

        blocked = job(1002, role("main", method="ban", ttl="4h"), fortigate_block_targets=sources)
        assert blocked.returncode == 0, blocked.output
        banned = {one["address"] for one in sources}
        assert on_list(box, "ban") == banned and on_list(box, "feed_push") == wanted

        # One of the lists is over by then.
        in_two_hours = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 7200))
        expired = job(1003, role("expire", expired_by=in_two_hours))
        assert expired.returncode == 0, expired.output
        assert on_list(box, "feed_push") == set() and on_list(box, "ban") == banned

        unblocked = job(1004, role("unblock", everything=True))
        assert unblocked.returncode == 0, unblocked.output
        assert on_list(box, "ban") == set()

        # The next hunt does not block again what a person unblocked.
        again = job(1005, role("main", method="ban"), fortigate_block_targets=sources)
        assert again.returncode == 0 and on_list(box, "ban") == set(), again.output
        assert box.check() == [] and faz.check() == [] and faz.open_sessions == []

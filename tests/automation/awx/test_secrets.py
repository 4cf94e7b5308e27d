# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a job leaves for a controller to keep and to show: no file of it holds a password, a key, a token or a session."""

from __future__ import annotations

import json
import re
import typing as t
from pathlib import Path

import pytest

from automation.awx.boxes import Site, site
from automation.awx.launch import Job

pytestmark = pytest.mark.timeout(600)
ATTACKER = "203.0.113.77"
# Variables of a job whose values a controller does not show, by their names.
HIDDEN = re.compile(r"API|TOKEN|KEY|SECRET|PASS", re.I)


class Jobs(t.NamedTuple):
    here: Site
    ended: dict[str, Job]


@pytest.fixture(scope="module")
def jobs(tmp_path_factory: pytest.TempPathFactory) -> t.Iterator[Jobs]:
    with site(tmp_path_factory.mktemp("secrets"), by_password=True) as here:
        for template in here.launcher.data["controller_templates"]:
            template["verbosity"] = 4
        crashing = Path(__file__).parents[2] / "integration" / "targets" / "secrets" / "crashing"
        dry_run = "FortiView dry run"
        ended = {
            "hunted": here.launcher.run(dry_run, {"threat_hunt_time_range": "last=24h"}),
            "blocked": here.launcher.run("FortiView block", {"fortigate_block_targets": ATTACKER}),
            "crashed": here.launcher.run(dry_run, PYTHONPATH=str(crashing), CRASH_AT="1"),
            "crashed later": here.launcher.run(dry_run, PYTHONPATH=str(crashing), CRASH_AT="3"),
        }
        yield Jobs(here, ended)


def test_the_jobs_did_what_they_were_to(jobs: Jobs) -> None:
    assert jobs.ended["hunted"].successful and jobs.ended["blocked"].successful
    assert jobs.here.banned == {ATTACKER}
    for name in ("crashed", "crashed later"):
        assert not jobs.ended[name].successful
        assert "RuntimeError: certainly a defect" in jobs.ended[name].stdout


def test_no_artifact_holds_a_secret(jobs: Jobs) -> None:
    secrets = [*jobs.here.secrets(), *sessions(jobs.here)]
    assert len(secrets) > 3
    looked_into = 0
    for name, job in jobs.ended.items():
        for file in (job.folder / "artifacts").rglob("*"):
            if file.is_file() and file.name != "command":
                looked_into += 1
                text = file.read_text(errors="replace")
                assert not [secret for secret in secrets if secret in text], f"{name}: {file}"
    assert looked_into > 50


def test_what_ran_names_secrets_only_where_a_controller_hides_them(jobs: Jobs) -> None:
    """ansible-runner notes the whole environment; a controller blanks what has such a name before it keeps it."""
    for job in jobs.ended.values():
        (file,) = (job.folder / "artifacts").glob("*/command")
        ran = json.loads(file.read_text())
        shown = {**ran, "env": {name: value for name, value in ran["env"].items() if not HIDDEN.search(name)}}
        assert not [secret for secret in jobs.here.secrets() if secret in json.dumps(shown)]


def sessions(here: Site) -> set[str]:
    """Of the FortiAnalyzer, by its own journal."""
    found = set()
    for entry in here.faz.journal:
        for side in (entry.body, entry.reply):
            if isinstance(side, dict) and side.get("session"):
                found.add(str(side["session"]))
    return found

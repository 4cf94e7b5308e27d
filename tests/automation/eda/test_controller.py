# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rulebooks that act by an automation controller, which awx_setup has set up: from a threat to the launch and what its jobs do."""

from __future__ import annotations

import contextlib
import pathlib
import typing as t

import pytest

from automation.awx.boxes import Site, site
from automation.awx.support import REGISTRY, Data, named, play
from automation.awx.workflow import Walk
from automation.eda.support import Rulebook, hostile, polls, write_vars
from simulators.controller import Controller
from support.attacks import attack, silence

ATTACKER, PARTNER = "203.0.113.77", "198.51.100.200"
Start = t.Callable[..., Rulebook]


@pytest.fixture(scope="module")
def controller(tmp_path_factory: pytest.TempPathFactory) -> t.Iterator[Controller]:
    settings = {
        "fortiview_organization": "Security",
        "fortiview_project_url": "https://git.example.com/fortiview.git",
        "fortiview_faz_host": "faz.example.com",
        "fortiview_faz_api_token": "faz-token",
        "fortiview_fortigate_token": "fortigate-token",
        "fortiview_adoms": ["root", "Branch_Office"],
        "fortiview_never": ["198.51.100.0/24"],
        "fortiview_registry": REGISTRY,
    }
    with Controller() as controller:
        access = {
            "CONTROLLER_HOST": controller.url,
            "CONTROLLER_USERNAME": controller.username,
            "CONTROLLER_PASSWORD": controller.password,
            "SSL_CERT_FILE": controller.ca_path,
        }
        run = play("secops.fortiview.awx_setup", tmp_path_factory.mktemp("setup"), settings, **access)
        assert run.returncode == 0, run.stdout + run.stderr
        yield controller


@contextlib.contextmanager
def appliances(home: pathlib.Path) -> t.Iterator[Site]:
    with site(home, fortiview_adoms=["root", "Branch_Office"]) as here:
        silence(here.faz)
        yield here


def started(start: Start, here: Site, controller: Controller, rulebook: str, values: str) -> Rulebook:
    return start(
        here.faz,
        *("--rulebook", f"secops.fortiview.{rulebook}", "--vars", values),
        EDA_CONTROLLER_URL=controller.url,
        EDA_CONTROLLER_TOKEN=controller.issue_token(),
        EDA_CONTROLLER_SSL_VERIFY=controller.ca_path,
        EDA_JOB_TEMPLATE_REFRESH_DELAY="0.2",
    )


def launches(controller: Controller) -> list[Data]:
    """What the rulebook has sent, each of which was taken."""
    found = [one for one in controller.requests if one.path.endswith("/launch/")]
    assert {one.status for one in found} <= {201}
    return [one.body for one in found]


def test_a_threat_starts_the_workflow_which_blocks(
    folder: pathlib.Path, tmp_path: pathlib.Path, controller: Controller, start: Start
) -> None:
    values = write_vars(folder, adoms=["root", "Branch_Office"], interval=1, organization="Security")
    with appliances(tmp_path) as here:
        before = len(controller.jobs)
        rulebook = started(start, here, controller, "block_critical_threats_controller", values)
        rulebook.wait_for(lambda: polls(here.faz) >= 1, "first poll")
        assert len(controller.jobs) == before

        attack(here.faz, hostile(folder), ATTACKER, "Branch_Office")
        attack(here.faz, hostile(folder), PARTNER, "Branch_Office")
        rulebook.wait_for(lambda: len(controller.jobs) > before, "the launch")
        job = controller.jobs[-1]
        assert (job["type"], job["name"]) == ("workflow_job", "FortiView hunt and block")
        # Nothing was dropped on the way, and no event is in it.
        assert launches(controller)[-1] == {"extra_vars": job["extra_vars"]}
        assert "lookup" not in str(launches(controller))

        walk = Walk(here.launcher, named(here.launcher.data["controller_workflows"], job["name"]))
        walk.go(job["extra_vars"], approve=False, without=["report"])
        assert walk.outcomes == {"hunt": "successful", "gate": "successful", "block": "successful"}
        assert here.banned == {ATTACKER}
        assert not here.passes(ATTACKER) and here.passes(PARTNER)

        controller.finish(job)
        polled = polls(here.faz)
        rulebook.wait_for(lambda: polls(here.faz) >= polled + 2, "two more polls")
        assert len(controller.jobs) == before + 1
        assert rulebook.stop() == 0

        # It keeps no state where none is named, so that a restart reports again what is there.
        again = started(start, here, controller, "block_critical_threats_controller", values)
        again.wait_for(lambda: len(controller.jobs) == before + 2, "the launch after a restart")
        assert again.stop() == 0
        assert not (folder / "evaluated").exists()


def test_a_widespread_threat_starts_the_dry_run(
    folder: pathlib.Path, tmp_path: pathlib.Path, controller: Controller, start: Start
) -> None:
    values = write_vars(
        folder,
        adoms=["root", "Branch_Office"],
        min_adoms=2,
        interval=1,
        organization="Security",
        severities=["critical"],
    )
    with appliances(tmp_path) as here:
        before = len(controller.jobs)
        rulebook = started(start, here, controller, "report_widespread_controller", values)
        rulebook.wait_for(lambda: polls(here.faz, "Branch_Office") >= 1, "first poll")
        attack(here.faz, hostile(folder), ATTACKER)
        polled = polls(here.faz)
        rulebook.wait_for(lambda: polls(here.faz) >= polled + 2, "two polls")
        assert len(controller.jobs) == before

        attack(here.faz, hostile(folder), ATTACKER, "Branch_Office")
        rulebook.wait_for(lambda: len(controller.jobs) > before, "the launch")
        job = controller.jobs[-1]
        assert (job["type"], job["name"]) == ("job", "FortiView dry run")
        assert launches(controller)[-1]["extra_vars"] == job["extra_vars"]
        assert "lookup" not in str(launches(controller))

        run = here.launcher.run(job["name"], job["extra_vars"])
        assert run.successful, run.stdout
        assert ATTACKER in run.stdout
        assert here.fortigate.writes == [] and here.banned == set()
        controller.finish(job)
        assert rulebook.stop() == 0


def test_a_workflow_of_another_organization_is_not_taken(
    folder: pathlib.Path, tmp_path: pathlib.Path, controller: Controller, start: Start
) -> None:
    with appliances(tmp_path) as here:
        before = len(controller.jobs)
        attack(here.faz, "SQL.Injection", ATTACKER)
        rulebook = started(start, here, controller, "block_critical_threats_controller", write_vars(folder, interval=1))
        rulebook.wait_for(lambda: "organization Default does not exist" in rulebook.text, "the line that says so")
        assert len(controller.jobs) == before
        assert rulebook.stop() == 0

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The steps of the tests: the table in tools/steps.py, the goals of the Makefile, the costs in CONTRIBUTING.md, and the count at the end."""

from __future__ import annotations

import os
import re
import runpy
import subprocess
import sys
import typing as t
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
TABLE = runpy.run_path(str(ROOT / "tools" / "steps.py"))
STEPS, GROUPS, TOOLS = TABLE["STEPS"], TABLE["GROUPS"], TABLE["TOOLS"]
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/docsite/rst/*.rst"), ROOT / "tests" / "simulators" / "README.md"]
FOLDERS = ("unit", "component", "acceptance", "acceptance/blocking", "automation/awx", "automation/eda", "browser")


def test_make_has_a_goal_for_each_step() -> None:
    text = (ROOT / "Makefile").read_text().replace("\\\n", "")
    assert len((ROOT / "Makefile").read_text().splitlines()) < 80
    found = {name: set(re.findall(rf"^{name} := (.*)$", text, re.M)[0].split()) for name in ("SHORT", "STEPS")}
    assert found["SHORT"] | found["STEPS"] == {*STEPS, *GROUPS, *TOOLS}


def test_everything_runs_each_step_or_its_whole() -> None:
    """The core is a part of integration, acceptance and blocking; release-check and oldest play the demo."""
    assert set(STEPS) - set(GROUPS["test-all"]) == {"core-targets", "core-playbooks", "demo"}


@pytest.mark.parametrize("folder", FOLDERS)
def test_each_folder_of_tests_is_run(folder: str) -> None:
    commands = [STEPS[name].command for name in GROUPS["test-all"]]
    assert any(re.search(rf"tests/{folder}(?!/)", command) for command in commands)


def test_what_steps_need_is_known() -> None:
    assert {need for step in (*STEPS.values(), *TOOLS.values()) for need in step.needs} < set(TABLE["NEEDS"])


def test_the_costs_of_all_steps_are_documented() -> None:
    row = r"^\| `([a-z0-9-]+)` \| [^|]+ \| (yes|) ?\| (.+) \|$"
    rows = [found for found in re.findall(row, (ROOT / "CONTRIBUTING.md").read_text(), re.M) if found[0] in STEPS]
    quick = {name: "yes" if name in GROUPS["test"] else "" for name in STEPS}
    assert rows == [(name, quick[name], step.about) for name, step in STEPS.items()]


def test_workflows_use_goals_that_exist() -> None:
    goals = {"venv", "venv-demo", *STEPS, *GROUPS, *TOOLS}
    found: set[str] = set()
    for path in (ROOT / ".github" / "workflows").glob("*.yml"):
        for job in yaml.safe_load(path.read_text())["jobs"].values():
            for step in job["steps"]:
                for words in re.findall(r"\bmake ([a-z -]+)", step.get("run", "")):
                    found.update(words.split())
    assert {"test", "test-all", "release-check"} <= found <= goals


def test_pages_use_goals_that_exist() -> None:
    found = {
        (page.name, goal)
        for page in PAGES
        for line in re.findall(r"(?:`|^ *(?:\$ )?)make ((?:[a-z0-9-]+ ?)+)", page.read_text(), re.M)
        for goal in line.split()
    }
    makefile = (ROOT / "Makefile").read_text()
    goals = {*STEPS, *GROUPS, *TOOLS, *re.findall(r"^([a-z-]+):", makefile, re.M)}
    assert ("first_query.rst", "simulator") in found
    assert {one for one in found if one[1] not in goals} == set()


def test_one_command_starts_the_simulators() -> None:
    """make simulator; the script is its business and that of make guides."""
    assert [page.name for page in PAGES if "simulators.sh" in page.read_text()] == []
    assert "tools/simulators.sh {args}" in TOOLS["simulator"].command


def test_the_workflow_has_each_core_of_the_matrix() -> None:
    matrix = yaml.safe_load((ROOT / ".github" / "workflows" / "all.yml").read_text())["jobs"]["matrix"]
    found = {one["core"]: one["python"] for one in matrix["strategy"]["matrix"]["include"]}
    cores = {one.name: one.pythons for one in runpy.run_path(str(ROOT / "tools" / "matrix.py"))["CORES"]}
    assert list(found) == list(cores)
    assert all(python in cores[name] for name, python in found.items())


STEP = """
import sys
sys.argv = ["steps.py", *sys.argv[2:]]
import runpy
table = runpy.run_path(PATH)
Step = table["Step"]
space = table["main"].__globals__
failure = '<testcase classname="a.b" name="c"><failure message="too late"/></testcase>'
suite = f'<testsuites><testsuite tests="5" failures="1" errors="0" skipped="1">{failure}</testsuite></testsuites>'
junit = f"mkdir -p .build/junit; echo '{suite}' > .build/junit/tests.xml; exit 1"
steps = {
    "good": Step("", "echo fine"),
    "bad": Step("", "echo wrong; exit 3"),
    "absent": Step("", "exit 77"),
    "tests": Step("", junit),
    "unready": Step("", "echo never", ("nothing",)),
}
space.update(ROOT=FOLDER, BUILD=FOLDER / ".build", NOTES=FOLDER / ".build/steps", JUNIT=FOLDER / ".build/junit", STEPS=steps, TOOLS={})
space["GROUPS"] = {"some": tuple(steps), "few": ("good", "absent")}
space["NEEDS"] = {"link": "true", "nothing": "echo no network; exit 1"}
sys.exit(space["main"]())
"""


def steps(folder: Path, *names: str) -> tuple[int, str]:
    """Run tools/steps.py with steps that end in each way."""
    script = (
        f"from pathlib import Path\nPATH, FOLDER = {str(ROOT / 'tools' / 'steps.py')!r}, Path({str(folder)!r})\n{STEP}"
    )
    words = [sys.executable, "-c", script, "--", *names]
    env: dict[str, t.Any] = {**os.environ, "JOBS": "2"}
    done = subprocess.run(words, capture_output=True, text=True, check=False, env=env)
    assert not done.stderr, done.stderr
    return done.returncode, done.stdout


def test_the_last_line_is_the_count(tmp_path: Path) -> None:
    code, said = steps(tmp_path, "some")
    # good, and three of the tests; bad, one of the tests, and what could not be made ready.
    assert code == 1 and said.splitlines()[-1] == "4 passed, 3 failed"
    ends = ["failed: bad", "failed: tests: a.b.c: too late", "failed: unready", "4 passed, 3 failed"]
    assert said.splitlines()[-4:] == ends
    # What .ci/run prints once more.
    assert (tmp_path / ".build" / "summary").read_text().splitlines() == ends
    assert "no network" in said and "never" not in said
    assert re.search(r"^absent +0 +0 +1 ", said, re.M) and "<== absent: skipped" in said
    assert "==> bad\nwrong\n<== bad: FAILED (exit code 3)" in said


def test_a_step_that_cannot_run_here_is_no_failure(tmp_path: Path) -> None:
    assert steps(tmp_path, "absent")[0] == 0
    code, said = steps(tmp_path, "few")
    assert code == 0 and said.splitlines()[-1] == "1 passed, 0 failed"


def test_a_step_of_its_own_shows_what_it_prints(tmp_path: Path) -> None:
    code, said = steps(tmp_path, "bad")
    assert code == 3 and "wrong" in said and "passed" not in said

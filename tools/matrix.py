# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs tests on several releases of ansible-core, each with a Python that it supports: matrix.py [--cores 2.16 ...]
[--steps unit ...] [--write]

Each release has its environment, its official collections and its outputs in .build/matrix. The run ends with a table
of the last result of each step, so a long run can be divided. A run without --cores and --steps first removes the
earlier results. --write writes the table to docs/docsite/rst/compatibility.rst.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import typing as t
import xml.etree.ElementTree as ET
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / ".build"
PLACE = BUILD / "matrix"
PAGE = ROOT / "docs" / "docsite" / "rst" / "compatibility.rst"
MARKS = ".. table of tools/matrix.py\n", ".. end of the table\n"
# The integration targets that ansible-test runs, one of each kind.
TARGETS = ("faz_fortiview_task", "faz_fortiview_result", "fortigate_ban", "offenders")
# Selects acceptance tests of the role fortigate_block: a dry run, a block, a second run, protected addresses, hostile
# names, the list of blocks, and secrets.
ROLE = "dry_run or it_blocks or second_run or protected or hostile or listed or no_secret"
# The exit code of a step that this machine cannot run.
SKIPPED = 77
CORE = (
    "test_top_threats",
    "test_inventory",
    *(f"inputs/test_{name}" for name in ("facts", "figures", "list_inputs", "readers")),
)
OFFICIAL = ("ansible.utils", "ansible.netcommon", "fortinet.fortios")


class Core(t.NamedTuple):
    name: str
    requirement: str
    pythons: tuple[str, ...]
    collections: str


# The Python releases are in the order of preference. This order differs, so that 3.11, 3.12 and 3.13 are all used if
# they are installed.
OLDER, NEWER = "requirements/awx.txt", "requirements/collections.txt"
CORES = (
    Core("2.16", "ansible-core==2.16.*", ("3.11", "3.12", "3.10"), OLDER),
    Core("2.17", "ansible-core==2.17.*", ("3.12", "3.11", "3.10"), OLDER),
    Core("2.18", "ansible-core==2.18.*", ("3.13", "3.12", "3.11"), OLDER),
    Core("2.19", "ansible-core==2.19.*", ("3.11", "3.12", "3.13"), OLDER),
    Core("2.20", "ansible-core==2.20.*", ("3.12", "3.13"), OLDER),
    Core("2.21", "ansible-core==2.21.*", ("3.13", "3.12"), NEWER),
    # The newest release, even if it is a release candidate.
    Core("next", "ansible-core>=2.22.0rc1", ("3.13", "3.12"), NEWER),
)


class Cell(t.NamedTuple):
    ok: bool
    said: str


class Environment:
    """The environment of one release of ansible-core: its packages, its collections, and the commands that use them."""

    def __init__(self, core: Core, python: str) -> None:
        self.core = core
        self.place = PLACE / core.name
        self.venv = self.place / "venv"
        self.place.mkdir(parents=True, exist_ok=True)
        self._make(python)
        self.collections = self._collect()

    def _make(self, python: str) -> None:
        wanted = self.place / "requirements.txt"
        files = [(ROOT / "requirements" / f"{name}.txt").read_text() for name in ("simulators", "matrix")]
        text = "\n".join([*files, self.core.requirement]).replace("-r simulators.txt\n", "")
        if not wanted.exists() or wanted.read_text() != text or not (self.venv / ".done").exists():
            # An interrupted installation leaves an incomplete environment without .done, which is created again.
            shutil.rmtree(self.venv, ignore_errors=True)
            wanted.write_text(text)
            subprocess.run(["tools/venv.sh", str(self.venv), str(wanted), python], cwd=ROOT, check=True)
            (self.venv / ".done").touch()

    def _collect(self) -> Path:
        tree = PLACE / Path(self.core.collections).stem
        pick = [sys.executable, "tools/provide.py", "collections", self.core.collections, str(tree), *OFFICIAL]
        subprocess.run(pick, cwd=ROOT, check=True)
        link = tree / "ansible_collections" / "secops" / "fortiview"
        link.parent.mkdir(parents=True, exist_ok=True)
        if not link.is_symlink():
            link.symlink_to(ROOT)
        return tree

    def about(self) -> tuple[str, str, str]:
        """The releases of ansible-core, of Python and of the official FortiGate collection."""
        ask = "import sys, ansible.release as r; print(r.__version__, '%d.%d.%d' % sys.version_info[:3])"
        said = subprocess.run([self.venv / "bin" / "python", "-c", ask], capture_output=True, text=True, check=True)
        core, python = said.stdout.split()
        manifest = self.collections / "ansible_collections" / "fortinet" / "fortios" / "MANIFEST.json"
        found = re.search(r'"version": "([^"]+)"', manifest.read_text())
        return core, python, found.group(1) if found else "?"

    def run(self, step: str, command: t.Sequence[str], **more: str) -> tuple[int, float, str]:
        """Run a command. Returns its exit code, its CPU seconds and its output, which is also written to a log file."""
        env = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "FAZ_"))}
        env.update(
            PATH=f"{self.venv / 'bin'}:{os.environ['PATH']}",
            ANSIBLE_COLLECTIONS_PATH=str(self.collections),
            ANSIBLE_HOME=str(self.place / "ansible-home"),
            ANSIBLE_PYTHON_INTERPRETER=str(self.venv / "bin" / "python"),
            LC_ALL="C.UTF-8",
            MAKELEVEL="1",
            **more,
        )
        before = cpu_seconds()
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        (self.place / f"{step}.log").write_text(done.stdout)
        return done.returncode, cpu_seconds() - before, done.stdout


def cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def by_pytest(*arguments: str) -> t.Callable[[Environment, str], Cell]:
    def run(environment: Environment, step: str) -> Cell:
        report = environment.place / f"{step}.xml"
        report.unlink(missing_ok=True)
        command = [
            "python",
            "-m",
            "pytest",
            "--quiet",
            f"--junitxml={report}",
            "-o",
            f"cache_dir={environment.place}/pytest",
        ]
        code, seconds, _said = environment.run(step, [*command, *arguments])
        return Cell(code == 0, f"{counted(report)} in {seconds:.0f} s")

    return run


def by_command(*command: str) -> t.Callable[[Environment, str], Cell]:
    def run(environment: Environment, step: str) -> Cell:
        # tools/ansible-test.sh uses these collections, and a separate folder for each step and core.
        more = {"COLLECTIONS": str(environment.collections), "PLACE": f"{step}-{environment.core.name}"}
        code, seconds, _said = environment.run(step, command, **more)
        return Cell(code == 0, f"{'passed' if code == 0 else 'failed'} in {seconds:.0f} s")

    return run


def counted(report: Path) -> str:
    if not report.exists():
        return "nothing"
    suites = list(ET.parse(report).getroot().iter("testsuite"))
    total, failed = (
        sum(int(suite.get(key, 0)) for suite in suites for key in keys) for keys in (("tests",), ("failures", "errors"))
    )
    return f"{total - failed} passed" + (f", {failed} failed" if failed else "")


STEPS: dict[str, t.Callable[[Environment, str], Cell]] = {
    # Tests of the simulators are omitted, because they do not use Ansible.
    "unit": by_pytest("tests/unit", "--ignore=tests/unit/simulators"),
    "component": by_pytest("tests/component"),
    "acceptance": by_pytest("tests/acceptance"),
    # Tests of differences between releases: templates, types of values, facts, texts of errors, deprecated names.
    "core": by_pytest("tests/unit/glue", *(f"tests/acceptance/{name}.py" for name in CORE)),
    "integration": by_command("tools/ansible-test.sh", "integration", *TARGETS),
    "role": by_pytest("--timeout=3600", "tests/acceptance/blocking/test_acceptance.py", "-k", ROLE),
    "demo": by_command("tools/demo.sh"),
    "sanity": by_command("tools/ansible-test.sh", "sanity"),
}


def find_python(core: Core) -> t.Optional[str]:
    for version in core.pythons:
        found = subprocess.run(
            ["tools/venv.sh", "--find", version], cwd=ROOT, capture_output=True, text=True, check=False
        )
        if found.returncode == 0:
            return found.stdout.strip()
    return None


def run_core(core: Core, steps: t.Sequence[str]) -> t.Optional[bool]:
    """Whether all steps passed. None if no supported Python is installed. The results are stored in the folder of the
    core."""
    python = find_python(core)
    if python is None:
        print(f"ansible-core {core.name}: install Python {' or '.join(core.pythons)} to test this release", flush=True)
        return None
    try:
        environment = Environment(core, python)
    except subprocess.CalledProcessError as reason:
        print(f"ansible-core {core.name}: the environment could not be created: {reason}", flush=True)
        return False
    note = environment.place / "outcomes.json"
    told = json.loads(note.read_text()) if note.exists() else {}
    told["about"] = environment.about()
    passed = True
    for step in steps:
        cell = STEPS[step](environment, step)
        print(f"ansible-core {core.name}, {step}: {cell.said}", flush=True)
        if not cell.ok:
            print(f"  FAILED, see {(environment.place / step).relative_to(ROOT)}.log", flush=True)
        told[step] = cell.said if cell.ok else f"**FAILED**, {cell.said}"
        passed = passed and cell.ok
        note.write_text(json.dumps(told))
    return passed


def table() -> str:
    lines = [".. list-table::", "   :header-rows: 1", ""]
    lines += row("ansible-core", "Python", "fortinet.fortios", *STEPS)
    for core in CORES:
        note = PLACE / core.name / "outcomes.json"
        if note.exists():
            told = json.loads(note.read_text())
            lines += row(*told["about"], *(told.get(step, "not run") for step in STEPS))
    return "\n".join(lines) + "\n"


def row(*cells: str) -> list[str]:
    return [f"   {'  -' if place else '* -'} {cell}" for place, cell in enumerate(cells)]


def write(found: str) -> None:
    before, _mark, rest = PAGE.read_text().partition(MARKS[0])
    _old, _mark, after = rest.partition(MARKS[1])
    PAGE.write_text(f"{before}{MARKS[0]}\n{found}\n{MARKS[1]}{after}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--cores", nargs="+", choices=[core.name for core in CORES], help="releases to test, all by default"
    )
    parser.add_argument("--steps", nargs="+", choices=list(STEPS), help="steps to run, all by default")
    parser.add_argument("--write", action="store_true", help=f"write the table to {PAGE.relative_to(ROOT)}")
    options = parser.parse_args()
    if not options.cores and not options.steps:
        for note in PLACE.glob("*/outcomes.json"):
            note.unlink()
    chosen = [core for core in CORES if not options.cores or core.name in options.cores]
    passed = [run_core(core, options.steps or list(STEPS)) for core in chosen]
    print(f"\n{table()}")
    if options.write:
        write(table())
    if all(outcome is None for outcome in passed):
        return SKIPPED
    return int(False in passed)


if __name__ == "__main__":
    sys.exit(main())

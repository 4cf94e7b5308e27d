# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs steps of the tests, several at the same time, and counts their results: steps.py [--list | --costs | --prepare NAME] NAME...

NAME is a step, a group of steps (lint, test, test-all) or a tool. Each test of pytest and each step without pytest counts as one. The last
line is "N passed, N failed". If a step fails, the other steps still run. The Makefile runs this script with the Python of the virtual
environment.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import functools
import os
import subprocess
import sys
import tempfile
import threading
import time
import typing as t
import xml.etree.ElementTree as ET
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / ".build"
NOTES = BUILD / "steps"
JUNIT = BUILD / "junit"
# The exit code of a step that this machine cannot run.
SKIPPED = 77


class Step(t.NamedTuple):
    """A command for bash. {junit} is the option for the report of pytest. {args} is the variable ARGS, or empty if
    several steps run."""

    about: str
    command: str
    needs: tuple[str, ...] = ()


TREE = ".build/ansible_collections/secops/fortiview"
PYTEST = "pytest --quiet {junit} {args} "
# eda-lint ignores the same rules as ansible_test/container/eda/tox.ini in galaxy-importer. Findings of galaxy-importer are only reported.
# Findings here fail the step. galaxy-importer checks the tarball, which has no ruff.toml, so this step also uses the defaults of Ruff.
EDA = "extensions/eda/plugins"
EDA_LINT = f"""
ruff check --isolated --quiet --select ALL --ignore D100,D104,INP001,FA102,UP001,UP010,I001,FA100,PLR0913,E501 {EDA}
pylint --output-format=parseable -sn --disable R0801,E0401,C0103,R0913,R0902,R0903 {EDA}/event_source/*.py
pylint --output-format=parseable -sn --disable R0801,E0401,C0103,R0913,R0902,R0903 {EDA}/event_filter/*.py"""
# The linter writes the name of its temporary folder into the pages that it checks. One name in 37 ends with "_", which
# reStructuredText reads as a reference. The linter then runs again.
DOCS_LINT = """
for attempt in 1 2 3; do
    code=0
    said=$(antsibull-docs lint-collection-docs --plugin-docs --validate-collection-refs=all . 2>&1) || code=$?
    [[ $said == *'Unknown target name: "antsibull-docs-'* ]] || break
done
[ -z "$said" ] || printf '%s\\n' "$said"
exit $code"""
SHELL_SCRIPTS = "git ls-files --cached --others --exclude-standard '*.sh'"

LINT = {
    "ruff": Step("Likely bugs and style of the Python code", "ruff check --quiet ."),
    "format": Step("Formatting of the Python code (ruff format . corrects it)", "ruff format --quiet --check ."),
    "prose": Step(
        "Prose of shipped files: avoided terms, long sentences, errors without a next step", "python tools/prose.py"
    ),
    "mypy": Step("Types of plugins and simulators", f"mypy {TREE}/plugins {TREE}/{EDA} tests/simulators"),
    "eda-lint": Step("Certification rules for the plugins for Event-Driven Ansible", EDA_LINT),
    "shellcheck": Step("Shell scripts", f"shellcheck .ci/run $({SHELL_SCRIPTS})"),
    "actionlint": Step("GitHub workflows", "jactionlint"),
    "reuse": Step("Copyright and licence of every file", "reuse lint --quiet"),
    "changelog": Step("Changelog fragments", "antsibull-changelog lint"),
    "docs-lint": Step("Documentation of plugins and roles", DOCS_LINT),
    "ansible-lint": Step(
        "Roles, playbooks and metadata, production profile",
        "ansible-lint --offline --profile production",
        ("collections",),
    ),
}
STEPS = {
    **LINT,
    "unit": Step("Unit tests", PYTEST + "tests/unit", ("postgresql",)),
    "component": Step("The client against simulators with faults", PYTEST + "tests/component"),
    "sanity": Step("ansible-test sanity (the first run takes a minute longer)", "tools/ansible-test.sh sanity {args}"),
    "integration": Step(
        "ansible-test integration, against the simulators", "tools/ansible-test.sh integration {args}", ("collections",)
    ),
    "core-targets": Step(
        "The integration targets with the alias core",
        "tools/ansible-test.sh integration core/",
        ("collections",),
    ),
    "core-playbooks": Step(
        "The acceptance and blocking tests that are marked core: a block and an unblock with each method, and a query",
        PYTEST + "-m core tests/acceptance",
        ("collections",),
    ),
    "browser": Step(
        "The report in Chromium and WeasyPrint, and its CSV files in LibreOffice (the step installs these programs if possible)",
        "AXE=$(python tools/provide.py axe) exec pytest --quiet {junit} {args} --timeout=600 tests/browser",
        ("chromium", "weasyprint"),
    ),
    "demo": Step(
        "Threats, blocks, their effect and the unblock, against simulators; with FAZ_HOST set, only queries to that FortiAnalyzer",
        "tools/demo.sh",
        ("collections",),
    ),
    "acceptance": Step(
        "Playbooks as users run them, against the simulators",
        PYTEST + "tests/acceptance --ignore=tests/acceptance/inputs --ignore=tests/acceptance/blocking",
        ("collections",),
    ),
    "inputs": Step(
        "User input: lists, passwords, hosts, facts and results",
        PYTEST + "tests/acceptance/inputs",
        ("collections",),
    ),
    "blocking": Step(
        "Blocking on FortiGates without faults, and on FortiGates that report false results (FAULTS=all: every fault)",
        PYTEST + "--timeout=3600 tests/acceptance/blocking",
        ("collections", "postgresql"),
    ),
    "molecule": Step(
        "Roles in Molecule scenarios (SCENARIOS=--all: also the scenarios that tests/acceptance/blocking covers)",
        "molecule test ${{SCENARIOS:--s block_ban -s block_addrgrp -s hunt}} --workers 2",
        ("collections",),
    ),
    "awx": Step(
        "Job templates in ansible-runner, the set-up of a controller, and the execution environment",
        PYTEST + "--numprocesses 2 --dist loadfile tests/automation/awx",
        ("collections", "postgresql", "importer"),
    ),
    "eda": Step(
        "Rulebooks in ansible-rulebook, against the simulators (needs Java 17)",
        PYTEST + "--numprocesses 2 tests/automation/eda",
        ("collections",),
    ),
    "oldest": Step(
        "Tests of differences between releases of ansible-core, and the demo, on the oldest supported release",
        "DEMO_SHORT=1 python tools/matrix.py --cores 2.16 --steps core demo",
    ),
    "python39": Step(
        "Import of all modules on the oldest supported Python",
        "ON=3.9 tools/ansible-test.sh sanity --test compile --test import",
    ),
    "docsite": Step("The documentation as HTML, in .build/docsite; a warning fails the step", "tools/docsite.sh"),
    "release-check": Step(
        "The artifact, which is built, imported as on Automation Hub, installed and used",
        "python tools/release_check.py",
        ("collections", "importer"),
    ),
}
# The long steps come first, so that the short steps fill the remaining processor time.
QUICK = ("core-targets", "sanity", "component", "unit", "ansible-lint", "core-playbooks", "browser", "demo")
# These steps include all tests of core-targets and core-playbooks. The demo is a part of release-check and oldest.
EVERYTHING = (
    *("acceptance", "inputs", "integration", "blocking", "awx", "eda", "molecule", "sanity", "oldest"),
    *("browser", "unit", "component", "release-check", "docsite", "python39"),
)
GROUPS = {
    "lint": tuple(LINT),
    "test": tuple(dict.fromkeys((*QUICK, *LINT))),
    "test-all": (*EVERYTHING, *LINT),
}
MODULE = "PYTHONPATH=.build:tests exec python -m "
TOOLS = {
    "matrix": Step(
        'Tests on every supported ansible-core, as a table (ARGS="--cores 2.16 --steps unit --write")',
        "python tools/matrix.py {args}",
        ("postgresql",),
    ),
    "benchmark": Step(
        "Time and memory of the collection (ARGS=NAME)", MODULE + "benchmarks {args}", ("collections", "postgresql")
    ),
    "fault-table": Step(
        ".build/faults.md: the outcome of playbooks with every fault of the simulators (two hours of processor time; ARGS=PART for a part)",
        MODULE + "fault_table {args}",
        ("collections",),
    ),
    "soak": Step(
        'Long tests: 2,000 random FortiGates, 1,000 module runs, a rulebook for half an hour (ARGS="--minutes 5" for less), killed runs, blocking playbooks',
        "EXAMPLES=2000 pytest --quiet tests/component/test_random_fortigates.py\n"
        "KILLED=all pytest --quiet --timeout=3600 tests/acceptance/blocking/test_killed.py\n"
        "PLAYED=1 pytest --quiet --timeout=3600 tests/acceptance/blocking\n" + MODULE + "benchmarks.soak {args}",
        ("collections", "postgresql"),
    ),
    "comparison": Step(
        "The page comparison.rst: the same jobs by hand, with the official collections and with this collection",
        MODULE + "benchmarks.comparison {args}",
        ("collections",),
    ),
    "guides": Step(
        "The outputs in the pages of docs/docsite, from runs against the simulators",
        "tools/guides.sh {args}",
        ("collections",),
    ),
    "generate": Step(
        "All generated files: reference pages, documentation of options, the pattern for controllers",
        "python tools/option_documentation.py && python tools/reference_pages.py"
        " && export PYTHONPATH=tests:.build && python -m automation.awx.argument_specs && python -m automation.awx.pattern",
    ),
    "simulator": Step(
        "A simulated FortiAnalyzer and two FortiGates, until Ctrl-C (ARGS=FOLDER for their addresses and tokens)",
        "exec tools/simulators.sh {args}",
    ),
    "build": Step(
        "The tarball that ansible-galaxy installs, in .build",
        "ansible-galaxy collection build --force --output-path .build",
    ),
}
# The preparations of steps. Each preparation runs once, for the first step that needs it.
NEEDS = {
    # ansible-core finds the collection through this link. ansible-test uses a copy.
    "link": "mkdir -p .build/ansible_collections/secops && ln -sfn ../../.. .build/ansible_collections/secops/fortiview",
    # These collections come from the Python package `ansible` instead of Galaxy. Only these collections are extracted.
    "collections": "python tools/provide.py collections requirements/collections.txt .build ansible.utils ansible.netcommon fortinet.fortios\n"
    "python tools/provide.py collections requirements/awx.txt .build awx.awx",
    # If PostgreSQL cannot be installed, the tests that need it fail and give this reason.
    "postgresql": "command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 ||"
    " python tools/provide.py debian postgresql || true",
    "chromium": "[ -x /usr/bin/chromium ] && [ -x /usr/bin/chromedriver ] && [ -x /usr/bin/soffice ] ||"
    " python tools/provide.py debian chromium chromium-driver libreoffice-calc-nogui",
    # galaxy-importer needs older versions of packages, and WeasyPrint must not be in the environment of Ansible. Each of them has a
    # separate environment.
    **{
        name: f"cmp -s requirements/{name}.txt .build/{name}/requirements.txt || {{"
        f' tools/venv.sh .build/{name} requirements/{name}.txt "$(readlink -f "$(command -v python)")"'
        f" && cp requirements/{name}.txt .build/{name}/requirements.txt; }}"
        for name in ("importer", "weasyprint")
    },
}


class Outcome(t.NamedTuple):
    step: str
    passed: int
    failed: int
    skipped: int
    seconds: str
    busy: str


def environment(names: t.Sequence[str]) -> dict[str, str]:
    """The environment variables of steps. The virtual environment is first on PATH. Nothing is written to ~/.ansible, where a collection would
    later hide this checkout."""
    bin_folder = Path(sys.prefix) / "bin"
    env = dict(os.environ)
    # Tests use the simulators, never the FortiAnalyzer in FAZ_HOST. Only the demo uses that FortiAnalyzer, if it is the only step.
    if list(names) != ["demo"]:
        env = {name: value for name, value in env.items() if not name.startswith("FAZ_")}
    env.update(
        PATH=f"{bin_folder}:{env.get('PATH', os.defpath)}",
        LC_ALL="C.UTF-8",
        ANSIBLE_COLLECTIONS_PATH=str(BUILD),
        ANSIBLE_HOME=str(BUILD / "ansible-home"),
        ANSIBLE_PYTHON_INTERPRETER=str(bin_folder / "python"),
        # In most CI systems, the checkout belongs to another user, and git would refuse to read it.
        GIT_CONFIG_COUNT="1",
        GIT_CONFIG_KEY_0="safe.directory",
        GIT_CONFIG_VALUE_0=str(ROOT),
    )
    # Without MAKELEVEL, tools/demo.sh would start make, which already runs this script.
    env.setdefault("MAKELEVEL", "1")
    return env


class Runner:
    """Runs the steps of one call. A single step is `shown`: its output is printed while it runs. The output of several steps is printed when
    each step ends."""

    def __init__(self, names: t.Sequence[str]) -> None:
        self.env = environment(names)
        self.shown = len(names) == 1
        self.args = os.environ.get("ARGS", "") if self.shown else ""
        self.locks: dict[str, threading.Lock] = {name: threading.Lock() for name in NEEDS}
        self.printing = threading.Lock()
        self.ready = functools.cache(self._ready)

    def prepare(self, name: str) -> tuple[int, str]:
        with self.locks[name]:
            return self.ready(name)

    def _ready(self, name: str) -> tuple[int, str]:
        done = subprocess.run(
            self._bash(NEEDS[name]),
            cwd=ROOT,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout

    @staticmethod
    def _bash(command: str) -> list[str]:
        return ["bash", "-euo", "pipefail", "-c", command]

    def run(self, name: str) -> int:
        """Run a step, note its result for the summary, and return its exit code."""
        started = time.monotonic()
        step = STEPS[name]
        for need in step.needs:
            code, said = self.prepare(need)
            if code:
                return self._note(name, code, started, 0.0, said)
        if self.shown:
            print(f"==> {name}", flush=True)
        code, busy, said = self.command(step, f"--junitxml=.build/junit/{name}.xml")
        return self._note(name, code, started, busy, said)

    def words(self, step: Step, junit: str) -> list[str]:
        return self._bash(step.command.format(junit=junit, args=self.args))

    def command(self, step: Step, junit: str) -> tuple[int, float, str]:
        """Run a step. Returns the exit code, the seconds of processor time (child processes included) and the output."""
        # The output goes to a file, because a program that a step leaves running would keep a pipe open.
        with tempfile.TemporaryFile() as output:
            to = None if self.shown else output
            process = subprocess.Popen(self.words(step, junit), cwd=ROOT, env=self.env, stdout=to, stderr=to)
            _pid, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            output.seek(0)
            said = output.read().decode(errors="replace")
        return process.returncode, used.ru_utime + used.ru_stime, said

    def _note(self, name: str, code: int, started: float, busy: float, said: str) -> int:
        seconds = time.monotonic() - started
        NOTES.mkdir(parents=True, exist_ok=True)
        (NOTES / name).write_text(f"{code} {seconds:.0f} {busy:.0f}\n", encoding="utf-8")
        how = {0: "ok", SKIPPED: "skipped"}.get(code, f"FAILED (exit code {code})")
        with self.printing:
            head = "" if self.shown else f"\n==> {name}\n"
            print(f"{head}{said}<== {name}: {how}, {seconds:.0f} s", flush=True)
        return code


def read_report(report: Path) -> ET.Element:
    """The JUnit report in the file, or an empty report if the file cannot be read."""
    try:
        return ET.parse(report).getroot()
    except (OSError, ET.ParseError):
        return ET.Element("testsuites")


def count_tests(report: Path) -> tuple[int, int, int]:
    """The numbers of passed, failed and skipped tests."""
    suites = list(read_report(report).iter("testsuite"))
    total, failures, errors, skipped = (
        sum(int(suite.get(key, 0)) for suite in suites) for key in ("tests", "failures", "errors", "skipped")
    )
    failed = failures + errors
    return total - failed - skipped, failed, skipped


def failures(outcomes: t.Sequence[Outcome]) -> t.Iterator[str]:
    """A line for each test that failed, with the beginning of its message, and for each step that failed without tests."""
    for step in (outcome.step for outcome in outcomes if outcome.failed):
        tests = [
            f"{step}: {case.get('classname')}.{case.get('name')}: {' '.join(str(found.get('message')).split())[:300]}"
            for case in read_report(JUNIT / f"{step}.xml").iter("testcase")
            for found in (*case.findall("failure"), *case.findall("error"))
        ]
        yield from tests or [step]


def outcome_of(step: str) -> Outcome:
    """The outcome of a step from its note and its report. A step without a note did not run, and counts as failed."""
    try:
        code, seconds, busy = (NOTES / step).read_text(encoding="utf-8").split()
    except OSError:
        return Outcome(step=step, passed=0, failed=1, skipped=0, seconds="-", busy="-")
    if code == str(SKIPPED):
        return Outcome(step=step, passed=0, failed=0, skipped=1, seconds=seconds, busy=busy)
    report = JUNIT / f"{step}.xml"
    if not report.exists():
        return Outcome(
            step=step, passed=int(code == "0"), failed=int(code != "0"), skipped=0, seconds=seconds, busy=busy
        )
    passed, failed, skipped = count_tests(report)
    if code != "0" and not failed:
        failed = 1
    return Outcome(step=step, passed=passed, failed=failed, skipped=skipped, seconds=seconds, busy=busy)


def summary(outcomes: t.Sequence[Outcome]) -> int:
    print(f"\n{'step':<20}{'passed':>8}{'failed':>8}{'skipped':>9}{'seconds':>9}{'busy':>7}")
    for one in outcomes:
        print(f"{one.step:<20}{one.passed:>8}{one.failed:>8}{one.skipped:>9}{one.seconds:>9}{one.busy:>7}")
    passed = sum(outcome.passed for outcome in outcomes)
    failed = sum(outcome.failed for outcome in outcomes)
    # The failures come last, because pages often show only the end of a long output.
    verdict = "\n".join([*(f"failed: {line}" for line in failures(outcomes)), f"{passed} passed, {failed} failed"])
    (BUILD / "summary").write_text(verdict + "\n", encoding="utf-8")
    print(f"\n{verdict}", flush=True)
    return int(failed > 0 or passed == 0)


def costs() -> None:
    """Print the table in CONTRIBUTING.md, with the processor time of each step in its last run on this machine."""
    print("| step | processor | `make test` | description |\n| --- | ---: | --- | --- |")
    for name, step in STEPS.items():
        cells = (f"`{name}`", f"{outcome_of(name).busy} s", "yes" if name in GROUPS["test"] else "")
        print(f"| {' | '.join(cells)} | {step.about} |")


def listing() -> None:
    for title, steps in (("In `make test`", GROUPS["test"]), ("Only in `make test-all`", EVERYTHING)):
        print(f"\n{title}:")
        for name in steps:
            if title.startswith("In") or name not in GROUPS["test"]:
                print(f"  {name:<14} {STEPS[name].about}")
    print("\nTools:")
    for name, tool in TOOLS.items():
        print(f"  {name:<14} {tool.about}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*GROUPS, *STEPS, *TOOLS, []], metavar="NAME")
    # The default is the number of processors plus two, because some steps mostly wait.
    jobs = int(os.environ.get("JOBS") or len(os.sched_getaffinity(0)) + 2)
    parser.add_argument(
        "--jobs", type=int, default=jobs, help=f"maximum number of steps that run at the same time, default {jobs}"
    )
    parser.add_argument("--list", action="store_true", help="print the steps with their descriptions")
    parser.add_argument(
        "--costs", action="store_true", help="print the processor time of each step in its last run, as Markdown"
    )
    parser.add_argument("--prepare", choices=list(NEEDS), help="run only this preparation")
    options = parser.parse_args()
    if options.list or options.costs:
        listing() if options.list else costs()
        return 0
    return work(options.names, options.jobs, options.prepare)


def work(names: t.Sequence[str], jobs: int, prepare: t.Optional[str]) -> int:
    steps = list(dict.fromkeys(step for name in names for step in GROUPS.get(name, (name,))))
    runner = Runner(steps)
    code, said = runner.prepare("link")
    if prepare:
        code, said = runner.prepare(prepare)
    if code or prepare:
        print(said, end="")
        return code
    if steps and steps[0] in TOOLS:
        return use(runner, TOOLS[steps[0]])
    for step in steps:
        (NOTES / step).unlink(missing_ok=True)
        (JUNIT / f"{step}.xml").unlink(missing_ok=True)
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        codes = list(pool.map(runner.run, steps))
    if len(steps) == 1:
        return 0 if codes[0] == SKIPPED else codes[0]
    return summary([outcome_of(step) for step in steps])


def use(runner: Runner, tool: Step) -> int:
    """A tool replaces this process, so that it gets the terminal and its signals."""
    for need in tool.needs:
        code, said = runner.prepare(need)
        if code:
            print(said, end="")
            return code
    os.chdir(ROOT)
    words = runner.words(tool, "")
    os.execvpe(words[0], words, runner.env)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)

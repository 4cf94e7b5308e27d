# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The package of the simulators: what it contains, what it needs, and that README.md is right where only the package is installed."""

from __future__ import annotations

import argparse
import ast
import importlib.metadata
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import sysconfig
import typing as t
from pathlib import Path

import pytest
import requests
import tomllib
import yaml
from packaging.requirements import Requirement

from support.simulator_process import launch

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "tests" / "simulators"
TABLE = tomllib.loads((FOLDER / "pyproject.toml").read_text())
PROJECT = TABLE["project"]
README = (FOLDER / "README.md").read_text()
PACKAGES = {Path(*name.split(".")[1:]) for name in TABLE["tool"]["setuptools"]["packages"]}
# By an installation from this folder.
LEFT_BEHIND = ("build", "fortiview_simulators.egg-info")
# Imported by zoneinfo, and by no other name.
UNSEEN = {"tzdata"}


def modules() -> list[Path]:
    return [path for folder in PACKAGES for path in (FOLDER / folder).glob("*.py")]


def needed() -> dict[str, Requirement]:
    return {one.name: one for one in map(Requirement, PROJECT["dependencies"])}


def imported(path: Path) -> set[str]:
    """First parts of the absolute imports; a relative one must stay inside the package."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level <= len(path.relative_to(FOLDER).parts), path
            found |= {str(node.module).partition(".")[0]} if node.level == 0 else set()
    return found


def test_every_folder_but_that_of_the_controller_is_in_it() -> None:
    folders = {path.parent.relative_to(FOLDER) for path in FOLDER.rglob("*.py")}
    assert {path for path in folders - PACKAGES if path.parts[0] not in LEFT_BEHIND} == {Path("controller")}


def test_the_dependencies_are_what_the_code_imports() -> None:
    """Nothing of the collection, of its tests, or of Ansible."""
    known = importlib.metadata.packages_distributions()
    roots = {name for path in modules() for name in imported(path)} - sys.stdlib_module_names
    assert {known[name][0].lower() for name in roots} | UNSEEN == set(needed())


def test_the_dependencies_are_those_that_this_repository_tests_with() -> None:
    pins = dict(re.findall(r"^([a-z]+)==(\S+)$", (ROOT / "requirements" / "simulators.txt").read_text(), re.M))
    assert {name for name, one in needed().items() if not one.specifier.contains(pins[name])} == set()


def test_it_has_the_version_of_the_collection() -> None:
    assert PROJECT["version"] == yaml.safe_load((ROOT / "galaxy.yml").read_text())["version"]


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the package, made from a copy of its folder alone; the dependencies are those of this environment."""
    folder = tmp_path_factory.mktemp("package")
    source, wheels, venv = folder / "source", folder / "wheels", folder / "venv"
    shutil.copytree(FOLDER, source, ignore=shutil.ignore_patterns("__pycache__", *LEFT_BEHIND))
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    offline = ["--no-index", "--no-deps"]
    run(*pip, "wheel", *offline, "--no-build-isolation", "--wheel-dir", wheels, source)
    shutil.rmtree(source)
    run(sys.executable, "-m", "venv", "--without-pip", venv)
    run(*pip, "--python", venv / "bin" / "python", "install", *offline, *wheels.glob("*.whl"))
    [site] = venv.glob("lib/python*/site-packages")
    (site / "shared.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return venv / "bin"


def run(*words: str | Path, folder: Path | None = None) -> str:
    """What a program prints in this folder, without the modules of this repository."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        words, cwd=folder, env={**env, "NO_PROXY": "127.0.0.1"}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def devices(programs: Path, tmp_path_factory: pytest.TempPathFactory) -> t.Iterator[Path]:
    """The folder in which both programs were started as README.md says, but on free ports."""
    folder = tmp_path_factory.mktemp("devices")
    started = re.findall(r"^(\S+) --port \d+ --directory (\S+) &$", README, re.M)
    assert {program for program, _name in started} == set(PROJECT["scripts"])
    found = [launch([str(programs / program)], folder / name, PYTHONPATH="")[0] for program, name in started]
    yield folder
    for process in found:
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


def test_the_commands_of_the_readme_print_what_it_shows(devices: Path) -> None:
    """But for the id of the session, and for what an ellipsis leaves out."""
    shown = [part.strip().rpartition("\n") for block in blocks("console") for part in block.split("$ curl")[1:]]
    assert len(shown) == 5
    for command, _newline, output in shown:
        found = ask(command, devices)
        if output.endswith(" ..."):
            found = found[: len(output) - 4] + " ..."
        assert without_session(found) == without_session(output)


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.M | re.S)


def without_session(text: str) -> str:
    return re.sub(r'(?<="session": ")[^"]+|(?<="session )\S+', "ID", text)


def ask(arguments: str, folder: Path) -> str:
    """What curl would print, which a machine may not have."""
    parser = argparse.ArgumentParser()
    for option in ("cacert", "header", "request", "data"):
        parser.add_argument(f"--{option}")
    parser.add_argument("url")
    given = parser.parse_args(shlex.split(arguments))
    settings = json.loads((folder / given.cacert).with_name("settings.json").read_text())
    with requests.Session() as http:
        http.trust_env = False
        return http.request(
            given.request or ("POST" if given.data else "GET"),
            re.sub(r":\d+/", f":{settings['port']}/", given.url),
            headers=dict([given.header.split(": ")]) if given.header else {},
            data=given.data,
            verify=str(folder / given.cacert),
            timeout=10,
        ).text


def test_the_example_of_the_readme_passes(programs: Path, tmp_path: Path) -> None:
    [example] = blocks("python")
    (tmp_path / "test_example.py").write_text(example)
    assert "1 passed" in run(programs / "python", "-m", "pytest", "-p", "no:cacheprovider", folder=tmp_path)


def test_the_help_names_the_program(programs: Path) -> None:
    for program in PROJECT["scripts"]:
        assert run(programs / program, "--help").startswith(f"usage: {program} ")


def test_the_links_of_the_readme_lead_somewhere() -> None:
    links = re.findall(r"\]\((\S+)\)", README)
    assert links and [link for link in links if not (FOLDER / link).exists()] == []


def test_the_readme_is_short() -> None:
    assert len(README.splitlines()) <= 100

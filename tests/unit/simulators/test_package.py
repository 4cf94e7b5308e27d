# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The package of the simulators: what it contains, what it needs, and that both devices answer where only the package is installed."""

from __future__ import annotations

import ast
import importlib.metadata
import os
import re
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
PACKAGES = {Path(*name.split(".")[1:]) for name in TABLE["tool"]["setuptools"]["packages"]}
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
    assert folders - PACKAGES == {Path("controller")}


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
    shutil.copytree(FOLDER, source, ignore=shutil.ignore_patterns("__pycache__"))
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    offline = ["--no-index", "--no-deps"]
    run(*pip, "wheel", *offline, "--no-build-isolation", "--wheel-dir", str(wheels), str(source))
    shutil.rmtree(source)
    run(sys.executable, "-m", "venv", "--without-pip", str(venv))
    run(*pip, "--python", str(venv / "bin" / "python"), "install", *offline, *map(str, wheels.glob("*.whl")))
    [site] = venv.glob("lib/python*/site-packages")
    (site / "shared.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return venv / "bin"


def run(*words: str) -> None:
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def ask(settings: dict[str, t.Any], method: str, path: str, **more: t.Any) -> t.Any:
    url = f"https://{settings['host']}:{settings['port']}{path}"
    with requests.Session() as http:
        http.trust_env = False
        return http.request(method, url, verify=settings["ca_path"], timeout=10, **more).json()


def log_in(settings: dict[str, t.Any]) -> t.Any:
    data = {"user": settings["username"], "passwd": settings["password"]}
    body = {"id": 1, "method": "exec", "params": [{"url": "/sys/login/user", "data": data}]}
    return ask(settings, "POST", "/jsonrpc", json=body)["session"]


def read_hostname(settings: dict[str, t.Any]) -> t.Any:
    headers = {"Authorization": f"Bearer {settings['token']}"}
    return ask(settings, "GET", "/api/v2/monitor/system/status", headers=headers)["results"]["hostname"]


@pytest.mark.parametrize(
    ("program", "use"), [("fortianalyzer-simulator", log_in), ("fortigate-simulator", read_hostname)]
)
def test_both_devices_answer_outside_this_repository(
    programs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, use: t.Callable[[t.Any], t.Any]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PYTHONPATH", raising=False)
    process, settings = launch([str(programs / program)], tmp_path)
    try:
        assert use(settings)
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


def test_the_help_names_the_program(programs: Path) -> None:
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    for program in PROJECT["scripts"]:
        said = subprocess.run([programs / program, "--help"], env=env, capture_output=True, text=True, check=True)
        assert said.stdout.startswith(f"usage: {program} ")

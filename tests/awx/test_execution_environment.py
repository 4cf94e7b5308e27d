# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The image: ansible-builder makes its context, finds what the collection needs, and with no more than that a playbook runs."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
import yaml

from awx.support import PATTERN, ROOT, TOOLS, environment
from simulators.fortianalyzer import Simulator, Switches

pytestmark = pytest.mark.timeout(400)
DEFINITION = PATTERN / "exec_env" / "execution-environment.yml"
VERSION = yaml.safe_load((ROOT / "galaxy.yml").read_text())["version"]


def tool(*command: str | Path, cwd: Path, env: dict[str, str] | None = None) -> str:
    run = subprocess.run(
        [str(word) for word in command], cwd=cwd, env=env, capture_output=True, text=True, check=False, timeout=250
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The definition beside a tarball, as `make build` leaves it, and a tree into which that was installed."""
    place = tmp_path_factory.mktemp("image")
    env = environment(place, ANSIBLE_COLLECTIONS_PATH=str(place / "tree"))
    tool(TOOLS / "ansible-galaxy", "collection", "build", "--output-path", place / ".build", cwd=ROOT, env=env)
    folder = place / DEFINITION.parent.relative_to(ROOT)
    folder.mkdir(parents=True)
    (folder / DEFINITION.name).write_text(DEFINITION.read_text())
    tarball = place / ".build" / f"secops-fortiview-{VERSION}.tar.gz"
    install = ["collection", "install", "--offline", "--collections-path", place / "tree", tarball]
    tool(TOOLS / "ansible-galaxy", *install, cwd=place, env=env)
    return place


@pytest.fixture(scope="module")
def resolved(place: Path) -> list[str]:
    """What ansible-builder would install for the collection."""
    written = place / "requirements.txt", place / "bindep.txt"
    command = ["introspect", "--write-pip", written[0], "--write-bindep", written[1], place / "tree"]
    tool(TOOLS / "ansible-builder", *command, cwd=place, env=environment(place))
    assert not written[1].exists() or strip(written[1].read_text()) == []
    return strip(written[0].read_text())


def strip(text: str) -> list[str]:
    lines = [line.partition("#")[0].strip() for line in text.splitlines()]
    return [line for line in lines if line]


def test_the_context_is_made(place: Path) -> None:
    folder = place / DEFINITION.parent.relative_to(ROOT)
    command = ["create", "--file", DEFINITION.name, "--context", "context", "--output-filename", "Containerfile"]
    tool(TOOLS / "ansible-builder", *command, cwd=folder, env=environment(place))
    context = folder / "context"
    made = (context / "Containerfile").read_text()
    assert yaml.safe_load(DEFINITION.read_text())["images"]["base_image"]["name"] in made
    assert (context / "_build" / "tarball" / f"secops-fortiview-{VERSION}.tar.gz").is_file()
    wanted = yaml.safe_load((context / "_build" / "requirements.yml").read_text())["collections"]
    assert f"secops-fortiview-{VERSION}.tar.gz" in wanted[0]["name"]
    assert {one["name"] for one in wanted[1:]} == {"ansible.netcommon", "fortinet.fortios"}


def test_what_is_found_is_what_the_collection_says(resolved: list[str]) -> None:
    assert resolved == ["requests"] == strip((ROOT / "meta" / "ee-requirements.txt").read_text())


def test_a_playbook_runs_with_no_more_than_that(place: Path, resolved: list[str]) -> None:
    venv = place / "venv"
    requirements = place / "venv.txt"
    requirements.write_text("\n".join([f"ansible-core=={version('ansible-core')}", *resolved]))
    python = os.path.realpath(sys.executable)
    tool(ROOT / "tools" / "venv.sh", venv, requirements, python, cwd=ROOT, env={**os.environ, "UV_SYSTEM_CERTS": "1"})
    with Simulator(Switches(task_seconds=0.1)) as faz:
        env = {
            **environment(place),
            "PATH": f"{venv}/bin:/usr/bin:/bin",
            "ANSIBLE_COLLECTIONS_PATH": str(place / "tree"),
            "FAZ_HOST": faz.host,
            "FAZ_PORT": str(faz.port),
            "FAZ_CA_PATH": faz.ca_path,
            "FAZ_API_TOKEN": faz.api_token,
        }
        told = tool(
            venv / "bin" / "ansible-playbook", "secops.fortiview.top_threats", "-e", "limit=5", cwd=place, env=env
        )
        assert "Top threats by incidents" in told and "Complete: 5 rows" in told
        assert faz.check() == []

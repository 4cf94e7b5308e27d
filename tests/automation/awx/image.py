# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Images without a container engine: ansible-builder makes the context and finds the requirements, which an environment then has."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import yaml

from automation.awx.support import ROOT, TOOLS, environment
from simulators.fortianalyzer import FortiAnalyzer

VERSION = yaml.safe_load((ROOT / "galaxy.yml").read_text())["version"]


def tool(*command: str | Path, cwd: Path, env: dict[str, str] | None = None) -> str:
    run = subprocess.run(
        [str(word) for word in command], cwd=cwd, env=env, capture_output=True, text=True, check=False, timeout=250
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


def strip(text: str) -> list[str]:
    lines = [line.partition("#")[0].strip() for line in text.splitlines()]
    return [line for line in lines if line]


def access(faz: FortiAnalyzer) -> dict[str, str]:
    return {
        "FAZ_HOST": faz.host,
        "FAZ_PORT": str(faz.port),
        "FAZ_CA_PATH": faz.ca_path,
        "FAZ_API_TOKEN": faz.api_token,
    }


class Image:
    """The definition beside a tarball, as `make build` leaves it, and a tree into which that was installed."""

    def __init__(self, place: Path, definition: Path) -> None:
        self.place = place
        self.tree = place / "tree"
        self.definition = yaml.safe_load(definition.read_text())
        self._file = place / definition.relative_to(ROOT)
        self._file.parent.mkdir(parents=True)
        self._file.write_text(definition.read_text())
        env = environment(place, ANSIBLE_COLLECTIONS_PATH=str(self.tree))
        tool(TOOLS / "ansible-galaxy", "collection", "build", "--output-path", place / ".build", cwd=ROOT, env=env)
        tarball = place / ".build" / f"secops-fortiview-{VERSION}.tar.gz"
        install = ["collection", "install", "--offline", "--collections-path", self.tree, tarball]
        tool(TOOLS / "ansible-galaxy", *install, cwd=place, env=env)

    def context(self) -> tuple[str, list[dict[str, str]]]:
        """The text of the Containerfile, and the collections that it installs, of which the first is this one."""
        folder = self._file.parent
        command = ["create", "--file", self._file.name, "--context", "context", "--output-filename", "Containerfile"]
        tool(TOOLS / "ansible-builder", *command, cwd=folder, env=environment(self.place))
        build = folder / "context" / "_build"
        assert (build / "tarball" / f"secops-fortiview-{VERSION}.tar.gz").is_file()
        wanted = yaml.safe_load((build / "requirements.yml").read_text())["collections"]
        assert f"secops-fortiview-{VERSION}.tar.gz" in wanted[0]["name"]
        return (folder / "context" / "Containerfile").read_text(), wanted

    def requirements(self) -> list[str]:
        """The Python packages that ansible-builder would install for the collection, which needs no system package."""
        written = self.place / "requirements.txt", self.place / "bindep.txt"
        command = ["introspect", "--write-pip", written[0], "--write-bindep", written[1], self.tree]
        tool(TOOLS / "ansible-builder", *command, cwd=self.place, env=environment(self.place))
        assert not written[1].exists() or strip(written[1].read_text()) == []
        return strip(written[0].read_text())

    def packages(self, name: str, *packages: str) -> Path:
        """The folder bin of an environment that has these packages and no others."""
        venv, wanted = self.place / name, self.place / f"{name}.txt"
        wanted.write_text("\n".join(packages))
        python = os.path.realpath(sys.executable)
        tool(ROOT / "tools" / "venv.sh", venv, wanted, python, cwd=ROOT, env={**os.environ, "UV_SYSTEM_CERTS": "1"})
        return venv / "bin"

    def environment(self, folder: Path, **more: str) -> dict[str, str]:
        """Of a process in this image."""
        path, tree = f"{folder}:/usr/bin:/bin", str(self.tree)
        return {**environment(self.place), "PATH": path, "ANSIBLE_COLLECTIONS_PATH": tree, **more}

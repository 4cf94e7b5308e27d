# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fetches files and packages that tests need: provide.py collections REQUIREMENTS DIRECTORY NAMESPACE.NAME... | debian PACKAGE... | axe

The command collections extracts collections from the wheel of the Python package `ansible` into DIRECTORY/ansible_collections, without
Galaxy. The release of the package is in the first line of REQUIREMENTS whose marker applies to this Python. A collection that is already
there in this release is not fetched again.

The command debian installs packages with apt-get. If it cannot install them, the exit code is 77.

The command axe downloads axe-core, which checks the accessibility of a page, and prints the path of its script.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import typing as t
import urllib.request
import zipfile
from pathlib import Path

BUILD = Path(__file__).resolve().parents[1] / ".build"
TREE = "ansible_collections"
AXE = "4.14.1"
# The exit code of a step that this machine cannot run.
SKIPPED = 77


def collections(requirements: str, target: str, *names: str) -> int:
    directory = Path(target)
    note = directory / TREE / f".picked-{Path(requirements).stem}"
    requirement = requirement_in(Path(requirements))
    wanted = " ".join([requirement, *names]) + "\n"
    if note.exists() and note.read_text(encoding="utf-8") == wanted:
        return 0
    with tempfile.TemporaryDirectory() as scratch:
        wheel = fetch(requirement, list(names), Path(scratch))
        note.unlink(missing_ok=True)
        pick(wheel, list(names), directory)
    note.parent.mkdir(parents=True, exist_ok=True)
    note.write_text(wanted, encoding="utf-8")
    return 0


def requirement_in(file: Path) -> str:
    """The requirement in the file that applies to this Python, without its marker."""
    # Imported here, because the other commands also run on a Python without packages.
    from packaging.requirements import Requirement

    lines = [line.partition("#")[0].strip() for line in file.read_text(encoding="utf-8").splitlines()]
    found = [Requirement(line) for line in lines if line]
    fitting = [one for one in found if one.marker is None or one.marker.evaluate()]
    if not fitting:
        raise SystemExit(
            f"{file} lists no package for Python {sys.version.split()[0]}. Use a supported release of Python."
        )
    return f"{fitting[0].name}{fitting[0].specifier}"


def fetch(requirement: str, names: list[str], directory: Path) -> Path:
    """Download the wheel into `directory`. The error for a failure names the collections that the wheel contains."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--only-binary=:all:", "--dest", str(directory), requirement]
    if subprocess.run(command, check=False).returncode:
        raise SystemExit(
            f"\nThe package {requirement} (50 MB) could not be downloaded from the package index in pip's configuration.\n"
            f"It contains the collections {', '.join(names)}.\n"
            "The steps that need these collections do not run."
        )
    return next(directory.glob("*.whl"))


def pick(wheel: Path, names: list[str], directory: Path) -> None:
    """Replace the collections below `directory` by the collections in the wheel."""
    with zipfile.ZipFile(wheel) as archive:
        for name in names:
            below = f"{TREE}/{name.replace('.', '/')}/"
            members = [member for member in archive.namelist() if member.startswith(below)]
            if not members:
                raise SystemExit(f"{wheel.name} does not contain the collection {name}")
            shutil.rmtree(directory / below, ignore_errors=True)
            archive.extractall(directory, members)


def debian(*packages: str) -> int:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        print(
            f"This step needs {' '.join(packages)} from Debian. Run the step as root on Debian, or install the packages manually."
        )
        return SKIPPED
    BUILD.mkdir(exist_ok=True)
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    log = BUILD / f"apt-{packages[0]}.log"
    # Several steps of the tests may install packages at the same time.
    with (BUILD / "apt.lock").open("w") as lock, log.open("w") as out:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for command in (["update"], ["install", "--no-install-recommends", *packages]):
            done = subprocess.run(
                ["apt-get", "-qq", *command], env=env, stdout=out, stderr=subprocess.STDOUT, check=False
            )
            if done.returncode:
                print("\n".join(log.read_text(encoding="utf-8").splitlines()[-5:]))
                print(f"apt-get could not install {' '.join(packages)}. See {log}, or install the packages manually.")
                return SKIPPED
    return 0


def axe() -> int:
    place = BUILD / f"axe-{AXE}"
    script = place / "axe.min.js"
    if not script.exists():
        place.mkdir(parents=True, exist_ok=True)
        archive = place / f"axe-core-{AXE}.tgz"
        # npm uses the package registry that is configured on this machine, but npm may not be installed.
        pack = ["npm", "pack", "--silent", "--pack-destination", str(place), f"axe-core@{AXE}"]
        if not shutil.which("npm") or subprocess.run(pack, capture_output=True, check=False).returncode:
            urllib.request.urlretrieve(f"https://registry.npmjs.org/axe-core/-/{archive.name}", archive)
        with tarfile.open(archive) as files:
            found = files.extractfile("package/axe.min.js")
            script.write_bytes(found.read() if found else b"")
    print(script)
    return 0


COMMANDS: dict[str, t.Callable[..., int]] = {function.__name__: function for function in (collections, debian, axe)}

if __name__ == "__main__":
    sys.exit(COMMANDS[sys.argv[1]](*sys.argv[2:]))

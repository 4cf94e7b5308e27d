# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import os
import pathlib
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time
import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._glue import state_files
from ansible_collections.secops.fortiview.plugins.module_utils._glue.state_files import read_state, write_state

ROOT = pathlib.Path(__file__).resolve().parents[3]
ENDLESS = """
import itertools, sys
from ansible_collections.secops.fortiview.plugins.module_utils._glue.state_files import write_state
for number in itertools.count():
    write_state(sys.argv[1], [number] * 50000)
    print(number, flush=True)
"""


@pytest.fixture(params=["exchange", "replace"])
def path(request: pytest.FixtureRequest, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Where two names can be exchanged at once, and where they cannot."""
    if request.param == "replace":
        monkeypatch.setattr(state_files, "_exchange", lambda one, other: False)
    return str(tmp_path / "state.json")


def test_what_was_written_is_read(path: str) -> None:
    assert read_state(path) is None
    for state in ({"a": 1}, {"b": "x" * 10000}, {"c": []}):
        write_state(path, state)
        assert read_state(path) == state
        assert json.loads(pathlib.Path(path).read_text()) == state


def test_only_the_owner_reads_it(path: str) -> None:
    before = os.umask(0)
    try:
        for number in range(3):
            write_state(path, number)
    finally:
        os.umask(before)
    assert {stat.S_IMODE(one.stat().st_mode) for one in pathlib.Path(path).parent.iterdir()} == {0o600}


def test_a_write_that_fails_leaves_what_was_there(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    write_state(path, "before")

    def full(dummy: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            write_state(path, "after")
    assert read_state(path) == "before"
    write_state(path, "later")
    assert read_state(path) == "later"


def test_the_draft_is_never_written_through_a_link(path: str, tmp_path: pathlib.Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("mine")
    for make in (os.symlink, os.link):
        make(victim, f"{path}~")
        with pytest.raises(OSError, match="~"):
            write_state(path, "state")
        assert victim.read_text() == "mine"
        os.unlink(f"{path}~")


def test_its_folder_can_be_copied_at_any_moment(tmp_path: pathlib.Path) -> None:
    """As ansible-rulebook copies the folder of a playbook, which fails when a file that it has listed is gone."""
    folder = tmp_path / "project"
    folder.mkdir()
    for number in range(20):
        (folder / f"file{number}").write_text("x")
    path = str(folder / "state.json")
    write_state(path, 0)
    done = threading.Event()

    def write() -> None:
        number = 0
        while not done.is_set():
            number += 1
            write_state(path, number)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(150):
            copy = tmp_path / f"copy{number}"
            shutil.copytree(folder, copy)
            assert (copy / "state.json").exists()
            shutil.rmtree(copy)
    finally:
        done.set()
        writer.join()


def test_killed_at_any_moment_it_is_whole(tmp_path: pathlib.Path) -> None:
    path = str(tmp_path / "state.json")
    env = {**os.environ, "PYTHONPATH": str(ROOT / ".build")}
    for number in range(8):
        process = subprocess.Popen([sys.executable, "-c", ENDLESS, path], env=env, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(0.013 * number)
        process.send_signal(signal.SIGKILL)
        written = [int(line) for line in process.communicate()[0].splitlines()]
        state: t.Any = read_state(path)
        assert len(set(state)) == 1 and len(state) == 50000
        assert state[0] >= max(written, default=0)

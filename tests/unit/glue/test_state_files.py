# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import pathlib
import resource
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time
import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._glue.state_files import (
    check_writable,
    read_state,
    write_state,
)

ROOT = pathlib.Path(__file__).resolve().parents[3]
ENDLESS = """
import itertools, sys
from ansible_collections.secops.fortiview.plugins.module_utils._glue.state_files import write_state
for number in itertools.count():
    write_state(sys.argv[1], [number] * 50000)
    print(number, flush=True)
"""


@pytest.fixture
def path(tmp_path: pathlib.Path) -> str:
    return str(tmp_path / "state.json")


def test_what_was_written_is_read(path: str) -> None:
    assert read_state(path) is None
    for state in ({"a": 1}, {"b": "x" * 10000}, {"c": []}):
        write_state(path, state)
        assert read_state(path) == state


def test_only_the_owner_reads_it(path: str) -> None:
    before = os.umask(0)
    try:
        for number in range(3):
            write_state(path, number)
    finally:
        os.umask(before)
    assert {stat.S_IMODE(one.stat().st_mode) for one in pathlib.Path(path).parent.iterdir()} == {0o600}


def test_a_write_that_fails_leaves_what_was_there(path: str) -> None:
    write_state(path, "before")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, limits[1]))
    try:
        for dummy in range(3):
            with pytest.raises(OSError, match="File too large"):
                write_state(path, "after" * 2000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert read_state(path) == "before"
    write_state(path, "later")
    assert read_state(path) == "later"


@pytest.mark.parametrize("damage", ["", "{", '{"number": 9, "state": ', "[]", '{"number": "9"}', "\x00" * 40])
@pytest.mark.parametrize("name", ["state.json", "state.json~"])
def test_a_write_that_was_cut_off_costs_nothing_but_itself(path: str, name: str, damage: str) -> None:
    for state in ("older", "newest"):
        write_state(path, state)
    damaged = pathlib.Path(path).with_name(name)
    left = "older" if "newest" in damaged.read_text() else "newest"
    damaged.write_text(damage)
    assert read_state(path) == left
    write_state(path, "next")
    assert read_state(path) == "next"
    # The damaged one was overwritten, so that the other one is still there.
    assert left in "".join(one.read_text() for one in damaged.parent.iterdir())


def test_a_crash_in_the_first_write_leaves_no_damaged_state(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(number: int) -> None:
        synced.append(number)
        if len(synced) == crashes_at:
            raise KeyboardInterrupt

    for crashes_at in (1, 2):
        synced: list[int] = []
        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", crash)
            with pytest.raises(KeyboardInterrupt):
                write_state(path, "first")
        assert read_state(path) == (None if crashes_at == 1 else "first")


def test_without_its_file_there_is_no_state(path: str) -> None:
    """Who removes the file wants to start without a state, whatever the other one has."""
    for state in ("a", "b", "c"):
        write_state(path, state)
    os.unlink(path)
    assert read_state(path) is None
    write_state(path, "d")
    assert read_state(path) == "d"


@pytest.mark.parametrize("end", ["", "~"])
def test_nothing_is_read_or_written_through_a_link(path: str, tmp_path: pathlib.Path, end: str) -> None:
    victim = tmp_path / "victim"
    mine = '{"number": 99, "state": "planted"}'
    victim.write_text(mine)
    write_state(path, "state")
    for make in (os.symlink, os.link):
        os.unlink(f"{path}{end}")
        make(victim, f"{path}{end}")
        assert read_state(path) == "state"
        with pytest.raises(OSError, match=r"state\.json"):
            check_writable(path)
        with pytest.raises(OSError, match=r"state\.json"):
            write_state(path, "later")
        assert victim.read_text() == mine


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

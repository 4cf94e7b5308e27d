# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The published file: several jobs write it at once, and FortiGates fetch it meanwhile."""

from __future__ import annotations

import contextlib
import fcntl
import pathlib
from concurrent.futures import ThreadPoolExecutor

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.methods.base import Reading, Wish, Writes
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.methods.feed_file import (
    LONGEST_WAIT,
    FeedFile,
    FileError,
)


def edit(path: pathlib.Path, add: list[str], remove: tuple[str, ...] = (), allow_shrink: bool = False) -> Reading:
    method = FeedFile(str(path), allow_shrink)
    method.change(None, Reading({}), Writes(tuple(map(Wish, add)), (), remove)).write()
    return method.read()


def test_the_file_is_sorted_and_readable_by_the_web_server(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "feed.txt"
    edit(path, ["2001:db8::1", "198.51.100.10", "198.51.100.2"])
    found = edit(path, ["198.51.100.9", "198.51.100.2"], ("198.51.100.10", "203.0.113.1"))
    assert path.read_text().split() == ["198.51.100.2", "198.51.100.9", "2001:db8::1"] == list(found.entries)
    assert path.stat().st_mode & 0o777 == 0o644


def test_of_many_jobs_at_once_none_loses_what_it_added(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "feed.txt"
    wanted = [f"198.51.100.{number}" for number in range(1, 41)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda address: edit(path, [address]), wanted))
    assert sorted(FeedFile(str(path)).read().entries) == sorted(wanted)


def test_a_file_never_loses_more_than_half(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "feed.txt"
    edit(path, ["198.51.100.1", "198.51.100.2", "198.51.100.3"])
    with pytest.raises(FileError, match="shrink from 3 to 1"):
        edit(path, [], ("198.51.100.1", "198.51.100.2"))
    assert len(path.read_text().split()) == 3
    assert list(edit(path, [], ("198.51.100.1", "198.51.100.2"), allow_shrink=True).entries) == ["198.51.100.3"]


@pytest.mark.parametrize("content", [b"# ours\n", b"198.51.100.1\n<html>\n", b"\xff\n", b"host.example.com\n"])
def test_a_file_of_somebody_else_is_not_published(tmp_path: pathlib.Path, content: bytes) -> None:
    path = tmp_path / "feed.txt"
    path.write_bytes(content)
    with pytest.raises(FileError):
        edit(path, ["198.51.100.1"])
    assert path.read_bytes() == content


def test_a_file_that_cannot_be_written_is_an_error_with_its_cure(tmp_path: pathlib.Path) -> None:
    with pytest.raises(FileError, match="fortigate_block_feed_file"):
        edit(tmp_path / "missing" / "feed.txt", ["198.51.100.1"])


def test_a_file_that_does_not_exist_yet_is_empty(tmp_path: pathlib.Path) -> None:
    assert FeedFile(str(tmp_path / "feed.txt")).read().entries == {}


def test_an_address_of_another_spelling_is_not_written_twice(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "feed.txt"
    path.write_text("2001:DB8:BAD::7\n\n 198.51.100.7 \n")
    found = edit(path, ["2001:db8:bad::7", "198.51.100.8"])
    assert list(found.entries) == ["198.51.100.7", "198.51.100.8", "2001:db8:bad::7"]


def test_a_roll_back_removes_what_was_added_and_leaves_what_others_added_meanwhile(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "feed.txt"
    edit(path, ["198.51.100.1"])
    method = FeedFile(str(path))
    change = method.change(None, method.read(), Writes((Wish("198.51.100.2"),), (), ("198.51.100.1",)))
    change.write()
    assert change.missing_in(method.read()) == [] and change.left(method.read()) == ["198.51.100.2"]
    edit(path, ["198.51.100.3"])
    change.undo()
    assert list(method.read().entries) == ["198.51.100.1", "198.51.100.3"]


def test_a_roll_back_without_a_write_needs_no_lock(tmp_path: pathlib.Path) -> None:
    """Where the lock could not be taken, taking it again would fail too."""
    method = FeedFile(str(tmp_path / "missing" / "feed.txt"))
    method.change(None, Reading({}), Writes((Wish("198.51.100.2"),))).undo()


def test_a_lock_that_another_job_keeps_ends_the_run(tmp_path: pathlib.Path) -> None:
    path, slept = tmp_path / "feed.txt", list[float]()
    method = FeedFile(str(path), sleep=slept.append)
    change = method.change(None, Reading({}), Writes((Wish("198.51.100.2"),)))
    with contextlib.closing(open(f"{path}.lock", "w")) as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(FileError, match="another run has locked the file for more than 30 s") as caught:
            change.write()
    assert "after the other run has ended" in caught.value.next_step
    assert abs(sum(slept) - LONGEST_WAIT) < 0.2 and not path.exists()
    change.write()
    assert path.read_text() == "198.51.100.2\n"

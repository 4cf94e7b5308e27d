# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The scripts of the role fortigate_block, as the role runs them: several jobs write the same files."""

from __future__ import annotations

import json
import pathlib
import subprocess
import sys
import typing as t
from concurrent.futures import ThreadPoolExecutor

import pytest

FILES = pathlib.Path(__file__).resolve().parents[3] / "roles" / "fortigate_block" / "files"


def run(script: str, path: pathlib.Path, given: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(FILES / script), str(path)]
    return subprocess.run(command, input=given, capture_output=True, text=True, timeout=60, check=False)


def edit(path: pathlib.Path, **asked: t.Any) -> subprocess.CompletedProcess[str]:
    return run("edit_lines.py", path, json.dumps({"add": [], "remove": [], "allow_shrink": False, **asked}))


def test_a_list_is_sorted_and_tells_what_was_done(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "feed.txt"
    edit(path, add=["2001:db8::1", "198.51.100.10", "198.51.100.2"])
    done = json.loads(edit(path, add=["198.51.100.9", "198.51.100.2"], remove=["198.51.100.10", "203.0.113.1"]).stdout)
    assert (done["added"], done["removed"]) == (["198.51.100.9"], ["198.51.100.10"])
    assert path.read_text().split() == done["lines"] == ["198.51.100.2", "198.51.100.9", "2001:db8::1"]
    assert path.stat().st_mode & 0o777 == 0o644


def test_of_many_jobs_at_once_none_loses_what_it_added(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "feed.txt"
    wanted = [f"198.51.100.{number}" for number in range(1, 17)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda ip: edit(path, add=[ip]), wanted))
    assert path.read_text().split() == wanted


def test_a_list_that_would_shrink_too_much_or_is_not_ours_stays(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "feed.txt"
    edit(path, add=["198.51.100.1", "198.51.100.2", "198.51.100.3"])
    before = path.read_text()
    refused = edit(path, remove=["198.51.100.1", "198.51.100.2"])
    assert refused.returncode and "allow_shrink" in refused.stderr
    assert path.read_text() == before
    assert edit(path, remove=["198.51.100.1", "198.51.100.2"], allow_shrink=True).returncode == 0
    path.write_text("<html>\n")
    assert edit(path, add=["198.51.100.1"]).returncode
    assert path.read_text() == "<html>\n"


def test_other_spellings_of_an_address_are_the_same_address(tmp_path: pathlib.Path) -> None:
    """As in the plan, which asks for canonical ones."""
    path = tmp_path / "feed.txt"
    path.write_text("198.51.100.7/32\n2001:DB8:0::7/128\n::ffff:203.0.113.9\n::ffff:198.51.100.0/120\n192.0.2.1\n")
    done = json.loads(edit(path, remove=["198.51.100.7", "203.0.113.9"], add=["2001:db8::7"]).stdout)
    assert (done["added"], done["removed"]) == ([], ["198.51.100.7", "203.0.113.9"])
    assert path.read_text().split() == done["lines"] == ["192.0.2.1", "198.51.100.0/24", "2001:db8::7"]


def test_a_draft_that_could_not_be_written_does_not_stay_in_the_published_folder(tmp_path: pathlib.Path) -> None:
    """A limit on the size of files stands for a full disk."""
    path = tmp_path / "feed.txt"
    edit(path, add=["198.51.100.1"])
    asked = {
        "add": [f"198.51.{third}.{last}" for third in range(20) for last in range(200)],
        "remove": [],
        "allow_shrink": False,
    }
    script = f"trap '' XFSZ; ulimit -f 8; exec {sys.executable} -B {FILES / 'edit_lines.py'} {path}"
    done = subprocess.run(
        ["bash", "-c", script], input=json.dumps(asked), capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode and path.read_text() == "198.51.100.1\n"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["feed.txt", "feed.txt.lock"]


@pytest.mark.parametrize("before", ["", '{"ip": "198.51.100.7", "resu'], ids=["new", "torn"])
def test_lines_of_many_jobs_are_whole(tmp_path: pathlib.Path, before: str) -> None:
    path = tmp_path / "audit.jsonl"
    path.write_text(before)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: run("append_lines.py", path, "\n" + f'{{"n": {number}}}\n' * 50), range(8)))
    lines = path.read_text().splitlines()
    assert lines[: bool(before)] == [before] * bool(before)
    assert len([json.loads(line) for line in lines[bool(before) :]]) == 400

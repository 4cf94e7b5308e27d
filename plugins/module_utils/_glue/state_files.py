# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Saves a small state on disk. It stays valid after a crash at any moment, and only its owner can read it.

The files `path` and `path~` are written in turn. Each file contains the number of its write. The newest complete file
is read, so an interrupted write loses only the new state. The first write creates both files, because ansible-rulebook
copies the folder of a playbook before a run and fails if a file disappears meanwhile.
"""

from __future__ import annotations

import json
import os
import stat
import typing as t

from .._common.errors import InvalidInput


class Slot(t.NamedTuple):
    """One of the two files. `number` is 0 if the file has no complete state, and `problem` is the reason."""

    path: str
    number: int = 0
    state: t.Any = None
    problem: str = ""


def read_state(path: str) -> t.Any:
    """The state of the last write. None if `path` does not exist. Raises InvalidInput."""
    if not os.path.lexists(path):
        return None
    slots = _slots(path)
    newest = max(slots, key=_number)
    if not newest.number:
        raise InvalidInput(
            f"state_file {path} cannot be read: {slots[0].problem}. Remove the file to start without a state"
        )
    return newest.state


def write_state(path: str, state: t.Any) -> None:
    """Save the state. Raises OSError."""
    slots = _slots(path)
    number = max(map(_number, slots)) + 1
    if os.path.lexists(path):
        _write(min(slots, key=_number).path, number, state)
        return
    # `path` is written last, because the state counts as saved only if `path` exists.
    for slot in reversed(slots):
        _write(slot.path, number, state)


def check_writable(path: str) -> None:
    """Raise OSError if write_state cannot write. The state is not changed."""
    for slot in _slots(path):
        with open(slot.path, "a", encoding="utf-8", opener=_own_file):
            pass


def _slots(path: str) -> tuple[Slot, Slot]:
    return _read(path), _read(f"{path}~")


def _number(slot: Slot) -> int:
    return slot.number


def _read(path: str) -> Slot:
    try:
        with open(path, encoding="utf-8", opener=_own_file) as file:
            found = json.load(file)
    except (OSError, ValueError, RecursionError) as error:
        return Slot(path, problem=str(error))
    if not isinstance(found, dict) or not isinstance(found.get("number"), int):
        return Slot(path, problem="its content is not a valid state")
    return Slot(path, found["number"], found.get("state"))


def _write(path: str, number: int, state: t.Any) -> None:
    with open(path, "a", encoding="utf-8", opener=_own_file) as file:
        os.fchmod(file.fileno(), 0o600)
        os.ftruncate(file.fileno(), 0)
        json.dump({"number": number, "state": state}, file)
        file.flush()
        os.fsync(file.fileno())


def _own_file(path: str, flags: int) -> int:
    """Open a file that belongs only to this user. The name is predictable, so another user may have created the file,
    or a link to a file that must not be overwritten."""
    handle = os.open(path, flags | os.O_NOFOLLOW, 0o600)
    found = os.fstat(handle)
    if not stat.S_ISREG(found.st_mode) or found.st_nlink != 1 or found.st_uid != os.geteuid():
        os.close(handle)
        raise PermissionError(f"{path} is not a file that belongs only to this user")
    return handle

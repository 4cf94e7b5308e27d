# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A small state on disk: replaced as a whole or not at all, readable by its owner alone.

The draft keeps a name of its own beside it, and the two names are exchanged at once. So neither name is ever gone, and programs
that copy the folder meanwhile find what they have listed: ansible-rulebook copies the folder of a playbook before it runs it.
"""

from __future__ import annotations

import ctypes
import json
import os
import stat
import typing as t

from .._protocol.errors import InvalidInput

# Of Linux, for renameat2: paths are relative to the current folder, and both names stay.
AT_FDCWD = -100
RENAME_EXCHANGE = 2


def read_state(path: str) -> t.Any:
    """What write_state wrote, None where there is no such file. Raises InvalidInput."""
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError) as error:
        raise InvalidInput(f"state_file {path} cannot be read: {error}. Remove it to begin anew") from error


def write_state(path: str, state: t.Any) -> None:
    """Raises OSError."""
    draft = f"{path}~"
    with open(draft, "w", encoding="utf-8", opener=_own_file) as file:
        json.dump(state, file)
        file.flush()
        os.fsync(file.fileno())
    if not _exchange(draft, path):
        os.replace(draft, path)


def check_writable(path: str) -> None:
    """Raises OSError where write_state could not replace this file. Changes nothing."""
    folder = os.path.dirname(path) or "."
    if not os.access(folder, os.W_OK | os.X_OK):
        raise PermissionError(f"no right to write into {folder}")


def _own_file(path: str, flags: int) -> int:
    """Its name can be foreseen, so that another user may have put a link there: to a file that is not to be overwritten."""
    handle = os.open(path, flags & ~os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    try:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode) or found.st_nlink != 1 or found.st_uid != os.geteuid():
            raise PermissionError(f"{path} is not a file of this user alone")
        os.fchmod(handle, 0o600)
        os.ftruncate(handle, 0)
    except BaseException:
        os.close(handle)
        raise
    return handle


def _exchange(one: str, other: str) -> bool:
    """Exchange two names. False where there is no other yet, and where the system or the file system cannot do it."""
    try:
        rename = ctypes.CDLL(None).renameat2
    except (AttributeError, OSError, TypeError):
        return False
    return bool(rename(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), RENAME_EXCHANGE) == 0)

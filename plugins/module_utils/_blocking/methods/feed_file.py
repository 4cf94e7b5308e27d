# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Blocks addresses with a file that FortiGates fetch. A change reads and replaces the whole file under a lock.

Several jobs can change the file at the same time, while FortiGates fetch it. The file has one canonical address per
line in a fixed order, so that the same addresses always give the same file.
"""

from __future__ import annotations

import errno
import fcntl
import os
import tempfile
import time
import typing as t

from ..._common.addresses import address_order, canonical_entry, parse_target
from ..._common.naming import counted
from ..changes import Step as Change
from ..client import FortiGateError, Vdom
from .base import Reading, Writes
from .feed_push import reading_of

# Seconds to wait for another job that changes the file, and seconds between two attempts to lock the file.
LONGEST_WAIT, PAUSE = 30.0, 0.1


class FileError(FortiGateError):
    """The file cannot be read or written, or is not a file of addresses."""

    kind = "feed_file"


class FeedFile:
    """See `base.Method`. `list_name` is the path of the file on this machine."""

    name = "feed_file"
    ends_by_itself = False
    source_only = False

    def __init__(self, path: str, allow_shrink: bool = False, sleep: t.Callable[[float], t.Any] = time.sleep) -> None:
        self.list_name = path
        self._allow_shrink = allow_shrink
        self._sleep = sleep

    def read(self, vdom: t.Optional[Vdom] = None, enforced: bool = False) -> Reading:
        """Read the file; a missing file is empty. Raises FileError, also for a line without a valid address."""
        try:
            with open(self.list_name, encoding="ascii") as file:
                lines = [line.strip() for line in file if line.strip()]
        except FileNotFoundError:
            return Reading({})
        except (OSError, UnicodeError) as exc:
            raise self._error(f"the file cannot be read: {exc}") from exc
        for number, line in enumerate(lines, 1):
            if parse_target(line) is None:
                raise self._error(f"line {number} is not an address", "Correct or remove this line.")
        return reading_of(lines)

    def change(self, vdom: t.Optional[Vdom], before: Reading, writes: Writes) -> Change:
        added, removed = [wish.address for wish in writes.add], list(writes.remove)

        def missing_in(now: Reading) -> list[str]:
            absent = [one for one in added if one not in now.entries]
            return absent + [one for one in removed if one in now.entries]

        def left(now: Reading) -> list[str]:
            return [one for one in added if one in now.entries]

        def undo() -> None:
            # If nothing was written, the file is not locked again. If the lock was the problem, it would fail again.
            now = self.read()
            if left(now) or any(one not in now.entries for one in removed):
                self._edit(removed, added, True)

        return Change(
            write=lambda: self._edit(added, removed, self._allow_shrink),
            undo=undo,
            missing_in=missing_in,
            left=left,
            unverified=self._error(
                "the content of the file differs from what was written", "Check which other program writes this file."
            ),
            adds=added,
        )

    def _edit(self, add: t.Sequence[str], remove: t.Sequence[str], allow_shrink: bool) -> None:
        with self._locked():
            before = {canonical_entry(one) for one in self.read().entries}
            after = (before | set(add)) - set(remove)
            if len(after) < len(before) and not allow_shrink and 2 * len(after) < len(before):
                said = f"the file would shrink from {len(before)} to {counted(len(after), 'line')}"
                raise self._error(said, "Set fortigate_block_allow_shrink to permit this.")
            if after != before:
                self._replace(sorted(after, key=address_order))

    def _locked(self) -> t.Any:
        try:
            file = open(f"{self.list_name}.lock", "w", encoding="ascii")  # noqa: SIM115  closed by its user
        except OSError as exc:
            raise self._error(f"the file cannot be locked: {exc}") from exc
        waited = 0.0
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as exc:
                if exc.errno not in (errno.EAGAIN, errno.EACCES) or waited >= LONGEST_WAIT:
                    file.close()
                    said = f"another run has locked the file for more than {LONGEST_WAIT:.0f} s"
                    raise self._error(said, "Run the playbook again after the other run has ended.") from exc
            else:
                return file
            self._sleep(PAUSE)
            waited += PAUSE

    def _replace(self, lines: list[str]) -> None:
        """Replace the file. A reader gets either the old file or the new file, and never an incomplete file."""
        try:
            handle, draft = tempfile.mkstemp(dir=os.path.dirname(self.list_name), prefix=".fortigate-block-")
            try:
                with open(handle, "w", encoding="ascii", newline="\n") as file:
                    file.writelines(f"{line}\n" for line in lines)
                    file.flush()
                    os.fchmod(file.fileno(), 0o644)
                    os.fsync(file.fileno())
                os.replace(draft, self.list_name)
            except BaseException:
                os.unlink(draft)
                raise
        except OSError as exc:
            raise self._error(f"the file cannot be written: {exc}") from exc

    def _error(
        self,
        said: str,
        next_step: str = "Check the path in fortigate_block_feed_file, and the permissions of the file and its folder.",
    ) -> FileError:
        return FileError(said, doing=f"publishing the feed file {self.list_name}", next_step=next_step)

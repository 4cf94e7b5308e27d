# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A file that several processes of this machine write to, one after the other."""

from __future__ import annotations

import fcntl
import time
import typing as t

# Seconds; whoever holds the lock writes a few lines.
LONGEST = 60.0


def lock(file: t.IO[t.Any]) -> None:
    """Until the file is closed. Raises BlockingIOError where somebody else keeps it."""
    deadline = time.monotonic() + LONGEST
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return

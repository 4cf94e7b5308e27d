# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Append what comes by standard input to a file as one piece: append_lines.py FILE

Several hosts of a play, and several jobs, write at the same time.
"""

from __future__ import annotations

import os
import sys

from locking import lock


def main() -> None:
    path = os.path.expanduser(sys.argv[1])
    lines = sys.stdin.buffer.read().lstrip()
    os.makedirs(os.path.dirname(path), mode=0o750, exist_ok=True)
    with open(os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o640), "rb+", buffering=0) as file:
        lock(file)
        # A line that a full disk has torn must not swallow the next one.
        if lines and file.seek(0, os.SEEK_END) and (file.seek(-1, os.SEEK_END), file.read(1))[1] != b"\n":
            lines = b"\n" + lines
        while lines:
            lines = lines[file.write(lines) :]
        os.fsync(file.fileno())


if __name__ == "__main__":
    main()

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write files to a folder, each atomically and only if its content or mode changes: write_files.py FOLDER [--check]

Stdin has the files as JSON, a list of dictionaries with name, text and mode. The script prints the names of the files that change, or
would change with --check, as a JSON list.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import tempfile


def differs(path: str, data: bytes, mode: int) -> bool:
    try:
        with open(path, "rb") as file:
            return file.read() != data or os.stat(path).st_mode & 0o7777 != mode
    except FileNotFoundError:
        return True


def replace(path: str, data: bytes, mode: int) -> None:
    """Replace the file atomically, so that readers never see a part of the new file."""
    handle, scratch = tempfile.mkstemp(dir=os.path.dirname(path), prefix=".threat_report-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            os.fchmod(handle, mode)
        os.replace(scratch, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(scratch)
        raise


def main(folder: str, *options: str) -> None:
    changed = []
    for one in json.load(sys.stdin):
        path = os.path.join(folder, os.path.basename(one["name"]))
        data, mode = one["text"].encode("utf-8"), int(one["mode"], 8)
        if differs(path, data, mode):
            changed.append(one["name"])
            if "--check" not in options:
                replace(path, data, mode)
    json.dump(changed, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A PostgreSQL server of its own on a Unix socket in a temporary directory, for as long as a block runs."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import typing as t
from pathlib import Path

ROLE = "fortiview"
# The tests look at crashes of clients, not of the server: it needs not wait for the disk.
FAST = ("-c", "fsync=off", "-c", "full_page_writes=off", "-c", "listen_addresses=", "-c", "max_connections=40")
START, STOP = 30.0, 20.0  # seconds


class PostgresMissing(Exception):
    """This machine has no programs of a PostgreSQL server."""

    def __init__(self) -> None:
        super().__init__(
            "no initdb and postgres in PATH or /usr/lib/postgresql/*/bin. Install them: apt-get install postgresql "
            "(or set SECOPS_WITHOUT_POSTGRESQL=1 to leave out the tests that need them)"
        )


def programs() -> Path:
    """The directory of initdb and postgres, of the newest release that is installed. Raises PostgresMissing."""
    packaged = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True)
    found = shutil.which("initdb")
    for folder in [*packaged, *([Path(os.path.realpath(found)).parent] if found else [])]:
        if all(os.access(folder / name, os.X_OK) for name in ("initdb", "postgres", "pg_isready")):
            return folder
    raise PostgresMissing


def _account() -> dict[str, t.Any]:
    """As root, whom PostgreSQL refuses, another user; else nobody else."""
    if os.geteuid() != 0:
        return {}
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = known.get("postgres") or known["nobody"]
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


@contextlib.contextmanager
def postgresql() -> t.Iterator[str]:
    """The URL of its database. Raises PostgresMissing."""
    folder, account = programs(), _account()
    # Not in a directory of pytest, into which the other user may not look.
    with tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as place:
        if account:
            os.chown(place, account["user"], account["group"])
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
        how: dict[str, t.Any] = {**account, "cwd": place, "env": {**clean, "LC_ALL": "C"}, "stdin": subprocess.DEVNULL}
        log = Path(place) / "log"
        init = [
            folder / "initdb",
            "-D",
            "data",
            "-U",
            ROLE,
            "--auth=trust",
            "--encoding=UTF8",
            "--no-locale",
            "--no-sync",
        ]
        with log.open("w") as output:
            subprocess.run(init, check=True, stdout=output, stderr=output, timeout=START, **how)
            server = subprocess.Popen(
                [folder / "postgres", "-D", "data", "-k", place, *FAST], stdout=output, stderr=output, **how
            )
        try:
            ready = [folder / "pg_isready", "--quiet", "-h", place, "-d", "postgres"]
            end = time.monotonic() + START
            while subprocess.run(ready, check=False, timeout=START, **how).returncode:
                if server.poll() is not None or time.monotonic() > end:
                    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text()}")
                time.sleep(0.05)
            yield f"postgresql://{ROLE}@/postgres?host={place}"
        finally:
            server.send_signal(signal.SIGQUIT)
            try:
                server.wait(STOP)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait(STOP)

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Functions in processes of their own, which may be killed: forked from one that has loaded the collection, and has no threads."""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import subprocess
import sys
import tempfile
import traceback
import typing as t

# "module:function" and its arguments, as JSON takes them.
Call = tuple[str, t.Sequence[t.Any]]


class End(t.NamedTuple):
    """`signal` is 0 where the process ended by itself; `result` is what the function returned, or the text of what it raised."""

    signal: int
    result: t.Any


class Forks:
    """One process that forks another one for each call."""

    def __init__(self, *modules: str) -> None:
        self._server = subprocess.Popen(
            [sys.executable, "-m", "support.processes", *modules],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Forks:
        return self

    def __exit__(self, *dummy: object) -> None:
        assert self._server.stdin
        self._server.stdin.close()
        self._server.wait(30)

    def run(self, *calls: Call) -> list[End]:
        """All calls at once; returns when all have ended."""
        assert self._server.stdin and self._server.stdout
        self._server.stdin.write(json.dumps(calls) + "\n")
        self._server.stdin.flush()
        return [End(*one) for one in json.loads(self._server.stdout.readline())]


def _child(call: Call, file: t.IO[str]) -> None:
    module, _colon, name = call[0].partition(":")
    try:
        result = getattr(importlib.import_module(module), name)(*call[1])
    except BaseException:  # noqa: BLE001  a fork must not go on as the server
        result = traceback.format_exc()
    with contextlib.suppress(BaseException):
        json.dump(result, file)
        file.flush()
    os._exit(0)


def _serve() -> None:
    for line in sys.stdin:
        with contextlib.ExitStack() as files:
            running = []
            for call in json.loads(line):
                file = files.enter_context(tempfile.TemporaryFile("w+"))
                process = os.fork()
                if process == 0:
                    _child(call, file)
                running.append((process, file))
            ends = []
            for process, file in running:
                status = os.waitpid(process, 0)[1]
                file.seek(0)
                killed = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
                ends.append(End(killed, None if killed else json.load(file)))
        sys.stdout.write(json.dumps(ends) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    for each in sys.argv[1:]:
        importlib.import_module(each)
    _serve()

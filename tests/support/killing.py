# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An operation in a process that ends by SIGKILL between two of its changes: of the FortiGate, the registry, a file or the audit log.

Between two changes it makes no difference when it ends.
"""

from __future__ import annotations

import contextlib
import functools
import os
import signal
import typing as t

from ansible_collections.secops.fortiview.plugins.module_utils._blocking import audit
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.registry import engines
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import FortiViewError

from support.blocking import Data, Line, operate
from support.processes import Forks

DONE, FAILED = "done", "failed"


class Changes:
    """Kills this process before its first change, or after its n-th."""

    def __init__(self, until: int) -> None:
        self._left = until

    def count(self) -> None:
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        self._left -= 1

    def after(self, function: t.Callable[..., t.Any]) -> t.Callable[..., t.Any]:
        """What it did is done, and nobody has heard of it."""

        @functools.wraps(function)
        def wrapped(*args: t.Any, **kwargs: t.Any) -> t.Any:
            try:
                return function(*args, **kwargs)
            finally:
                self.count()

        return wrapped

    def after_the_end_of(self, transaction: t.Callable[..., t.ContextManager[None]]) -> t.Callable[..., t.Any]:
        """It is committed, and nobody has heard of it."""

        @functools.wraps(transaction)
        @contextlib.contextmanager
        def wrapped(*args: t.Any, **kwargs: t.Any) -> t.Iterator[None]:
            with transaction(*args, **kwargs):
                yield
            self.count()

        return wrapped


def run(line: t.Sequence[str], options: Data, until: int, now: float) -> str:
    changes = Changes(until)
    os.replace = changes.after(os.replace)  # type: ignore[assignment]
    audit.append = changes.after(audit.append)  # type: ignore[assignment]
    for engine in (engines.Sqlite, engines.Postgresql):
        # Claims are changed in transactions only.
        engine.transaction = changes.after_the_end_of(engine.transaction)  # type: ignore[method-assign]
        engine.try_lock = changes.after(engine.try_lock)  # type: ignore[method-assign]
    plain = Line(*line).sender()
    write = changes.after(plain)

    def send(url: str, method: str, params: dict[str, str], body: t.Optional[str]) -> tuple[int, str]:
        return (plain if method == "GET" else write)(url, method, params, body)

    changes.count()
    try:
        operate(Line(*line), send, now=lambda: now, sleep=lambda _seconds: None, **options)
    except FortiViewError:
        return FAILED
    return DONE


def killed_after(forks: Forks, change: int, line: Line, options: Data, now: float) -> bool:
    """Whether the process was killed; False where the operation had ended before that, be it by an error."""
    (end,) = forks.run(("support.killing:run", (line, options, change, now)))
    assert end.signal in (0, signal.SIGKILL) and end.result in (None, DONE, FAILED), end
    return end.signal == signal.SIGKILL

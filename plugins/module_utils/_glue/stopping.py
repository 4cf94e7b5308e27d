# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Logs out when a signal, or the end of the parent process, stops a run."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import threading
import time
import typing as t

HANDLED = (signal.SIGINT, signal.SIGTERM)


def _leave(number: int, dummy: object) -> None:
    """End the run and ignore further signals. ansible-core sends SIGTERM right after SIGINT, and the second
    signal must not interrupt the clean-up."""
    for handled in HANDLED:
        signal.signal(handled, signal.SIG_IGN)
    raise SystemExit(128 + number)


@contextlib.contextmanager
def stoppable() -> t.Iterator[None]:
    """Raise SystemExit on SIGINT and SIGTERM, so every `finally` and `with` block runs before the end.

    From ansible-core 2.19 on, the signal handlers of a worker process end it immediately.
    """
    if threading.current_thread() is not threading.main_thread():  # Only the main thread can set signal handlers
        yield
        return
    before = {number: signal.getsignal(number) for number in HANDLED}
    for number, handler in before.items():
        # A background process of a shell ignores SIGINT. This setting is kept.
        if handler is not signal.SIG_IGN:
            signal.signal(number, _leave)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def take_signals_back(loop: asyncio.AbstractEventLoop) -> None:
    """Restore the signal handlers of this Python program. The event loop calls them between two steps of its tasks.

    ansible-rulebook sets handlers that end it by an exception. It then starts a Java virtual machine, which replaces
    these handlers by handlers that exit the process immediately. A direct call of a handler would raise the exception inside the
    running task. If this task is a source, ansible-rulebook attributes the exception to the source and never ends.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        handler = signal.getsignal(number)
        # If a second source finds the handler of asyncio, the first source has already changed the handlers.
        if callable(handler) and not str(getattr(handler, "__module__", "")).startswith("asyncio"):
            with contextlib.suppress(ValueError, RuntimeError, NotImplementedError):  # not the main thread
                loop.add_signal_handler(number, handler, number, None)


def while_parent_lives(
    sleep: t.Callable[[float], t.Any] = time.sleep, parent: t.Callable[[], int] = os.getppid
) -> t.Callable[[float], None]:
    """A sleep function that raises SystemExit after the parent process has ended.

    ansible-runner kills ansible-playbook without a signal to its worker. From ansible-core 2.19 on, the worker has a
    separate process session. It would poll until the deadline although nothing reads its result, and keep its session
    open.
    """
    parent_at_start = parent()

    def sleep_and_look(seconds: float) -> None:
        sleep(seconds)
        if parent() != parent_at_start:
            raise SystemExit(128 + signal.SIGTERM)

    return sleep_and_look

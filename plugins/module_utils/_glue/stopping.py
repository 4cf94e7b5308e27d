# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Logs out before a run that is stopped from outside ends."""

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
    """End the run once. ansible-core sends SIGTERM right after SIGINT, which must not end the clean-up."""
    for handled in HANDLED:
        signal.signal(handled, signal.SIG_IGN)
    raise SystemExit(128 + number)


@contextlib.contextmanager
def stoppable() -> t.Iterator[None]:
    """Turn SIGINT and SIGTERM into SystemExit, so that every `finally` and `with` on the way out is run.

    From ansible-core 2.19 on, a worker process has handlers for both that end it immediately.
    """
    if threading.current_thread() is not threading.main_thread():  # other code handles the signals
        yield
        return
    before = {number: signal.getsignal(number) for number in HANDLED}
    for number, handler in before.items():
        # A background process of a shell ignores SIGINT, and this is not changed.
        if handler is not signal.SIG_IGN:
            signal.signal(number, _leave)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def take_signals_back(loop: asyncio.AbstractEventLoop) -> None:
    """Have the handlers of this Python program called again, by the event loop and between two steps of its tasks.

    ansible-rulebook sets handlers that end it by an exception, and then starts a Java machine, which handles the
    signals itself and exits the process immediately. A direct call of such a handler would raise inside the running
    task. If that is a source, ansible-rulebook attributes the exception to the source and never ends.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        handler = signal.getsignal(number)
        # A second source finds the handler of asyncio, and the change of the first source still applies.
        if callable(handler) and not str(getattr(handler, "__module__", "")).startswith("asyncio"):
            with contextlib.suppress(ValueError, RuntimeError, NotImplementedError):  # not the main thread
                loop.add_signal_handler(number, handler, number, None)


def while_parent_lives(
    sleep: t.Callable[[float], t.Any] = time.sleep, parent: t.Callable[[], int] = os.getppid
) -> t.Callable[[float], None]:
    """A sleep that raises SystemExit when the parent process no longer exists.

    ansible-runner kills ansible-playbook without a signal to its worker, which has a separate process session from core
    2.19 on. The worker would continue to poll until the deadline and keep its login.
    """
    parent_at_start = parent()

    def sleep_and_look(seconds: float) -> None:
        sleep(seconds)
        if parent() != parent_at_start:
            raise SystemExit(128 + signal.SIGTERM)

    return sleep_and_look

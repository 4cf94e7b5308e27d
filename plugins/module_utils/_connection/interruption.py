# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Delays signals that end a run until the current login, submit or clean-up has ended.

An interrupted login leaves a session that cannot be logged out, because only the reply contains its id. An interrupted
submit leaves a task that cannot be deleted, for the same reason. An interrupted clean-up leaves its session or task
open. The delay ends at the latest when the request, including its retries, has reached its time limit.
"""

from __future__ import annotations

import contextlib
import signal
import typing as t

# Ansible uses SIGALRM to end a task after the time in the keyword `timeout` of the task.
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGALRM, signal.SIGHUP)


@contextlib.contextmanager
def held_back() -> t.Iterator[None]:
    """Delay signals that arrive in this context until its end. Threads that are started in this context never receive
    these signals."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Delays the signals that end a run until a login, a submit or a clean-up has ended.

An interrupted login leaves a session that cannot be logged out, and an interrupted submit leaves a task that cannot be deleted, because only the
reply names them. An interrupted clean-up leaves its session or task. None of them takes longer than one
request may take.
"""

from __future__ import annotations

import contextlib
import signal
import typing as t

# SIGALRM ends a task after the time in its keyword `timeout`.
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGALRM, signal.SIGHUP)


@contextlib.contextmanager
def held_back() -> t.Iterator[None]:
    """Signals that arrive in this context are delivered at its end. Threads that are started in it never receive these
    signals."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)

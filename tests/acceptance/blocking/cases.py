# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What tests of several simulated FortiGates, or of several cases on one, have in common."""

from __future__ import annotations

import contextlib
import typing as t

import pytest

from simulators.fortigate import FortiGate, ManualClock


def clock_of(box: FortiGate) -> ManualClock:
    """The clock of a FortiGate whose time a test sets."""
    assert isinstance(box.clock, ManualClock)
    return box.clock


def on(*given: str) -> pytest.MarkDecorator:
    """The cases that a test is about, for its fixture `case`."""
    return pytest.mark.parametrize("case", given, indirect=True)


@contextlib.contextmanager
def fortigates(names: t.Iterable[str], start: float) -> t.Iterator[dict[str, FortiGate]]:
    """By name, on one clock that stands at `start`, in seconds since the epoch."""
    clock = ManualClock(start)
    with contextlib.ExitStack() as stack:
        yield {name: stack.enter_context(FortiGate(clock=clock, serial=f"FGT-{name}", hostname=name)) for name in names}

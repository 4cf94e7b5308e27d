# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A write that counts only when it can be read back, and is undone when it cannot, because replies may be false."""

from __future__ import annotations

import typing as t

from .client import FortiGateError

State = t.TypeVar("State")


class Verification(t.NamedTuple):
    """How often and with how many seconds between the state is read after a write."""

    retries: int = 3
    delay: float = 2.0


class Step(t.NamedTuple):
    """One change. `write` carries it out, and `undo` takes back what it `adds`. Of a state, `lacking` names what it still lacks of
    the change, `left` what undo has still left of it, and `lasting` what nothing takes back; None is a state that cannot be read.
    `unheeded` is the error where the box says that it has carried it out and has not.
    """

    write: t.Callable[[], t.Any]
    undo: t.Callable[[], t.Any]
    lacking: t.Callable[[t.Any], t.Sequence[str]]
    left: t.Callable[[t.Any], t.Sequence[str]]
    unheeded: FortiGateError
    adds: t.Sequence[str] = ()
    lasting: t.Callable[[t.Any], t.Sequence[str]] = lambda _state: ()


def carry_out(
    step: Step, read: t.Callable[[], State], verification: Verification, sleep: t.Callable[[float], t.Any]
) -> tuple[State, t.Optional[str]]:
    """Write, and read until nothing is lacking. Returns the state that was read, and a warning where the write's own reply
    was an error all the same.

    Raises FortiGateError when something is lacking in the end; what was written is then taken back, and the error says
    whether that could be verified, what is `left` of what it added (all of it where that cannot be read), and what is
    `prolonged` for good.
    """
    refused: t.Optional[FortiGateError] = None
    try:
        step.write()
    except FortiGateError as error:
        refused = error
    state, missing, unread = _read_until(read, step.lacking, verification, sleep)
    if state is not None and not missing:
        return state, str(refused) if refused else None
    after: t.Optional[State] = None
    left: t.Sequence[str] = step.adds
    for dummy in range(verification.retries + 1):
        try:
            step.undo()
            seen, found, _said = _read_until(read, step.left, verification, sleep)
        except FortiGateError:
            sleep(verification.delay)
            continue
        if seen is not None:
            after, left = seen, found
            if not left:
                break
    lasting = list(step.lasting(after))
    rolled_back = after is not None and not left and not lasting
    remains = ", ".join([*(left if after is not None else ["state not readable"]), *lasting])
    told = "was taken back" if rolled_back else f"could NOT be taken back ({remains})"
    failure = refused or step.unheeded
    short = f"it lacks {', '.join(missing)}" if missing else f"it cannot be read ({unread})"
    raise FortiGateError(
        f"{failure.said}; read back, {short}; what was written {told}",
        failure.code,
        rolled_back=rolled_back,
        lacking=list(missing),
        left=list(left),
        prolonged=lasting,
        next_step="Look at the box before you repeat this." if not rolled_back else failure.next_step,
        **{key: failure.context[key] for key in ("doing", "host") if key in failure.context},
    )


def _read_until(
    read: t.Callable[[], State],
    lacking: t.Callable[[t.Any], t.Sequence[str]],
    verification: Verification,
    sleep: t.Callable[[float], t.Any],
) -> tuple[t.Optional[State], t.Sequence[str], str]:
    """State, what it lacks, and why the last reading failed."""
    state: t.Optional[State] = None
    missing: t.Sequence[str] = []
    unread = ""
    for attempt in range(verification.retries + 1):
        if attempt:
            sleep(verification.delay)
        try:
            state = read()
        except FortiGateError as error:
            unread = error.said
            continue
        missing = lacking(state)
        if not missing:
            break
    return state, missing, unread

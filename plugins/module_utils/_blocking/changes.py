# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes changes and verifies them. The reply to a write may be wrong, so each change is read back. A change that
cannot be verified is rolled back."""

from __future__ import annotations

import typing as t

from .._common.naming import agree, listed
from .client import FortiGateError, WrongVdom

State = t.TypeVar("State")
Sleep = t.Callable[[float], t.Any]
FORBIDDEN = 403


class Verification(t.NamedTuple):
    """How often the state is read again after the first reading, and the seconds between two readings."""

    retries: int = 3
    delay: float = 2.0


class Step(t.NamedTuple):
    """One change. `write` sends the change, `adds` are the entries that it adds, and `undo` reverts it.

    The other functions name entries of a state. `missing_in` names the entries that are still missing, `left` those
    that `undo` has not removed yet, and `lasting` those that cannot be restored. The state is None if it cannot be read.
    `unverified` is the error if the FortiGate reports success, but the change has no effect.
    """

    write: t.Callable[[], t.Any]
    undo: t.Callable[[], t.Any]
    missing_in: t.Callable[[t.Any], t.Sequence[str]]
    left: t.Callable[[t.Any], t.Sequence[str]]
    unverified: FortiGateError
    adds: t.Sequence[str] = ()
    lasting: t.Callable[[t.Any], t.Sequence[str]] = lambda _state: ()


class Failed(Exception):
    """The change is not in force as requested. `state` is the last successful reading, None if no reading succeeded.
    `missing` are the entries that are missing in this reading. `unread` is why a later reading failed."""

    def __init__(self, error: FortiGateError, missing: t.Sequence[str], state: t.Any, unread: str) -> None:
        super().__init__(str(error))
        self.error = error
        self.missing = list(missing)
        self.state = state
        self.unread = unread

    @property
    def perhaps_written(self) -> bool:
        """Whether the change may have been written. False if the FortiGate refused the call with HTTP 403, because the
        token has no permission."""
        return self.error.context.get("http_status") != FORBIDDEN

    @property
    def said(self) -> str:
        if self.missing:
            return f"{self.error.said}. When read back, {listed(self.missing)} {agree(len(self.missing))} missing"
        return f"{self.error.said}. The entries cannot be read back ({self.unread})" if self.unread else self.error.said


class RolledBack(t.NamedTuple):
    """`left` are the added entries that are or may be still there. They may be there if the state is not `readable`, or
    if the FortiGate has not `confirmed` the removal. `lasting` are entries that cannot be restored."""

    left: list[str]
    lasting: list[str]
    readable: bool = True
    confirmed: bool = True

    @property
    def wholly(self) -> bool:
        return self.readable and not self.left and not self.lasting

    @property
    def said(self) -> str:
        """The outcome of the rollback in one sentence."""
        if self.wholly:
            return "The change was rolled back."
        parts = []
        if not self.readable:
            unread = "the entries cannot be read"
            parts.append(f"{listed(self.left)} may still be there, because {unread}" if self.left else unread)
        elif self.left and not self.confirmed:
            parts.append(f"{listed(self.left)} may still be there, because the FortiGate did not confirm the removal")
        elif self.left:
            parts.append(f"{listed(self.left)} {agree(len(self.left))} still there")
        if self.lasting:
            parts.append(
                f"{listed(self.lasting)} {agree(len(self.lasting), 'expires', 'expire')} at another time than before"
            )
        return f"The change could NOT be rolled back: {'; '.join(parts)}."


def write_and_verify(
    step: Step, read: t.Callable[[], State], verification: Verification, sleep: Sleep
) -> tuple[State, t.Optional[str]]:
    """Write the change, and read until nothing is missing. Returns the state, and a warning if the change is in force
    although the reply to the write was an error.

    Raises Failed. Nothing is rolled back.
    """
    refused: t.Optional[FortiGateError] = None
    try:
        step.write()
    except FortiGateError as error:
        refused = error
    state, missing, unread = _read_until(read, step.missing_in, verification, sleep)
    if state is not None and not missing and not isinstance(refused, WrongVdom):
        return state, str(refused) if refused else None
    raise Failed(refused or step.unverified, missing, state, unread)


def roll_back(
    step: Step, read: t.Callable[[], State], verification: Verification, sleep: Sleep, written: bool = True
) -> RolledBack:
    """Undo the change, and read until nothing of it is left. If the change was not `written`, because the FortiGate
    refused it, a refusal of the undo is ignored."""
    after: t.Optional[State] = None
    left: t.Sequence[str] = step.adds
    confirmed = True
    for dummy in range(verification.retries + 1):
        refused = False
        try:
            step.undo()
        except FortiGateError:
            refused = written
            sleep(verification.delay)
        seen, found, _unread = _read_until(read, step.left, verification, sleep)
        if seen is not None:
            # After a refused undo, a reading without the added entries does not prove that they were removed.
            after, left = seen, found or (step.adds if refused else ())
            confirmed = bool(found) or not refused
            if not left:
                break
    return RolledBack(list(left), list(step.lasting(after)), after is not None, confirmed)


def carry_out(
    step: Step, read: t.Callable[[], State], verification: Verification, sleep: Sleep
) -> tuple[State, t.Optional[str]]:
    """Call `write_and_verify` and, after a failure, `roll_back`.

    Raises FortiGateError. Its context has `rolled_back` (whether all changes were undone), `missing`, `left` (the added
    entries that remain) and `extended` (the entries that cannot be restored).
    """
    try:
        return write_and_verify(step, read, verification, sleep)
    except Failed as failed:
        back = roll_back(step, read, verification, sleep, failed.perhaps_written)
        raise failure(failed, back) from None


def failure(failed: Failed, back: RolledBack, **context: t.Any) -> FortiGateError:
    """The error for a failed change, with the outcome of its rollback."""
    cause = failed.error
    place: dict[str, t.Any] = {key: cause.context[key] for key in ("doing", "host") if key in cause.context}
    return FortiGateError(
        f"{failed.said}. {back.said}",
        cause.code,
        rolled_back=back.wholly,
        missing=failed.missing,
        left=back.left,
        extended=back.lasting,
        next_step=cause.next_step if back.wholly else "Check the FortiGate before you run the playbook again.",
        **{**place, **context},
    )


def _read_until(
    read: t.Callable[[], State],
    missing_in: t.Callable[[t.Any], t.Sequence[str]],
    verification: Verification,
    sleep: Sleep,
) -> tuple[t.Optional[State], t.Sequence[str], str]:
    """Read until nothing is missing. Returns the last successful reading, the entries that are missing in it, and why
    a later reading failed."""
    state: t.Optional[State] = None
    missing: t.Sequence[str] = []
    unread = ""
    for attempt in range(verification.retries + 1):
        if attempt:
            sleep(verification.delay)
        try:
            state, unread = read(), ""
        except FortiGateError as error:
            unread = error.said
            continue
        missing = missing_in(state)
        if not missing:
            break
    return state, missing, unread

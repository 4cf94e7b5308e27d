# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A change counts when it can be read back, whatever the reply to the write was, and is rolled back otherwise."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.changes import (
    Failed,
    RolledBack,
    Step,
    Verification,
    carry_out,
    failure,
    roll_back,
    write_and_verify,
)
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.client import FortiGateError, WrongVdom

TWICE = Verification(retries=2, delay=2.0)


def refused(status: int = 500, said: str = "HTTP 500") -> FortiGateError:
    return FortiGateError(said, next_step="Try again later.", host="fgt").within(http_status=status)


class Device:
    """A list of names. `write_error` and `undo_error` are raised after the change was made, or before with `deaf`;
    `readings` replace what is read: a list, or an error. The last one stays."""

    def __init__(
        self, *readings: t.Union[list[str], FortiGateError], deaf: bool = False, **errors: FortiGateError
    ) -> None:
        self.names: list[str] = []
        self._readings, self._deaf, self._errors = list(readings), deaf, errors
        self.slept: list[float] = []

    def _change(self, names: list[str], error: t.Optional[FortiGateError]) -> None:
        if not self._deaf:
            self.names = names
        if error is not None:
            raise error

    def read(self) -> list[str]:
        if not self._readings:
            return self.names
        found = self._readings[0] if len(self._readings) == 1 else self._readings.pop(0)
        if isinstance(found, FortiGateError):
            raise found
        return found

    @property
    def step(self) -> Step:
        return Step(
            write=lambda: self._change(["a", "b"], self._errors.get("write_error")),
            undo=lambda: self._change([], self._errors.get("undo_error")),
            missing_in=lambda now: [one for one in ("a", "b") if one not in now],
            left=list,
            unverified=refused(said="reported success"),
            adds=["a", "b"],
        )

    def write(self) -> tuple[list[str], t.Optional[str]]:
        return write_and_verify(self.step, self.read, TWICE, self.slept.append)

    def back(self, written: bool = True) -> RolledBack:
        return roll_back(self.step, self.read, TWICE, self.slept.append, written)


def test_what_is_read_back_counts_and_an_error_of_the_write_is_a_warning() -> None:
    assert Device().write() == (["a", "b"], None)
    state, warning = Device(write_error=refused()).write()
    assert state == ["a", "b"] and warning is not None and "HTTP 500" in warning


def test_success_without_effect_is_an_error_that_names_what_is_missing() -> None:
    device = Device(deaf=True)
    with pytest.raises(Failed) as caught:
        device.write()
    assert caught.value.missing == ["a", "b"] and device.slept == [2.0, 2.0]
    assert caught.value.said == "reported success. When read back, a, b are missing"


def test_a_list_that_appears_late_is_waited_for_and_no_longer() -> None:
    device = Device(["a"], refused(), ["a", "b"])
    assert device.write() == (["a", "b"], None) and device.slept == [2.0, 2.0]
    with pytest.raises(Failed):
        Device(["a"], ["a"], ["a"], ["a", "b"]).write()


def test_a_list_that_cannot_be_read_proves_nothing() -> None:
    with pytest.raises(Failed) as caught:
        Device(refused()).write()
    assert caught.value.state is None and "cannot be read back (HTTP 500)" in caught.value.said


def test_a_failed_reading_before_a_successful_one_is_not_an_outcome() -> None:
    """A block that a FortiGate wrote to another VDOM is not proven by a reading, and the reading succeeded."""
    wrong = WrongVdom("guest", "a reply about VDOM 'guest'")
    with pytest.raises(Failed) as caught:
        Device(refused(), ["a", "b"], write_error=wrong).write()
    assert caught.value.state == ["a", "b"] and caught.value.said == wrong.said


def test_a_reply_about_another_vdom_is_an_error_even_where_all_is_there() -> None:
    wrong = WrongVdom("guest", "a reply about VDOM 'guest'")
    with pytest.raises(Failed) as caught:
        Device(write_error=wrong).write()
    assert caught.value.missing == [] and caught.value.error is wrong


def test_a_roll_back_is_whole_when_it_was_read_back() -> None:
    device = Device()
    device.names = ["a", "b"]
    assert device.back().wholly and device.back().said == "The change was rolled back."
    assert Device(["a", "b"], ["a"], []).back().wholly, "an old reading is read again"


def test_a_removal_that_had_no_effect_is_tried_again() -> None:
    """The third reading is the last one of the first try."""
    assert Device(["a"], ["a"], ["a"], []).back().wholly
    assert Device(refused(), refused(), refused(), []).back().wholly


def test_a_change_that_added_nothing_cannot_be_seen_to_be_undone_either() -> None:
    assert RolledBack([], [], readable=False).said == "The change could NOT be rolled back: the entries cannot be read."


@pytest.mark.parametrize(
    "device, said",
    [
        (Device(["b"]), "b is still there"),
        (Device(refused()), "a, b may still be there, because the entries cannot be read"),
        # An old reading may not show what a refused removal has left.
        (Device([], undo_error=refused()), "a, b may still be there, because the FortiGate did not confirm the removal"),
    ],
)  # fmt: skip
def test_what_may_be_left_is_never_called_rolled_back(device: Device, said: str) -> None:
    back = device.back()
    assert not back.wholly and back.said == f"The change could NOT be rolled back: {said}."


def test_a_change_that_was_refused_for_missing_rights_needs_no_confirmed_removal() -> None:
    forbidden = refused(403, "HTTP 403")
    with pytest.raises(Failed) as caught:
        Device(deaf=True, write_error=forbidden).write()
    assert not caught.value.perhaps_written
    assert Device([], undo_error=forbidden).back(written=False).wholly


def test_the_error_says_what_was_tried_and_what_is_left() -> None:
    device = Device(deaf=True, write_error=refused())
    device.names = ["a"]
    with pytest.raises(FortiGateError) as caught:
        carry_out(device.step, device.read, TWICE, device.slept.append)
    context = caught.value.context
    assert (context["rolled_back"], context["missing"], context["left"]) == (False, ["b"], ["a"])
    assert "Check the FortiGate before you run the playbook again" in str(caught.value)


def test_a_block_with_another_end_than_before_is_named() -> None:
    back = RolledBack([], ["a"])
    assert not back.wholly and "a expires at another time than before" in back.said
    assert failure(Failed(refused(), ["b"], [], ""), back).context["extended"] == ["a"]

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A question while it is asked: in the request format that this run has learned, and for the devices that are asked next."""

from __future__ import annotations

import typing as t

from .._common.errors import ApiError
from .._query.devices import Device, alternatives, asks_all, spoken
from .._query.forms import Forms
from .._query.questions import Question


class Asking:
    """`question_for` makes the question in the forms that the run has learned so far."""

    def __init__(self, forms: Forms, question_for: t.Callable[[Forms], Question]) -> None:
        self._forms = forms
        self._question_for = question_for
        self._version = forms.version
        self.question = self._made()
        self.warnings: list[str] = list(self.question.warnings)
        # The devices as they were asked for first, and what is still to be tried in their place.
        self.first_devices = self.question.device
        self._others = alternatives(self.first_devices)
        self._asked_again = False

    @property
    def asks_all(self) -> bool:
        return asks_all(self.first_devices)

    @property
    def place(self) -> str:
        return f"{self.question.view_name} of ADOM {self.question.adom}"

    def warn(self, text: str) -> None:
        if text not in self.warnings:
            self.warnings.append(text)

    def renew(self) -> None:
        """Put the question into the forms that another job of this run has learned since."""
        if self._version == self._forms.version:
            return
        self._version = self._forms.version
        before, made = self.question, self._made()
        if not self._asked_again and before.device == self.first_devices:
            self.first_devices = made.device
            self._others = alternatives(self.first_devices)
        elif made.params is not None:
            made = made._replace(params=dict(made.params, device=before.device))
        self.question = made._replace(counted=before.counted, limit=before.limit)

    def learn(self, error: ApiError) -> bool:
        """Whether the query is worth sending again: another form was taken, by this job now or by another one before."""
        if error.reason == "device" and self._others and self.ask_otherwise(f"refused ({error.said})"):
            return True
        if self._version == self._forms.version:
            minutes = self.question.view_name == "ioc"
            note = self._forms.learn_from(self.question.view.wire, error.reason, error.subject, minutes)
            if note is None:
                return False
            self.warn(note)
        self.renew()
        return True

    def ask_otherwise(self, why: str = "no rows") -> bool:
        """Whether a query without rows is worth asking again, which it then is: with another all-devices keyword, with named
        devices under their other key, or with its rows counted, so that a task that ended too early shows."""
        if self.question.params is None or (self._asked_again and not self._others):
            return False
        self._asked_again = True
        devices = self._others.pop(0) if self._others else self.question.device
        if devices != self.first_devices:
            self.warn(f"{self.place}: {why} for {spoken(self.question.device)}; queried again with {spoken(devices)}.")
        self.ask_devices(devices, counted=True)
        return True

    def ask_devices(self, devices: list[Device], counted: bool) -> None:
        params = dict(self.question.params or {}, device=devices)
        self.question = self.question._replace(params=params, counted=counted)

    def learn_device(self) -> None:
        """There are rows for the devices that were asked last: this run asks for a single device so from now on."""
        # What all devices are called is asked anew by each query: a keyword may leave out other products of another ADOM.
        if self.question.device != self.first_devices and not self.asks_all:
            self._forms.learn_device(self.first_devices, self.question.device)

    def _made(self) -> Question:
        made = self._question_for(self._forms)
        if made.params is None:
            return made
        return made._replace(params=dict(made.params, device=self._forms.devices(made.device)))

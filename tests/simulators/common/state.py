# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the web application, the control plane and the Python interface share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, Generic, Protocol, TypeVar

from .connections import Connections
from .faults import Fault, FaultQueue
from .journal import HttpEntry
from .switches import Switchboard


class AnyBox(Protocol):
    """What an appliance must have so that it can be switched, broken, read and reset."""

    @property
    def switches(self) -> Switchboard:
        """What can be switched."""

    @property
    def faults(self) -> FaultQueue:
        """Faults that are to come."""

    @property
    def journal(self) -> Sequence[HttpEntry]:
        """Requests so far."""

    def reset(self) -> None:
        """As new."""


BoxT = TypeVar("BoxT", bound=AnyBox)


class State(ABC, Generic[BoxT]):
    """One appliance with its connections, and the switches to which a reset returns."""

    def __init__(self, box: BoxT) -> None:
        self.box = box
        self.given = box.switches.copy()
        self.connections = Connections()

    def plan(self, kind: str, method: str | None, place: str | None, times: int, after: int, details: Any) -> Fault:
        """Queue a fault; each appliance offers this under its own names."""
        return self.box.faults.add(kind, method, place, times, after, details)

    @abstractmethod
    def plan_from(self, fault: dict[str, Any]) -> Fault:
        """Queue a fault as the control plane receives it."""

    @abstractmethod
    def check(self) -> list[str]:
        """What the clients so far should have done and did not."""

    @abstractmethod
    def describe(self) -> dict[str, Any]:
        """What the control plane tells about the appliance."""

    def reset(self) -> None:
        self.box.switches.restore(self.given)
        self.box.reset()
        self.connections.reset()

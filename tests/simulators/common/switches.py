# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings of a device that may be changed while it runs."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass, field, fields
from typing import Any, ClassVar, TypeVar

from . import odd_text

BoardT = TypeVar("BoardT", bound="Switchboard")


@dataclass
class Switchboard:
    """Switches that all devices have. Each device derives its own dataclass with its own switches and their defaults."""

    # The values that a switch may have; and the types, where its default does not tell them.
    CHOICES: ClassVar[dict[str, tuple[str | None, ...]]] = {}
    TYPES: ClassVar[dict[str, tuple[type, ...]]] = {}

    clock_skew: float = 0.0
    # Seconds of real time before each reply.
    latency: float = 0.0
    # Bytes that are not clean JSON, by the name of the attribute or column that has them: {"threat": "latin-1"}
    odd_text: dict[str, str] = field(default_factory=dict)

    def __setattr__(self, name: str, value: Any) -> None:
        # A misspelt switch in a test would otherwise prove nothing, silently.
        if name not in self.__dataclass_fields__:
            raise AttributeError(f"no switch named {name!r}")
        self._check_type(name, value)
        choices = self.CHOICES.get(name)
        if choices is not None and value not in choices:
            raise ValueError(f"{name} must be one of {choices}, not {value!r}")
        self._check_value(name, value)
        object.__setattr__(self, name, value)

    def _check_value(self, name: str, value: Any) -> None:
        """Checks that neither a type nor a list of choices can express."""
        if name == "odd_text":
            odd_text.check(value)

    def _check_type(self, name: str, value: Any) -> None:
        """A value of the kind that the default has; where that is None, anything goes."""
        kinds = self.TYPES.get(name)
        if kinds is None:
            item = self.__dataclass_fields__[name]
            factory = item.default_factory
            default = item.default if factory is MISSING else factory()
            if default is None or (value is None and name in self.CHOICES):
                return
            kinds = (int, float) if isinstance(default, float) else (type(default),)
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            raise TypeError(f"{name} takes {' or '.join(kind.__name__ for kind in kinds)}, not {value!r}")

    def update(self, values: Mapping[str, Any]) -> None:
        """Set several switches; nothing is changed when one of them is wrong."""
        trial = copy.deepcopy(self)
        for name, value in values.items():
            setattr(trial, name, value)
        self.restore(trial)

    def restore(self: BoardT, other: BoardT) -> None:
        """Take over the other's values in place, so that whoever holds this object sees them."""
        for item in fields(self):
            setattr(self, item.name, copy.deepcopy(getattr(other, item.name)))

    def copy(self: BoardT) -> BoardT:
        return copy.deepcopy(self)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a configuration table is (protocol_fortigate.rst, "Configuration tables")."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from typing import Any

Obj = dict[str, Any]
SWITCH = ("enable", "disable")


@dataclass(frozen=True)
class Table:
    """One table, or one single object where there is no key."""

    path: str
    key: str | None = "name"
    defaults: Mapping[str, Any] = field(default_factory=dict)
    # Attributes that are lists of objects, and the key of these.
    children: Mapping[str, str] = field(default_factory=dict)
    # Attributes that name objects of other tables.
    references: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lengths: Mapping[str, int] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    # Attributes that have no default here and need no check.
    more: tuple[str, ...] = ()
    numbered: bool = False
    uuid: bool = False
    # One for the whole FortiGate instead of one per VDOM.
    shared: bool = False

    def has(self, name: str) -> bool:
        """Is this an attribute of FortiOS? Objects keep no others."""
        groups: tuple[Container[str], ...] = (
            self.defaults, self.children, self.references, self.choices, self.lengths, self.required, self.secrets,
            self.more,
        )  # fmt: skip
        return name == self.key or any(name in group for group in groups)

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which logs a `device` parameter selects. A wrong key or keyword selects nothing, without an error.

See protocol_fortianalyzer.rst, "Device selection".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .errors import invalid_params
from .events import Event
from .inventory import Device

_VDOM = re.compile(r"(.+?)(?:\[(.+)\])?", re.DOTALL)
_OTHER_MAKES = frozenset(
    f"All_{make}"
    for make in "FortiMail FortiWeb FortiManager Syslog FortiClient FortiCache FortiProxy FortiAnalyzer FortiSandbox"
    " FortiAuthenticator FortiDDoS".split()
)


@dataclass(frozen=True)
class Selection:
    """Everything, or pairs of serial number and vdom (None: all of its vdoms)."""

    everything: bool = False
    pairs: frozenset[tuple[str, str | None]] = frozenset()

    def accepts(self, event: Event) -> bool:
        return self.everything or (event.devid, None) in self.pairs or (event.devid, event.vd) in self.pairs


def select(given: Any, firewalls: Sequence[Device], all_words: Sequence[str]) -> Selection:
    """Read the list of devices; a missing one means all of them."""
    if given is None:
        return Selection(everything=True)
    if not isinstance(given, list) or not all(isinstance(item, dict) for item in given):
        raise invalid_params("device must be a list of objects")
    pairs: set[tuple[str, str | None]] = set()
    for item in given:
        for word, value in item.items():
            if f"{word}:{value}" in all_words and value != "All_FortiGate":
                return Selection(everything=True)
            if word == "devid" and (f"{word}:{value}" in all_words or value in _OTHER_MAKES):
                pairs |= {(device.serial, None) for device in firewalls if f"All_{device.make}" == value}
            pairs |= _pairs(word, str(value), firewalls)
    return Selection(pairs=frozenset(pairs))


def _pairs(word: str, value: str, firewalls: Sequence[Device]) -> set[tuple[str, str | None]]:
    match = _VDOM.fullmatch(value)
    name, vdom = match.groups() if match else (value, None)
    if word == "devid":
        return {(device.serial, vdom) for device in firewalls if device.serial == name}
    if word == "devname":
        return {(device.serial, vdom) for device in firewalls if device.name == name}
    if word == "csfname" and value:
        return {(device.serial, None) for device in firewalls if device.fabric == value}
    return set()

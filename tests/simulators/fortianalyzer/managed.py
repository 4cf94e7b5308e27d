# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Devices as the device manager has them, which may be more than those that send logs; and its groups."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from .inventory import ADOMS, HA_MEMBER, Device
from .switches import Switches

# Names that somebody gave a device on purpose: templates, paths, lines, patterns, and names of others.
HOSTILE_NAMES = (
    "{{ lookup('ansible.builtin.pipe', 'touch evaluated') }}",
    "{% for x in range(9) %}{{ x }}{% endfor %}",
    "../../../etc/passwd",
    "..",
    "line\nbreak",
    "all",
    "localhost",
    "fgt-hq",
    "fgt hq",
    "fgt/hq",
    "!fgt-hq:*",
    "-e",
    "b\u00fcro-\u202e01",
    "A" * 300,
)
# Split in the middle: the second VDOM belongs to another ADOM.
SPLIT = "fgt-dmz"


def managed(devices: Sequence[Device], switches: Switches) -> list[Device]:
    found = [entry for one in devices for entry in _entries(one, switches)]
    if switches.ha_members_listed:
        found.append(replace(HA_MEMBER, name="fgt-hq-2"))
    if switches.hostile_devices:
        found += [Device(f"FGT60FTK9{number:07d}", name, "root") for number, name in enumerate(HOSTILE_NAMES)]
    if switches.unregistered_devices:
        found.append(Device("FGT60FTK80000001", "fgt-dc", "root", registered=False))
    return found + list(_more(switches.extra_devices))


def _entries(one: Device, switches: Switches) -> list[Device]:
    if not (switches.split_vdoms and one.name == SPLIT):
        return [one]
    first, *rest = one.vdoms
    return [replace(one, vdoms=(first,)), replace(one, vdoms=tuple(rest), adom="Branch_Office")]


def _more(count: int) -> Iterator[Device]:
    """Spread over the ADOMs that hold FortiGates."""
    for number in range(count):
        adom = ADOMS[number % len(ADOMS)]
        yield Device(f"FGT60FTK7{number:07d}", f"fgt-shop-{number:04d}", adom, platform="FortiGate-60F")


def groups_of(adom: str, devices: Sequence[Device]) -> dict[str, list[dict[str, str]]]:
    """A group of all, and in the first ADOM groups in groups: a member without a VDOM is a group."""
    found = {"All_FortiGate": [_member(one, vdom) for one in devices if one.make == "FortiGate" for vdom in one.vdoms]}
    if adom == ADOMS[0]:
        by_name = {one.name: one for one in devices}
        found["edge"] = [_member(by_name["fgt-dmz"], "root")]
        found["headquarters"] = [_member(by_name["fgt-hq"], "root"), {"name": "edge"}]
        found["unused"] = []
    return found


def _member(one: Device, vdom: str) -> dict[str, str]:
    return {"name": one.name, "vdom": vdom}

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From the devices of all ADOMs to one host for each FortiGate.

Names come from the devices, and a host name cannot be marked as no template: before ansible-core 2.19 it is evaluated wherever a play
uses it. It also becomes a part of paths and of host patterns.
"""

from __future__ import annotations

import collections
import re
import typing as t

from .._common.errors import ProtocolError, printable

PREFIX = "fortianalyzer_"
# Everything that has a meaning to a template, a shell, a path or a host pattern.
UNSAFE = re.compile(r"[^\w.-]")
# A leading dot is a hidden file or a way up in a path, and a leading hyphen an option.
LEADING = re.compile(r"\A[.-]+")
LONGEST_NAME = 100
# What every play knows: the controller, on which a play that hunts runs, and groups.
RESERVED = ("localhost", "127.0.0.1", "all", "ungrouped")
MOST_NAMED = 5

Device = t.Mapping[str, t.Any]


class Host(t.NamedTuple):
    """One FortiGate. `address` is None where FortiAnalyzer has none that a connection can be made to."""

    name: str
    address: t.Optional[str]
    variables: dict[str, t.Any]


class Fleet(t.NamedTuple):
    hosts: list[Host]
    warnings: list[str]


def fleet_of(devices: t.Sequence[Device]) -> Fleet:
    """The registered FortiGates among the devices. Raises ProtocolError where it is not known whether one is registered."""
    for device in devices:
        if device["registered"] is None:
            raise ProtocolError(
                f"FortiAnalyzer does not report whether {_named(device)} of ADOM {device['adom']} is registered",
                next_step="Check that the administrator may read all fields of Device Manager.",
            )
    chosen = [device for device in devices if device["registered"] and device["fortigate"] is not False]
    unsure = [_named(device) for device in chosen if device["fortigate"] is None]
    machines = _machines(chosen)
    hosts = [_host(name, entries) for name, entries in zip(_host_names(machines), machines)]
    nowhere = [host.name for host in hosts if host.address is None]
    warnings = [
        f"FortiAnalyzer has no address for {_listed(nowhere)}: set ansible_host by compose." if nowhere else "",
        f"FortiAnalyzer reports neither model nor operating system of {_listed(unsure)}: taken for FortiGates."
        if unsure
        else "",
    ]
    return Fleet(hosts, [text for text in warnings if text])


def _machines(devices: t.Sequence[Device]) -> list[list[Device]]:
    """The entries of each FortiGate or cluster, which are several where its VDOMs are in several ADOMs, or where a member of a
    cluster is listed beside it. The entry that names the cluster is the first."""
    cluster_of: dict[str, str] = {}
    for device in devices:
        for member in device["ha_members"]:
            if member["serial"]:
                cluster_of.setdefault(member["serial"], _key(device))
    machines: dict[str, list[Device]] = {}
    for device in devices:
        machines.setdefault(cluster_of.get(device["serial"]) or _key(device), []).append(device)
    return [sorted(entries, key=lambda entry: _key(entry) != key) for key, entries in machines.items()]


def _key(device: Device) -> str:
    """What tells one device from another. Without a serial number it is a name, which is unique in an ADOM only."""
    return str(device["serial"] or f"{device['adom']}/{device['name']}")


def _host(name: str, entries: t.Sequence[Device]) -> Host:
    first = entries[0]
    members = [member["serial"] for entry in entries for member in entry["ha_members"]]
    facts = {
        "serial": first["serial"],
        "ha_serials": _unique([entry["serial"] for entry in entries] + members),
        "adom": first["adom"],
        "adoms": _unique(entry["adom"] for entry in entries),
        "name": first["name"],
        "vdoms": _unique(vdom for entry in entries for vdom in entry["vdoms"]),
        "platform": first["platform"],
        "version": first["version"],
        "device_groups": _unique(group for entry in entries for group in entry["device_groups"]),
        "connection": first["connection"],
    }
    address = next((entry["address"] for entry in entries if entry["address"]), None)
    return Host(name, address, {f"{PREFIX}{key}": value for key, value in facts.items()})


def _host_names(machines: t.Sequence[t.Sequence[Device]]) -> list[str]:
    """One name for each, in their order. A name that needed no change is not taken by one that did."""
    cleaned = [clean_name(entries[0]["name"]) for entries in machines]
    originals = [entries[0]["name"] for entries in machines]
    taken: set[str] = set()
    names: list[str] = [""] * len(machines)
    # Those with their own name first, then by serial number, so that the names do not depend on the order of the list.
    order = sorted(range(len(machines)), key=lambda at: (cleaned[at] != originals[at], _key(machines[at][0])))
    shared = {name for name, times in collections.Counter(originals).items() if times > 1}
    for at in order:
        name = cleaned[at]
        if name in taken or name.lower() in RESERVED or originals[at] in shared or not name:
            name = "_".join(filter(None, (name, clean_name(machines[at][0]["serial"]))))
        names[at] = _free(name or "device", taken)
        taken.add(names[at])
    return names


def _free(name: str, taken: t.Collection[str]) -> str:
    number, found = 1, name
    while found in taken or found.lower() in RESERVED:
        number += 1
        found = f"{name}_{number}"
    return found


def clean_name(name: str) -> str:
    """A host name that means nothing else: every character but letters, digits, dots, hyphens and underscores is replaced."""
    return LEADING.sub(lambda found: "_" * len(found[0]), UNSAFE.sub("_", name[:LONGEST_NAME]))


def _unique(values: t.Iterable[str]) -> list[str]:
    return [value for value in dict.fromkeys(values) if value]


def _named(device: Device) -> str:
    return printable(device["name"] or device["serial"], 60)


def _listed(names: t.Sequence[str]) -> str:
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Creates one host for each FortiGate from the devices of all ADOMs.

Host names come from the names of devices, and a host name cannot be marked as unsafe. Before core 2.19, Ansible
evaluates a host name as a template wherever a play uses the name. A host name may also be a part of paths and host
patterns. Therefore unsafe characters are replaced (see `clean_name`).
"""

from __future__ import annotations

import collections
import itertools
import re
import typing as t

from .._common.errors import ProtocolError, printable
from .._common.naming import agree, counted, listed

PREFIX = "fortianalyzer_"
# Characters with a special meaning in a template, a shell, a path or a host pattern.
UNSAFE = re.compile(r"[^\w.-]")
# In a path, a leading dot means a hidden file or a parent folder. In a command, a leading hyphen means an option.
LEADING = re.compile(r"\A[.-]+")
LONGEST_NAME = 100
# Host names that no FortiGate gets: the names of the controller, on which a hunt runs, and of groups that exist in
# every inventory.
RESERVED = ("localhost", "127.0.0.1", "all", "ungrouped")
MOST_NAMED = 5
# The variable with the serial numbers and the name of a FortiGate on FortiAnalyzer. The role uses these names to block
# an offender only on the FortiGates that logged the offender.
KNOWN_AS = "fortigate_block_known_as"

Device = t.Mapping[str, t.Any]
# Whether a host with these serial numbers may have this name.
IsFree = t.Callable[[str, t.Sequence[str]], bool]


class Host(t.NamedTuple):
    """The host of one FortiGate. `address` is None if FortiAnalyzer has no usable address for the FortiGate."""

    name: str
    address: t.Optional[str]
    variables: dict[str, t.Any]


class Fleet(t.NamedTuple):
    hosts: list[Host]
    warnings: list[str]


def fleet_of(devices: t.Sequence[Device], is_free: IsFree) -> Fleet:
    """The hosts for the registered FortiGates among the devices. Raises ProtocolError if FortiAnalyzer does not report
    whether a device is registered."""
    chosen = [device for device in devices if _is_registered(device) and device["fortigate"] is not False]
    unsure = [_named(device) for device in chosen if device["fortigate"] is None]
    machines = _machines(chosen)
    hosts = [_host(name, entries) for name, entries in zip(_host_names(machines, is_free), machines)]
    nowhere = [host.name for host in hosts if host.address is None]
    warnings = [
        ""
        if hosts
        else f"FortiAnalyzer lists no registered FortiGate ({counted(len(devices), 'device')} in total), so the inventory has no hosts. "
        "Check the option adoms, and check in Device Manager that the FortiGates are registered.",
        f"FortiAnalyzer has no address for {listed(nowhere, MOST_NAMED)}: set ansible_host with compose."
        if nowhere
        else "",
        f"{agree(len(unsure), 'This device is included as a FortiGate', 'These devices are included as FortiGates')}, because FortiAnalyzer "
        f"reports neither a model nor an operating system: {listed(unsure, MOST_NAMED)}."
        if unsure
        else "",
    ]
    return Fleet(hosts, [text for text in warnings if text])


def _is_registered(device: Device) -> bool:
    if device["registered"] is None:
        raise ProtocolError(
            f"FortiAnalyzer does not report whether {_named(device)} of ADOM {device['adom']} is registered",
            next_step="Check that the administrator may read all fields of Device Manager.",
        )
    return bool(device["registered"])


def _machines(devices: t.Sequence[Device]) -> list[list[Device]]:
    """The entries of each FortiGate or cluster. A FortiGate has several entries if its VDOMs are in several ADOMs. A
    cluster has several entries if FortiAnalyzer also lists its members. The entry of the cluster is the first entry."""
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
    """The key of a device: its serial number, or its ADOM and name. A name is unique only in an ADOM."""
    return str(device["serial"] or f"{device['adom']}/{device['name']}")


def _host(name: str, entries: t.Sequence[Device]) -> Host:
    first, serials = entries[0], _serials(entries)
    facts = {
        "serial": first["serial"],
        "serials": serials,
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
    variables = {f"{PREFIX}{key}": value for key, value in facts.items()}
    return Host(name, address, {**variables, KNOWN_AS: _unique([*serials, first["name"]])})


def _serials(entries: t.Sequence[Device]) -> list[str]:
    """The serial numbers of the device and of all members of a cluster."""
    members = [member["serial"] for entry in entries for member in entry["ha_members"]]
    return _unique([entry["serial"] for entry in entries] + members)


def _host_names(machines: t.Sequence[t.Sequence[Device]], is_free: IsFree) -> list[str]:
    """One host name for each FortiGate, in order. Names that need no change have precedence over changed names."""
    originals = [str(entries[0]["name"]) for entries in machines]
    shared = {name for name, times in collections.Counter(originals).items() if times > 1}
    # Devices with a valid name come first. Devices are then sorted by serial number, so that host names do not depend
    # on the order of the list.
    order = sorted(
        range(len(machines)), key=lambda at: (clean_name(originals[at]) != originals[at], _key(machines[at][0]))
    )
    names: dict[int, str] = {}
    taken = set(RESERVED)
    for at in order:
        serials = _serials(machines[at])
        names[at] = next(
            name
            for name in _candidates(machines[at][0], originals[at] in shared)
            if not {name, name.lower()} & taken and is_free(name, serials)
        )
        taken.add(names[at])
    return [names[at] for at in range(len(machines))]


def _candidates(device: Device, is_shared: bool) -> t.Iterator[str]:
    """Possible host names. If several devices have the name, or the name is taken, the serial number is added. If the
    result is still not unique, a number is added."""
    name, serial = clean_name(device["name"]), clean_name(device["serial"])
    if name and not is_shared:
        yield name
    longer = "_".join(filter(None, (name, serial)))
    yield longer
    yield from (f"{longer}_{number}" for number in itertools.count(2))


def clean_name(name: str) -> str:
    """A safe host name. Characters other than letters, digits, dots, hyphens and underscores are replaced by
    underscores, and so are leading dots and hyphens. A long name is truncated."""
    return LEADING.sub(lambda found: "_" * len(found[0]), UNSAFE.sub("_", name[:LONGEST_NAME]))


def _unique(values: t.Iterable[str]) -> list[str]:
    return [value for value in dict.fromkeys(values) if value]


def _named(device: Device) -> str:
    return printable(device["name"] or device["serial"], 60)

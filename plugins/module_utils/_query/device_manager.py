# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests for ADOMs, devices and device groups of the Device Manager, and their rows (protocol_fortianalyzer.rst,
"ADOMs and devices").

Rows of devices may contain credentials (`adm_usr`, `adm_pass`, `psk`, `private_key`), which are never requested. Only
known fields of a row are read, because FortiAnalyzer may ignore the parameter `fields` without an error.
"""

from __future__ import annotations

import re
import typing as t

from .._common.addresses import parse_target
from .._common.errors import ProtocolError
from .._common.octets import without_surrogates
from .._protocol.reply import whole

# The name and the flag of FortiOS in the field restricted_prds of an ADOM.
FORTIOS, FORTIOS_FLAG = "fos", 1
ADOM_FIELDS = ("name", "state", "restricted_prds", "os_ver", "mr", "uuid")
DEVICE_FIELDS = (
    "name",
    "sn",
    "ip",
    "hostname",
    "platform_str",
    "os_type",
    "os_ver",
    "mr",
    "patch",
    "build",
    "conn_status",
    "mgmt_mode",
    "ha_mode",
)
# The number of rows in one request.
PAGE_ROWS = 500

# Enumerations are numbers, or text if the request was verbose. The connection plugin of fortinet.fortianalyzer sends
# verbose requests.
CONNECTION = {"0": "unknown", "1": "up", "2": "down", "unknown": "unknown", "up": "up", "down": "down"}
HA_MODES = {"0": "standalone", "1": "AP", "2": "AA", "3": "ELBC", "4": "DUAL"}
HA_ROLES = {"0": "secondary", "slave": "secondary", "1": "primary", "master": "primary"}
ENABLED = {"0": False, "disable": False, "1": True, "enable": True}
UNREGISTERED, REGISTERED = ("0", "unreg"), ("1", "2", "3", "fmg", "faz", "fmgfaz")
FORTIGATE, UNREPORTED = ("0", "fos"), ("", "-1", "unknown")
FORTIGATE_PLATFORM = re.compile(r"Forti(?:Gate|WiFi|Carrier)", re.I)

Row = t.Mapping[str, t.Any]
Data = dict[str, t.Any]


class Table(t.NamedTuple):
    """One list of the Device Manager. `params` requests the whole list, and `doing` describes the request in errors."""

    doing: str
    params: Data
    adom: t.Optional[str] = None

    @property
    def counting(self) -> Data:
        """The parameters of a request for the number of rows."""
        return {"url": self.params["url"], "option": "count"}

    def page(self, start: int) -> Data:
        return {**self.params, "range": [start, PAGE_ROWS]}


def adom_table() -> Table:
    return Table("listing ADOMs", {"url": "/dvmdb/adom", "fields": list(ADOM_FIELDS), "loadsub": 0})


def device_table(adom: str) -> Table:
    url = f"/dvmdb/adom/{adom}/device"
    return Table("listing devices", {"url": url, "fields": list(DEVICE_FIELDS), "loadsub": 1}, adom)


def group_table(adom: str) -> Table:
    url = f"/dvmdb/adom/{adom}/group"
    # The request has no `fields`, because `fields` may suppress the members of the groups.
    return Table("listing device groups", {"url": url, "option": "object member"}, adom)


def rows_in(data: object) -> list[Row]:
    """The rows of a reply. A reply without a list has no rows. Raises ProtocolError for any other data."""
    if data is None:
        return []
    if not isinstance(data, list) or not all(isinstance(row, dict) for row in data):
        raise ProtocolError("The reply has no list of objects in `data`")
    return data


def identity_of(row: Row) -> tuple[str, ...]:
    """The values that identify a row in its list."""
    return tuple(_text(row.get(key)) for key in ("oid", "name", "sn"))


def adom_of(row: Row) -> Data:
    """The ADOM in a row. Raises ProtocolError if the ADOM has no name."""
    name = _text(row.get("name"))
    if not name:
        raise ProtocolError("The reply has an ADOM without a name")
    return {
        "name": name,
        "enabled": ENABLED.get(_word(row.get("state"))),
        "products": row.get("restricted_prds"),
        "version": _version(row),
        "uuid": _text(row.get("uuid")),
    }


def is_for_fortigates(adom: Data) -> bool:
    """Whether the ADOM is for FortiOS, by the names or flags of its products. True if FortiAnalyzer reports no
    products."""
    products = adom["products"]
    if isinstance(products, int) or str(products or "").isdecimal():
        return int(products) == 0 or bool(int(products) & FORTIOS_FLAG)
    words = [
        str(word).strip(",").lower()
        for word in (products if isinstance(products, list) else str(products or "").split())
    ]
    return FORTIOS in words or not words


def device_of(row: Row, adom: str) -> Data:
    """The device in a row. Raises ProtocolError if the device has neither a name nor a serial number."""
    name, serial = _text(row.get("name")), _text(row.get("sn"))
    if not (name or serial):
        raise ProtocolError("The reply has a device with neither a name nor a serial number")
    mode = _text(row.get("ha_mode"))
    return {
        "name": name,
        "serial": serial,
        "adom": adom,
        "hostname": _text(row.get("hostname")),
        "address": _address(row.get("ip")),
        "platform": _text(row.get("platform_str")),
        "version": _version(row),
        "build": whole(row.get("build")),
        "fortigate": _is_fortigate(row),
        "registered": _is_registered(row),
        "connection": CONNECTION.get(_word(row.get("conn_status")), "unknown"),
        "ha_mode": HA_MODES.get(mode, mode),
        "ha_members": [_member(one) for one in rows_in(row.get("ha_slave"))],
        "vdoms": [_text(one.get("name")) for one in rows_in(row.get("vdom"))],
    }


def _member(row: Row) -> Data:
    return {
        "name": _text(row.get("name")),
        "serial": _text(row.get("sn")),
        "role": HA_ROLES.get(_word(row.get("role")), "unknown"),
    }


def groups_by_device(rows: t.Sequence[Row]) -> dict[str, list[str]]:
    """The names of the groups of each device, by the name of the device. A member without a VDOM may be a group."""
    groups = {_text(row.get("name")): rows_in(row.get("object member")) for row in rows}
    found: dict[str, list[str]] = {}
    for group in groups:
        for device in _devices_in(group, groups):
            found.setdefault(device, []).append(group)
    return {device: sorted(names) for device, names in found.items()}


def _devices_in(group: str, groups: t.Mapping[str, t.Sequence[Row]]) -> set[str]:
    """The devices in the group and its nested groups. The search also ends if groups contain each other."""
    devices, seen, left = set(), {group}, [group]
    while left:
        for member in groups[left.pop()]:
            name = _text(member.get("name"))
            if member.get("vdom") is None and name in groups:
                left += [name] if name not in seen else []
                seen.add(name)
            else:
                devices.add(name)
    return devices


def _is_fortigate(row: Row) -> t.Optional[bool]:
    """Whether the device is a FortiGate. None if FortiAnalyzer reports neither the operating system nor a platform."""
    system, platform = _word(row.get("os_type")), _text(row.get("platform_str"))
    if system not in UNREPORTED:
        return system in FORTIGATE
    return bool(FORTIGATE_PLATFORM.match(platform)) if platform else None


def _is_registered(row: Row) -> t.Optional[bool]:
    """Whether the device is registered. None if FortiAnalyzer does not report it. An unregistered device has requested
    registration, but an administrator has not authorized the device. Any host can request registration under any
    name."""
    mode = _word(row.get("mgmt_mode"))
    return True if mode in REGISTERED else False if mode in UNREGISTERED else None


def _version(row: Row) -> str:
    """The reported parts of the release, for example 7.4.5. The parts come from `os_ver` (first number), `mr` and
    `patch`."""
    major = re.match(r"[0-9]{1,3}", _text(row.get("os_ver")))
    parts = [major[0]] if major and major[0] != "0" else []
    for key in ("mr", "patch"):
        number = whole(row.get(key))
        if not parts or number is None or number < 0:
            break
        parts.append(str(number))
    return ".".join(parts)


def _address(value: object) -> t.Optional[str]:
    """The address in canonical form. None if it cannot be the target of a connection."""
    network = parse_target(_text(value))
    if network is None or network.num_addresses != 1:
        return None
    found = network.network_address
    return None if found.is_unspecified or found.is_loopback or found.is_multicast else str(found)


def _text(value: object) -> str:
    return "" if value is None else without_surrogates(str(value)).strip()


def _word(value: object) -> str:
    return _text(value).lower()

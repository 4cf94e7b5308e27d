# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The device manager's database: ADOMs, devices, VDOMs and groups, always in the list form, with parameters beside the url.

Devices carry the credentials that FortiAnalyzer uses for them, as on a real one, unless `fields` asks for others.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Sequence
from typing import Any

from .call import Answer, Call
from .dialects import OK
from .errors import invalid_data, no_permission, object_does_not_exist
from .inventory import DEVICES, HA_MEMBER, PRODUCT_ADOMS, Device, network
from .managed import groups_of, managed
from .routes import route
from .state import FortiAnalyzerState

Object = dict[str, Any]

# What must never come out of a client: a test may look for it in whatever that printed or wrote.
DEVICE_USER = "simulated-device-admin"
DEVICE_PASSWORD = "simulated-device-secret-51e0c7"
# Enumerations are numbers, and words where the body says `verbose: 1`.
_WORDS: dict[str, dict[int, str]] = {
    "state": {0: "disable", 1: "enable"},
    "os_ver": {6: "6.0", 7: "7.0", 8: "8.0"},
    "conn_status": {0: "UNKNOWN", 1: "up", 2: "down"},
    "conn_mode": {0: "passive", 1: "active"},
    "dev_status": {0: "none", 1: "unknown"},
    "mgmt_mode": {0: "unreg", 1: "fmg", 2: "faz", 3: "fmgfaz"},
    "ha_mode": {0: "standalone", 1: "AP", 2: "AA"},
    "role": {0: "slave", 1: "master"},
    "os_type": {-1: "unknown", 0: "fos", 13: "fpx"},
}
_PRODUCTS = {"FortiGate": 0, "FortiProxy": 13}
_MEMBERS = "object member"
# What is not told of the first device of each ADOM.
_UNTOLD: dict[str, Object] = {
    "product": {"os_type": -1, "platform_str": ""},
    "registration": {"mgmt_mode": None},
    "address": {"ip": "0.0.0.0"},
}
_SUBTABLES = frozenset(("vdom", "ha_slave"))
_COMPARE: dict[str, Callable[[Any, Sequence[Any]], bool]] = {
    "==": lambda mine, given: str(mine) == str(given[0]),
    "!=": lambda mine, given: str(mine) != str(given[0]),
    "in": lambda mine, given: str(mine) in map(str, given),
    "like": lambda mine, given: re.fullmatch(re.escape(str(given[0])).replace("%", ".*"), str(mine)) is not None,
}


def adom_list(state: FortiAnalyzerState, call: Call, found: re.Match[str]) -> Answer:
    _check_right(state)
    return _answer(state, call, [_adom(name) for name in state.adoms if name not in state.switches.forbidden_adoms])


def adom(state: FortiAnalyzerState, call: Call, found: re.Match[str]) -> Answer:
    _check_right(state)
    return _answer(state, call, _adom(state.scope(found["adom"]).adom))


def device_list(state: FortiAnalyzerState, call: Call, found: re.Match[str]) -> Answer:
    _check_right(state)
    name = found["adom"] if "adom" in found.re.groupindex else None
    return _answer(state, call, _devices(state, None if name is None else state.scope(name).adom))


def device(state: FortiAnalyzerState, call: Call, found: re.Match[str]) -> Answer:
    _check_right(state)
    return _answer(state, call, _named(state, found))


def vdom_list(state: FortiAnalyzerState, call: Call, found: re.Match[str]) -> Answer:
    _check_right(state)
    return _answer(state, call, _named(state, found)["vdom"])


def group_list(state: FortiAnalyzerState, call: Call, found: re.Match[str]) -> Answer:
    _check_right(state)
    if not state.switches.device_groups:
        raise state.unknown_path(call.url)
    adom_name = state.scope(found["adom"]).adom
    groups = groups_of(adom_name, [one for one in managed(state.devices, state.switches) if one.adom == adom_name])
    return _answer(state, call, [_group(name, members) for name, members in groups.items()])


def _check_right(state: FortiAnalyzerState) -> None:
    if not state.switches.device_manager_read:
        raise no_permission()


def _named(state: FortiAnalyzerState, found: re.Match[str]) -> Object:
    for one in _devices(state, state.scope(found["adom"]).adom):
        if one["name"] == found["name"]:
            return one
    raise object_does_not_exist()


def _adom(name: str) -> Object:
    return {
        "create_time": 1700000000,
        "desc": "",
        "flags": 2136,
        "mr": 6,
        "name": name,
        "oid": _number(name) if name != "root" else 3,
        "os_ver": 7,
        "restricted_prds": PRODUCT_ADOMS.get(name, 1),
        "state": 1,
        "tz": -1,
        "uuid": str(uuid.uuid5(uuid.NAMESPACE_DNS, f"{name}.adom.example")),
    }


def _devices(state: FortiAnalyzerState, adom_name: str | None) -> list[Object]:
    """A cluster is one device, whose members are in `ha_slave`."""
    clusters: dict[tuple[str, str], list[Device]] = {}
    for one in managed(state.devices, state.switches):
        if adom_name in (None, one.adom):
            clusters.setdefault((one.adom, one.name if one.serial in _pair(state) else one.serial), []).append(one)
    found = [_device(members, number) for number, members in enumerate(clusters.values(), 1)]
    for device in found[:1]:
        device.update(_UNTOLD.get(state.switches.untold_device or "", {}))
    return found


def _pair(state: FortiAnalyzerState) -> list[str]:
    """The serial numbers of the cluster."""
    return [DEVICES[0].serial, HA_MEMBER.serial] if state.switches.ha_pair else []


def _group(name: str, members: list[dict[str, str]]) -> Object:
    kind = 1 if name == "All_FortiGate" else 0
    found: Object = {"desc": "", "name": name, "oid": _number(name), "os_type": 0, "type": kind}
    # An empty group has no list.
    return {**found, _MEMBERS: members} if members else found


def _device(members: list[Device], number: int) -> Object:
    one = members[0]
    return {
        "adm_pass": ["ENC", DEVICE_PASSWORD],
        "adm_usr": DEVICE_USER,
        "build": 2573,
        # Often not known to an analyzer, though the device sends its logs.
        "conn_mode": 0,
        "conn_status": 1 if number == 1 else 0,
        "desc": "",
        "dev_status": 1,
        "ha_group_name": one.name if len(members) > 1 else "",
        "ha_mode": 1 if len(members) > 1 else 0,
        "ha_slave": [_member(member, place) for place, member in enumerate(members)] if len(members) > 1 else None,
        "hostname": one.name,
        "ip": f"10.{network(one.adom)}.{number // 250}.{number % 250}",
        "mgmt_mode": 2 if one.registered else 0,
        "mr": 4,
        "name": one.name,
        "oid": _number(one.serial),
        "os_type": _PRODUCTS[one.make],
        "os_ver": 7,
        "patch": 5,
        "platform_str": one.platform,
        "sn": one.serial,
        "vdom": [
            {"comments": None, "devid": one.name, "name": name, "oid": 3 + place, "opmode": 1, "status": None}
            for place, name in enumerate(one.vdoms)
        ],
        "version": 700,
    }


def _member(one: Device, place: int) -> Object:
    return {
        "did": one.name,
        "idx": place,
        "name": f"{one.name}-{place + 1}",
        "oid": _number(one.serial),
        "prio": 128 - place,
        "role": 1 if place == 0 else 0,
        "sn": one.serial,
        "status": 1,
    }


def _number(text: str) -> int:
    return 100 + sum(text.encode()) % 5000


def _answer(state: FortiAnalyzerState, call: Call, objects: Object | list[Object]) -> Answer:
    """`fields`, `filter`, `option`, `range` and `loadsub` as beside the url; inside `data` nobody looks for them."""
    params = call.params
    if isinstance(objects, list):
        test = _filter(params.get("filter"))
        chosen = [one for one in objects if test(one)]
        if "count" in _options(call) and state.switches.device_count:
            return Answer({"data": len(chosen), "status": OK})
        data: Any = [_shown(one, call, state) for one in _page(chosen, call, state)]
    else:
        data = _shown(objects, call, state)
    return Answer({"data": data, "status": OK})


def _options(call: Call) -> Sequence[str]:
    given = call.params.get("option", [])
    return [given] if isinstance(given, str) else given


def _page(objects: list[Object], call: Call, state: FortiAnalyzerState) -> list[Object]:
    """A range is the place of the first row and a number of rows."""
    start, count = call.params.get("range", (0, len(objects))) if state.switches.device_range else (0, len(objects))
    most = state.switches.device_rows_max
    return objects[start : start + (count if most is None else min(count, most))]


def _shown(one: Object, call: Call, state: FortiAnalyzerState) -> Object:
    """The object id is always there, and the sub-tables too unless `loadsub` is 0. The members of a group are an option."""
    names = call.params.get("fields") if state.switches.device_fields else None
    subtables = call.params.get("loadsub", 1) not in (0, False)
    chosen = set(names) | {"oid"} if names else set(one)
    if _MEMBERS not in _options(call):
        chosen -= {_MEMBERS}
    shown = {name: value for name, value in one.items() if (subtables if name in _SUBTABLES else name in chosen)}
    return _in_words(shown) if call.body.get("verbose") == 1 else shown


def _in_words(one: Object) -> Object:
    found: Object = {}
    for name, value in one.items():
        if name in _SUBTABLES and isinstance(value, list):
            found[name] = [_in_words(item) for item in value]
        else:
            found[name] = _WORDS[name].get(value, value) if name in _WORDS else value
    return found


def _filter(given: Any) -> Callable[[Object], bool]:
    """`["name", "==", "fgt-hq"]`, or a list of such with `&&` and `||` between."""
    if given in (None, []):
        return lambda one: True
    if not isinstance(given, list):
        raise invalid_data()
    if isinstance(given[0], str):
        field, word, *values = given if len(given) > 2 else (*given, "", "")
        if word not in _COMPARE:
            raise invalid_data()
        return lambda one: _COMPARE[word](one.get(field, ""), values)
    left = _filter(given[0])
    for sign, part in zip(given[1::2], given[2::2]):
        if sign not in ("&&", "||"):
            raise invalid_data()
        left = _joined(left, sign, _filter(part))
    return left


def _joined(left: Callable[[Object], bool], sign: str, right: Callable[[Object], bool]) -> Callable[[Object], bool]:
    if sign == "&&":
        return lambda one: left(one) and right(one)
    return lambda one: left(one) or right(one)


_ADOM = r"/dvmdb/adom/(?P<adom>[^/]+)"
_DEVICE = _ADOM + r"/device/(?P<name>[^/]+)"
ROUTES = (
    route("get", r"/dvmdb/adom", adom_list),
    route("get", _ADOM, adom),
    route("get", r"/dvmdb/device", device_list),
    route("get", _ADOM + r"/device", device_list),
    route("get", _DEVICE, device),
    route("get", _DEVICE + r"/vdom", vdom_list),
    route("get", _ADOM + r"/group", group_list),
)

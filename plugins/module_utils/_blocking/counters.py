# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads the hit counters of the deny policies that use a feed or group (protocol_fortigate.rst, "Policy lookup and
counters").

The FortiGate counts since its counters were last cleared, and does not report when this was. A policy has one counter
for all of its addresses, not one for each address.
"""

from __future__ import annotations

import typing as t

from .._common.clock_text import time_text
from .._common.errors import printable
from .._common.sides import DESTINATION, SOURCE
from .address_book import Obj, names_in
from .client import FortiGateError, Vdom
from .context import Context, Look
from .packets import denies, is_enabled
from .policies import COLUMNS

PATH = "monitor/firewall/policy"
LISTS = ("feed_push", "addrgrp")
SIDES = {SOURCE: ("srcaddr", "srcaddr6"), DESTINATION: ("dstaddr", "dstaddr6")}
NUMBERS = {"hits": "hit_count", "packets": "packets", "bytes": "bytes"}
TIMES = {"first_hit": "first_used", "last_hit": "last_used"}
Data = dict[str, t.Any]


def counters(found: t.Sequence[Look], context: Context) -> list[Data]:
    """A row for each enabled deny policy that uses one of these feeds and groups. Each row needs one request. If the
    policies of a VDOM cannot be read, the VDOM has one row. In this row, and in a row whose counter cannot be read,
    `hits` is None and `why` has the reason."""
    rows: list[Data] = []
    for name in dict.fromkeys(one.place.vdom for one in found if one.place.method in LISTS):
        lists = [one for one in found if one.place.vdom == name and one.place.method in LISTS]
        rows += _of_vdom(context.vdom(name), lists)
    return rows


def _of_vdom(vdom: Vdom, lists: t.Sequence[Look]) -> list[Data]:
    try:
        names = {_key(one): _names(vdom, one) for one in lists}
        policies = vdom.objects("cmdb/firewall/policy", format=f"{COLUMNS}|logtraffic")
    except FortiGateError as error:
        everywhere = [{"method": method, "list": named} for method, named in map(_key, lists)]
        return [_row(vdom.name, None, everywhere, [], []) | {"why": str(error)}]
    rows = []
    for policy in policies:
        sides = {side: _denied_by(policy, attributes) for side, attributes in SIDES.items()}
        used = [key for key, own in names.items() if any(not own.isdisjoint(found) for found in sides.values())]
        if used and is_enabled(policy) and denies(policy):
            own = set().union(*names.values())
            row = _row(
                vdom.name,
                policy,
                [{"method": method, "list": named} for method, named in used],
                [side for side, found in sides.items() if not own.isdisjoint(found)],
                sorted(set().union(*sides.values()) - own - {"all"}),
            )
            rows.append({**row, **_counter(vdom, row["policyid"])})
    return rows


def _key(one: Look) -> tuple[str, str]:
    return one.place.method, one.place.list


def _names(vdom: Vdom, one: Look) -> set[str]:
    """The names by which a policy may refer to this feed or group. A policy may also name a group that contains our
    group."""
    if one.place.method != "addrgrp":
        return {one.place.list}
    names = {str(group.get("name")) for group in one.reading.groups.values()}
    for version in one.reading.groups:
        groups = vdom.objects(f"cmdb/firewall/addrgrp{'6' if version == 6 else ''}", format="name|member")
        around = {str(group.get("name")): set(names_in(group, "member")) for group in groups}
        # Each iteration finds the groups that contain a group of the previous iteration.
        for _level in around:
            names |= {name for name, members in around.items() if not members.isdisjoint(names)}
    return names


def _denied_by(policy: Obj, attributes: t.Sequence[str]) -> set[str]:
    """The names that the policy denies in these attributes. A negated attribute denies no name, because it denies all
    addresses except the names."""
    return {
        name
        for attribute in attributes
        if "enable" not in (policy.get(f"{attribute}-negate"), policy.get(f"{attribute.rstrip('6')}-negate"))
        for name in names_in(policy, attribute)
    }


def _row(vdom: str, policy: t.Optional[Obj], lists: list[Data], sides: list[str], others: list[str]) -> Data:
    number = str((policy or {}).get("policyid"))
    logs = {"all": True, "utm": True, "disable": False}.get(str((policy or {}).get("logtraffic")))
    return {
        "vdom": vdom,
        "policyid": int(number) if number.isdecimal() else None,
        "name": printable((policy or {}).get("name") or "", 35),
        "lists": lists,
        "sides": sides,
        "others": [printable(name, 79) for name in others],
        "logs": logs,
        **dict.fromkeys((*NUMBERS, *TIMES)),
        "why": "",
    }


def _counter(vdom: Vdom, number: t.Optional[int]) -> Data:
    try:
        found = vdom.objects(PATH, policyid=str(number))
    except FortiGateError as error:
        return {"why": str(error)}
    one = next((each for each in found if str(each.get("policyid")) == str(number)), {})
    counters = {key: _whole(one.get(name)) for key, name in NUMBERS.items()}
    moments = {key: _whole(one.get(name)) for key, name in TIMES.items()}
    why = "" if counters["hits"] is not None else f"the FortiGate returned no hit_count for policy {number}"
    return {**counters, **{key: time_text(value) if value else None for key, value in moments.items()}, "why": why}


def _whole(value: object) -> t.Optional[int]:
    text = str(value)
    return int(text) if text.isdecimal() and not isinstance(value, bool) else None

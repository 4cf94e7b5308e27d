# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Random policies, objects and lists of a simulated FortiGate, for property-based tests; and the packets that are tried on it.

The feed is FEED, the groups are SOC and SOC6. What a name holds is the same in both IP versions.
"""

from __future__ import annotations

import typing as t

from hypothesis import strategies as st

from simulators.fortigate import passing
from simulators.fortigate.configuring import configure
from simulators.fortigate.state import FortiGateState

Obj = dict[str, t.Any]
LISTS = {"feed_push": ("FEED", "FEED"), "addrgrp": ("SOC", "SOC6")}
OBJECTS = ["all", "none", "here", "there", "part", "geo", "name", "nested", "but-here", "FEED", "SOC", "over"]
# By IP version: where the targets are, another network, and a part of the first one.
HERE = {"": "198.51.100.0/24", "6": "2001:db8:bad::/48"}
THERE = {"": "192.0.2.0/24", "6": "2001:db8:77::/48"}
PART = {"": ("198.51.100.1", "198.51.100.9"), "6": ("2001:db8:bad::1", "2001:db8:bad::9")}
names_of_objects = st.lists(st.sampled_from(OBJECTS), min_size=1, max_size=2, unique=True)
interfaces = st.lists(st.sampled_from(["any", "wan1", "wan2", "lan", "dmz"]), min_size=1, max_size=3, unique=True)
# What makes a policy one for some packets only. One of these at a time, or few policies would decide anything.
twists = st.one_of(
    st.just({}),
    st.sampled_from(
        [{"status": "disable"}, {"schedule": "none"}, {"service": ["HTTPS"]}, {"service": ["DNS"]}, {"service-negate": "enable"},
         {"match-vip": "disable"}, {"srcaddr-negate": "enable"}, {"dstaddr-negate": "enable"}, {"dstaddr": ["all", "vip-web"]}]
    ),
    st.fixed_dictionaries({"srcintf": interfaces}),
    st.fixed_dictionaries({"dstintf": interfaces}),
)  # fmt: skip
PLAIN = {
    "status": "enable", "schedule": "always", "service": ["ALL"], "match-vip": "enable", "srcintf": ["any"], "dstintf": ["any"],
    "srcaddr": ["all"], "dstaddr": ["all"],
}  # fmt: skip
rules = st.builds(
    lambda action, side, addresses, twist: {**PLAIN, "action": action, side: addresses, **twist},
    st.sampled_from(["accept", "deny"]), st.sampled_from(["srcaddr", "srcaddr", "dstaddr"]), names_of_objects, twists,
)  # fmt: skip
# The parts of one VDOM. `ours` is the place of our policies among the others, None for none.
PARTS: dict[str, st.SearchStrategy[t.Any]] = {
    "rules": st.lists(rules, min_size=1, max_size=3),
    "ours": st.sampled_from([None, 0, 1, 1, 1, 2, 2, 3]),
    "twist": twists,
    "excluded": st.sampled_from([None, None, None, "here", "there", "geo", "nested"]),
    "members": st.lists(st.sampled_from(["here", "there", "part", "geo"]), min_size=1, unique=True),
}


def names(*given_names: str) -> list[Obj]:
    return [{"name": name} for name in given_names]


def put_objects(
    box: FortiGateState, drawn: Obj, ours: t.Sequence[str], vdom: str = "root", versions: t.Sequence[str] = ("", "6")
) -> None:
    """The objects and groups that policies name. Our groups have the members `ours`."""
    for six in versions:
        subnet, kind = ("ip6", "ipprefix") if six else ("subnet", "ipmask")
        objects = [
            {"name": "here", "type": kind, subnet: HERE[six]}, {"name": "there", "type": kind, subnet: THERE[six]},
            {"name": "part", "type": "iprange", "start-ip": PART[six][0], "end-ip": PART[six][1]},
            {"name": "geo", "type": "geography", "country": "XX"}, {"name": "name", "type": "fqdn", "fqdn": "a.example.com"},
        ]  # fmt: skip
        configure(box, f"firewall/address{six}", objects, vdom)
        group = {"name": f"SOC{six}", "member": names(*ours)}
        if drawn["excluded"]:
            group |= {"exclude": "enable", "exclude-member": names(drawn["excluded"])}
        nested = {"name": "nested", "member": names(*drawn["members"])}
        but = {"name": "but-here", "member": names("all"), "exclude": "enable", "exclude-member": names("here")}
        over = {"name": "over", "member": names(f"SOC{six}")}
        configure(box, f"firewall/addrgrp{six}", [nested, group, but, over], vdom)
    configure(box, "system/external-resource", [{"name": "FEED", "type": "address", "update-method": "push"}], vdom)


def order_of(drawn: Obj, lists: str) -> list[Obj]:
    """Somebody's policies, with right ones of ours somewhere between."""
    order = [dict(one) for one in drawn["rules"]]
    if drawn["ours"] is not None:
        plain = {**PLAIN, "action": "deny"}
        both = [{**plain, "srcaddr": [lists], **drawn["twist"]}, {**plain, "dstaddr": [lists], **drawn["twist"]}]
        order[drawn["ours"] : drawn["ours"]] = both
    return order


def put_policies(
    box: FortiGateState, order: t.Sequence[Obj], vdom: str = "root", versions: t.Sequence[str] = ("", "6"),
    interface: t.Callable[[str], str] = str,
) -> None:  # fmt: skip
    """Above those that are there already. An interface has another name in another VDOM."""
    table = box.config.objects("firewall/policy", vdom)
    usual = list(table.items())
    table.clear()
    for number, one in enumerate(order, 100):
        whole: Obj = {**one, "policyid": number, "name": f"rule-{number}"}
        for key in ("service", "srcintf", "dstintf"):
            named = [interface(name) for name in one[key]] if key != "service" else one[key]
            whole[key] = names(*dict.fromkeys(named))
        for key in ("srcaddr", "dstaddr"):
            given = whole.pop(key)
            for six in versions:
                # A virtual IP is one of IPv4, and only the first VDOM has it.
                known = [name for name in given if name != "vip-web" or (not six and vdom == "root")]
                whole[key + six] = names(*(f"SOC{six}" if name == "SOC" else name for name in known))
        configure(box, "firewall/policy", [whole], vdom)
    table.update(usual)


def open_packets(
    box: FortiGateState, target: str, side: str, vdom: str = "root", others: t.Sequence[str] = ()
) -> set[tuple[str, str, int]]:
    """The packets of the target that pass: to and from what is inside, outside and published, on some ports."""
    six = ":" in target
    inside = (
        ["2001:db8:10::9", "2001:db8:20::9", "2001:db8:1::10"]
        if six
        else ["10.1.1.9", "172.16.1.9", "203.0.113.10", "192.0.3.9"]
    )
    pairs = [(target, other) for other in others or inside if side != "destination"]
    pairs += [
        (other, target) for other in others or inside if side in ("destination", "both") and other != "203.0.113.10"
    ]
    return {
        (source, to, port)
        for source, to in pairs
        for port in (443, 53, 22)
        if passing.passes(box, source, to, port, vdom)
    }

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Random FortiGates, VDOMs, interfaces, policies, groups, feeds and peers, and random targets.

Nothing that one FortiGate depends on is blocked on any of them; nothing is called blocked that passes; nothing is called unblocked that our
lists still stop; and what fails leaves the lists as they were.
"""

from __future__ import annotations

import ipaddress
import os
import re
import tempfile
import typing as t
from pathlib import Path

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import FortiViewError
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from simulators.fortigate import FortiGate, ManualClock, Switches, topology
from simulators.fortigate.passing import Packet, through
from support.hosts import METHODS, Blocking
from support.random_fortigates import PARTS, names, open_packets, order_of, put_objects, put_policies

# More of them by `make soak`.
EXAMPLES = int(os.environ.get("EXAMPLES", "80"))
START, VDOMS, OWN = 1762862400.0, ("root", "guest"), {4: "203.0.113.1", 6: "2001:db8:1::1"}
FOURS = [f"198.51.100.{number}" for number in range(64)]
SIXES = [f"2001:db8:bad::{number:x}" for number in range(32)]
PUBLISHED = "203.0.113.10"
INSIDE_OF_GUEST = {4: ["10.2.1.9"], 6: ["2001:db8:20::9"]}
# The interfaces of policies, in the other VDOM.
IN_GUEST = {"wan1": "guest-wan", "wan2": "guest-wan", "lan": "guest-lan", "dmz": "guest-lan"}
# The DNS servers that a new FortiGate has.
FACTORY = ("96.45.45.45", "96.45.46.46")
Configured = tuple[str, t.Any]
Data = dict[str, t.Any]
# Each of the places in which a FortiGate has an address, as configuration.
PLACES: tuple[t.Callable[[str], Configured], ...] = (
    lambda a: ("system/admin", [{"name": f"noc-{_mark(a)}", "trusthost3" if "." in a else "ip6-trusthost3": _host(a)}]),
    lambda a: ("vpn.ipsec/phase1-interface", [{"name": f"to-{_mark(a)}", "remote-gw" if "." in a else "remote-gw6": a}]),
    lambda a: ("router/bgp", {"neighbor": [{"ip": a}]}),
    lambda a: ("router/bgp", {"neighbor-range": [{"id": 1, "prefix": f"{a} 255.255.255.248"}]} if "." in a
               else {"neighbor-range6": [{"id": 1, "prefix6": f"{a}/125"}]}),
    lambda a: (f"router/static{'' if '.' in a else '6'}", [{"seq-num": 900, "gateway": a, "device": "lan", "status": "disable"}]),
    lambda a: ("system/dns", {"secondary" if "." in a else "ip6-primary": a}),
    lambda a: ("system/ntp", {"ntpserver": [{"id": 1, "server": a}]}),
    lambda a: ("log.syslogd2/setting", {"server": a}),
    lambda a: ("user/radius", [{"name": "aaa", "secondary-server": a}]),
    lambda a: ("user/saml", [{"name": "idp", "idp-single-sign-on-url": f"https://{a if '.' in a else f'[{a}]'}/x"}]),
    lambda a: ("firewall/vip", [{"name": "web", "extip": a, "mappedip": [{"range": "10.1.1.9"}]}])
    if "." in a else ("firewall/vip6", [{"name": "web6", "extip": a, "mappedip": "2001:db8:10::9"}]),
    lambda a: (f"firewall/ippool{'' if '.' in a else '6'}", [{"name": "nat", "startip": a, "endip": a}]),
)  # fmt: skip


def _mark(address: str) -> str:
    return address.replace(".", "-").replace(":", "-")


def _host(address: str) -> str:
    return f"{address} 255.255.255.255" if "." in address else f"{address}/128"


def spellings(address: str) -> st.SearchStrategy[t.Any]:
    """As an address, or as a network that holds it, of any width; as an offender that has attacked something."""
    known = ipaddress.ip_address(address)
    texts = [address, address, f" {address}", f"{address}/{known.max_prefixlen}", known.exploded.upper()]
    if known.version == 4:
        texts += [f"::ffff:{address}", f"::ffff:{address}/128", f"0:0:0:0:0:FFFF:{address}"]
    # Most of the wide ones hold something that is protected.
    widths = (
        16 if known.version == 4 else 56,
        known.max_prefixlen - 8,
        *range(known.max_prefixlen - 4, known.max_prefixlen),
    )
    wide = [str(ipaddress.ip_network(f"{address}/{width}", strict=False)) for width in widths]
    plain = st.sampled_from(texts) | st.sampled_from(texts) | st.sampled_from(wide)
    sides = st.sampled_from(["source", "destination", "both"])
    victims = st.lists(st.sampled_from([OWN[known.version], "10.1.1.9"]), max_size=2)
    return st.one_of(
        plain,
        plain.map(lambda text: {"address": text}),
        plain.map(lambda text: {"ip": text, "ttl": 600}),
        st.builds(
            lambda text, side, those: {"address": text, "side": side, "victims": those, "role": "attacker"},
            plain,
            sides,
            victims,
        ),
    )


addresses = st.sampled_from([*FOURS, *SIXES])
dependencies = st.lists(
    st.tuples(st.integers(0, 1), st.sampled_from(VDOMS), st.sampled_from(PLACES), addresses), max_size=6
)
# Of one FortiGate. `local_in` is where a local-in policy denies by our lists: not at all, everywhere, for one interface, below an accepting one.
fortigates = st.fixed_dictionaries(
    {
        "vdoms": st.fixed_dictionaries({name: st.fixed_dictionaries(PARTS) for name in VDOMS}),
        "second": st.sampled_from(["", "", "role", "route", "route6"]),
        "country": st.booleans(),
        "feed": st.sampled_from([{}, {}, {}, {"status": "disable"}, {"type": "category"}, {"update-method": "feed"}]),
        "local_in": st.sampled_from(["", "all", "all", "all", "lan", "below"]),
        "lookup": st.sampled_from([{}, {}, {"policy_lookup_sees_feeds": False}, {"policy_lookup": "not_found"}]),
        "others": st.lists(st.sampled_from(["feed", "feed network", "group range", "group name", "engine"]), max_size=2, unique=True),
    }
)  # fmt: skip
runs = st.fixed_dictionaries(
    {
        "method": st.sampled_from(METHODS),
        "local_in_method": st.sampled_from(["", "feed_push", "addrgrp"]),
        "vdoms": st.sampled_from([["root"], ["root"], ["root", "guest"], ["guest"]]),
        "require_policy": st.sampled_from([True, True, False]),
        "unblocks": st.sampled_from(["", *METHODS]),
    }
)


def built(drawn: Data, clock: ManualClock, number: int) -> FortiGate:
    box = FortiGate(Switches(vdoms=list(VDOMS), version="v7.6.6"), clock=clock, serial=f"FGT{number}")
    countries = {"198.51.100.0/24": "XX", "2001:db8:bad::/48": "XX"} if drawn["country"] else {}
    box.switches.update({"countries": countries, **drawn["lookup"]})
    second = drawn["second"]
    if second:
        role = {"role": "wan"} if second == "role" else {}
        box.configure("system/interface", [{"name": "wan2", "vdom": "root", "ip": "192.0.3.1/24", **role}])
    if second.startswith("route"):
        box.configure(f"router/static{second[5:]}", [{"seq-num": 1, "device": "wan2"}])
    for vdom, parts in drawn["vdoms"].items():
        put_objects(box.state, parts, ["there"], vdom)
        order = order_of(parts, "FEED") if parts["ours"] is None or number % 2 else order_of(parts, "SOC")
        # One policy can deny by both.
        for one in order:
            for key in ("srcaddr", "dstaddr"):
                one[key] = [*one[key], "FEED"] if one["action"] == "deny" and one[key] == ["SOC"] else one[key]
        here = str if vdom == "root" else lambda name: IN_GUEST.get(name, name)
        put_policies(box.state, order, vdom, interface=here if second else _without_second(here))
        if drawn["feed"]:
            box.configure("system/external-resource", [{"name": "FEED", **drawn["feed"]}], vdom)
        _local_in(box, drawn["local_in"], vdom)
    return box


def _without_second(here: t.Callable[[str], str]) -> t.Callable[[str], str]:
    return lambda name: here("wan1" if name == "wan2" else name)


def _local_in(box: FortiGate, where: str, vdom: str) -> None:
    if not where:
        return
    every = {"dstaddr": names("all"), "service": names("ALL"), "schedule": "always"}
    lan = "lan" if vdom == "root" else "guest-lan"
    for six in ("", "6"):
        deny = {"policyid": 2, "action": "deny", "intf": names("any" if where != "lan" else lan), **every}
        deny["srcaddr"] = names("FEED", f"SOC{six}")
        accept = {"policyid": 1, "action": "accept", "intf": names("any"), "srcaddr": names("all"), **every}
        box.configure(f"firewall/local-in-policy{six}", [*([accept] if where == "below" else []), deny], vdom)


def add_others(box: FortiGate, wanted: t.Sequence[str], address: str) -> None:
    """What is on the lists already, in each VDOM."""
    six = "6" if ":" in address else ""
    network = ipaddress.ip_network(f"{address}/{125 if six else 29}", strict=False)
    for vdom in VDOMS:
        if "engine" in wanted:
            box.seed_bans([{"ip_address": address, "source": "IPS"}], vdom)
        for kind, entry in (("feed", address), ("feed network", str(network))):
            if kind in wanted:
                box.state.feeds.push(vdom, "FEED", "add", [entry], START)
        member = {"group range": "theirs", "group name": "name"}
        for kind, name in member.items():
            if kind in wanted:
                ends = {"type": "iprange", "start-ip": str(network[0]), "end-ip": str(network[-1])}
                box.configure(f"firewall/address{six}", [{"name": "theirs", **ends}], vdom)
                box.configure(f"firewall/addrgrp{six}", [{"name": f"SOC{six}", "member": names("there", name)}], vdom)


def depend(boxes: t.Sequence[FortiGate], wanted: t.Sequence[tuple[int, str, t.Any, str]]) -> set[t.Any]:
    """Configure the dependencies. What is set twice in one place has the last value."""
    kept: dict[t.Any, str] = {}
    for number, vdom, place, address in wanted:
        path, configured = place(address)
        boxes[number].configure(path, configured, vdom)
        shared = path.startswith(("system/", "log."))
        attributes = configured if isinstance(configured, dict) else configured[0]
        single = isinstance(configured, dict) or attributes.get("name", "nat") in ("aaa", "idp", "web", "web6", "nat")
        kept[number, "" if shared else vdom, path, tuple(attributes) if single else address] = (
            f"{address}/{29 if '.' in address else 125}" if "neighbor-range" in str(configured) else address
        )
    return {ipaddress.ip_network(address, strict=False) for address in kept.values()}


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@pytest.mark.timeout(max(600, 5 * EXAMPLES))
@given(
    data=st.data(), wanted=dependencies, drawn=st.tuples(fortigates, fortigates), options=runs, asks=st.integers(0, 1)
)
def test_what_a_run_says_is_so(
    data: st.DataObject, wanted: list[tuple[int, str, t.Any, str]], drawn: tuple[Data, Data], options: Data, asks: int
) -> None:
    clock = ManualClock(START)
    boxes = [built(one, clock, number) for number, one in enumerate(drawn)]
    protected = depend(boxes, wanted)
    innocent = data.draw(st.lists(addresses, min_size=1, max_size=4, unique=True))
    pool = [*(str(one.network_address) for one in protected), *innocent]
    chosen = st.sampled_from(innocent) | st.sampled_from(innocent) | st.sampled_from(pool)
    targets = data.draw(st.lists(chosen.flatmap(spellings), min_size=1, max_size=5))
    box, vdoms = boxes[asks], options["vdoms"]
    before = {(vdom, one): passing(box, vdom, one) for vdom in vdoms for one in pool}
    add_others(box, drawn[asks]["others"], pool[-1])
    lists = {vdom: contents(box, vdom) for vdom in VDOMS}
    with tempfile.TemporaryDirectory() as folder:
        run = Blocking(Path(folder), clock, direct=True)
        run.fortigates = {f"fgt-{number}": one for number, one in enumerate(boxes)}
        given_options = {
            "vdoms": vdoms, "method": options["method"], "local_in_method": options["local_in_method"], "on_protected": "skip",
            "allow_networks": options["method"] != "ban", "require_policy": options["require_policy"], "feed": "FEED", "group": "SOC",
            "group6": "SOC6", "verify_retries": 0,
        }  # fmt: skip
        for host in run.fortigates:
            outcome(run, host, targets, plan=True, **given_options)
        result, failed = outcome(run, f"fgt-{asks}", targets, **given_options)
        event("failed" if failed else ", ".join(sorted({one["result"] or one["action"] for one in result["steps"]})))
        nothing_protected_is_blocked(boxes, protected, lists)
        for step in [] if failed else result["steps"]:
            if step["result"] in ("blocked", "extended"):
                assert not still_passing(box, step), step
        if failed:
            assert {vdom: contents(box, vdom) for vdom in VDOMS} == lists, "as it was"
        # Without a method, what the registry knows is removed wherever it is.
        del given_options["method"]
        named = {"method": options["unblocks"]} if options["unblocks"] else {}
        told, still = outcome(run, f"fgt-{asks}", pool, state="absent", **given_options, **named)
        event("still blocked" if still else "unblocked")
        if not drawn[asks]["lookup"]:
            clear = called_absent(told.get("steps", ()), told.get("said", ""))
            assert not [one for one in clear if denied_by_address(box, *one)]
        undecided = any("may still block the targets" in one for one in told.get("notices", ()))
        if not still and not undecided and (not options["unblocks"] or options["unblocks"] == options["method"]):
            for (vdom, address), open_before in before.items():
                assert open_before <= passing(box, vdom, address), (vdom, address)


def outcome(run: Blocking, host: str, targets: t.Any, **options: t.Any) -> tuple[Data, bool]:
    """What a run says, and whether it failed."""
    try:
        return run.block(host, targets, **options), False
    except FortiViewError as error:
        return {**(error.outcome or {}), "said": str(error)}, True


def contents(box: FortiGate, vdom: str) -> Data:
    """All that is on the lists, as networks."""
    groups = {f"SOC{six}": box.members(f"SOC{six}", vdom) for six in ("", "6")}
    return {
        "bans": sorted(one["ip_address"] for one in box.bans(vdom)),
        "feed": sorted(box.feed("FEED", vdom)),
        **groups,
    }


def nothing_protected_is_blocked(boxes: t.Sequence[FortiGate], protected: t.Collection[t.Any], before: Data) -> None:
    """Whatever is on a list now, and was not before."""
    for box in boxes:
        for vdom in VDOMS:
            now, then = contents(box, vdom), before[vdom] if box.serial else {}
            new = [one for key in ("bans", "feed") for one in now[key] if one not in then[key]]
            objects = {
                one["name"]: one for table in ("address", "address6") for one in box.objects(f"firewall/{table}", vdom)
            }
            ours = [objects[name] for key in ("SOC", "SOC6") for name in now[key] if name.startswith("blk-")]
            new += ["/".join(str(one.get("subnet") if one["type"] == "ipmask" else one["ip6"]).split()) for one in ours]
            blocked = [ipaddress.ip_network(text, strict=False) for text in new]
            assert not [(one, net) for one in protected for net in blocked if one.overlaps(net)], (box.serial, vdom)


def still_passing(box: FortiGate, step: Data) -> set[t.Any]:
    """Packets that pass in spite of the block: of the first, the last and some address of a network."""
    network = ipaddress.ip_network(step["address"])
    found: set[t.Any] = set()
    for host in dict.fromkeys((network[0], network[-1], network[network.num_addresses // 2])):
        side = "source" if step["method"] == "ban" else step.get("side") or "source"
        found |= passing(box, step["vdom"], str(host), side)
        itself = "instead of a ban" in step["why"]
        if itself and box.passes(str(host), OWN[network.version], vdom=step["vdom"], to_fortigate=True):
            found.add((str(host), "the FortiGate itself"))
    return found


def called_absent(steps: t.Sequence[Data], said: str) -> set[tuple[str, str]]:
    """VDOM and address of what is said to be on no list, and not to be blocked by anything else; an error names what is."""
    named = {(one["vdom"], one["address"]) for one in steps if one["action"] not in ("absent", "remove")}
    found = {(one["vdom"], one["address"]) for one in steps if one["action"] == "absent"} - named
    return {
        (vdom, address) for vdom, address in found if not re.search(rf"(?<![\d.]){re.escape(address)}(?![\d.])", said)
    }


def denied_by_address(box: FortiGate, vdom: str, address: str) -> bool:
    """Whether a policy that names other sources than all of them denies its way to the published server."""
    if ":" in address or vdom != "root":
        return False
    source, server = ipaddress.ip_address(address), ipaddress.ip_address(PUBLISHED)
    policies = {one["policyid"]: one for one in box.objects("firewall/policy", vdom)}
    for way in topology.ways_from(box.state, vdom, source):
        found = through(box.state, Packet(source, server, 443, way), vdom)
        if found.policy is not None and policies[found.policy]["action"] == "deny":
            return all(one["name"] != "all" for one in policies[found.policy]["srcaddr"])
    return False


def passing(box: FortiGate, vdom: str, address: str, side: str = "both") -> set[t.Any]:
    others = INSIDE_OF_GUEST[6 if ":" in address else 4] if vdom == "guest" else ()
    return open_packets(box.state, address, side, vdom, others)

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Random dependencies on several FortiGates, random targets in any spelling: nothing that one depends on is blocked on any of them."""

from __future__ import annotations

import ipaddress
import tempfile
import typing as t
from pathlib import Path

from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import FortiViewError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulators.fortigate import FortiGate, ManualClock, Switches
from support.hosts import METHODS, PREPARED, Blocking

SERVER, START, VDOMS = "203.0.113.10", 1762862400.0, ("root", "guest")
FOURS = [f"198.51.100.{number}" for number in range(64)]
SIXES = [f"2001:db8:bad::{number:x}" for number in range(32)]
Configured = tuple[str, t.Any]
# Each of the places in which a FortiGate has an address, as configuration.
PLACES: tuple[t.Callable[[str], Configured], ...] = (
    lambda a: ("system/admin", [{"name": f"noc-{_mark(a)}", "trusthost3" if "." in a else "ip6-trusthost3": _host(a)}]),
    lambda a: ("vpn.ipsec/phase1-interface", [{"name": f"to-{_mark(a)}", "remote-gw" if "." in a else "remote-gw6": a}]),
    lambda a: ("router/bgp", {"neighbor": [{"ip": a}]}),
    lambda a: ("router/static", [{"gateway": a if "." in a else "198.51.100.3", "device": "lan"}]),
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
    """As an address, or as a network that holds it, of any width."""
    known = ipaddress.ip_address(address)
    texts = [address, f" {address}", f"{address}/{known.max_prefixlen}", known.exploded.upper()]
    if known.version == 4:
        texts += [f"::ffff:{address}", f"::ffff:{address}/128", f"0:0:0:0:0:FFFF:{address}"]
    first = 16 if known.version == 4 else 56
    widths = range(first, known.max_prefixlen)
    texts += [str(ipaddress.ip_network(f"{address}/{width}", strict=False)) for width in widths]
    plain = st.sampled_from(texts)
    return plain | plain.map(lambda text: {"address": text}) | plain.map(lambda text: {"ip": text, "ttl": 600})


addresses = st.sampled_from([*FOURS, *SIXES])
dependencies = st.lists(
    st.tuples(st.integers(0, 1), st.sampled_from(VDOMS), st.sampled_from(PLACES), addresses), min_size=1, max_size=6
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data(), wanted=dependencies, asks=st.integers(0, 1), method=st.sampled_from(METHODS))
def test_nothing_that_one_depends_on_is_blocked_on_any(
    data: st.DataObject, wanted: list[tuple[int, str, t.Any, str]], asks: int, method: str
) -> None:
    clock = ManualClock(START)
    boxes = [FortiGate(Switches(**PREPARED), clock=clock, serial=f"FGT{number}") for number in range(2)]
    kept: dict[tuple[int, str, str], str] = {}
    for number, vdom, place, address in wanted:
        path, configured = place(address)
        boxes[number].configure(path, configured, vdom)
        # What is set twice in a single object has the last value.
        one = (
            path
            if isinstance(configured, dict) or path in ("user/radius", "user/saml") or path.startswith("firewall")
            else address
        )
        scope = "" if path.startswith(("system/", "log.")) else vdom
        kept[(number, scope, f"{path} {one} {':' in address and 'dns' in path}")] = (
            address if path != "router/static" or "." in address else "198.51.100.3"
        )
    protected = {ipaddress.ip_address(address) for address in kept.values()}
    pool = [str(address) for address in protected] + data.draw(st.lists(addresses, max_size=4))
    targets = data.draw(st.lists(st.sampled_from(pool).flatmap(spellings), min_size=1, max_size=6))
    with tempfile.TemporaryDirectory() as folder:
        run = Blocking(Path(folder), clock, direct=True)
        run.fortigates = {f"fgt-{number}": box for number, box in enumerate(boxes)}
        options = {"vdoms": list(VDOMS), "method": method, "allow_networks": method != "ban", "on_protected": "skip"}
        for host in run.fortigates:
            _tolerated(run, host, targets, plan=True, **options)
        result = _tolerated(run, f"fgt-{asks}", targets, **options)
    for box in boxes:
        for vdom in VDOMS:
            blocked = list(_blocked(box, vdom, method))
            assert not [(one, net) for one in protected for net in blocked if one in net], (box.serial, vdom)
        for one in protected:
            assert one.version == 6 or box.passes(str(one), SERVER)
    _innocent_only(result, protected, boxes[asks], method)


def _tolerated(run: Blocking, host: str, targets: list[t.Any], **options: t.Any) -> dict[str, t.Any]:
    try:
        return run.block(host, targets, **options)
    except FortiViewError as error:
        return error.outcome


def _innocent_only(result: dict[str, t.Any], protected: t.Collection[t.Any], box: FortiGate, method: str) -> None:
    """What is refused as protected has a reason; what is told to be blocked is."""
    for one in result.get("refused", ()):
        if any("protected" in why for why in one["refusals"]):
            network = ipaddress.ip_network(one["address"])
            own = [*protected, *map(ipaddress.ip_address, ("96.45.45.45", "96.45.46.46"))]
            assert any(address in network for address in own), one
    for step in result.get("steps", ()):
        if step["result"] == "blocked":
            assert ipaddress.ip_network(step["address"]) in list(_blocked(box, step["vdom"], method))


def _blocked(box: FortiGate, vdom: str, method: str) -> t.Iterator[t.Any]:
    """The networks on the list."""
    texts: list[str] = []
    if method == "ban":
        texts = [str(one["ip_address"]) for one in box.bans(vdom)]
    elif method == "feed_push":
        texts = box.feed("soc-block", vdom)
    else:
        for group, table, key in (
            ("SOC-BLOCK", "firewall/address", "subnet"),
            ("SOC-BLOCK6", "firewall/address6", "ip6"),
        ):
            members = box.members(group, vdom)
            texts += ["/".join(one[key].split()) for one in box.objects(table, vdom) if one["name"] in members]
    for text in texts:
        yield ipaddress.ip_network(text, strict=False)

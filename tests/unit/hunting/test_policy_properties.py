# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter offenders with any input: no protected address comes out, and nobody is forgotten."""

from __future__ import annotations

import copy
import datetime as dt
import ipaddress
import random
import typing as t

from ansible.errors import AnsibleFilterError
from ansible_collections.secops.fortiview.plugins.module_utils._common.addresses import PRIVATE, SPECIAL
from ansible_collections.secops.fortiview.plugins.plugin_utils.filters.offenders import offenders
from hypothesis import given
from hypothesis import strategies as st

NOW = dt.datetime.now(dt.timezone.utc).isoformat()
Judged = dict[str, list[dict[str, t.Any]]]
PROTECTED = ["203.0.113.7", "198.51.100.64/27", "2001:db8:5afe::/48", "2001:db8::53", "10.0.0.0/8", "192.0.2.0/24"]
PROTECTED_NETWORKS = [ipaddress.ip_network(text) for text in (*PROTECTED, *PRIVATE, *SPECIAL)]
FREE = ["198.51.100.1", "198.51.100.200", "203.0.113.200", "2001:db8:bad::1"]


def spellings(number: int, version: int) -> list[object]:
    """One address as users, logs and attackers write it."""
    if version == 4:
        four = ipaddress.IPv4Address(number)
        octets = str(four).split(".")
        return [
            str(four),
            f"::ffff:{four}",
            f"::FFFF:{four}",
            f"0:0:0:0:0:ffff:{number >> 16:x}:{number & 0xFFFF:x}",
            f"::{four}",
            f"64:ff9b::{four}",
            ".".join(octet.zfill(3) for octet in octets),
            f"0{octets[0]}.{'.'.join(octets[1:])}",
            f"{four}/32",
            f"::ffff:{four}/128",
            str(ipaddress.ip_network((int(four) >> 8 << 8, 24))),
            str(ipaddress.ip_network((int(four) >> 24 << 24, 8))),
            "0.0.0.0/0",
            f" {four}",
            f"{four}\n",
            number,
            hex(number),
            four.packed,
            str(four).encode(),
        ]
    six = ipaddress.IPv6Address(number)
    return [
        str(six),
        six.exploded,
        six.exploded.upper(),
        f"{six}/128",
        str(ipaddress.ip_network((number >> 80 << 80, 48))),
        "::/0",
        f"{six}%eth0",
        f"[{six}]",
        number,
        six.packed,
    ]


@st.composite
def protected_values(draw: st.DrawFn) -> object:
    """A protected address in one of its spellings."""
    network = draw(st.sampled_from(PROTECTED_NETWORKS))
    number = int(network.network_address) + draw(st.integers(0, network.num_addresses - 1))
    return draw(st.sampled_from(spellings(number, network.version)))


def is_no_network(text: str) -> bool:
    try:
        ipaddress.ip_network(text.strip(), strict=False)
    except ValueError:
        return True
    return False


# Hypothesis also draws the constants of the code, among which are public addresses.
other_text = st.text(max_size=12).filter(is_no_network)
values = st.one_of(protected_values(), st.sampled_from(FREE), st.none(), other_text, st.binary(max_size=16))
columns = st.sampled_from(
    ["srcip", "dstip", "src_ip", "epip", "hostname", "srcip_hostname", "address", "f_user", "domain"]
)
kinds = st.sampled_from(["ips", "virus", "Malicious Websites", "botnet", "", "blocked-connection"])
rows = st.builds(
    lambda cells, sources, kind, direction, counters: {
        **cells,
        **({} if sources is None else {"sources": sources}),
        **counters,
        "threat": "x",
        "threattype": kind,
        "direction": direction,
    },
    st.dictionaries(columns, values, max_size=5),
    st.none() | st.integers() | st.lists(values, max_size=3),
    kinds,
    st.sampled_from(["incoming", "outgoing", None, ""]),
    # Figures whose sum does not depend on the order.
    st.dictionaries(st.sampled_from(["incidents", "sessions", "bytes", "detected"]), st.integers(0, 99), max_size=2),
)
results = st.builds(
    lambda inner: {"rows": inner, "view": "v", "adom": "root", "complete": True, "replied_at": NOW},
    st.lists(rows, max_size=4),
)
inputs = st.lists(rows, max_size=6) | st.lists(results, max_size=6)


def judged_or_none(value: object, **options: t.Any) -> t.Optional[Judged]:
    """None where nothing in the input has an address, which is the one thing that these inputs may be refused for."""
    try:
        found: Judged = offenders(value, **options)
        return found
    except AnsibleFilterError as error:
        assert "none of these rows has an address" in str(error)
        return None


BOTH = ["attacker", "victim"]


@given(inputs, st.booleans())
def test_no_protected_address_ever_comes_out(value: list[dict[str, t.Any]], allow_private: bool) -> None:
    before = copy.deepcopy(value)
    judged = judged_or_none(value, never=PROTECTED, allow_private=allow_private, roles=BOTH)
    assert value == before
    for one in judged["offenders"] if judged else []:
        address = ipaddress.ip_address(one["address"])
        assert str(address) == one["address"]
        assert one["address"] in FREE or (
            allow_private and lies_in(address, PRIVATE) and not lies_in(address, PROTECTED)
        )
    assert all(one["reasons"] for one in (judged or {"refused": []})["refused"])


def lies_in(address: t.Union[ipaddress.IPv4Address, ipaddress.IPv6Address], networks: t.Iterable[str]) -> bool:
    return any(address in ipaddress.ip_network(network) for network in networks)


@given(inputs, st.randoms(use_true_random=False))
def test_the_same_rows_in_any_order_give_the_same_answer(value: list[dict[str, t.Any]], chance: random.Random) -> None:
    shuffled = [
        {**one, "rows": chance.sample(one["rows"], len(one["rows"]))} if "rows" in one else one for one in value
    ]
    chance.shuffle(shuffled)
    assert judged_or_none(shuffled, roles=BOTH, cap=3) == judged_or_none(value, roles=BOTH, cap=3)


@given(inputs)
def test_everyone_is_either_taken_or_refused_and_nobody_twice(value: list[dict[str, t.Any]]) -> None:
    free, capped = judged_or_none(value), judged_or_none(value, cap=1)
    if free is None or capped is None:
        assert free is capped
        return
    everyone = entries(free)
    assert len(everyone) == len(set(everyone))
    assert entries(capped) == everyone
    assert capped["offenders"] == free["offenders"][:1]


def entries(judged: Judged) -> list[str]:
    everyone = judged["offenders"] + judged["refused"]
    return sorted(repr((one["address"], one.get("role"), one.get("version"))) for one in everyone)

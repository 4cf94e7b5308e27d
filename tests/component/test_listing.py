# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What fortigate_block_info says of an address agrees with whether its packets pass."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import FortiViewError

from simulators.fortigate import FortiGate, ManualClock
from support.blocking import PREPARED, Data, Line, info, listed, operate

ADDRESS, SERVER = "198.51.100.7", "203.0.113.10"
METHODS = ("ban", "feed_push", "addrgrp")


class Bench:
    def __init__(self, box: FortiGate, clock: ManualClock, folder: Path) -> None:
        self.box, self.clock, self.registry = box, clock, str(folder / "blocks.sqlite")

    def block(self, method: str, *targets: str, **options: t.Any) -> None:
        given = {"method": method, "targets": list(targets), "registry": self.registry, **options}
        operate(Line.of(self.box), None, self.clock.now, self.clock.advance, **given)

    def list(self, *addresses: str, **options: t.Any) -> list[Data]:
        given = {"registry": self.registry, "addresses": list(addresses), **options}
        return listed(Line.of(self.box), None, self.clock.now, self.clock.advance, **given)

    def push(self, *entries: str) -> None:
        commands = [{"name": "soc-block", "command": "add", "entries": list(entries)}]
        path = "monitor/system/external-resource/dynamic?vdom=root"
        self.box.other_administrator("POST", path, {"commands": commands})

    def passes(self) -> bool:
        return self.box.passes(ADDRESS, SERVER)


@pytest.fixture(scope="module")
def pair() -> t.Iterator[tuple[FortiGate, ManualClock]]:
    clock = ManualClock(1_800_000_000.0)
    with FortiGate(clock=clock) as box:
        yield box, clock


@pytest.fixture
def bench(pair: tuple[FortiGate, ManualClock], tmp_path: Path) -> t.Iterator[Bench]:
    box, clock = pair
    box.switches.restore(type(box.switches)())
    box.reset()
    box.switches.update(PREPARED)
    yield Bench(box, clock, tmp_path)
    assert box.check() == []


@pytest.mark.parametrize("method", METHODS)
def test_a_block_of_ours_is_found(bench: Bench, method: str) -> None:
    bench.block(method, ADDRESS)
    writes = len(bench.box.writes)
    (row,) = bench.list(ADDRESS)
    assert (row["method"], row["asked"], row["stops"], row["whole"], row["ours"]) == (method, ADDRESS, True, True, True)
    assert not bench.passes() and len(bench.box.writes) == writes


def test_networks_ranges_and_entries_of_others_are_found(bench: Bench) -> None:
    wide = [{"name": "SCAN", "type": "iprange", "start-ip": "198.51.100.0", "end-ip": "198.51.100.9"}]
    bench.box.configure("firewall/address", wide)
    bench.box.configure(
        "firewall/addrgrp", [{"name": "SOC-BLOCK", "member": [{"name": "blk-placeholder"}, {"name": "SCAN"}]}]
    )
    bench.push(ADDRESS, "198.51.100.0/24", "192.0.2.1")
    bench.box.seed_bans([{"ip_address": ADDRESS, "source": "IPS"}])
    found = {(row["method"], row["address"]): row for row in bench.list(ADDRESS)}
    assert set(found) == {
        ("ban", ADDRESS),
        ("feed_push", ADDRESS),
        ("feed_push", "198.51.100.0/24"),
        ("addrgrp", "198.51.100.0-198.51.100.9"),
    }
    assert {row["ours"] for row in found.values()} == {False} and {row["stops"] for row in found.values()} == {True}
    assert found["ban", ADDRESS]["source"] == "IPS" and found["ban", ADDRESS]["blocked_at"]


def test_without_a_policy_an_entry_stops_nothing(bench: Bench) -> None:
    bench.block("feed_push", ADDRESS)
    bench.box.configure("firewall/policy", [{"policyid": number, "status": "disable"} for number in (9001, 9002)])
    (row,) = bench.list(ADDRESS)
    assert row["stops"] is False and "no policy denies the addresses in soc-block" in row["stops_why"]
    assert bench.passes()


def test_a_policy_above_that_accepts_is_named(bench: Bench) -> None:
    bench.block("feed_push", ADDRESS)
    common = {
        "srcintf": [{"name": "any"}],
        "dstintf": [{"name": "any"}],
        "service": [{"name": "ALL"}],
        "schedule": "always",
    }
    sides = {"srcaddr": [{"name": "all"}], "dstaddr": [{"name": "all"}]}
    bench.box.other_administrator(
        "POST", "cmdb/firewall/policy?vdom=root", {"policyid": 5, "action": "accept", **common, **sides}
    )
    bench.box.other_administrator("PUT", "cmdb/firewall/policy/5?vdom=root&action=move&before=9001")
    (row,) = bench.list(ADDRESS)
    assert row["stops"] is False and "policy 5" in row["stops_why"]


@pytest.mark.parametrize("switches", [{"denied": ["firewall/policy"]}, {"feed_cap": 0}])
def test_what_cannot_be_seen_is_not_known(bench: Bench, switches: Data) -> None:
    bench.block("feed_push", ADDRESS)
    bench.box.switches.update(switches)
    (row,) = bench.list(ADDRESS, method="feed_push")
    assert row["stops"] is None and row["stops_why"]


def test_what_is_no_address_is_refused_before_anything_is_sent(bench: Bench) -> None:
    before = len(list(bench.box.journal))
    with pytest.raises(FortiViewError, match=r"'evil\.example\.com' is not an address"):
        bench.list("evil.example.com")
    assert len(list(bench.box.journal)) == before


def test_since_when_is_not_the_time_of_the_last_extension(bench: Bench) -> None:
    bench.block("feed_push", ADDRESS, run_id="first", ttl="2h")
    begun = bench.list(ADDRESS)[0]["blocked_at"]
    bench.clock.advance(5400)
    bench.block("feed_push", ADDRESS, run_id="second", ttl="2h")
    (row,) = bench.list(ADDRESS)
    assert (row["run_id"], row["blocked_at"]) == ("second", begun)


def counted(bench: Bench, **options: t.Any) -> list[Data]:
    given = {"registry": bench.registry, "hits": True, **options}
    return t.cast(
        "list[Data]", info(Line.of(bench.box), None, bench.clock.now, bench.clock.advance, **given)["policies"]
    )


def test_hits_are_those_of_the_packets_with_one_request_for_each_policy(bench: Bench) -> None:
    bench.block("feed_push", ADDRESS)
    for _packet in range(3):
        assert not bench.passes()
    before = len(list(bench.box.journal))
    source, destination = counted(bench)
    assert (source["policyid"], source["sides"], source["hits"], source["logs"]) == (9001, ["source"], 3, True)
    assert {one["list"] for one in source["lists"]} == {"soc-block", "SOC-BLOCK"} and source["last_hit"] is not None
    # Counted, and never hit since an unknown time: no time is invented.
    assert (destination["policyid"], destination["hits"], destination["last_hit"]) == (9002, 0, None)
    asked = [entry for entry in list(bench.box.journal)[before:] if entry.path.endswith("monitor/firewall/policy")]
    assert len(asked) == 2 and not bench.box.journal[before:][0].writes


def test_a_group_in_a_group_and_other_addresses_of_a_policy(bench: Bench) -> None:
    bench.box.configure("firewall/policy", [{"policyid": 9001, "status": "disable"}])
    bench.box.configure("firewall/addrgrp", [{"name": "OUTER", "member": [{"name": "SOC-BLOCK"}]}])
    sides = {"srcaddr": [{"name": "OUTER"}, {"name": "lan"}], "dstaddr": [{"name": "all"}]}
    ways = {
        "srcintf": [{"name": "any"}],
        "dstintf": [{"name": "any"}],
        "service": [{"name": "ALL"}],
        "schedule": "always",
    }
    bench.box.configure("firewall/address", [{"name": "lan", "subnet": "192.0.2.0 255.255.255.0"}])
    bench.box.configure(
        "firewall/policy", [{"policyid": 7, "action": "deny", "logtraffic": "disable", **ways, **sides}]
    )
    (row,) = [row for row in counted(bench) if row["policyid"] == 7]
    assert (row["lists"], row["others"], row["logs"]) == ([{"method": "addrgrp", "list": "SOC-BLOCK"}], ["lan"], False)


def test_a_negated_or_accepting_policy_does_not_deny_by_the_list(bench: Bench) -> None:
    bench.box.configure(
        "firewall/policy", [{"policyid": 9001, "srcaddr-negate": "enable"}, {"policyid": 9002, "action": "accept"}]
    )
    assert counted(bench, method="feed_push") == []


@pytest.mark.parametrize(
    "path, policyid", [("cmdb/firewall/policy", None), ("monitor/firewall/policy", 9001)], ids=["policies", "counter"]
)
@pytest.mark.parametrize("kind", ["forbidden", "not_found", "empty", "status_error"])
def test_a_counter_that_cannot_be_read_is_not_zero(
    bench: Bench, kind: str, path: str, policyid: t.Optional[int]
) -> None:
    bench.box.fault(kind, method="GET", path=path, times=99)
    rows = counted(bench, method="feed_push")
    assert rows[0]["policyid"] == policyid
    assert {row["hits"] for row in rows} == {None} and all(row["why"] for row in rows)

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Any sequence of runs, of time, and of what happens to two FortiGates: what a run that ended well says is what they block."""

from __future__ import annotations

import itertools
import typing as t
from pathlib import Path

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.registry.store import open_registry
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import FortiViewError
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from simulators.fortigate import FortiGate, ManualClock
from support.blocking import PREPARED, Data, Line, listed, on_list, operate

START = 1_800_000_000.0
METHODS = ("ban", "feed_push", "addrgrp")
ADDRESSES = ["198.51.100.7", "203.0.113.77", "2001:db8:bad::7"]
gates, methods = st.integers(0, 1), st.sampled_from(METHODS)
some = st.lists(st.sampled_from(ADDRESSES), min_size=1, max_size=3, unique=True)
ACTIONS = st.one_of(
    st.tuples(st.just("block"), gates, methods, some, st.sampled_from([60, 3600, 14400]), st.booleans()),
    st.tuples(st.just("unblock"), gates, st.sampled_from(["", *METHODS]), some),
    st.tuples(st.just("everything"), gates),
    st.tuples(st.just("expire"), gates),
    st.tuples(st.just("reconcile"), gates),
    st.tuples(st.just("time"), st.sampled_from([30, 61, 2000, 3601, 20000])),
    st.tuples(st.just("reboot"), gates),
    st.tuples(st.just("failover"), gates),
    st.tuples(st.just("somebody adds"), gates, methods, st.sampled_from(ADDRESSES)),
    st.tuples(st.just("somebody removes"), gates, methods, st.sampled_from(ADDRESSES)),
    st.tuples(st.just("an engine bans"), gates, st.sampled_from(ADDRESSES)),
)
Action = tuple[t.Any, ...]


class Site:
    """Two FortiGates with one registry."""

    def __init__(self, boxes: t.Sequence[FortiGate], clock: ManualClock, registry: Path) -> None:
        self.boxes, self.clock, self.registry = boxes, clock, str(registry)
        self.lines = [Line.of(box) for box in boxes]
        self.senders = [line.sender() for line in self.lines]
        self.runs = itertools.count()
        for box in boxes:
            box.reset()
            box.switches.update(PREPARED)

    def run(self, gate: int, **options: t.Any) -> t.Optional[Data]:
        """None where it failed, which only removing may do: it names what still blocks an address."""
        line, send = self.lines[gate], self.senders[gate]
        usual = {"registry": self.registry, "run_id": f"run{next(self.runs)}", "verify_retries": 0}
        try:
            return operate(line, send, self.clock.now, self.clock.advance, **usual, **options)
        except FortiViewError as error:
            assert error.kind in ("still_blocked", "not_reconciled"), error
            return None

    def on(self, gate: int, method: str) -> set[str]:
        """All of the list, whoever made it."""
        box = self.boxes[gate]
        return {str(ban["ip_address"]) for ban in box.bans()} if method == "ban" else on_list(box, method)

    def take(self, action: Action) -> None:
        name, *rest = action
        if name == "time":
            self.clock.advance(rest[0])
        else:
            getattr(self, f"_{name.replace(' ', '_')}")(*rest)
            self._compare(rest[0])

    def _compare(self, gate: int) -> None:
        """What is listed is what there is."""
        rows = listed(self.lines[gate], self.senders[gate], self.clock.now, registry=self.registry)
        found = {(row["method"], row["address"]) for row in rows}
        assert found == {(method, address) for method in METHODS for address in self.on(gate, method)}

    def _block(self, gate: int, method: str, addresses: list[str], ttl: int, hunted: bool) -> None:
        role = {"role": "attacker"} if hunted else {}
        targets = [{"address": one, **role} for one in addresses]
        found = self.run(gate, state="present", method=method, targets=targets, ttl=str(ttl))
        assert found is not None and {step["address"] for step in found["steps"]} == set(addresses)
        there = self.on(gate, method)
        for step in found["steps"]:
            assert (step["address"] in there) == (step["action"] != "pardoned"), step
            assert not step["result"] or step["result"] in ("blocked", "extended"), step
        again = self.run(gate, state="present", method=method, targets=targets, ttl=str(ttl))
        assert again is not None and not again["changed"], again
        packets = [one for one in addresses if one in there and "." in one and method != "ban"]
        assert not [one for one in packets if self.boxes[gate].passes(one, "203.0.113.10")]

    def _unblock(self, gate: int, method: str, addresses: list[str]) -> None:
        found = self.run(gate, state="absent", targets=addresses, **({"method": method} if method else {}))
        for step in (found or {"steps": []})["steps"]:
            assert step["action"] in ("remove", "absent")
            assert step["address"] not in self.on(gate, step["method"]), step
        if found is not None:
            asked = [method] if method else METHODS
            assert not [one for each in asked for one in self.on(gate, each) if one in addresses]

    def _everything(self, gate: int) -> None:
        found = self.run(gate, state="absent", everything=True)
        for step in (found or {"steps": []})["steps"]:
            assert step["address"] not in self.on(gate, step["method"]), step
        if found is not None:
            rows = listed(self.lines[gate], self.senders[gate], self.clock.now, registry=self.registry)
            assert [row for row in rows if row["ours"]] == []

    def _expire(self, gate: int) -> None:
        found = self.run(gate, state="expired")
        if found is None:
            return
        assert all(step["address"] not in self.on(gate, step["method"]) for step in found["steps"])
        rows = listed(self.lines[gate], self.senders[gate], self.clock.now, registry=self.registry)
        # Times are text of whole seconds.
        from_now = [row for row in rows if row["ours"] and row["method"] != "ban" and row["expires"]]
        assert [row for row in from_now if _seconds(row["expires"]) < self.clock.now() - 1] == []

    def _reconcile(self, gate: int) -> None:
        """What the registry says is blocked, and what nobody knows is left."""
        before = {method: self.on(gate, method) for method in METHODS}
        found = self.run(gate, state="reconciled")
        if found is None:
            return
        with open_registry(self.registry) as registry:
            claims = [one for one in registry.find() if one.place.serial == self.boxes[gate].serial]
        now = self.clock.now()
        for one in claims:
            wanted = one.expires_at is None or one.expires_at > now + 60
            assert not wanted or one.address in self.on(gate, one.place.method), one
        removed = {(step["method"], step["address"]) for step in found["steps"] if step["action"] == "remove"}
        gone = {(method, one) for method in METHODS for one in before[method] - self.on(gate, method)}
        assert gone == removed
        again = self.run(gate, state="reconciled")
        assert again is not None and not again["changed"], again

    def _reboot(self, gate: int) -> None:
        self.boxes[gate].reboot()

    def _failover(self, gate: int) -> None:
        self.boxes[gate].ha_failover()

    def _somebody_adds(self, gate: int, method: str, address: str) -> None:
        self._somebody(gate, method, address, True)

    def _somebody_removes(self, gate: int, method: str, address: str) -> None:
        if address in self.on(gate, method):
            self._somebody(gate, method, address, False)

    def _somebody(self, gate: int, method: str, address: str, adds: bool) -> None:
        act = self.boxes[gate].other_administrator
        if method == "ban":
            call = "add_users" if adds else "clear_users"
            body = {"ip_addresses": [address], **({"expiry": 7200} if adds else {})}
            act("POST", f"monitor/user/banned/{call}?vdom=root", body)
        elif method == "feed_push":
            command = {"name": "soc-block", "command": "add" if adds else "remove", "entries": [address]}
            act("POST", "monitor/system/external-resource/dynamic?vdom=root", {"commands": [command]})
        elif not adds:
            six = "6" if ":" in address else ""
            name = f"blk-{address.replace(':', '_')}"
            act("DELETE", f"cmdb/firewall/addrgrp{six}/SOC-BLOCK{six}/member/{name}?vdom=root")

    def _an_engine_bans(self, gate: int, address: str) -> None:
        self.boxes[gate].seed_bans([{"ip_address": address, "source": "IPS"}])


def _seconds(text: str) -> float:
    from datetime import datetime, timezone

    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc).timestamp()


@pytest.fixture(scope="module")
def pair() -> t.Iterator[tuple[list[FortiGate], ManualClock]]:
    clock = ManualClock(START)
    with (
        FortiGate(clock=clock, serial="FGT-1", hostname="one") as one,
        FortiGate(clock=clock, serial="FGT-2", hostname="two") as two,
    ):
        yield [one, two], clock


numbers = itertools.count()


@pytest.mark.timeout(600)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@example([("block", 0, "feed_push", ADDRESSES, 60, False), ("time", 61), ("reboot", 0), ("expire", 0)])
@example(
    [
        ("block", 0, "ban", ADDRESSES, 3600, False),
        ("failover", 0),
        ("everything", 0),
        ("block", 0, "ban", ADDRESSES, 60, True),
    ]
)
@example(
    [
        ("block", 0, "addrgrp", ADDRESSES, 3600, False),
        ("reboot", 0),
        ("somebody removes", 0, "addrgrp", ADDRESSES[0]),
        ("reconcile", 0),
    ]
)
@example([("somebody adds", 0, "ban", ADDRESSES[0]), ("block", 0, "ban", ADDRESSES, 60, False), ("reconcile", 0)])
@given(st.lists(ACTIONS, min_size=3, max_size=10))
def test_what_a_run_says_is_what_is_blocked(
    pair: tuple[list[FortiGate], ManualClock], tmp_path: Path, actions: list[Action]
) -> None:
    boxes, clock = pair
    site = Site(boxes, clock, tmp_path / f"{next(numbers)}.sqlite")
    for action in actions:
        site.take(action)
    assert [problem for box in boxes for problem in box.check()] == []

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Thirty days of hunts, schedules and accidents: at the end of each day every FortiGate blocks just what the registry says, or the
run of that day has failed and said so."""

from __future__ import annotations

import itertools
import random
import typing as t
from pathlib import Path

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.registry.store import open_registry
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import FortiViewError

from simulators.fortigate import FortiGate, ManualClock
from support.blocking import PREPARED, Data, Line, on_list, operate

START = 1_800_000_000.0
HOUR, DAY = 3600, 86400
SERVER, COLLEAGUES = "203.0.113.10", "192.0.2.200"
METHODS = ("ban", "feed_push", "addrgrp")
# Seconds by which the clocks of the two nodes that run the jobs differ from the right time.
NODES = (0, 90)
# The day on which the registry is lost.
LOST = 20


class Site:
    """A FortiGate for each method, two nodes that take turns, and the registry that they share."""

    def __init__(self, boxes: t.Sequence[FortiGate], clock: ManualClock, folder: Path) -> None:
        self.boxes, self.clock, self.folder = boxes, clock, folder
        self.lines = [Line.of(box) for box in boxes]
        self.senders = [line.sender() for line in self.lines]
        self.registry = str(folder / "blocks.sqlite")
        self.runs = itertools.count()
        # FortiGates on which the token was revoked.
        self.off: set[int] = set()
        self.revoked = Line.of(boxes[0], "revoked").sender()
        self.hunted = 0
        for box in boxes:
            box.switches.update(PREPARED)

    def run(self, gate: int, state: str, **options: t.Any) -> Data:
        """Raises FortiViewError."""
        number = next(self.runs)
        ahead = NODES[number % len(NODES)]
        usual = {"registry": self.registry, "run_id": f"{state}{number}", "verify_retries": 1, "never": [COLLEAGUES]}
        send = self.revoked if gate in self.off else self.senders[gate]

        def now() -> float:
            return self.clock.now() + ahead

        return operate(self.lines[gate], send, now, self.clock.advance, state=state, **usual, **options)

    def hunt(self, offenders: t.Sequence[str], ttl: str) -> None:
        targets = [{"address": one, "role": "attacker", "threats": ["Brute.Force"]} for one in offenders]
        for gate, method in enumerate(METHODS):
            if gate not in self.off:
                self.run(gate, "present", method=method, targets=targets, ttl=ttl, max_per_run=100)
                self.hunted += len(targets)

    def schedule(self) -> dict[int, str]:
        """What the runs of the schedule say on each FortiGate where they fail."""
        said = {}
        for gate in range(len(self.boxes)):
            try:
                self.run(gate, "reconciled")
            except FortiViewError as error:
                said[gate] = str(error)
        return said

    def blocked(self, gate: int) -> set[str]:
        return on_list(self.boxes[gate], METHODS[gate])

    def compare(self, gate: int, where: str) -> None:
        """On the FortiGate, in the registry, and by what its packets do. What ends in these minutes may be here or not."""
        with open_registry(self.registry) as registry:
            claims = registry.find(serial=self.boxes[gate].serial)
        left = {
            address: max((one.expires_at or 0) - self.clock.now() for one in claims if one.address == address)
            for address in {one.address for one in claims}
        }
        soon = {address for address, seconds in left.items() if abs(seconds) < 120}
        known = {address for address, seconds in left.items() if seconds > 0}
        assert self.blocked(gate) - soon == known - soon, where
        assert [one for one in known - soon if self.boxes[gate].passes(one, SERVER)] == [], where


@pytest.fixture
def site(tmp_path: Path) -> t.Iterator[Site]:
    clock = ManualClock(START)
    with (
        FortiGate(clock=clock, serial="FGT-1", hostname="one") as one,
        FortiGate(clock=clock, serial="FGT-2", hostname="two") as two,
        FortiGate(clock=clock, serial="FGT-3", hostname="three") as three,
    ):
        made = Site([one, two, three], clock, tmp_path)
        yield made
        assert [problem for box in (one, two, three) for problem in box.check()] == []


def accidents(site: Site) -> dict[int, t.Callable[[], t.Any]]:
    """By day."""
    ban, feed, group = site.boxes
    backups: list[t.Any] = []

    def forget_feed() -> None:
        feed.switches.update({"feed_kept_on_reboot": False})
        feed.reboot()

    def unblock() -> None:
        for gate in range(3):
            address = sorted(site.blocked(gate))[0]
            site.run(gate, "absent", targets=[address])

    def tidy_up() -> None:
        """A colleague takes some of ours out of the group."""
        for name in [one for one in group.members("SOC-BLOCK") if one != "blk-placeholder"][:2]:
            group.other_administrator("DELETE", f"cmdb/firewall/addrgrp/SOC-BLOCK/member/{name}?vdom=root")

    return {
        2: ban.reboot,
        4: forget_feed,
        6: ban.ha_failover,
        8: lambda: backups.append(group.backup()),
        9: unblock,
        10: lambda: group.restore(backups[0]),
        12: tidy_up,
        14: lambda: ban.switches.update({"clock_skew": 7200}),
        16: lambda: site.off.add(0),
        17: site.off.clear,
        LOST: lambda: setattr(site, "registry", str(site.folder / "new.sqlite")),
        24: lambda: [box.reboot() for box in site.boxes],
        26: unblock,
        28: lambda: group.restore(backups[0]),
    }


@pytest.mark.timeout(900)
def test_a_month(site: Site) -> None:
    chance = random.Random(2026)
    todo = accidents(site)
    failures: dict[int, dict[int, str]] = {}
    for day in range(30):
        failures[day] = {}
        for hour in range(0, 24, 4):
            offenders = [f"198.51.100.{chance.randrange(1, 120)}" for _one in range(3)]
            site.hunt(sorted(set(offenders)), chance.choice(["1h", "6h", "2d"]))
            site.clock.advance(4 * HOUR - 1800)
            if hour == 12 and day in todo:
                todo[day]()
            site.clock.advance(1800)
            said = site.schedule()
            failures[day].update(said)
            for gate in said if day == LOST else ():
                # What the message names, and a person decides.
                assert "not in the registry" in said[gate]
                site.run(gate, "adopted", everything=True, ttl="6h")
        for gate in range(3):
            if gate not in said:
                site.compare(gate, f"day {day}, {METHODS[gate]}")
    # Address objects carry marks, so that their FortiGate needs nobody.
    assert {day: set(said) for day, said in failures.items() if said} == {16: {0}, 17: {0}, LOST: {0, 1}}
    assert site.hunted > 1000

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run's calls to the registry of blocks cost with a million ended claims and repeated blocks, compared with none, on both engines."""

from __future__ import annotations

import statistics
import time
from pathlib import Path

from ansible_collections.secops.fortiview.plugins.module_utils._blocking.registry import engines
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.registry.records import Claim, Place, Repeat
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.registry.store import Registry, open_registry

from support.postgresql import postgresql

from .report import Failed, Figure, Report

ENDED, OPEN, CHANGED, FORTIGATES = 1_000_000, 500, 100, 50
ROUNDS = 41
MOST = 1.1
PLACE = Place(serial="FGT0", host="fgt-0", vdom="root", method="feed_push", list="soc-block")
NUMBERS = {
    "SQLite": f"WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < {ENDED - 1})",
    "PostgreSQL": f"WITH numbers AS (SELECT generate_series(0, {ENDED - 1}) AS n)",
}
# Runs of ten addresses each, over 50 FortiGates, each address several times in the history.
HISTORY = """INSERT INTO fortiview_claims (run_id, address, serial, host, vdom, method, list, username, claimed_at, expires_at, ttl,
    reasons, threats, state, ticket, approver, ended_at, outcome) {numbers}
    SELECT 'job-' || (n / 10), '198.' || (n % 7) || '.' || (n % 241) || '.' || (n % 251), 'FGT' || (n / 10 % 50),
    'fgt-' || (n / 10 % 50), 'root', 'feed_push', 'soc-block', 'soc', 1.7e9 + n, 1.7e9 + n + 3600, 3600,
    '["Sig.A: 3 incidents"]', '["Sig.A"]', 'active', 'CHG-' || n, 'soc', 1.7e9 + n + 3600, 'expired' FROM numbers"""
# Each address in 90 days once.
REPEATS = """INSERT INTO fortiview_repeats (address, step, blocked_until, blocked_before, run_id) {numbers}
    SELECT '198.' || (n / 65536) || '.' || (n / 256 % 256) || '.' || (n % 256), 1 + n % 3, {now} - n, NULL, 'job' FROM numbers"""


def run(directory: Path) -> Report:
    figures = _compared("SQLite", str(directory / "empty"), str(directory / "full"))
    with postgresql() as url:
        with engines.Postgresql(url) as server:
            server.run("CREATE DATABASE empty")
            server.run("CREATE DATABASE full_of_history")
        figures += _compared(
            "PostgreSQL", *(url.replace("/postgres?", f"/{name}?") for name in ("empty", "full_of_history"))
        )
    return Report(
        f"A run's calls to the registry, {CHANGED} addresses blocked; {OPEN} on each list of {FORTIGATES} FortiGates",
        figures,
    )


def _compared(engine: str, empty: str, full: str) -> list[Figure]:
    with open_registry(empty) as without, open_registry(full) as with_history:
        seconds: dict[Registry, list[float]] = {without: [], with_history: []}
        fill(engine, with_history)
        for registry in seconds:
            for number in range(FORTIGATES):
                place = PLACE._replace(serial=f"FGT{number}", host=f"fgt-{number}")
                registry.attempt([_claim(f"192.0.2.{number}-{number}", "first", place) for number in range(OPEN)])
            if engine == "PostgreSQL":
                registry._engine.run("VACUUM ANALYZE")  # as autovacuum does within a minute
        for number in range(-3, ROUNDS):
            for registry, found in seconds.items():
                started = time.perf_counter()
                _calls(registry, f"run-{number}")
                if number >= 0:  # those before warm the caches
                    found.append(time.perf_counter() - started)
        if len(with_history.history(limit=ENDED * 2)) < ENDED:
            raise Failed("the history is not there")
    medians = [1000 * statistics.median(found) for found in seconds.values()]
    names = ("no history", f"{ENDED:,} ended claims")
    return [
        *(Figure(f"{engine}, {name}: median of {ROUNDS}", value, "ms") for name, value in zip(names, medians)),
        Figure(f"{engine}: with / without", medians[1] / medians[0], "", MOST),
    ]


def fill(engine: str, registry: Registry) -> None:
    if engine == "PostgreSQL":
        registry._engine.run("SET statement_timeout = 0")
    registry._engine.run(HISTORY.format(numbers=NUMBERS[engine]))
    registry._engine.run(REPEATS.format(numbers=NUMBERS[engine], now=time.time()))


def _claim(address: str, run_id: str, place: Place = PLACE) -> Claim:
    return Claim(
        place=place,
        address=address,
        run_id=run_id,
        user="soc",
        claimed_at=time.time(),
        expires_at=None,
        ttl=0,
        reasons=("Sig.A: 3 incidents",),
        threats=("Sig.A",),
    )


def _calls(registry: Registry, run_id: str) -> None:
    """As a run that blocks, removes what is over, and rolls back a part."""
    addresses = [f"203.0.113.{number}" for number in range(CHANGED)]
    with registry.lock([PLACE], 10, run_id):
        registry.standing(PLACE)
        registry.pardons(PLACE.serial, PLACE.host)
        registry.remember(PLACE.serial, PLACE.host, [(f"10.0.0.{number}", "interface") for number in range(50)])
        registry.remembered()
        registry.answer("owner", addresses[0], 3600)
        registry.keep_answer("owner", addresses[0], {"name": "example"})
        registry.attempt([_claim(address, run_id) for address in addresses])
        registry.repeats(addresses)
        registry.confirm(PLACE, run_id, addresses)
        registry.repeat(
            [
                Repeat(address=address, step=1, blocked_until=time.time() + 3600, blocked_before=None, run_id=run_id)
                for address in addresses
            ]
        )
        registry.find(addresses)
        registry.end(PLACE, addresses[:50], "rolled_back", run_id)
        registry.end(PLACE, addresses, "expired")
        registry.forget_repeats(addresses[:50])

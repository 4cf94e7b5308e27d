# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Stores which run has blocked which address, where, until when and why.

The registry contains what runs have requested and verified. The current state is always read from the FortiGate.
"""

from __future__ import annotations

import contextlib
import json
import time
import typing as t

from . import engines, schema
from .records import OUTCOMES, STATES, Claim, Ended, Pardon, Place, RegistryError, Remembered, Repeat

Addresses = t.Sequence[str]
PAUSE = 0.2  # seconds between two attempts to get a lock
KEPT = 30 * 86400  # seconds after which an answer is deleted
REPEATED = 90 * 86400  # seconds after the end of a block; a new block within this time takes the next step
MOST_VALUES = 500  # values in one list; old releases of SQLite accept 999 in a statement

COLUMNS = "serial, host, vdom, method, list, address, run_id, username, claimed_at, expires_at, ttl, reasons, threats, state, ticket, approver"
REPEAT = "address, step, blocked_until, blocked_before, run_id"
ADD = f"""INSERT INTO fortiview_claims ({COLUMNS}) VALUES ({", ".join("?" * len(COLUMNS.split()))})
    ON CONFLICT (run_id, address, serial, host, vdom, method, list)"""
REPLACE = f"""{ADD} DO UPDATE SET username = excluded.username, claimed_at = excluded.claimed_at, expires_at = excluded.expires_at,
    ttl = excluded.ttl, reasons = excluded.reasons, threats = excluded.threats, state = excluded.state, ticket = excluded.ticket,
    approver = excluded.approver, ended_at = NULL, outcome = NULL"""


def open_registry(
    where: str, now: t.Callable[[], float] = time.time, sleep: t.Callable[[float], None] = time.sleep
) -> Registry:
    """The registry in a SQLite file (an absolute path, or a path that begins with ~) or on PostgreSQL (a URL), created
    or migrated if needed.

    Raises RegistryError.
    """
    engine = engines.connect(where)
    try:
        schema.prepare(engine)
    except BaseException:
        engine.close()
        raise
    return Registry(engine, now, sleep)


class Registry:
    """One connection to the registry. Every method that writes uses one transaction. All methods raise RegistryError."""

    def __init__(self, engine: engines.Engine, now: t.Callable[[], float], sleep: t.Callable[[float], None]) -> None:
        self._engine = engine
        self._now = now
        self._sleep = sleep

    def __enter__(self) -> Registry:
        return self

    def __exit__(self, *dummy: object) -> None:
        self.close()

    def close(self) -> None:
        self._engine.close()

    # Locks

    @contextlib.contextmanager
    def lock(self, places: t.Sequence[Place], timeout: float, run_id: str = "") -> t.Iterator[None]:
        """Lock these places for this run. The locks end with the process, even if the process is killed."""
        with contextlib.ExitStack() as held:
            names = {"\n".join((one.serial or one.host, one.vdom, one.method, one.list)): one for one in places}
            holder = f"run {run_id}" if run_id else "a run without a run id"
            left = timeout
            # All runs take the locks in the same order, so that no two runs wait for each other.
            for name in sorted(names):
                left = self._acquire(held, name, names[name], left, holder)
            yield

    def _acquire(self, held: contextlib.ExitStack, name: str, place: Place, left: float, holder: str) -> float:
        """Wait for one lock. Returns the remaining seconds of the waiting time."""
        with self._engine.doing(f"locking {place}"):
            while True:
                release = self._engine.try_lock(name, holder)
                if release is not None:
                    held.callback(release)
                    return left
                if left <= 0:
                    other = self._engine.holder(name)
                    raise RegistryError(
                        f"another run{f' ({other})' if other else ''} is changing the same bans, feed or group, and did not end before the timeout",
                        next_step="Run the playbook again when the other run has ended.",
                    )
                pause = min(PAUSE, left)
                self._sleep(pause)
                left -= pause

    # Claims

    def standing(self, place: Place) -> dict[str, list[Claim]]:
        """Open claims in this place by address, the oldest first."""
        where, values = _of_place(place)
        found: dict[str, list[Claim]] = {}
        for claim in self._open_claims(where, values):
            found.setdefault(claim.address, []).append(claim)
        return found

    def find(self, addresses: t.Optional[Addresses] = None, serial: str = "", host: str = "") -> list[Claim]:
        """Open claims, the oldest first. The arguments limit them to these addresses, to this FortiGate, or to both."""
        where, values = _of_fortigate(serial, host) if serial or host else ("1 = 1", [])
        if addresses is None:
            return self._open_claims(where, values)
        wanted = sorted(set(addresses))
        found: list[Claim] = []
        for part in _parts(wanted):
            found += self._open_claims(f"{where} AND address IN ({_marks(part)})", [*values, *part])
        return sorted(found, key=_age)

    def _open_claims(self, where: str, values: t.Sequence[t.Any]) -> list[Claim]:
        with self._engine.doing("reading claims"):
            rows = self._engine.rows(
                f"SELECT {COLUMNS} FROM fortiview_claims WHERE ended_at IS NULL AND {where}", values
            )
        return sorted(map(_claim, rows), key=_age)

    def knows(self, place: Place) -> bool:
        """Whether the registry has a claim for this place, open or ended."""
        where, values = _of_place(place)
        with self._engine.doing("reading claims"):
            return bool(self._engine.rows(f"SELECT 1 FROM fortiview_claims WHERE {where} LIMIT 1", values))

    def outcome(self, place: Place, address: str, run_id: str) -> str:
        """The outcome of the claim of this run, empty if the claim is open or does not exist."""
        where, values = _of_place(place)
        sql = f"SELECT outcome FROM fortiview_claims WHERE run_id = ? AND address = ? AND ended_at IS NOT NULL AND {where}"
        with self._engine.doing("reading the history"):
            rows = self._engine.rows(sql, (run_id, address, *values))
        return str(rows[0][0]) if rows else ""

    def attempt(self, claims: t.Sequence[Claim]) -> None:
        """Write claims before the FortiGate is changed. An earlier claim of the same run on the same block is replaced,
        and opened again if it had ended."""
        self._each("writing claims", REPLACE, [_row(one) for one in claims])

    def bring(self, claims: t.Sequence[Claim]) -> int:
        """Write the claims that the registry does not contain yet, open or ended. Returns how many were written."""
        return self._each("importing claims", f"{ADD} DO NOTHING", [_row(one) for one in claims])

    def confirm(self, place: Place, run_id: str, addresses: Addresses, state: str = "active") -> None:
        """Set the state of the claims of this run. Claims that had ended are opened again."""
        where, values = _of_place(place)
        sql = f"UPDATE fortiview_claims SET state = ?, ended_at = NULL, outcome = NULL WHERE run_id = ? AND {where}"
        self._of_addresses("confirming claims", sql, [_one_of(state, STATES), run_id, *values], addresses)

    def adopt(self, place: Place, addresses: Addresses) -> None:
        """Record that these addresses were found on the FortiGate. Open claims of all runs in the states attempted and
        left become active."""
        where, values = _of_place(place)
        sql = f"""UPDATE fortiview_claims SET state = 'active'
            WHERE ended_at IS NULL AND state IN ('attempted', 'left') AND {where}"""
        self._of_addresses("confirming claims", sql, values, addresses)

    def doubt(self, place: Place, addresses: Addresses) -> None:
        """Record that these addresses are about to be removed. Until the removal is verified, it is not known whether
        they are still blocked."""
        where, values = _of_place(place)
        sql = f"UPDATE fortiview_claims SET state = 'left' WHERE ended_at IS NULL AND {where}"
        self._of_addresses("writing claims", sql, values, addresses)

    def end(self, place: Place, addresses: Addresses, outcome: str, run_id: str = "") -> None:
        """End the open claims on these addresses. With `run_id`, end only the claims of this run."""
        where, values = _of_place(place)
        sql = f"UPDATE fortiview_claims SET ended_at = ?, outcome = ? WHERE ended_at IS NULL AND {where}"
        if run_id:
            sql, values = f"{sql} AND run_id = ?", [*values, run_id]
        self._of_addresses("ending claims", sql, [self._now(), _one_of(outcome, OUTCOMES), *values], addresses)

    def history(self, address: str = "", limit: int = 100) -> list[Ended]:
        """Ended claims, the latest first."""
        where, values = (" AND address = ?", [address]) if address else ("", [])
        sql = f"""SELECT {COLUMNS}, outcome, ended_at FROM fortiview_claims WHERE ended_at IS NOT NULL{where}
            ORDER BY ended_at DESC LIMIT ?"""
        with self._engine.doing("reading the history"):
            rows = self._engine.rows(sql, [*values, limit])
        return [Ended(_claim(row[:-2]), row[-2], row[-1]) for row in rows]

    def of_ticket(self, ticket: str, serial: str, host: str) -> list[tuple[Claim, t.Optional[Ended]]]:
        """Claims of this ticket on this FortiGate or in a published file, the oldest first. They are open, or have
        ended within the time in which repeated blocks count."""
        where, values = _of_fortigate(serial, host)
        here = f"ticket = ? AND ({where} OR (serial = '' AND host = ''))"
        sql = f"SELECT {COLUMNS}, outcome, ended_at FROM fortiview_claims WHERE ended_at >= ? AND {here}"
        found: list[tuple[Claim, t.Optional[Ended]]] = [
            (one, None) for one in self._open_claims(here, [ticket, *values])
        ]
        with self._engine.doing("reading the history"):
            rows = self._engine.rows(sql, [self._now() - REPEATED, ticket, *values])
        for row in rows:
            claim = _claim(row[:-2])
            found.append((claim, Ended(claim, row[-2], row[-1])))
        return sorted(found, key=lambda one: _age(one[0]))

    def of_ticket_elsewhere(self, ticket: str, serial: str, host: str) -> list[Claim]:
        """Open claims of this ticket on other FortiGates. Expired bans are omitted: they end by themselves."""
        where, values = _of_fortigate(serial, host)
        others = self._open_claims(f"ticket = ? AND NOT {where} AND (serial <> '' OR host <> '')", [ticket, *values])
        now = self._now()
        return [one for one in others if not (one.place.method == "ban" and one.expires_at and one.expires_at <= now)]

    # Pardons

    def pardon(self, pardons: t.Sequence[Pardon]) -> None:
        """Record addresses that a person unblocked. Expired pardons are deleted."""
        sql = """INSERT INTO fortiview_pardons (serial, host, address, username, run_id, given_at, until) VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (serial, host, address) DO UPDATE SET username = excluded.username, run_id = excluded.run_id,
            given_at = excluded.given_at, until = excluded.until"""
        with self._engine.doing("writing pardons"), self._engine.transaction():
            self._engine.run("DELETE FROM fortiview_pardons WHERE until <= ?", (self._now(),))
            self._engine.run_each(sql, sorted(pardons))

    def pardons(self, serial: str, host: str) -> dict[str, Pardon]:
        """Pardons on this FortiGate that have not expired, by address. Of several pardons, the one that ends last
        counts."""
        where, values = _of_fortigate(serial, host)
        sql = f"""SELECT serial, host, address, username, run_id, given_at, until FROM fortiview_pardons
            WHERE until > ? AND {where}"""
        with self._engine.doing("reading pardons"):
            rows = self._engine.rows(sql, [self._now(), *values])
        return {one.address: one for one in sorted(map(Pardon._make, rows), key=lambda one: (one.until, one))}

    def forget_pardons(self, serial: str, host: str, addresses: Addresses) -> None:
        where, values = _of_fortigate(serial, host)
        sql = f"DELETE FROM fortiview_pardons WHERE address = ? AND {where}"
        # All runs write and delete these rows in the same order, so that they do not block each other: the places of a
        # FortiGate have separate locks but share its pardons.
        self._each("ending pardons", sql, [(one, *values) for one in sorted(set(addresses))])

    # Repeated blocks

    def repeats(self, addresses: Addresses) -> dict[str, Repeat]:
        """The records of addresses with earlier blocks. Records whose last block ended too long ago are omitted."""
        found: list[engines.Row] = []
        recent = "(blocked_until IS NULL OR blocked_until >= ?)"
        with self._engine.doing("reading repeated blocks"):
            for part in _parts(sorted(set(addresses))):
                sql = f"SELECT {REPEAT} FROM fortiview_repeats WHERE address IN ({_marks(part)}) AND {recent}"
                found += self._engine.rows(sql, [*part, self._now() - REPEATED])
        return {one.address: one for one in map(Repeat._make, found)}

    def repeat(self, repeats: t.Sequence[Repeat]) -> None:
        """Record blocks. The latest end of each address is kept, and old records are deleted."""
        sql = f"""INSERT INTO fortiview_repeats ({REPEAT}) VALUES (?, ?, ?, ?, ?) ON CONFLICT (address) DO UPDATE SET
            step = excluded.step, blocked_before = excluded.blocked_before, run_id = excluded.run_id, blocked_until = CASE
            WHEN fortiview_repeats.blocked_until IS NULL OR fortiview_repeats.blocked_until > excluded.blocked_until
            THEN fortiview_repeats.blocked_until ELSE excluded.blocked_until END"""
        rows = sorted(repeats, key=lambda one: one.address)
        with self._engine.doing("writing repeated blocks"), self._engine.transaction():
            self._engine.run("DELETE FROM fortiview_repeats WHERE blocked_until < ?", (self._now() - REPEATED,))
            self._engine.run_each(sql, rows)

    def forget_repeats(self, addresses: Addresses) -> None:
        sql = "DELETE FROM fortiview_repeats WHERE address = ?"
        self._each("deleting repeated blocks", sql, [(one,) for one in sorted(set(addresses))])

    # Addresses that FortiGates depend on

    def remember(self, serial: str, host: str, addresses: t.Sequence[tuple[str, str]], vdom: str = "") -> None:
        """Replace the stored addresses that this FortiGate, or one of its VDOMs, depends on. Each address has a
        reason."""
        where, values = _of_fortigate(serial, host)
        sql = """INSERT INTO fortiview_remembered (serial, host, vdom, address, reason, seen_at) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (serial, host, vdom, address) DO UPDATE SET reason = excluded.reason, seen_at = excluded.seen_at"""
        now = self._now()
        rows = [(serial, host, vdom, address, reason, now) for address, reason in sorted(addresses)]
        with self._engine.doing("writing protected addresses"), self._engine.transaction():
            self._engine.run(f"DELETE FROM fortiview_remembered WHERE vdom = ? AND {where}", [vdom, *values])
            self._engine.run_each(sql, rows)

    def remembered(self) -> list[Remembered]:
        """Addresses that any FortiGate depends on."""
        with self._engine.doing("reading protected addresses"):
            rows = self._engine.rows("SELECT serial, host, address, reason, seen_at FROM fortiview_remembered")
        return sorted(map(Remembered._make, rows))

    # Answers of FortiGates

    def keep_answer(self, kind: str, key: str, answer: object) -> None:
        """Store an answer that can be written as JSON."""
        self.keep_answers(kind, {key: answer})

    def keep_answers(self, kind: str, answers: t.Mapping[str, object]) -> None:
        """Store answers by key in one transaction, because a commit for each answer would take most of the time."""
        sql = """INSERT INTO fortiview_answers (kind, name, answer, kept_at) VALUES (?, ?, ?, ?)
            ON CONFLICT (kind, name) DO UPDATE SET answer = excluded.answer, kept_at = excluded.kept_at"""
        if not answers:
            return
        now = self._now()
        with self._engine.doing("storing a result"), self._engine.transaction():
            self._engine.run("DELETE FROM fortiview_answers WHERE kept_at < ?", (now - KEPT,))
            self._engine.run_each(sql, [(kind, key, json.dumps(answers[key]), now) for key in sorted(answers)])

    def answer(self, kind: str, key: str, max_age: float) -> t.Optional[object]:
        """A stored answer, None if it is missing or older than `max_age` seconds. An answer with a time in the future
        does not count, because a clock was changed."""
        return self.answers(kind, [key], max_age).get(key)

    def answers(self, kind: str, keys: t.Sequence[str], max_age: float) -> dict[str, object]:
        """Like `answer`, for several keys at once."""
        now = self._now()
        kept: dict[str, object] = {}
        with self._engine.doing("reading a stored result"):
            for part in _parts(keys):
                sql = f"""SELECT name, answer FROM fortiview_answers
                    WHERE kind = ? AND kept_at BETWEEN ? AND ? AND name IN ({_marks(part)})"""
                rows = self._engine.rows(sql, (kind, now - max_age, now, *part))
                kept.update((name, json.loads(text)) for name, text in rows)
        return {key: kept[engines.clean(key)] for key in keys if engines.clean(key) in kept}

    def _of_addresses(self, doing: str, sql: str, values: t.Sequence[t.Any], addresses: Addresses) -> None:
        """Run one statement for many addresses at once, because a server with old statistics may read all claims of the
        FortiGate for each statement."""
        wanted = sorted(set(addresses))
        if not wanted:
            return
        with self._engine.doing(doing), self._engine.transaction():
            for part in _parts(wanted):
                self._engine.run(f"{sql} AND address IN ({_marks(part)})", [*values, *part])

    def _each(self, doing: str, sql: str, rows: t.Sequence[t.Sequence[t.Any]]) -> int:
        if not rows:
            return 0
        with self._engine.doing(doing), self._engine.transaction():
            return self._engine.run_each(sql, rows)


def _parts(values: t.Sequence[str]) -> t.Iterator[t.Sequence[str]]:
    for start in range(0, len(values), MOST_VALUES):
        yield values[start : start + MOST_VALUES]


def _marks(values: t.Sequence[str]) -> str:
    return ", ".join("?" * len(values))


def _of_fortigate(serial: str, host: str) -> tuple[str, list[str]]:
    """Condition and values for the rows of a FortiGate: those with its serial number, which a renamed FortiGate keeps,
    and those with its name, which a cluster keeps after a failover. Without both, only rows of published files
    match."""
    known = {column: value for column, value in (("serial", serial), ("host", host)) if value}
    if not known:
        return "serial = '' AND host = ''", []
    return f"({' OR '.join(f'{column} = ?' for column in known)})", list(known.values())


def _of_place(place: Place) -> tuple[str, list[str]]:
    where, values = _of_fortigate(place.serial, place.host)
    return f"vdom = ? AND method = ? AND list = ? AND {where}", [place.vdom, place.method, place.list, *values]


def _row(claim: Claim) -> tuple[t.Any, ...]:
    middle = (claim.address, claim.run_id, claim.user, float(claim.claimed_at), claim.expires_at, claim.ttl)
    why = (_json(claim.reasons), _json(claim.threats), _one_of(claim.state, STATES), claim.ticket, claim.approver)
    return (*claim.place, *middle, *why)


def _claim(row: t.Sequence[t.Any]) -> Claim:
    reasons, threats = (tuple(json.loads(text)) for text in row[11:13])
    return Claim._make((Place._make(row[:5]), *row[5:11], reasons, threats, *row[13:]))


def _json(texts: t.Sequence[str]) -> str:
    # Non-ASCII characters are not escaped, because people read this column with SQL.
    return json.dumps([engines.clean(text) for text in texts], ensure_ascii=False)


def _age(claim: Claim) -> tuple[t.Any, ...]:
    return claim.claimed_at, claim.run_id, claim.address, claim.place


def _one_of(word: str, known: tuple[str, ...]) -> str:
    if word not in known:
        raise ValueError(f"{word!r} is not one of {', '.join(known)}")
    return word

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tables of the registry, which are the same on SQLite and PostgreSQL, and their migrations.

Schema
======

- ``fortiview_registry``: one row with the version of the schema.
- ``fortiview_claims``: a row for each place, address and run. Open claims have no ``ended_at``. Ended claims stay as history, with their
  ``outcome``. The indexes of open claims exclude them, so that the history does not slow down runs.
- ``fortiview_pardons``: addresses that a person unblocked, and until when hunts do not block them.
- ``fortiview_repeats``: how often an address was blocked, and until when. A row is deleted when a person unblocks
  the address, or 90 days after the end of its last block.
- ``fortiview_remembered``: addresses that each FortiGate depends on, by the VDOM that has them in its configuration, "" for the whole
  FortiGate.
- ``fortiview_answers``: a cache of answers of FortiGates, as JSON.

A time is a ``DOUBLE PRECISION`` number of seconds since the epoch, UTC: both engines store it exactly. To read it in
SQL, use ``to_timestamp(claimed_at)`` or ``datetime(claimed_at, 'unixepoch')``. ``reasons`` and ``threats`` are JSON
lists of text.
"""

from __future__ import annotations

from .engines import Engine
from .records import RegistryError

# The statements that migrate each version to the next version. A new database has version 0. Released statements are
# never edited.
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        # The run comes first in the key, so that the claims of a run are adjacent in the index of the key, however
        # long the history is.
        """CREATE TABLE fortiview_claims (
            run_id TEXT NOT NULL,
            address TEXT NOT NULL,
            serial TEXT NOT NULL,
            host TEXT NOT NULL,
            vdom TEXT NOT NULL,
            method TEXT NOT NULL,
            list TEXT NOT NULL,
            username TEXT NOT NULL,
            claimed_at DOUBLE PRECISION NOT NULL,
            expires_at DOUBLE PRECISION,
            ttl BIGINT NOT NULL,
            reasons TEXT NOT NULL,
            threats TEXT NOT NULL,
            state TEXT NOT NULL,
            ticket TEXT NOT NULL,
            approver TEXT NOT NULL,
            ended_at DOUBLE PRECISION,
            outcome TEXT,
            PRIMARY KEY (run_id, address, serial, host, vdom, method, list)
        )""",
        # The index by address also has the list, the method and the VDOM. The other two indexes have only the
        # FortiGate. Query planners then use the first index for some addresses, and the other two for a whole place.
        "CREATE INDEX fortiview_open_by_address ON fortiview_claims (address, list, method, vdom) WHERE ended_at IS NULL",
        "CREATE INDEX fortiview_open_by_serial ON fortiview_claims (serial) WHERE ended_at IS NULL",
        "CREATE INDEX fortiview_open_by_host ON fortiview_claims (host) WHERE ended_at IS NULL",
        # There is no index of ended claims by address, because each end of a claim would become slower as the history
        # grows.
        "CREATE INDEX fortiview_ended ON fortiview_claims (ended_at) WHERE ended_at IS NOT NULL",
        """CREATE TABLE fortiview_pardons (
            serial TEXT NOT NULL,
            host TEXT NOT NULL,
            address TEXT NOT NULL,
            username TEXT NOT NULL,
            run_id TEXT NOT NULL,
            given_at DOUBLE PRECISION NOT NULL,
            until DOUBLE PRECISION NOT NULL,
            PRIMARY KEY (serial, host, address)
        )""",
        """CREATE TABLE fortiview_repeats (
            address TEXT NOT NULL,
            step INTEGER NOT NULL,
            blocked_until DOUBLE PRECISION,
            blocked_before DOUBLE PRECISION,
            run_id TEXT NOT NULL,
            PRIMARY KEY (address)
        )""",
        "CREATE INDEX fortiview_repeats_by_end ON fortiview_repeats (blocked_until)",
        """CREATE TABLE fortiview_remembered (
            serial TEXT NOT NULL,
            host TEXT NOT NULL,
            vdom TEXT NOT NULL,
            address TEXT NOT NULL,
            reason TEXT NOT NULL,
            seen_at DOUBLE PRECISION NOT NULL,
            PRIMARY KEY (serial, host, vdom, address)
        )""",
        """CREATE TABLE fortiview_answers (
            kind TEXT NOT NULL,
            name TEXT NOT NULL,
            answer TEXT NOT NULL,
            kept_at DOUBLE PRECISION NOT NULL,
            PRIMARY KEY (kind, name)
        )""",
        "CREATE INDEX fortiview_answers_by_age ON fortiview_answers (kept_at)",
    ),
)
TABLE = "CREATE TABLE IF NOT EXISTS fortiview_registry (version INTEGER NOT NULL)"
FIRST = "INSERT INTO fortiview_registry (version) SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM fortiview_registry)"
VERSION = "SELECT version FROM fortiview_registry"


def prepare(engine: Engine) -> None:
    """Create the tables, or migrate them to this version. If two runs start at the same time, one waits for the
    other."""
    with engine.doing("reading the schema version"):
        if engine.has_table("fortiview_registry") and _version(engine) == len(MIGRATIONS):
            return
    with engine.doing("creating or migrating the tables"), engine.transaction(alone=True):
        engine.run(TABLE)
        engine.run(FIRST)
        for step in MIGRATIONS[_version(engine) :]:
            for statement in step:
                engine.run(statement)
        engine.run("UPDATE fortiview_registry SET version = ?", (len(MIGRATIONS),))


def _version(engine: Engine) -> int:
    found = engine.rows(VERSION)
    version = int(found[0][0]) if found else 0
    if version > len(MIGRATIONS):
        raise RegistryError(
            f"the schema has version {version}, but this release of the collection supports at most version {len(MIGRATIONS)}",
            next_step="Upgrade secops.fortiview on this machine to the release that the other machines have.",
        )
    return version

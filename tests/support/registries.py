# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What tests of the registry of blocks share: a clock, places, claims, and an empty database."""

from __future__ import annotations

import typing as t

import psycopg
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.registry.records import Claim, Place

START = 1_800_000_000.0
FEED = Place(serial="FG1", host="fgt-hq", vdom="root", method="feed_push", list="soc-block")


class Clock:
    """Seconds since the epoch; a sleep moves it."""

    def __init__(self) -> None:
        self.time = START

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds


def claim(address: str = "203.0.113.1", run_id: str = "1", place: Place = FEED, **more: t.Any) -> Claim:
    return Claim(
        place=place,
        address=address,
        run_id=run_id,
        user="soc",
        claimed_at=more.pop("claimed_at", START),
        expires_at=more.pop("expires_at", None),
        ttl=0,
        **more,
    )


def emptied(url: str) -> str:
    """The URL of a PostgreSQL database, after all that it holds was removed."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    return url

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rankings of more than 1000 rows, made without an event for each."""

from __future__ import annotations

import statistics
import time

import pytest

ROWS = 100_000


def test_a_page_of_a_hundred_thousand_is_quick(faz, caller):
    faz.switches.synthetic_rows = {"top-sources": ROWS}
    spent = []
    for page in range(5):
        tid = caller.tid("top-sources", sort_by=caller.sort("sessions"), offset=page * 20_000)
        started = time.perf_counter()
        reply = caller.fetch("top-sources", tid)
        spent.append(time.perf_counter() - started)
        assert len(reply["result"]["data"]) == 1000 and reply["result"]["total-count-all"] == ROWS
    # 60 ms on an idle machine; the machines that run tests are not.
    assert statistics.median(spent) < 2.0


def test_pages_fit_together(faz, caller):
    faz.switches.synthetic_rows = {"threat-src-dst": 2500}
    seen = []
    for offset in (0, 1000, 2000):
        seen += caller.rows("threat-src-dst", sort_by=caller.sort("incidents"), offset=offset)
    assert len({row["srcip"] for row in seen}) == len(seen) == 2500
    figures = [int(row["incidents"]) for row in seen]
    assert figures == sorted(figures, reverse=True)
    bottom = caller.rows("threat-src-dst", sort_by=caller.sort("incidents", "asc"), limit=1)
    assert bottom == seen[-1:]
    assert caller.rows("threat-src-dst", limit=3) != seen[:3]
    (one,) = caller.rows("threat-src-dst", filter=f'threat_s=="{seen[7]["threat"]}"')
    assert one == seen[7]


def test_large_replies_leave_their_rows_out_of_the_journal(faz, caller):
    faz.switches.update({"synthetic_rows": {"top-sources": 1000}, "journal_reply_bytes": 1000})
    caller.rows("top-sources")
    entry = faz.journal[-1]
    assert entry.rows_left_out == 1000 and entry.reply["result"]["data"] == []
    assert entry.reply["result"]["return-lines"] == 1000


def test_late_logs_on_synthetic_rows(faz, caller):
    faz.switches.update({"synthetic_rows": {"top-sources": 50}, "late_logs": True})
    first = caller.rows("top-sources", sort_by=caller.sort("sessions"), limit=10)
    second = caller.rows("top-sources", sort_by=caller.sort("sessions"), limit=10, offset=10)
    assert second[0] == first[-1]


@pytest.mark.parametrize("dialect", ["live", "documented"])
def test_twenty_thousand_rows_share_their_addresses(faz, caller, dialect):
    """Each row is one of a kind, but not by its address, and those of one address come on different pages."""
    faz.switches.update({"dialect": dialect, "synthetic_rows": {"top-sources": 20_000}, "synthetic_shared": 8})
    kinds, pages = set(), []
    for offset in range(0, 20_000, 1000):
        tid = caller.tid("top-sources", sort_by=caller.sort("sessions"), offset=offset)
        result = caller.fetch("top-sources", tid)["result"]
        rows = result["data"] if dialect == "live" else result[0]["data"]["sources"]
        name = "f_user" if dialect == "live" else "hostname"
        kinds |= {(row["srcip"], row[name]) for row in rows}
        pages.append({row["srcip"] for row in rows})
    assert len(kinds) == 20_000 and len(set().union(*pages)) == 2500
    assert [len(page) for page in pages] == [1000] * 20


@pytest.mark.parametrize(
    ("word", "column"), [("user", "f_user"), ("endpoint", "epeuid"), ("device", "fortigate"), ("interface", "srcintf")]
)
def test_what_shared_addresses_are_told_apart_by(faz, caller, word, column):
    faz.switches.update({"synthetic_rows": {"top-sources": 12}, "synthetic_shared": 3, "source_grouping": [word]})
    rows = caller.rows("top-sources", sort_by=caller.sort("sessions"))
    assert len({row["srcip"] for row in rows}) == 4 and len({row[column] for row in rows}) == 3


def test_a_line_has_buckets_of_time(faz, caller):
    faz.switches.synthetic_rows = {"threat-line": 30}
    times = [int(row["time"]) for row in caller.rows("threat-line", sort_by=caller.sort("time", "asc"))]
    assert times == [faz.anchor - 86400 + 60 * number for number in range(30)]

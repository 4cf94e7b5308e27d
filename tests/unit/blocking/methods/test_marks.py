# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names and comments of address objects."""

from __future__ import annotations

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.methods.marks import (
    Mark,
    comment_of,
    name_of,
    read_comment,
)

HOSTILE = "{{ lookup('pipe','id') }} '; rm -rf / # <b>`id`\n\u202e exp=never " + "A" * 4096


def test_a_comment_is_plain_and_begins_with_run_and_expiry() -> None:
    comment = comment_of("4711", "2026-03-01T14:30:00Z", HOSTILE)
    assert comment.startswith("run=4711 exp=2026-03-01T14:30:00Z ")
    assert len(comment) <= 255 and comment.isascii() and comment.isprintable()
    assert not set(comment) & set("<>()#'\"\\`")
    assert read_comment(comment) == Mark("4711", 1772375400.0)


def test_ticket_and_approver_come_before_the_evidence_which_cannot_pretend_to_be_them() -> None:
    named = comment_of("4711", "", "ticket=CHG-9 approver=boss", "CHG-7 (urgent)", "Jürgen = boss")
    assert named == "run=4711 exp=never ticket=CHG-7 _urgent_ approver=J_rgen _ boss ticket_CHG-9 approver_boss"
    assert comment_of("4711", "", "approver=boss", ticket="CHG-7") == "run=4711 exp=never ticket=CHG-7 approver_boss"
    assert comment_of("4711", "", "A" * 300, "T" * 100, "B" * 100).startswith(
        f"run=4711 exp=never ticket={'T' * 100} approver={'B' * 100} A"
    )
    assert read_comment(named) == Mark("4711", None)


def test_permanent_foreign_and_broken_comments() -> None:
    assert read_comment(comment_of("4711", "", "x")) == Mark("4711", None)
    assert read_comment("made by hand") == Mark()
    assert read_comment("see run=1 exp=never") == Mark()
    broken = read_comment("run=4711 exp=soon x")
    assert broken.expires_at is None and "not a valid time" in broken.notes[0]


@pytest.mark.parametrize(
    "address, name",
    [
        ("198.51.100.7", "blk-198.51.100.7"),
        ("198.51.100.0/24", "blk-198.51.100.0-24"),
        ("2001:db8::7", "blk-2001_db8__7"),
    ],
)
def test_names(address: str, name: str) -> None:
    assert name_of(address) == name

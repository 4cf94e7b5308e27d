# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows whose text is not clean JSON."""

from __future__ import annotations

import json

import pytest

VIEW = "top-threats"


def reply_of(faz, caller):
    tid = caller.tid(VIEW)
    return caller.post(caller.body("get", f"/fortiview/adom/root/{VIEW}/run/{tid}", apiver=3)).content


@pytest.mark.parametrize("dialect", ["live", "documented"])
@pytest.mark.parametrize(
    ("kind", "octets"),
    [
        ("latin-1", b"\xe4"),
        ("control", b"\x1b\t"),
        ("nul", b"\0"),
        ("half pair", rb"\ud800"),
        ("odd escape", rb"\x41"),
        ("quote", b'"'),
    ],
)
def test_one_text_of_the_first_row(faz, caller, dialect, kind, octets):
    faz.switches.dialect = dialect
    clean = reply_of(faz, caller)
    faz.switches.odd_text = {"threat": kind}
    odd = reply_of(faz, caller)
    assert odd.count(octets) == clean.count(octets) + 1
    # But for the task's number it is the same reply.
    assert len(odd) == len(clean) + len(octets)
    assert odd.replace(octets, b"", 1)[:40] == clean.replace(octets, b"", 1)[:40] or kind == "quote"
    if kind != "half pair":
        with pytest.raises(ValueError):
            json.loads(odd)


def test_a_column_that_is_not_there_is_left_alone(faz, caller):
    faz.switches.odd_text = {"nothing": "latin-1"}
    json.loads(reply_of(faz, caller))


def test_kinds_that_are_not_known_are_refused(faz):
    with pytest.raises(ValueError, match="odd_text"):
        faz.switches.odd_text = {"threat": "odd"}

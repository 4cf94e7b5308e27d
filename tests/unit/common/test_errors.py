# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How errors are worded, and that nothing secret or unprintable gets into them."""

from __future__ import annotations

from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import (
    DeadlineExceeded,
    TaskGone,
    printable,
)


def test_an_error_says_what_where_what_was_said_and_what_next() -> None:
    error = TaskGone("Invalid tid 7", -32005).within(doing="reading the task", host="faz.example.com")
    error.within(adom="root", view="top-threats", tid=7)
    assert str(error).startswith(
        "Reading the task of view top-threats, ADOM root, task 7 on faz.example.com failed: Invalid tid 7 (code -32005)."
    )
    assert str(error).endswith("on_gone=resubmit.")
    assert error.as_dict()["kind"] == "gone"


def test_the_lower_layer_knows_better() -> None:
    assert "logging in" in str(DeadlineExceeded("late").within(doing="logging in").within(doing="polling")).lower()


def test_fail_json_carries_the_ticket_and_what_was_reached() -> None:
    error = DeadlineExceeded("late", tid=7, ticket={"tid": 7})
    error.reached = {"tasks": [{"tid": 8}], "results": []}
    failure = error.to_fail_json()
    assert failure["tid"] == 7
    assert failure["tasks"] == [{"tid": 7}, {"tid": 8}]
    assert "results" not in failure
    assert "ticket" not in failure["error"]


def test_secrets_that_the_box_echoes_are_blanked() -> None:
    error = TaskGone("session abcd1234 unknown").without(["abcd1234", ""])
    assert "abcd1234" not in str(error.to_fail_json())


def test_printable() -> None:
    assert printable("a\x1b[31mb\nc\u202ed") == "a [31mb c d"
    assert len(printable("x" * 9999)) == 501

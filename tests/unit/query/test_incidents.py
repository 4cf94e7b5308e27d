# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What replies about incidents say, and what they do not say."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import ProtocolError
from ansible_collections.secops.fortiview.plugins.module_utils._protocol.reply import Reply, decode
from ansible_collections.secops.fortiview.plugins.module_utils._query.incidents import (
    LEFT_OUT,
    LONGEST_TEXT,
    counted_in,
    incident_of,
    incidents_in,
    made_id,
    with_note,
)

ROW = {"incid": "IN00000001", "name": "x", "status": "Closed", "severity": "HIGH", "createtime": "1772366400"}


def reply(result: t.Any) -> Reply:
    return decode({"id": 1, "result": result})


@pytest.mark.parametrize(
    "result",
    [
        {"status": {"code": 0}, "data": [ROW]},
        [{"status": {"code": 0}, "data": [ROW]}],
        {"data": {"incidents": [ROW]}},
        {"data": [ROW], "return-lines": 1},
    ],
)
def test_lists(result: t.Any) -> None:
    (one,) = incidents_in(reply(result)) or ()
    assert (one.incid, one.status, one.severity, one.created) == ("IN00000001", "closed", "high", 1772366400)
    assert not one.is_open


@pytest.mark.parametrize(
    "result",
    [
        {"status": {"code": 0}},
        {"data": {}},
        {"data": {"rows": [ROW]}},
        {"data": [1]},
        {"data": "none"},
        {"data": [{"name": "x"}]},
        {"data": [ROW], "return-lines": 2},
    ],
)
def test_what_is_no_list_is_an_error_and_never_an_empty_one(result: t.Any) -> None:
    with pytest.raises(ProtocolError):
        incidents_in(reply(result))


def test_a_reply_without_a_result_says_nothing() -> None:
    assert incidents_in(decode({"id": 1})) is None
    assert incidents_in(reply({"data": []})) == []


@pytest.mark.parametrize(
    ("data", "expected"), [([{"count": "3"}], 3), ({"count": 0}, 0), ([], None), ([{"severity": "low"}], None)]
)
def test_counts(data: t.Any, expected: t.Optional[int]) -> None:
    assert counted_in(reply({"data": data})) == expected


@pytest.mark.parametrize("result", [{"incid": "IN1"}, [{"incid": "IN1"}], {"data": {"incid": "IN1"}}])
def test_ids_of_new_ones(result: t.Any) -> None:
    assert made_id(reply(result)) == "IN1"


@pytest.mark.parametrize("result", [{"status": {"code": 0}}, {"data": []}, [{"incid": ""}]])
def test_a_new_one_without_an_id(result: t.Any) -> None:
    with pytest.raises(ProtocolError):
        made_id(reply(result))


def test_a_status_that_is_not_known_is_not_the_end() -> None:
    assert incident_of({"incid": "IN1", "status": "parked"}).is_open
    assert incident_of({"incid": "IN1"}).created is None


def test_notes() -> None:
    def noted(text: str, note: str) -> str:
        return with_note(text, text.partition("\n\n")[0], note, LONGEST_TEXT)

    assert noted("", "a") == "a" and noted("a", "") == "a"
    assert noted("title\n\na", "a") == "title\n\na"
    assert noted("title\n\n1 until 12", "1 until 1") == "title\n\n1 until 12\n\n1 until 1"
    assert noted("title\n\na\n\nb\nc", "a") == "title\n\na\n\nb\nc" == noted("title\n\na\n\nb\nc", "b\nc")
    long = noted("title\n\n" + "o" * LONGEST_TEXT, "new")
    assert len(long) == LONGEST_TEXT and long.startswith(f"title\n\n{LEFT_OUT}\n") and long.endswith("\n\nnew")
    assert noted(long, "new") == long
    longer = noted(long, "n" * LONGEST_TEXT)
    assert len(longer) == LONGEST_TEXT and noted(longer, "n" * LONGEST_TEXT) == longer
    assert noted(longer, "n" * (LONGEST_TEXT - 1) + "o") == longer, "what was left out cannot be compared"
    assert noted(longer, "n" * 9 + "o" * LONGEST_TEXT) != longer

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Incidents: one that may exist is never made again, and what was written is read back."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import (
    Incomplete,
    NotPermitted,
    NotVerified,
    ProtocolError,
    Throttled,
    TransportError,
)
from ansible_collections.secops.fortiview.plugins.module_utils._protocol.reply import decode
from ansible_collections.secops.fortiview.plugins.module_utils._query.incidents import Incident, new_incident
from unit.tasks.incident_store import NO_RESULT, NOW, OK, WANTED, Store, listed, row


def found(store: Store) -> t.Optional[Incident]:
    return store.incidents().find()


def test_a_list_is_read_to_its_end() -> None:
    store = Store(*[row(f"X{number}", f"Other {number}") for number in range(2000)], row("IN9"))
    incident = found(store)
    assert incident is not None and incident.incid == "IN9"
    assert [call["offset"] for dummy, call in store.calls] == [0, 2000]


def test_a_number_of_rows_that_may_be_a_limit_is_not_the_end() -> None:
    store = Store(*[row(f"X{number}", f"Other {number}") for number in range(100)])
    assert found(store) is None
    assert [call.get("offset", "count") for dummy, call in store.calls] == [0, 100, "count"]


def test_the_same_page_again_is_no_end() -> None:
    page = listed([row(f"X{number}", f"Other {number}") for number in range(100)])
    with pytest.raises(Incomplete, match="Nothing was written"):
        found(Store(get=[page, page]))


@pytest.mark.parametrize("count", [1, None, "many"])
def test_a_reply_without_a_list_is_believed_only_where_the_number_agrees(count: object) -> None:
    assert found(Store(get=[NO_RESULT])) is None
    with pytest.raises(Incomplete, match=r"listed incidents \(0\)" if count == 1 else "neither a list"):
        found(Store(get=[NO_RESULT, listed([{"count": count}])]))


@pytest.mark.parametrize("data", [{}, "", 5, [5], [{"name": "x"}]])
def test_a_list_that_is_not_understood_is_an_error(data: object) -> None:
    with pytest.raises(ProtocolError, match="incid"):
        found(Store(get=[decode({"result": {"status": OK, "data": data, "return-lines": 1}})]))


def test_of_several_the_oldest_open_one_is_used_and_the_others_are_named() -> None:
    store = Store(row("IN1", createtime=NOW - 9), row("IN2", createtime=NOW - 99), row("IN3", status="closed"))
    incidents = store.incidents()
    incident = incidents.find()
    assert incident is not None and incident.incid == "IN2" and "does not change IN1" in incidents.warnings[0]


def test_a_new_incident_is_read_back() -> None:
    store = Store()
    made = store.incidents().create(new_incident(WANTED))
    assert (made.incid, made.name, made.status) == ("IN1", WANTED.name, "analysis") and store.writes == 1


@pytest.mark.parametrize("lost", [TransportError("cut off"), ProtocolError("a page")])
def test_a_reply_that_is_lost_after_the_work_makes_no_second_incident(lost: Exception) -> None:
    store = Store(add=[(lost,)])
    assert store.incidents().create(new_incident(WANTED)).incid == "IN1"
    assert store.writes == 1 and len(store.rows) == 1


def test_a_reply_that_is_lost_before_the_work_is_an_error() -> None:
    store = Store(add=[TransportError("cut off")])
    with pytest.raises(TransportError, match="no incident of this name is listed"):
        store.incidents().create(new_incident(WANTED))
    assert store.writes == 1 and store.rows == []


def test_after_a_lost_reply_an_unreadable_list_does_not_say_that_nothing_was_written() -> None:
    store = Store(add=[(TransportError("cut off"),)], get=[decode({"result": {"status": OK, "data": [5]}})])
    with pytest.raises(TransportError, match="cut off") as caught:
        store.incidents().create(new_incident(WANTED))
    assert caught.value.next_step.startswith("Look for the incident in the GUI") and store.writes == 1


def test_a_request_that_was_turned_away_is_sent_again_and_not_for_ever() -> None:
    busy = Throttled("busy", processed=False, retry_after=90.0)
    store = Store(add=[busy, busy])
    store.incidents().create(new_incident(WANTED))
    assert store.slept == [30.0, 30.0] and len(store.rows) == 1
    store = Store(add=[busy, busy, busy])
    with pytest.raises(Throttled):
        store.incidents().create(new_incident(WANTED))
    assert store.writes == 3


def test_what_is_stored_otherwise_is_no_success() -> None:
    store = Store()
    store.changed = lambda one: {**one, "severity": "low"}
    with pytest.raises(NotVerified, match="severity is 'low', not 'high'"):
        store.incidents().create(new_incident(WANTED))
    store = Store(row())
    store.changed = lambda one: {}
    with pytest.raises(NotVerified, match="status is 'analysis', not 'closed'"):
        store.incidents().change(t.cast(Incident, found(store)), {"status": "closed"})


def test_another_text_is_a_warning() -> None:
    store = Store()
    store.changed = lambda one: {**one, "description": one["description"][:15]}
    incidents = store.incidents()
    incidents.create(new_incident(WANTED._replace(description="a long text")))
    assert "as sent" in incidents.warnings[0]


def test_what_is_not_listed_after_it_was_written_is_no_success() -> None:
    store = Store(get=[listed([]), listed([]), listed([])])
    with pytest.raises(NotVerified, match="does not list it"):
        store.incidents().create(new_incident(WANTED))
    assert store.slept == [0.5, 2.0]


def test_a_missing_right_and_an_unknown_value_say_what_to_do() -> None:
    with pytest.raises(NotPermitted, match="rpc-permit read-write"):
        found(Store(get=[NotPermitted("No permission", -11, "permission")]))
    refused = decode_error("The value CAT9 is not a valid enum value for 'category'")
    incidents = Store(row(category="CAT5", name="Other"), add=[refused]).incidents()
    incidents.find()
    with pytest.raises(Exception, match="Incidents of this ADOM use CAT5"):
        incidents.create(new_incident(WANTED))


def decode_error(message: str) -> Exception:
    try:
        decode({"error": {"code": -1, "message": message}})
    except Exception as error:  # noqa: BLE001  as the connection raises it
        return error
    raise AssertionError


def test_alerts_are_acknowledged_and_commented_as_asked_for() -> None:
    store = Store()
    store.faults = {"update": [listed([{}]), listed([{}])]}
    store.incidents().mark_alerts(["1", "2"], acknowledge=True, comment="see IN1")
    assert [(call["url"].rpartition("/")[2], call["alertid"]) for dummy, call in store.calls] == [
        ("ack", ["1", "2"]),
        ("comment", ["1", "2"]),
    ]
    store = Store()
    store.incidents().mark_alerts(["1"], acknowledge=False, comment="")
    assert store.calls == []
    with pytest.raises(NotVerified, match="without a result"):
        Store(update=[NO_RESULT]).incidents().mark_alerts(["1"], acknowledge=True, comment="")

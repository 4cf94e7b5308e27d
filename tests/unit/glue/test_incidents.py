# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""faz_incident from its options: what is wanted, what check mode shows, and which alerts are marked."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput, NotPermitted
from ansible_collections.secops.fortiview.plugins.module_utils._glue.arguments import incident_arguments
from ansible_collections.secops.fortiview.plugins.module_utils._glue.incidents import (
    NOT_MARKED,
    keep_incident,
    wanted_of,
)
from ansible_collections.secops.fortiview.plugins.module_utils._tasks.fortiview import Context
from unit.tasks.incident_store import Store, row

from component.support import defaults

Data = dict[str, t.Any]
GIVEN = {"name": "SSH brute force", "endpoint": "10.0.0.1", "severity": "critical"}


class Shared(Store):
    """A store behind the connection of a host."""

    host, verified, left_open = "faz.example.com", True, ""

    def __enter__(self) -> Shared:
        return self

    def __exit__(self, *dummy: object) -> None:
        pass


def params(**options: t.Any) -> Data:
    return defaults(incident_arguments()["argument_spec"], **{**GIVEN, **options})


def keep(store: Shared, check: bool = False, **options: t.Any) -> Data:
    context = Context(shared=t.cast("t.Any", store), check=check, sleep=lambda dummy: None)
    return keep_incident(params(**options), context)


def test_a_critical_incident_is_a_high_one_there_and_no_change_the_next_time() -> None:
    store = Shared()
    made = keep(store)
    assert made["changed"] and made["incident"]["severity"] == "high" and made["diff"]["before"] == {}
    again = keep(store)
    assert not again["changed"] and len(store.rows) == 1 and again["diff"]["before"] == again["diff"]["after"]


def test_check_mode_shows_what_would_be_and_writes_nothing() -> None:
    store = Shared()
    assert keep(store, check=True)["incident"]["name"] == GIVEN["name"] and store.writes == 0
    store = Shared(row(severity="low"))
    planned = keep(store, check=True, alerts=["1"])
    assert planned["diff"]["before"]["severity"] == "low" and planned["diff"]["after"]["severity"] == "high"
    assert planned["alerts"] == ["1"] and store.writes == 0 and store.rows[0]["severity"] == "low"


def test_closing_what_is_not_there_changes_nothing() -> None:
    store = Shared()
    assert keep(store, state="closed", alerts=["1"]) == {
        "changed": False,
        "incident": None,
        "alerts": [],
        "diff": {
            "before_header": "incident SSH brute force of ADOM root",
            "after_header": "incident SSH brute force of ADOM root",
            "before": {},
            "after": {},
        },
        "warnings": [],
    }
    assert store.writes == 0


def test_alerts_are_marked_only_with_a_change_and_an_error_then_says_that_nobody_will_mark_them() -> None:
    store = Shared(row(endpoint="10.0.0.1"))
    assert keep(store, alerts=["1"])["alerts"] == []
    store = Shared(update=[NotPermitted("No permission", -11, "permission")])
    with pytest.raises(NotPermitted, match=r"on faz\.example\.com") as caught:
        keep(store, alerts=["1"])
    assert caught.value.next_step.endswith(NOT_MARKED) and len(store.rows) == 1


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"state": "closed", "status": "draft"}, "status requires state=present"),
        ({"window": "0"}, "window must be above 0"),
        ({"window": "soon"}, "window"),
        ({"adom": "a/../b"}, "adom"),
        ({"name": " "}, "name must have 1 to 100"),
        ({"name": "a\x00b"}, "name contains a control character"),
        ({"category": "CAT 1"}, "category"),
        ({"endpoint": "a\nb"}, "endpoint contains a control character"),
    ],
)
def test_options_that_cannot_be_meant_are_refused_before_anything_is_sent(options: Data, said: str) -> None:
    store = Shared()
    with pytest.raises(InvalidInput, match=said):
        keep(store, **options)
    assert store.calls == []


def test_what_is_not_given_is_left_as_it_is() -> None:
    wanted = wanted_of(params(severity=None, endpoint="", status="", category=""))
    assert (wanted.severity, wanted.endpoint, wanted.status, wanted.category) == (None, None, None, None)
    assert wanted_of(params(description="")).description == "" and wanted_of(params()).description is None
    assert wanted_of(params(note="a\r\nb  ")).note == "a\nb" and wanted_of(params(window="2d")).window == 172800.0

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Webhook bodies in the shape of events."""

from __future__ import annotations

import json
import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._watch.alerts import events_of
from hypothesis import given
from hypothesis import strategies as st

# An alert of the live dialect (protocol_fortianalyzer.rst, "Alerts").
ALERT: dict[str, t.Any] = {
    "alertid": "202603011000000020",
    "subject": "DNS request to suspicious destination",
    "severity": "High",
    "eventtype": "dns",
    "eventstatus": "unhandled",
    "eventcount": "3",
    "triggername": "Default-Botnet",
    "alerttime": "1772359966",
    "firstlogtime": "1772359900",
    "lastlogtime": "1772359960",
    "epip": "10.1.2.3",
    "dstepip": "198.51.100.7",
    "devid": "FG100FTK20000001",
    "groupby1": "qname:bad.example.net",
    "groupby2": "endpoint:tablet-a3",
    "event_details": {"src_ip": "10.1.2.4", "dst_ip": "198.51.100.7"},
}


@pytest.mark.parametrize(
    "body",
    [
        ALERT,
        [ALERT],
        {"data": [ALERT]},
        {"data": {"alerts": [ALERT]}},
        {"alerts": [ALERT]},
        {"jsonrpc": "2.0", "result": {"status": {"code": 0}, "data": [ALERT]}},
    ],
)
def test_the_shapes_of_a_body(body: t.Any) -> None:
    [event] = events_of({"payload": body, "meta": {"endpoint": "faz", "headers": {"X-Token": "c4nary"}}}, "root")
    assert (event["kind"], event["view"], event["adom"], event["key"]) == ("new", "alerts", "root", ALERT["alertid"])
    row = event["row"]
    assert (row["threat"], row["severity"], row["srcip"], row["dstip"]) == (
        "bad.example.net",
        "high",
        "10.1.2.4",
        "198.51.100.7",
    )
    assert (row["incidents"], row["detected"], row["blocked"]) == (3, 3, 0)
    assert row["alertid"] == ALERT["alertid"]
    assert event["time_range"] == {
        "start": "2026-03-01T10:11:40+00:00",
        "end": "2026-03-01T10:12:47+00:00",
        "timezone": None,
    }
    assert event["meta"] == {"endpoint": "faz"}
    assert "c4nary" not in json.dumps(event)


@pytest.mark.parametrize("adom", ["../root", "a/b", "{{ 1 }}", 7.5, None, ""])
def test_an_adom_that_cannot_be_one_is_not_taken(adom: object) -> None:
    [event] = events_of({"payload": {**ALERT, "adom": adom}}, "Branch")
    assert event["adom"] == "Branch"


def test_several_alerts_are_several_events() -> None:
    events = events_of({"payload": [ALERT, {**ALERT, "alertid": "2", "adom": "Branch"}]}, "root")
    assert [(event["key"], event["adom"]) for event in events] == [(ALERT["alertid"], "root"), ("2", "Branch")]
    assert events[0]["id"] != events[1]["id"]


def test_a_mitigated_alert_was_blocked() -> None:
    [event] = events_of({"payload": {**ALERT, "eventstatus": "mitigated"}}, "root")
    assert (event["row"]["blocked"], event["row"]["detected"]) == (3, 0)


@pytest.mark.parametrize(
    "payload", [None, [], {}, "text", 7, {"data": "x"}, [ALERT, "x"], {"alertid": "1"}, {"alertid": [1], "subject": ""}]
)
def test_anything_else_is_passed_on_as_unknown(payload: t.Any) -> None:
    event = {"payload": payload, "meta": {"endpoint": "x"}}
    assert events_of(event, "root") == [{**event, "kind": "unknown"}]


@pytest.mark.parametrize("payload", [None, ALERT, {"note": "x"}])
def test_what_the_sender_proved_itself_with_is_in_no_event(payload: t.Any) -> None:
    events = events_of(
        {"payload": payload, "meta": {"endpoint": "x", "headers": {"Authorization": "Bearer c4nary"}}}, "root"
    )
    assert "c4nary" not in json.dumps(events)
    assert [event["meta"] for event in events] == [{"endpoint": "x"}]


def test_hostile_text_is_no_template() -> None:
    for payload in ({**ALERT, "groupby1": "attack:{{ 7 * 7 }}"}, {"note": "{% raw %}", "{{ x }}": 1}):
        assert not any(mark in json.dumps(events_of({"payload": payload}, "root"))[1:] for mark in ("{{", "{%", "{#"))


def test_a_body_without_bottom() -> None:
    payload: t.Any = {**ALERT, "extrainfo": []}
    for dummy in range(5000):
        payload["extrainfo"] = [payload["extrainfo"]]
    assert [event["kind"] for event in events_of({"payload": payload}, "root")] == ["unknown"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*ALERT, "data", "x"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(JSON)
def test_no_body_raises(payload: t.Any) -> None:
    for body in (payload, {**ALERT, "extrainfo": payload}, {**ALERT, **(payload if isinstance(payload, dict) else {})}):
        for event in events_of({"payload": body}, "root"):
            assert event["kind"] in ("new", "unknown")
            json.dumps(event)

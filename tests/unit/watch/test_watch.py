# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is new, what is worsened, and what is neither."""

from __future__ import annotations

import json
import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._watch.memory import Memory
from hypothesis import given, settings
from hypothesis import strategies as st
from unit.watch.support import answer_of, made_watch, played, threat

START = 1_800_000_000.0


def told(events: list[dict[str, t.Any]]) -> list[tuple[str, str]]:
    return [(event["kind"], event["row"]["threat"]) for event in events]


def test_a_row_is_reported_once() -> None:
    watch = made_watch()
    assert told(played(watch, START, [threat("A")])) == [("new", "A")]
    assert played(watch, START + 60, [threat("A")]) == []
    assert told(played(watch, START + 120, [threat("B"), threat("A")])) == [("new", "B")]


def test_what_stands_at_the_start_is_only_remembered_unless_asked_for() -> None:
    watch = made_watch(initial=False)
    assert played(watch, START, [threat("A")]) == []
    assert told(played(watch, START + 60, [threat("A"), threat("B")])) == [("new", "B")]


def test_the_start_of_each_query_is_its_own() -> None:
    watch = made_watch(initial=False, adom=["root", "Branch"])
    assert played(watch, START, [threat("A")], None) == []
    assert played(watch, START + 60, [threat("A")], [threat("A")]) == []


@pytest.mark.parametrize(
    ("before", "now", "worsened"),
    [
        ({"incidents": 10}, {"incidents": 19}, False),
        ({"incidents": 10}, {"incidents": 20}, True),
        ({"detected": 0}, {"detected": 1}, True),
        ({"detected": 0}, {"detected": 0}, False),
        ({"incidents": 10}, {"incidents": 5}, False),
        ({}, {"incidents": 5000}, False),
        ({"incidents": "many"}, {"incidents": 5}, False),
        ({"severity": "medium"}, {"severity": "high"}, True),
        ({"severity": "high"}, {"severity": "medium"}, False),
        ({}, {"severity": "critical"}, False),
        ({"sessions": 1}, {"sessions": 1000}, False),
    ],
)
def test_worsened(before: dict[str, t.Any], now: dict[str, t.Any], worsened: bool) -> None:
    watch = made_watch()
    played(watch, START, [threat("A", **before)])
    assert told(played(watch, START + 60, [threat("A", **now)])) == ([("worsened", "A")] if worsened else [])


def test_growth_is_measured_from_the_last_report() -> None:
    watch = made_watch()
    reported = [
        event["row"]["incidents"]
        for minute, incidents in enumerate([10, 12, 15, 19, 20, 25, 39, 40])
        for event in played(watch, START + 60 * minute, [threat("A", incidents=incidents)])
    ]
    assert reported == [10, 20, 40]


def test_previous_figures_are_those_that_were_reported() -> None:
    watch = made_watch()
    played(watch, START, [threat("A", incidents=10, severity="low")])
    played(watch, START + 60, [threat("A", incidents=15, severity="low")])
    [event] = played(watch, START + 120, [threat("A", incidents=30, severity="high")])
    assert event["previous"] == {"incidents": 10, "severity": "low"}


def test_an_absolute_growth() -> None:
    watch = made_watch(worsened_by={"sessions": 500}, view="top-sources", key=["srcip"])
    rows = [[{"srcip": "198.51.100.7", "sessions": sessions}] for sessions in (1000, 1499, 1500)]
    assert [len(played(watch, START + 60 * minute, found)) for minute, found in enumerate(rows)] == [1, 0, 1]


def test_a_row_that_was_gone_is_new_again() -> None:
    watch = made_watch(overlap=300.0)
    played(watch, START, [threat("A")])
    played(watch, START + 60, [])
    assert played(watch, START + 300, [threat("A")]) == []
    for minute in range(6, 13):
        played(watch, START + 60 * minute, [])
    assert told(played(watch, START + 780, [threat("A")])) == [("new", "A")]


def test_a_full_answer_makes_nothing_forgotten() -> None:
    watch = made_watch(limit=2)
    played(watch, START, [threat("A"), threat("B")])
    for minute in range(1, 60):
        played(watch, START + 60 * minute, [threat("C"), threat("B")])
    assert played(watch, START + 3600, [threat("B"), threat("A")]) == []


def test_a_failed_query_changes_nothing() -> None:
    watch = made_watch()
    played(watch, START, [threat("A")])
    for minute in range(1, 60):
        assert played(watch, START + 60 * minute, None) == []
    assert played(watch, START + 3600, [threat("A")]) == []


def test_nothing_is_remembered_before_it_is_reported() -> None:
    watch = made_watch()
    answers = [answer_of(query, [threat("A"), threat("B")]) for query in watch.due_queries(START)]
    first, second = watch.findings(answers, START)
    watch.reported(first)
    again = watch.findings(answers, START + 60)
    assert [finding.identifier for finding in again] == [second.identifier]


def test_a_worsening_that_was_not_reported_is_found_again() -> None:
    watch = made_watch()
    played(watch, START, [threat("A", incidents=1)])
    answers = [answer_of(query, [threat("A", incidents=9)]) for query in watch.due_queries(START)]
    first = watch.findings(answers, START + 60)
    assert watch.findings(answers, START + 120)[0].event == first[0].event


def test_windows_reach_back_to_the_last_answer() -> None:
    watch = made_watch(window=900.0, overlap=300.0)

    def span(now: float) -> float:
        last = watch.due_queries(now)[0].time_range.last
        assert last is not None
        return last.total_seconds()

    assert span(START) == 900
    played(watch, START, [])
    assert span(START + 60) == 900
    assert span(START + 4000) == 4300
    assert span(START - 4000) == 900, "a clock that was set back"
    assert span(START + 1e9) == 30 * 86400


def test_the_adoms_of_a_threat() -> None:
    watch = made_watch(adom=["root", "Branch", "Center"])
    events = played(watch, START, [threat("A"), threat("B")], [threat("A")], None)
    assert {(event["adom"], event["row"]["threat"]): event["adoms"] for event in events} == {
        ("root", "A"): ["root", "Branch"],
        ("root", "B"): ["root"],
        ("Branch", "A"): ["root", "Branch"],
    }
    assert [event["adom_count"] for event in events] == [2, 1, 2]
    [last] = played(watch, START + 60, [threat("A")], [threat("A")], [threat("A")])
    assert (last["adom"], last["adom_count"]) == ("Center", 3)


def test_identifiers_are_stable_and_tell_findings_apart() -> None:
    both = [threat("A", incidents=1), threat("A", incidents=1, threattype="virus")]
    events = [played(made_watch(adom=["root", "Branch"]), START + 1e6 * run, both, both) for run in (0, 1)]
    ids = [[event["id"] for event in run] for run in events]
    assert ids[0] == ids[1]
    assert len(set(ids[0])) == 4


def test_no_value_of_an_event_is_a_template() -> None:
    names = ["{{ 7 * 7 }}", "{% raw %}", "{# x #}", "{{{ x }}}", "#jinja2: variable_start_string:'[['\n{{ x }}"]
    events = played(made_watch(), START, [threat(name, **{"{{ column }}": name}) for name in names])
    assert len(events) == len(names)
    text = json.dumps(events)
    assert not any(mark in text.replace('{"', "") for mark in ("{{", "{%", "{#"))


@pytest.mark.parametrize(
    "name",
    ["#jinja2:variable_start_string:'[[',variable_end_string:']]'\n[[ 7 * 7 ]]", "#jinja2:\r\n", "##jinja2:#jinja2:\n"],
)
def test_no_value_of_an_event_changes_the_marks_of_a_template(name: str) -> None:
    [event] = played(made_watch(), START, [threat(name, **{name: [name]})])
    texts = [event["key"], event["row"]["threat"], *event["row"]]
    assert [text for text in texts if "#jinja2:" in text] == []


def test_no_value_of_an_event_steers_a_terminal_or_a_log() -> None:
    [event] = played(made_watch(), START, [threat("a\tb\r\nc\x1b[31m\x00\x9b\u2028d")])
    assert event["row"]["threat"] == "a?b??c?[31m???d"
    assert event["key"].startswith("a?b??c?[31m???d |")


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.lists(st.tuples(st.sampled_from("ABCDEFGH"), st.integers(0, 40)), max_size=5, unique_by=lambda row: row[0]),
        max_size=25,
    )
)
def test_the_same_is_never_told_twice(rounds: list[list[tuple[str, int]]]) -> None:
    """While a row stays in the answers, a second report of it has at least twice the figure of the one before."""
    watch = made_watch(limit=5, remember=5, overlap=0.0)
    last: dict[str, int] = {}
    for minute, rows in enumerate(rounds):
        events = played(watch, START + 60 * minute, [threat(name, incidents=number) for name, number in rows])
        standing = dict(rows)
        last = {name: number for name, number in last.items() if name in standing}
        for event in events:
            name, number = event["row"]["threat"], event["row"]["incidents"]
            if name in last:
                assert event["kind"] == "worsened" and number >= 2 * last[name] and number > last[name]
            last[name] = number
        # What was not told before is told now.
        assert set(last) == set(standing)
        assert len(watch.memory) <= 5


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 300)), min_size=1, max_size=8),
    st.lists(st.tuples(st.integers(10, 400), st.booleans()), min_size=1, max_size=40),
)
def test_no_late_log_is_lost(logs: list[tuple[int, int]], steps: list[tuple[int, bool]]) -> None:
    """Logs of one threat each, that arrive up to `overlap` late, and polls at odd times of which some fail."""
    watch = made_watch(window=60.0, overlap=300.0)
    seen: set[str] = set()
    played(watch, START, [])
    now = START

    def poll(answered: bool) -> None:
        last = watch.due_queries(now)[0].time_range.last
        assert last is not None
        begins = now - last.total_seconds()
        rows = [
            threat(f"T{number}")
            for number, (moment, delay) in enumerate(logs)
            if begins <= START + moment <= now and START + moment + delay <= now
        ]
        seen.update(event["row"]["threat"] for event in played(watch, now, rows if answered else None))

    for pause, answered in steps:
        now += pause
        poll(answered)
    now = max(now, START + 3300) + 10
    poll(True)
    assert seen == {f"T{number}" for number in range(len(logs))}


def test_the_state_survives() -> None:
    watch = made_watch()
    played(watch, START, [threat("A", incidents=5, severity="high"), threat("B")])
    state = json.loads(json.dumps(watch.memory.as_dict()))
    assert "A" not in str(sorted(state["known"].values())).replace("top_threats", "")
    memory = Memory(10000)
    memory.load(state)
    later = made_watch(memory, initial=False)
    assert told(played(later, START + 7000, [threat("A", incidents=5), threat("C")])) == [("new", "C")]
    assert told(played(later, START + 7060, [threat("A", incidents=10)])) == [("worsened", "A")]

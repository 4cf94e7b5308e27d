# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What makes a row new or worse, and events that carry nothing a playbook would evaluate."""

from __future__ import annotations

import json
import re
import typing as t

import pytest
from ansible.module_utils.common.text.converters import to_bytes
from ansible_collections.secops.fortiview.plugins.module_utils._watch.findings import (
    event_of,
    has_worsened,
    identifier_of,
    inert,
    known_of,
    values_of,
)
from ansible_collections.secops.fortiview.plugins.module_utils._watch.memory import Known
from ansible_collections.secops.fortiview.plugins.module_utils._watch.options import Growth
from hypothesis import given
from hypothesis import strategies as st
from unit.watch.support import answer_of, made_watch, threat

QUERY = made_watch().due_queries(1000.0)[0]
DOUBLED = {"incidents": Growth(1.0, relative=True)}


def known(severity: str = "", **counters: float) -> Known:
    return Known("q", severity, counters, 0.0)


@pytest.mark.parametrize(
    ("before", "now", "worse"),
    [
        (known(incidents=5), known(incidents=10), True),
        (known(incidents=5), known(incidents=9), False),
        (known(incidents=5), known(incidents=2), False),
        (known(incidents=0), known(incidents=1), True),
        (known(incidents=0), known(incidents=0), False),
        (known(), known(incidents=99), False),
        (known(incidents=5), known(), False),
        (known("low"), known("critical"), True),
        (known("critical"), known("low"), False),
        (known(""), known("critical"), False),
        (known("high"), known(""), False),
    ],
)
def test_what_is_not_known_never_makes_a_row_worse(before: Known, now: Known, worse: bool) -> None:
    assert has_worsened(before, now, DOUBLED) is worse


def test_text_in_a_counter_is_not_0() -> None:
    found = known_of(QUERY, {"incidents": "n/a", "detected": 3, "severity": "urgent"}, ["incidents", "detected"], 7.0)
    assert found.counters == {"detected": 3} and found.severity == "" and found.seen == 7.0


def test_a_row_without_any_of_its_columns_is_not_identified() -> None:
    assert values_of({"incidents": 3}, ["threat", "threattype"]) is None
    assert values_of({"threat": "Evil"}, ["threat", "threattype"]) == ["Evil", ""]


def event(row: dict[str, t.Any], before: t.Optional[Known] = None, host: str = "faz") -> dict[str, t.Any]:
    answer = answer_of(QUERY, [row])
    return event_of(host, QUERY, answer, row, [str(row["threat"])], known(incidents=row.get("incidents", 0)), before)


def test_an_event_has_one_identifier_for_each_state_of_a_row() -> None:
    new = event(threat("Evil", incidents=3))
    worse = event(threat("Evil", incidents=6), known("low", incidents=3))
    assert (
        new["kind"] == "new"
        and worse["kind"] == "worsened"
        and worse["previous"] == {"incidents": 3, "severity": "low"}
    )
    assert new["id"] == event(threat("Evil", incidents=4))["id"]
    assert len({new["id"], worse["id"], event(threat("Evil"), host="other")["id"], event(threat("Other"))["id"]}) == 4


def test_identifiers_keep_the_borders_of_their_parts() -> None:
    assert identifier_of("a", "bc") != identifier_of("ab", "c")
    # State files have it: with another one, everything would be reported again.
    assert identifier_of("faz", "top_threats", "root") == "c1a4472b-122d-55f3-9835-7e5be597a4f3"


TEMPLATES = st.text(st.sampled_from("{%#}a\x00\u2028\ud800")) | st.sampled_from(
    ["#jinja2: variable_start_string:'[['", "{{{% x %}}}"]
)
DATA = st.recursive(
    TEMPLATES | st.integers() | st.none(), lambda inner: st.lists(inner) | st.dictionaries(TEMPLATES, inner)
)


@given(DATA)
def test_no_text_of_an_event_is_a_template(value: t.Any) -> None:
    text = json.dumps(inert(value), ensure_ascii=False)
    strings = re.findall(r'"((?:[^"\\]|\\.)*)"', text)
    assert not any(re.search(r"\{[{%#]|^#jinja2:", one) for one in strings)
    assert not re.search(r"[\x00-\x08\u2028]", text)
    to_bytes(text, errors="strict")


def test_plain_text_of_an_event_stays_as_it_is() -> None:
    row = {"threat": "März {1} 50% #2", "incidents": 3, "devices": ["a"], "none": None}
    assert inert(row) == row

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Everything that a report says, before it is laid out: each event once, and nothing without its result."""

from __future__ import annotations

import re
import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.secops.fortiview.plugins.module_utils._insight.findings import Findings, Given, findings_of
from hypothesis import given
from hypothesis import strategies as st
from unit.insight.support import line, result

Row = dict[str, t.Any]
FAILED = {"name": "b", "adom": "B", "view": "top-threats", "msg": "HTTP 500"}


def found(*results: t.Any, **more: t.Any) -> Findings:
    return findings_of(Given(list(results), **more))


def names(*results: t.Any) -> list[str]:
    return [source.name for source in found(*results).sources]


@pytest.mark.parametrize("nothing", [None, "", [], {"results": []}])
def test_there_must_be_something_to_report(nothing: object) -> None:
    with pytest.raises(InvalidInput, match="nothing to report"):
        findings_of(Given(nothing))


@pytest.mark.parametrize("effect", [5, "x", ["x"], {"rows": 5}, {"totals": {}}])
def test_what_is_no_effect_is_refused(effect: object) -> None:
    with pytest.raises(InvalidInput, match="block_effect"):
        found(result(), effect=effect)


def test_two_rankings_of_one_adom_are_counted_once() -> None:
    both = found(result("a"), result("b", rows=[{"threat": "z", "incidents": 9}]), result("c", "branch"))
    assert [(one.table.adom, one.table.name) for one in both.threats] == [("root", "a"), ("branch", "c")]
    assert both.facts.counts.incidents == 200 and len(both.sources) == 3
    assert [one["adom"] for one in both.adoms] == ["branch", "root"]


def test_a_query_that_failed_is_said_once() -> None:
    half = {"results": [result()], "failed_queries": [FAILED]}
    with pytest.raises(InvalidInput, match="HTTP 500"):
        findings_of(Given(half))
    assert findings_of(Given(half, attackers={"results": [], "failed_queries": [FAILED]}, partial=True)).failed == [
        FAILED
    ]


def test_a_report_of_blocks_alone_has_no_verdict() -> None:
    alone = findings_of(Given([], audit=[line("blocked")]))
    assert alone.verdict is None and alone.attackers is None and alone.trend is None
    assert alone.blocks is not None and alone.blocks["totals"]["blocked"] == 1


def test_nobody_asked_is_not_nobody_attacked() -> None:
    assert found(result()).attackers is None
    assert found(result(), attackers=[result(view="threat-src-dst", rows=[])]).attackers == []


def test_a_single_adom_is_not_compared_with_itself() -> None:
    assert found(result()).adoms == [] == found(result()).spread
    both = found(result(), result("b", "branch"))
    assert len(both.adoms) == 2 and len(both.shared) == 2


def test_names_tell_apart_what_is_of_one_view_and_adom() -> None:
    assert names(result("a"), result("b", "branch")) == ["threats_root", "threats_branch"]
    assert sorted(names(result("web"), result("mail"))) == ["mail", "web"]
    assert names([{"threat": "x", "incidents": 1}]) == ["rows"]


@given(
    st.lists(
        st.text(max_size=12) | st.sampled_from(["../x", "report", "TREND", "trend", "", "x" * 300]),
        min_size=1,
        max_size=4,
    )
)
def test_any_name_becomes_one_file_of_its_own(given_names: list[str]) -> None:
    made = names(*[result(name, "") for name in given_names])
    assert len({name.lower() for name in made}) == len(made) == len(given_names)
    for name in made:
        assert re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name) and name.lower() not in ("report", "trend", "blocks")


def test_rankings_by_threats_of_sources_are_no_talkers() -> None:
    rows = [{"srcip": "10.0.0.1", "threat": "a", "incidents": 3}]
    kinds = {
        source.table.view: source.kind
        for source in found(result(view="top-sources", rows=rows), result(view="source-threat", rows=rows)).sources
    }
    assert kinds == {"top-sources": "sources", "source-threat": "other"}

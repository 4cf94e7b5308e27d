# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import typing as t

import pytest
from ansible.module_utils.common.parameters import remove_values
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import FortiViewError
from ansible_collections.secops.fortiview.plugins.module_utils._glue.blanked import blanked, mark_blanked
from hypothesis import given
from hypothesis import strategies as st

PLAIN = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(-(10**6), 10**6), st.floats(-1e6, 1e6), st.text("ab120.-", max_size=8)
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text("xyz", max_size=2), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(PLAIN, st.text("ab120", min_size=1, max_size=3))
def test_it_knows_what_ansible_will_blank(value: t.Any, secret: str) -> None:
    after = remove_values(value, {secret})
    assert (blanked(value, {secret}) > 0) == (json.dumps(after) != json.dumps(value))


def test_a_result_that_ansible_spoils_has_no_rows_as_a_fact_and_is_not_complete() -> None:
    spoiled = {"name": "a", "complete": True, "rows": [{"incidents": 92024}], "warnings": []}
    whole = {"name": "b", "complete": True, "rows": [{"incidents": 7}], "warnings": []}
    facts = {"fortiview_a": spoiled, "fortiview_b": whole}
    result: dict[str, t.Any] = {"results": [spoiled, whole], "warnings": [], "ansible_facts": facts}
    mark_blanked(result, {"2024"})
    assert (spoiled["complete"], whole["complete"]) == (False, True)
    alone = {"results": [{**spoiled, "complete": True}], "rows": spoiled["rows"], "warnings": [], "ansible_facts": {}}
    mark_blanked(alone, {"2024"})
    assert "rows" not in alone
    # A fact that is left out stays that of an earlier run, in a fact cache.
    assert (facts["fortiview_a"]["complete"], facts["fortiview_a"]["rows"], facts["fortiview_b"]) == (False, [], whole)
    assert "1 value of this result" in result["warnings"][0]


@pytest.mark.parametrize("name", ["tasks", "threats", "offenders", "victims", "refused", "missing", "not_found"])
def test_spoiled_tickets_and_findings_are_an_error(name: str) -> None:
    with pytest.raises(FortiViewError, match=f"1 value of {name}") as caught:
        mark_blanked({"results": [], name: [{"tid": 32024}], "warnings": []}, {"2024"})
    assert caught.value.facts == ({"fortiview_tasks": []} if name == "tasks" else {})

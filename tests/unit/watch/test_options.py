# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What may not be watched is refused before anything is asked."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput
from unit.watch.support import made_watch


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ({"interval": 0.5}, "interval"),
        ({"interval": float("nan")}, "interval"),
        ({"window": 59.0}, "window"),
        ({"window": 1e9}, "window"),
        ({"overlap": -1.0}, "overlap"),
        ({"remember": 49}, "remember"),
        ({"remember": 0}, "remember"),
        ({"view": "ioc", "remember": 999}, "remember"),
        ({"adom": [f"A{number}" for number in range(201)]}, "remember"),
        ({"adom": []}, "adom"),
        ({"adom": ["../root"]}, "adom"),
        ({"adom": "all"}, "adom"),
        ({"limit": "all"}, "limit"),
        ({"view": "failed-authentication-attempts"}, "key"),
        ({"view": None}, "view"),
        ({"key": ["a b"]}, "key"),
        ({"worsened_by": {"incidents": 0}}, "worsened_by.incidents"),
        ({"worsened_by": {"incidents": "-5"}}, "worsened_by.incidents"),
        ({"worsened_by": {"incidents": True}}, "worsened_by.incidents"),
        ({"worsened_by": {"in cidents": 1}}, "worsened_by"),
    ],
)
def test_refused(options: dict[str, t.Any], word: str) -> None:
    with pytest.raises(InvalidInput, match=word.replace(".", r"\.")):
        made_watch(**options)


def test_each_query_is_asked_of_all_adoms() -> None:
    watch = made_watch(view=None, queries=[{"view": "top-threats"}, {"view": "top-sources"}], adom=["root", "B-1"])
    assert [(query.name, query.view_name, query.adom) for query in watch.queries] == [
        ("top_threats_root", "top-threats", "root"),
        ("top_threats_b_1", "top-threats", "B-1"),
        ("top_sources_root", "top-sources", "root"),
        ("top_sources_b_1", "top-sources", "B-1"),
    ]


def test_a_view_that_is_not_known_needs_a_key() -> None:
    assert made_watch(view="failed-authentication-attempts", key=["src_ip"]).queries[0].limit == 100

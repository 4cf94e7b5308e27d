# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`adoms: all`: each ADOM of FortiGates that the administrator may see, or an error."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import FortiViewError, InvalidInput
from ansible_collections.secops.fortiview.plugins.module_utils._query.device_manager import is_for_fortigates

from component.support import Client
from simulators.fortianalyzer import FortiAnalyzer

FORTIGATES = ["root", "Branch_Office", "Data_Center"]


def test_a_query_is_sent_to_each(client: Client) -> None:
    asked = client.ask(view="top-threats", adom=["all"])
    assert sorted(one["adom"] for one in asked["results"]) == sorted(FORTIGATES)
    assert any(
        "Omitted ADOMs FortiMail, FortiWeb, Syslog, because they are for other products." in text
        for text in asked["warnings"]
    )
    assert {one["name"] for one in asked["results"]} == {
        "top_threats_root", "top_threats_branch_office", "top_threats_data_center",
    }  # fmt: skip


def test_what_the_administrator_may_not_see_is_not_asked(client: Client, faz: FortiAnalyzer) -> None:
    faz.switches.forbidden_adoms = ["Data_Center"]
    entries = [{"view": "top-threats", "adom": "all"}, {"view": "top-sources", "adom": "root"}]
    asked = client.ask(queries=entries)
    assert sorted((one["view"], one["adom"]) for one in asked["results"]) == [
        ("top-sources", "root"), ("top-threats", "Branch_Office"), ("top-threats", "root"),
    ]  # fmt: skip


def test_a_hunt_looks_in_each(client: Client) -> None:
    found = client.find(adoms=["all"], severities=["critical"])
    adoms = {
        adom for one in found["threats"] for adom in (one["adom"] if isinstance(one["adom"], list) else [one["adom"]])
    }
    assert adoms == set(FORTIGATES)


def test_a_list_that_cannot_be_read_is_an_error(client: Client, faz: FortiAnalyzer) -> None:
    faz.fault("http", method="get", url="/dvmdb/adom", status=500, times=9)
    with pytest.raises(FortiViewError) as caught:
        client.ask(view="top-threats", adom=["all"])
    assert "ADOM" in str(caught.value) and faz.submits == []


def test_all_goes_alone(client: Client, faz: FortiAnalyzer) -> None:
    with pytest.raises(InvalidInput, match="both all and names of ADOMs"):
        client.ask(view="top-threats", adom=["all", "root"])
    assert len(faz.journal) == 0


@pytest.mark.parametrize(
    ("products", "is_one"),
    [
        ("fos", True),
        (["fos", "foc"], True),
        ("fml", False),
        (["log"], False),
        (1, True),
        (3, True),
        (4, False),
        ("32", False),
        (0, True),
        (None, True),
        ("", True),
    ],
)
def test_adoms_of_other_products_are_left_out(products: t.Any, is_one: bool) -> None:
    assert is_for_fortigates({"name": "x", "products": products}) is is_one

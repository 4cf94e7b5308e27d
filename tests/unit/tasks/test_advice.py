# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What to do about a refused submit names the part of the query that was refused."""

from __future__ import annotations

import re

import yaml
from ansible_collections.secops.fortiview.plugins.doc_fragments.query import ModuleDocFragment
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import ApiError
from ansible_collections.secops.fortiview.plugins.module_utils._protocol.refusals import classify
from ansible_collections.secops.fortiview.plugins.module_utils._query.request import Request, Scope
from ansible_collections.secops.fortiview.plugins.module_utils._query.views import ALIASES, CATALOGUE, View, view_of
from ansible_collections.secops.fortiview.plugins.module_utils._tasks.advice import advice


def request(view: str = "top-threats", scope: Scope | None = None) -> Request:
    return Request("", "Branch", view, view_of(view), scope=scope)


def test_an_object_is_the_adom_or_the_device() -> None:
    error = classify(-3, "Object does not exist")
    assert "ADOM Branch" in str(advice(error, request()))
    drill_down = str(advice(error, request("threat-detect-drilldown-blacklist", Scope("FGT1", "root"))))
    assert "check device_scope" in drill_down and "ADOM" not in drill_down


def test_similar_names_of_views() -> None:
    error = classify(None, "Cannot find FortiView 'top-thret'")
    assert "Similar names: top-threats" in str(advice(error, request("top-thret")))
    assert "Similar" not in str(advice(error, request("top-threats")))
    assert "Similar" not in str(advice(error, request("zzz")))


def test_other_refusals_keep_their_own() -> None:
    assert advice(ApiError("x", -1), request()) is None


def test_the_documentation_lists_the_views_with_a_default_sort_column() -> None:
    described = str(yaml.safe_load(ModuleDocFragment.DOCUMENTATION)["options"]["view"]["description"])
    assert set(re.findall(r"V\(([^)]+)\)", described)) == {
        *(name for name, view in CATALOGUE.items() if view.sort),
        *ALIASES,
    }
    assert all(isinstance(view, View) for view in CATALOGUE.values())

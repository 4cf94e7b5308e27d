# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which ADOMs are looked in, and what the answer to faz_adoms_info and faz_devices_info has around its list."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import ApiError, InvalidInput
from ansible_collections.secops.fortiview.plugins.module_utils._glue.device_manager import (
    adoms_of,
    list_adoms,
    list_devices,
)
from ansible_collections.secops.fortiview.plugins.module_utils._protocol.reply import Reply, decode
from ansible_collections.secops.fortiview.plugins.module_utils._tasks.fortiview import Context


class Shared:
    """A connection that answers the count and the reads of one table, or raises an error."""

    host, verified = "faz.example.com", False

    def __init__(self, answer: t.Any) -> None:
        self.answer = answer
        self.left_open = ""
        self.urls: list[str] = []

    def __enter__(self) -> Shared:
        return self

    def __exit__(self, *dummy: object) -> None:
        self.left_open = "HTTP 500"

    def call(self, method: str, params: t.Mapping[str, t.Any], give_up_at: t.Optional[float] = None) -> Reply:
        self.urls.append(params["url"])
        if isinstance(self.answer, Exception):
            raise self.answer
        data = len(self.answer) if params.get("option") == "count" else self.answer
        return decode({"result": [{"status": {"code": 0, "message": "OK"}, "data": data}]})

    @property
    def context(self) -> Context:
        return Context(shared=t.cast("t.Any", self), sleep=lambda dummy: None)


@pytest.mark.parametrize(
    ("adoms", "adom", "found"),
    [
        (None, None, None),
        (["all"], None, None),
        (None, ["all"], None),
        (["root", "branch"], None, ["root", "branch"]),
        (None, ["root"], ["root"]),
        (["All"], None, None),
        (["root", "branch", "root"], None, ["root", "branch"]),
    ],
)
def test_which_adoms(adoms: t.Any, adom: t.Any, found: t.Any) -> None:
    assert adoms_of({"adoms": adoms, "adom": adom}) == found


@pytest.mark.parametrize("params", [{"adoms": [], "adom": None}, {"adoms": None, "adom": []}])
def test_no_adom_is_not_every_adom(params: dict[str, t.Any]) -> None:
    with pytest.raises(InvalidInput, match="adoms is empty"):
        adoms_of(params)


def test_every_adom_and_a_name_cannot_both_be_meant() -> None:
    """As in the options of a query."""
    with pytest.raises(InvalidInput, match="adoms contains both all and names of ADOMs"):
        adoms_of({"adoms": ["all", "root"], "adom": None})


def test_warnings_about_the_connection_are_in_the_answer() -> None:
    found = list_adoms({}, Shared([{"name": "root", "state": 1}]).context)
    assert found["changed"] is False and [one["name"] for one in found["adoms"]] == ["root"]
    assert len(found["warnings"]) == 2 and "HTTP 500" in found["warnings"][1]


def test_an_error_names_the_host() -> None:
    shared = Shared(ApiError("No", -1, "other"))
    with pytest.raises(ApiError, match=r"on faz\.example\.com"):
        list_devices({"adoms": ["root"], "adom": None, "device_groups": False}, shared.context)
    assert all("/adom/root/" in url for url in shared.urls)

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One object of a configuration, compared with what it must be."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.corrections import (
    Names,
    Right,
    object_corrections,
)

from support.random_fortigates import names

RIGHT: Right = {"action": "deny", "refresh-rate": 5, "srcaddr": Names("soc-block", keep=True), "dstaddr": Names("all")}
THERE = {
    "action": "deny",
    "refresh-rate": "5",
    "srcaddr": names("partner", "soc-block"),
    "dstaddr": names("all"),
    "name": "x",
}
POLICIES = "cmdb/firewall/policy"


def test_an_object_that_is_right_is_left_alone() -> None:
    """Whether a release returns a number as text, and whatever else the object has."""
    assert object_corrections("root", "policy", POLICIES, 9001, THERE, RIGHT) == []


def test_a_missing_object_is_written_as_a_whole() -> None:
    (found,) = object_corrections(
        "root", "policy", POLICIES, 9001, None, RIGHT, {"name": "block"}, {"password": "hidden"}
    )
    assert (found.method, found.path, found.place) == ("POST", POLICIES, "root/firewall/policy/9001")
    assert found.body == {
        "policyid": 9001, "name": "block", "action": "deny", "refresh-rate": 5, "srcaddr": names("soc-block"),
        "dstaddr": names("all"), "password": "hidden",
    }  # fmt: skip
    assert "hidden" not in str((found.as_dict(), found.after, str(found)))


@pytest.mark.parametrize(
    "wrong, body, what",
    [
        ({"action": "accept"}, {"action": "deny"}, "action is accept, not deny"),
        ({"action": None}, {"action": "deny"}, "action is None, not deny"),
        (
            {"srcaddr": names("partner")},
            {"srcaddr": names("partner", "soc-block")},
            "srcaddr does not contain soc-block",
        ),
        ({"dstaddr": names("dmz")}, {"dstaddr": names("all")}, "dstaddr does not contain all"),
        ({"srcaddr": "soc-block"}, {"srcaddr": names("soc-block")}, "srcaddr does not contain soc-block"),
    ],
)
def test_only_what_is_wrong_is_written(wrong: dict[str, t.Any], body: dict[str, t.Any], what: str) -> None:
    (found,) = object_corrections("guest", "policy", POLICIES, 9001, {**THERE, **wrong}, RIGHT)
    assert (found.method, found.path, found.body, found.what) == ("PUT", f"{POLICIES}/9001", body, what)
    assert found.before == wrong and found.place == "guest/firewall/policy/9001"


def test_the_url_of_another_owner_is_not_quoted() -> None:
    there = {"resource": "https://soc:secret@feeds.example.com/x?token=secret"}
    (found,) = object_corrections(
        "root", "feed", "cmdb/system/external-resource", "soc-block", there, {"resource": "https://mine/"}
    )
    assert "secret" not in found.what and "a different URL" in found.what


def test_hostile_values_stay_short_and_in_one_line() -> None:
    (found,) = object_corrections(
        "root", "policy", POLICIES, 1, {"action": "{{ x }}\n\u202e" + "A" * 500}, {"action": "deny"}
    )
    assert "\n" not in found.what and "\u202e" not in found.what and len(found.what) < 80

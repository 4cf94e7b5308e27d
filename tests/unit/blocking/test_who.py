# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The ticket and the approver of a block, from the options of a run and from targets that have their own."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.options import Options, parse_options
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.targets import merged, parse_targets
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput

ADDRESS = "198.51.100.7"


def parsed(targets: t.Any = (ADDRESS,), **more: t.Any) -> Options:
    return parse_options({"run_id": "1", "never": [], "targets": list(targets), **more}, targets=True, statement=True)


def test_every_target_gets_those_of_the_run_unless_it_has_its_own() -> None:
    own = {"address": "203.0.113.7", "ticket": "CHG-1", "approver": "ben"}
    found = parsed([ADDRESS, own], ticket="CHG-7", approver="anna")
    assert [(one.ticket, one.approver) for one in found.targets] == [("CHG-7", "anna"), ("CHG-1", "ben")]
    assert found.targets[0].as_dict() == {
        "address": ADDRESS, "reasons": [], "threats": [], "ticket": "CHG-7", "approver": "anna"
    }  # fmt: skip


@pytest.mark.parametrize("nothing", [None, "", " ", "\n"])
def test_none_is_needed(nothing: object) -> None:
    found = parsed(ticket=nothing, approver=nothing)
    assert (found.ticket, found.approver, found.targets[0].ticket, found.targets[0].approver) == ("", "", "", "")


def test_a_number_is_text_and_lines_become_one() -> None:
    found = parsed(ticket=4711, approver=" anna\n\u202eand ben\x00 ")
    assert (found.ticket, found.approver) == ("4711", "anna and ben")


@pytest.mark.parametrize("wrong", ["x" * 101, ["CHG-7"], {"a": 1}, True])
@pytest.mark.parametrize("option", ["ticket", "approver"])
def test_what_is_no_short_text_is_refused(option: str, wrong: object) -> None:
    for given in ({option: wrong}, {"targets": [{"address": ADDRESS, option: wrong}]}):
        with pytest.raises(InvalidInput, match=f"{option} must be text of at most 100 characters"):
            parsed(**given)


def test_the_same_address_twice_keeps_both() -> None:
    one, other, same = parse_targets([{"address": ADDRESS, "ticket": ticket} for ticket in ("CHG-1", "CHG-2", "CHG-1")])
    assert merged(one, other, 3600).ticket == "CHG-1, CHG-2" and merged(one, same, 3600).ticket == "CHG-1"

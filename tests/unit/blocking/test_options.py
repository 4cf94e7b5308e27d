# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of a run: what contradicts itself, or would alter a URL or a path, is refused before anything is sent."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.options import Options, parse_options
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


@pytest.mark.parametrize(
    "options",
    [
        {"ttl": 0},
        {"ttl": 59},
        {"ttl": 604801},
        {"ttl": -3600},
        {"ttl": True},
        {"ttl": 3600.5},
        {"max_per_run": 0},
        {"max_per_run": "many"},
        {"on_protected": "ignore"},
        {"allow_private": "perhaps"},
        {"never": ["the office"]},
        {"never": ["010.1.1.1"]},
        {"method": "ignore"},
        {"vdoms": ["global"]},
        {"vdoms": ["../x"]},
        {"vdoms": ["a&vdom=b"]},
        {"vdoms": ["root\n"]},
        {"vdoms": ["Kunde Süd"]},
        {"vdoms": ["x" * 32]},
        {"vdoms": []},
        {"vdoms": "*"},
        {"feed": "a/b"},
        {"group": "x" * 36},
        {"group6": "SOC|BLOCK"},
        {"where": "somewhere"},
        {"local_in_method": "ban"},
        {"verify_delay": 3601},
        {"verify_retries": -1},
        {"expired_by": "yesterday"},
        {"shared_services": [{"name": "Tor-*"}]},
        {"method": "feed_file"},
        {"run_id": "a b"},
        {"audit_log": "relative.jsonl"},
        {"audit_log": "/var/log/"},
        {"method": "feed_file", "feed_file": "feeds/block.txt"},
        {"never": None},
    ],
    ids=str,
)
def test_settings_that_make_no_sense_are_errors(options: dict[str, t.Any]) -> None:
    with pytest.raises(InvalidInput):
        parsed(**options)


def test_vdoms_are_names_in_any_list_and_once_each() -> None:
    assert parsed(vdoms=None).vdoms == ("root",)
    assert parsed(vdoms="root, dmz-1\nguest_2 root").vdoms == ("root", "dmz-1", "guest_2")
    assert parsed(vdoms=["Root", "root"]).vdoms == ("Root", "root"), "names of VDOMs are case-sensitive"


@pytest.mark.parametrize("said", ["false", "no", "0", False, "off"])
@pytest.mark.parametrize(
    "name", ["allow_private", "allow_networks", "allow_shrink", "allow_fmg_drift", "force", "everything", "plan"]
)
def test_a_survey_that_says_no_permits_nothing(name: str, said: object) -> None:
    assert getattr(parsed(**{name: said, "method": "feed_push"}), name) is False


def test_a_ban_is_never_of_a_network() -> None:
    assert not parsed(method="ban", allow_networks=True).allow_networks
    assert not parsed(allow_networks=True).allow_networks, "without a method, a ban is made"
    assert parsed(method="addrgrp", allow_networks=True).allow_networks


def test_the_local_in_method_is_for_bans_only() -> None:
    assert parsed(method="ban", local_in_method="addrgrp").local_in_method == "addrgrp"
    assert parsed(method="feed_push", local_in_method="addrgrp").local_in_method == ""


def test_without_verification_nothing_is_read_back() -> None:
    assert parsed(verify=False, verify_retries=9).verification.retries == 0
    assert parsed(verify_retries=9, verify_delay="1m").verification == (9, 60.0)


def test_a_token_of_each_vdom_is_a_token_of_vdoms() -> None:
    assert parsed(vdom_tokens={"root": "x"}).vdom_token and not parsed().vdom_token


def test_the_largest_list_follows_from_the_method() -> None:
    assert (parsed().most_active("ban"), parsed().most_active("addrgrp")) == (1000, 200)
    assert parsed(max_active=7).most_active("addrgrp") == 7


@pytest.mark.parametrize("said", ["2026-10-25T02:30:00", "2026-10-25T02:30:00+02:00", "2026-10-25 00:30:00Z"])
def test_a_time_without_utc_is_not_guessed(said: str) -> None:
    """In the hour that Europe repeats at the end of daylight saving time, local time has two meanings."""
    assert parsed(expired_by="2026-10-25T00:30:00Z").expired_by == 1792888200.0
    with pytest.raises(InvalidInput, match="expired_by must be a time such as"):
        parsed(expired_by=said)


def test_only_a_run_that_blocks_needs_a_stated_exclusion_list() -> None:
    with pytest.raises(InvalidInput, match="fortigate_block_never_extra"):
        parse_options({"run_id": "1", "targets": [ADDRESS]}, targets=True, statement=True)
    found = parse_options({"run_id": "1", "targets": "not read"}, targets=False, statement=False)
    assert found.stated is False and found.targets == ()


@pytest.mark.parametrize("lost", [None, "", "  ", [""], ["", " "]])
def test_an_exclusion_list_that_was_lost_is_not_an_empty_one(lost: object) -> None:
    with pytest.raises(InvalidInput, match="fortigate_block_never_extra"):
        parsed(never=lost)


@pytest.mark.parametrize("stated", [[], "[]", ["198.51.100.7"]])
def test_a_stated_exclusion_list(stated: object) -> None:
    assert parsed(never=stated).stated

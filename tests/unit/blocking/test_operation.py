# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A block is in force, or it is an error and nothing of it is left."""

from __future__ import annotations

import json
import pathlib
import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.client import FortiGateError
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.operation import block
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.registry.records import (
    Pardon,
    Place,
    RegistryError,
)
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import FortiViewError, InvalidInput
from unit.blocking.support import ADDRESS, HOST, NOW, OTHER, SERIAL, SIX, Simulated, options

from support.random_fortigates import names

METHODS = ("ban", "feed_push", "addrgrp")
WRITE = {
    "ban": "POST monitor/user/banned",
    "feed_push": "POST monitor/system/external-resource",
    "addrgrp": "POST cmdb/firewall/addrgrp",
}
CONFIRMED = json.dumps({"status": "success", "vdom": "root", "results": []})


def blocked(fortigate: Simulated, *targets: t.Any, dry_run: bool = False, **more: t.Any) -> dict[str, t.Any]:
    return block(options(*(targets or [ADDRESS]), **more), fortigate.context, dry_run)


def failed(fortigate: Simulated, *targets: t.Any, **more: t.Any) -> FortiViewError:
    with pytest.raises(FortiViewError) as caught:
        blocked(fortigate, *targets, **more)
    return caught.value


def results(found: dict[str, t.Any]) -> list[tuple[str, str]]:
    return [(one["address"], one["result"]) for one in found["steps"]]


def on_list(fortigate: Simulated, method: str) -> list[str]:
    return {"ban": fortigate.banned, "feed_push": fortigate.feed, "addrgrp": lambda: fortigate.members()[1:]}[method]()


@pytest.mark.parametrize("method", METHODS)
def test_a_block_is_read_back_recorded_and_kept_by_a_second_run(fortigate: Simulated, method: str) -> None:
    assert results(blocked(fortigate, method=method)) == [(ADDRESS, "blocked")] and len(on_list(fortigate, method)) == 1
    (claim,) = fortigate.registry.find()
    assert (claim.place.serial, claim.place.vdom, claim.state, claim.expires_at) == (
        SERIAL,
        "root",
        "active",
        NOW + 3600,
    )
    fortigate.writes.clear()
    again = blocked(fortigate, method=method, run_id="second")
    assert not again["changed"] and results(again) == [(ADDRESS, "")] and fortigate.writes == []


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("how", [{"dry_run": True}, {"plan": True}])
def test_a_plan_says_what_would_happen_and_writes_nothing(
    fortigate: Simulated, method: str, how: dict[str, t.Any]
) -> None:
    found = blocked(fortigate, method=method, **how)
    assert found["changed"] and found["pending"] and [one["action"] for one in found["steps"]] == ["add"]
    assert fortigate.writes == [] and fortigate.registry.find() == []


@pytest.mark.parametrize("method", METHODS)
def test_a_write_without_effect_leaves_nothing(fortigate: Simulated, method: str) -> None:
    fortigate.instead[WRITE[method]] = CONFIRMED
    error = failed(fortigate, method=method)
    assert f"{ADDRESS} is missing" in str(error) and error.context["missing"] == [ADDRESS]
    assert fortigate.registry.find() == [] and on_list(fortigate, method) == []
    assert [one.outcome for one in fortigate.registry.history(ADDRESS)] == ["rolled_back"]


@pytest.mark.parametrize("method", METHODS)
def test_a_lost_reply_counts_where_the_block_is_read_back(fortigate: Simulated, method: str) -> None:
    fortigate.unconfirmed[WRITE[method]] = 502
    found = blocked(fortigate, method=method)
    assert results(found) == [(ADDRESS, "blocked")] and any("in force nevertheless" in one for one in found["notices"])


def test_a_failure_in_one_vdom_rolls_the_others_back(fortigate: Simulated) -> None:
    fortigate.ban(OTHER, vdom="guest")
    fortigate.state.switches.update({"ban_cap": 1})
    error = failed(fortigate, method="ban", vdoms=["root", "guest"])
    assert error.context["rolled_back"] is True and "The change was rolled back" in str(error)
    assert fortigate.banned() == [] and fortigate.banned("guest") == [OTHER] and fortigate.registry.find() == []


def test_what_cannot_be_rolled_back_stays_our_block(fortigate: Simulated) -> None:
    fortigate.ban(OTHER, vdom="guest")
    fortigate.state.switches.update({"ban_cap": 1})
    fortigate.instead["POST monitor/user/banned/clear_users"] = 500
    error = failed(fortigate, method="ban", vdoms=["root", "guest"])
    assert error.context["rolled_back"] is False and "The change could NOT be rolled back" in str(error)
    assert "root" in error.context["vdoms"] and fortigate.banned() == [ADDRESS]
    assert {one.place.vdom: one.state for one in fortigate.registry.find()} == {"root": "left"}


def test_one_protected_address_stops_the_whole_run(fortigate: Simulated) -> None:
    error = failed(fortigate, ADDRESS, "10.1.1.1", method="feed_push")
    assert isinstance(error, InvalidInput) and "Nothing was blocked: refused: '10.1.1.1'" in str(error)
    assert fortigate.writes == [] and error.outcome["refused"][0]["address"] == "10.1.1.1"
    assert results(blocked(fortigate, ADDRESS, "10.1.1.1", method="feed_push", on_protected="skip")) == [
        (ADDRESS, "blocked")
    ]


def test_a_list_that_no_policy_uses_is_not_written(fortigate: Simulated) -> None:
    fortigate.configure("firewall/policy", {"policyid": 9001, "srcaddr": names("SOC-BLOCK")})
    assert "no policy denies the addresses in soc-block" in str(failed(fortigate, method="feed_push"))
    assert fortigate.writes == [] and fortigate.registry.find() == []


def test_a_block_that_is_too_short_is_extended(fortigate: Simulated) -> None:
    blocked(fortigate, method="ban")
    fortigate.later(3000)
    assert results(blocked(fortigate, method="ban", run_id="second")) == [(ADDRESS, "extended")]
    assert {int(one["expires"]) for one in fortigate.simulator.bans("root")} == {int(NOW) + 6600}


def test_without_verification_it_is_not_called_blocked(fortigate: Simulated) -> None:
    found = blocked(fortigate, method="ban", verify=False)
    assert results(found) == [(ADDRESS, "written, not verified")]
    assert [one.state for one in fortigate.registry.find()] == ["unverified"]


def test_the_open_sessions_of_a_new_block_are_closed_and_a_failure_of_that_is_told(fortigate: Simulated) -> None:
    blocked(fortigate, {"address": ADDRESS, "side": "source"}, method="feed_push")
    assert fortigate.state.closed_sessions == [{"vdom": "root", "saddr": ADDRESS}]
    fortigate.instead["POST monitor/firewall/session6"] = 404
    found = blocked(fortigate, SIX, method="feed_push")
    assert found["sessions_open"] == [SIX] and results(found) == [(SIX, "blocked")]
    blocked(fortigate, OTHER, method="ban")
    assert len(fortigate.state.closed_sessions) == 1, "a ban stops open sessions itself"


def test_an_audit_log_that_cannot_be_written_stops_the_run_before_it_writes(
    fortigate: Simulated, tmp_path: pathlib.Path
) -> None:
    error = failed(fortigate, method="ban", audit_log=str(tmp_path / "missing" / "audit.jsonl"))
    assert "fortigate_block_audit_dest" in str(error) and fortigate.writes == []


def test_a_person_can_block_what_a_person_has_unblocked(fortigate: Simulated) -> None:
    fortigate.registry.pardon(
        [
            Pardon(
                serial=SERIAL, host=HOST, address=ADDRESS, user="ben", run_id="0", given_at=NOW - 60, until=NOW + 86400
            )
        ]
    )
    assert [
        one["action"] for one in blocked(fortigate, {"address": ADDRESS, "role": "attacker"}, method="ban")["steps"]
    ] == ["pardoned"]
    assert results(blocked(fortigate, method="ban")) == [(ADDRESS, "blocked")]
    assert fortigate.registry.pardons(SERIAL, HOST) == {}


def test_a_list_that_cannot_be_read_is_an_error_before_any_write(fortigate: Simulated) -> None:
    fortigate.instead["GET monitor/user/banned"] = 403
    assert isinstance(failed(fortigate, method="ban"), FortiGateError) and fortigate.writes == []


def test_the_file_of_a_host_without_a_fortigate(fortigate: Simulated, tmp_path: pathlib.Path) -> None:
    context = fortigate.context._replace(fortigate=None)
    path = tmp_path / "feed.txt"
    found = block(options(ADDRESS, SIX, method="feed_file", feed_file=str(path)), context, False)
    assert results(found) == [(ADDRESS, "published"), (SIX, "published")] and path.read_text().split() == [ADDRESS, SIX]
    assert fortigate.reads == []


def test_every_outcome_has_its_word_in_the_audit_log(fortigate: Simulated, tmp_path: pathlib.Path) -> None:
    path = tmp_path / "audit.jsonl"
    fortigate.ban(OTHER, source="IPS")
    fortigate.ban(SIX)
    blocked(fortigate, ADDRESS, OTHER, SIX, "10.1.1.1", method="ban", on_protected="skip", audit_log=str(path))
    found = {line["address"]: line["result"] for line in map(json.loads, path.read_text().splitlines())}
    assert found == {ADDRESS: "blocked", OTHER: "banned by the FortiGate", SIX: "unchanged", "10.1.1.1": "refused"}


def test_a_plan_leaves_no_line_in_the_audit_log(fortigate: Simulated, tmp_path: pathlib.Path) -> None:
    path = tmp_path / "audit.jsonl"
    blocked(fortigate, ADDRESS, "10.1.1.1", method="ban", on_protected="skip", audit_log=str(path), plan=True)
    assert not path.exists()


def test_after_a_plan_the_lists_are_locked_before_they_are_read(fortigate: Simulated) -> None:
    blocked(fortigate, method="ban", plan=True)
    fortigate.later(60)
    fortigate.reads.clear()
    with (
        fortigate.registry.lock([Place(serial=SERIAL, host=HOST, vdom="root", method="ban", list="")], 0, "other"),
        pytest.raises(RegistryError, match="run other"),
    ):
        block(options(ADDRESS, method="ban"), fortigate.context, False)
    assert fortigate.reads == []


def test_a_run_that_changes_something_needs_a_stated_exclusion_list(fortigate: Simulated) -> None:
    given = options(ADDRESS, method="ban")._replace(stated=False)
    assert "fortigate_block_never_extra is not set" in block(given, fortigate.context, True)["notices"][0]
    assert not any("never_extra" in one for one in blocked(fortigate, method="ban", dry_run=True)["notices"])

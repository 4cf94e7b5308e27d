# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The end of a run that failed during its writes: what is undone in every VDOM, and what stays in the registry."""

from __future__ import annotations

import json
import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.client import FortiGateError
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.operation import block
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.registry.records import Claim, Place
from unit.blocking.support import ADDRESS, HOST, NOW, OTHER, SERIAL, SIX, Simulated, options

PUSH = "POST monitor/system/external-resource/dynamic"
FEED = Place(serial=SERIAL, host=HOST, vdom="root", method="feed_push", list="soc-block")


def failed(fortigate: Simulated, *targets: t.Any, **more: t.Any) -> FortiGateError:
    with pytest.raises(FortiGateError) as caught:
        block(options(*targets, **{"method": "feed_push", **more}), fortigate.context, False)
    return caught.value


def open_claims(fortigate: Simulated) -> list[tuple[str, str, str]]:
    return [(one.place.vdom, one.address, one.state) for one in fortigate.registry.find()]


def misdirected(fortigate: Simulated, vdom: str = "guest") -> None:
    """The first write lands in another VDOM than the requested one, and the reply says so."""
    real, places = fortigate._reply, [vdom]

    def reply(url: str, method: str, query: dict[str, str], body: t.Optional[str]) -> tuple[int, str]:
        where = {"vdom": places.pop()} if places and method != "GET" else {}
        return real(url, method, {**query, **where}, body)

    fortigate._reply = reply


def test_an_entry_in_another_vdom_is_found_and_kept_as_ours(fortigate: Simulated) -> None:
    """The next unblock removes it from there."""
    misdirected(fortigate)
    error = failed(fortigate, ADDRESS)
    assert error.context["elsewhere"] == {ADDRESS: "guest"} and error.context["rolled_back"] is False
    assert "guest" in error.context["vdoms"] and open_claims(fortigate) == [("guest", ADDRESS, "left")]


def test_so_it_is_where_the_run_was_to_block_in_the_other_vdom_too(fortigate: Simulated) -> None:
    misdirected(fortigate)
    fortigate.push(OTHER, vdom="guest")
    error = failed(fortigate, ADDRESS, OTHER, vdoms=["root", "guest"])
    assert error.context["elsewhere"] == {ADDRESS: "guest"}, "the other one was there before"
    assert fortigate.feed("guest") == [OTHER, ADDRESS] and open_claims(fortigate) == [("guest", ADDRESS, "left")]


def test_what_was_there_before_the_run_stays(fortigate: Simulated) -> None:
    fortigate.push(OTHER)
    fortigate.registry.attempt(
        [
            Claim(
                place=FEED,
                address=OTHER,
                run_id="earlier",
                user="ben",
                claimed_at=NOW,
                expires_at=None,
                ttl=0,
                state="active",
            )
        ]
    )
    fortigate.instead[PUSH] = 500
    error = failed(fortigate, ADDRESS, OTHER)
    assert error.context["missing"] == [ADDRESS] and fortigate.feed() == [OTHER]
    assert ("root", OTHER, "active") in open_claims(fortigate)


def test_a_list_that_cannot_be_read_back_may_still_block(fortigate: Simulated) -> None:
    real = fortigate._reply

    def reply(url: str, method: str, query: dict[str, str], body: t.Optional[str]) -> tuple[int, str]:
        if method == "POST":
            fortigate.instead["GET monitor/system/external-resource"] = 500
        return real(url, method, query, body)

    fortigate._reply = reply
    error = failed(fortigate, ADDRESS)
    assert f"{ADDRESS} may still be there, because the entries cannot be read" in str(error)
    assert open_claims(fortigate) == [("root", ADDRESS, "left")]


def test_a_write_without_the_right_needs_no_roll_back_to_be_confirmed(fortigate: Simulated) -> None:
    fortigate.instead[PUSH] = 403
    error = failed(fortigate, ADDRESS, SIX)
    assert error.context["rolled_back"] is True and open_claims(fortigate) == []


def test_an_earlier_claim_of_the_same_run_comes_back(fortigate: Simulated) -> None:
    """A run that extends its own block, and fails, has still blocked it until then."""
    block(options(ADDRESS, method="ban"), fortigate.context, False)
    fortigate.later(3000)
    fortigate.instead["POST monitor/user/banned/add_users"] = json.dumps({"status": "success", "vdom": "root"})
    error = failed(fortigate, ADDRESS, method="ban")
    assert error.context["rolled_back"] is True
    (claim,) = fortigate.registry.find()
    assert (claim.expires_at, claim.state) == (NOW + 3600, "active")


def test_an_extended_ban_cannot_be_made_as_it_was(fortigate: Simulated) -> None:
    block(options(ADDRESS, method="ban"), fortigate.context, False)
    fortigate.later(3000)
    fortigate.ban(SIX, vdom="guest")
    fortigate.state.switches.update({"ban_cap": 1})
    error = failed(fortigate, ADDRESS, method="ban", vdoms=["root", "guest"], run_id="second")
    assert error.context["extended"] == [ADDRESS] and error.context["rolled_back"] is False
    assert f"{ADDRESS} expires at another time than before" in str(error) and fortigate.banned("guest") == [SIX]
    assert ("root", ADDRESS, "left") in open_claims(fortigate)


def test_only_the_vdoms_where_something_is_left_are_named(fortigate: Simulated) -> None:
    fortigate.push(OTHER, vdom="guest")
    fortigate.state.switches.update({"feed_cap": 1})
    error = failed(fortigate, ADDRESS, vdoms=["root", "guest"])
    assert error.context["rolled_back"] is True and error.context["vdoms"] == []
    assert fortigate.feed() == [] and fortigate.feed("guest") == [OTHER]

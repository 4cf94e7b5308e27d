# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One list as a run finds it: what is on it, what the registry knows of it, and claims of runs that were interrupted."""

from __future__ import annotations

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.context import Look, look, method_of, settle
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.registry.records import Claim, Place
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput
from unit.blocking.support import ADDRESS, HOST, NOW, OTHER, SERIAL, SIX, Simulated, options

FEED = Place(serial=SERIAL, host=HOST, vdom="root", method="feed_push", list="soc-block")


def claim(address: str, state: str, run_id: str = "1", place: Place = FEED) -> Claim:
    return Claim(
        place=place,
        address=address,
        run_id=run_id,
        user="anna",
        claimed_at=NOW - 60,
        expires_at=NOW + 3600,
        ttl=3600,
        state=state,
    )


def looked(fortigate: Simulated, method: str = "feed_push", vdom: str = "root", **more: str) -> Look:
    given = options(method=method, **more)
    return look(method_of(method, given.lists, given, fortigate.context), vdom, given, fortigate.context, enforced=True)


def test_a_claim_alone_is_no_entry_and_an_entry_alone_is_not_ours(fortigate: Simulated) -> None:
    fortigate.push(ADDRESS, OTHER)
    fortigate.registry.attempt([claim(ADDRESS, "active"), claim(SIX, "active")])
    one = looked(fortigate)
    assert set(one.reading.active) == {ADDRESS, OTHER} and set(one.listed.known) == {ADDRESS, SIX}
    assert one.unsettled == []


@pytest.mark.parametrize("state", ["attempted", "left"])
def test_claims_of_an_interrupted_run_are_settled_by_what_is_on_the_list(fortigate: Simulated, state: str) -> None:
    fortigate.push(ADDRESS)
    fortigate.registry.attempt([claim(ADDRESS, state), claim(OTHER, state), claim(OTHER, "active", "2")])
    one = looked(fortigate)
    assert set(one.unsettled) == {ADDRESS, OTHER}
    settle(one, fortigate.context)
    assert [(each.address, each.run_id, each.state) for each in fortigate.registry.standing(FEED)[ADDRESS]] == [
        (ADDRESS, "1", "active")
    ]
    # Of the other address only the claim that was never confirmed has ended.
    assert [each.run_id for each in fortigate.registry.standing(FEED)[OTHER]] == ["2"]
    assert [(each.claim.run_id, each.outcome) for each in fortigate.registry.history(OTHER)] == [("1", "lost")]
    assert looked(fortigate).unsettled == []


def test_blocks_from_before_a_failover_are_those_of_the_same_name(fortigate: Simulated) -> None:
    fortigate.push(ADDRESS)
    former = FEED._replace(serial="FG100FTK20000002")
    fortigate.registry.attempt([claim(ADDRESS, "active", place=former)])
    one = looked(fortigate)
    assert set(one.listed.known) == {ADDRESS}
    (said,) = one.moved
    assert SERIAL in said and "FG100FTK20000002" in said


def test_the_lists_of_two_vdoms_are_apart(fortigate: Simulated) -> None:
    fortigate.registry.attempt([claim(ADDRESS, "active")])
    fortigate.push(ADDRESS, vdom="guest")
    assert looked(fortigate, vdom="guest").listed.known == {} and looked(fortigate).reading.active == {}
    assert looked(fortigate, vdom="guest").title == "feed_push soc-block in VDOM guest"


def test_a_published_file_belongs_to_no_fortigate(fortigate: Simulated) -> None:
    one = looked(fortigate, "feed_file", feed_file="/nonexistent/feed.txt")
    assert (
        one.place == Place(serial="", host="", vdom="", method="feed_file", list="/nonexistent/feed.txt")
        and one.vdom is None
    )
    assert fortigate.reads == [] and one.title == "feed_file /nonexistent/feed.txt"


def test_without_a_connection_the_cure_is_named(fortigate: Simulated) -> None:
    alone = fortigate.context._replace(fortigate=None)
    assert alone.serial == ""
    with pytest.raises(InvalidInput, match="ansible_connection"):
        alone.vdom("root")


@pytest.mark.parametrize(
    "name, list_name",
    [("ban", ""), ("feed_push", "soc-block"), ("addrgrp", "SOC-BLOCK"), ("feed_file", "/srv/feed.txt")],
)
def test_each_method_has_its_list(fortigate: Simulated, name: str, list_name: str) -> None:
    given = options(feed_file="/srv/feed.txt")
    found = method_of(name, given.lists, given, fortigate.context)
    assert (found.name, found.list_name, found.ends_by_itself) == (name, list_name, name == "ban")


def test_an_unknown_method_is_not_another_one(fortigate: Simulated) -> None:
    with pytest.raises(ValueError, match="no such method: dns_filter"):
        method_of("dns_filter", options().lists, options(), fortigate.context)

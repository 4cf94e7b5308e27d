# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A feed counts only as far as the FortiGate says that it applies it."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.client import FortiGateError, Vdom
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.methods.base import Reading, Wish, Writes
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.methods.feed_push import FeedPush, not_applied
from unit.blocking.support import ADDRESS, OTHER, SIX, Simulated, scripted

FEED = FeedPush("soc-block")


@pytest.mark.parametrize(
    "content, broken",
    [
        ({"status": "enable", "accepted_count": 3}, False),
        ({"status": "disable"}, True),
        ({"resource_file_status": "Missing"}, True),
        ({"accepted_count": "2"}, True),
        ({"overflow": True}, True),
    ],
)
def test_a_feed_that_is_not_applied(content: dict[str, t.Any], broken: bool) -> None:
    assert bool(not_applied(content, 3)) == broken


def answering(content: t.Any) -> Vdom:
    return scripted(lambda _method, _path, _body: content).vdom("root")


@pytest.mark.parametrize(
    "content",
    [None, [], "entries", {}, {"entries": None}, {"entries": ["198.51.100.7"]}, {"entries": {}}, {"valid_count": 1}],
)
def test_content_that_cannot_be_read_is_not_an_empty_feed(content: t.Any) -> None:
    with pytest.raises(FortiGateError, match="the content of feed soc-block cannot be read"):
        FEED.read(answering(content))


def test_an_empty_feed_says_that_it_is_empty() -> None:
    assert FEED.read(answering({"valid_count": 0})).entries == {}
    assert FEED.read(answering({"entries": []})).entries == {}


def test_only_valid_entries_count() -> None:
    rows = [{"entry": ADDRESS, "valid": "true"}, {"entry": OTHER, "valid": False}, {"entry": "2001:DB8:BAD::7"}]
    assert set(FEED.read(answering({"entries": rows})).entries) == {ADDRESS, SIX}


@pytest.mark.parametrize(
    "state, why",
    [
        ({"status": "error"}, "status error"),
        ({"accepted_count": 0}, "accepted_count 0 of 1"),
        ({"overflow": "true"}, "overflow"),
    ],
)
def test_a_block_needs_a_feed_that_is_applied_and_a_list_only_says_so(state: dict[str, t.Any], why: str) -> None:
    vdom = answering({"entries": [{"entry": ADDRESS}], **state})
    assert FEED.read(vdom).problem == why
    with pytest.raises(FortiGateError, match=f"does not apply feed soc-block: {why}"):
        FEED.read(vdom, enforced=True)


def test_a_feed_that_does_not_exist_has_its_cure() -> None:
    with pytest.raises(FortiGateError, match="bootstrap"):
        FEED.read(answering(404))


def test_an_entry_is_removed_in_the_spelling_of_the_fortigate(fortigate: Simulated) -> None:
    fortigate.push("2001:DB8:BAD::7", "198.51.100.4/24", OTHER)
    before = FEED.read(fortigate.vdom)
    change = FEED.change(fortigate.vdom, before, Writes(remove=(SIX, "198.51.100.0/24", "192.0.2.1")))
    change.write()
    assert fortigate.feed() == [OTHER] and change.missing_in(FEED.read(fortigate.vdom)) == []
    change.undo()
    assert set(fortigate.feed()) == {OTHER, "2001:DB8:BAD::7", "198.51.100.4/24"}


@pytest.mark.parametrize(
    "result",
    [
        {"status": "error", "error": "table full"},
        {"status": "success", "invalidEntries": [ADDRESS]},
        {"error": "no such feed"},
    ],
)
def test_a_refusal_inside_of_a_successful_reply_is_an_error(result: dict[str, t.Any]) -> None:
    change = FEED.change(answering([result]), Reading({}), Writes(add=(Wish(ADDRESS),)))
    with pytest.raises(FortiGateError, match="feed soc-block"):
        change.write()


def test_what_is_missing_and_what_is_left(fortigate: Simulated) -> None:
    fortigate.push(OTHER)
    before = FEED.read(fortigate.vdom)
    change = FEED.change(fortigate.vdom, before, Writes(add=(Wish(ADDRESS), Wish(SIX)), remove=(OTHER,)))
    assert change.missing_in(before) == [ADDRESS, SIX, OTHER] and change.left(before) == []
    change.write()
    now = FEED.read(fortigate.vdom)
    assert change.missing_in(now) == [] and change.left(now) == [ADDRESS, SIX, OTHER]


def test_nothing_is_sent_for_nothing(fortigate: Simulated) -> None:
    FEED.change(fortigate.vdom, Reading({}), Writes(remove=(ADDRESS,))).write()
    assert fortigate.writes == []
    FEED.change(fortigate.vdom, Reading({}), Writes(add=(Wish(ADDRESS),))).write()
    ((_method, _path, body),) = fortigate.writes
    assert [one["command"] for one in body["commands"]] == ["add"]

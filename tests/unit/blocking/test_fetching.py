# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a FortiGate has fetched a published file, and denies by it."""

from __future__ import annotations

import json
import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.fetching import (
    NOT_YET,
    Fetched,
    fetch,
    holds,
    still_there,
)
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.planning import ADD, Step
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.targets import parse_targets
from unit.blocking.support import ADDRESS, OTHER, SIX, Simulated, options

DONE = json.dumps({"status": "success", "vdom": "root"})
REFRESH = "POST monitor/system/external-resource/refresh"


@pytest.fixture
def fetching(fortigate: Simulated) -> Simulated:
    """Its feed is one that it fetches; each refresh is accepted, and fetches nothing by itself."""
    fetched = {"name": "soc-block", "update-method": "feed", "resource": "https://feeds.example.com/x"}
    for vdom in ("root", "guest"):
        fortigate.configure("system/external-resource", fetched, vdom)
    fortigate.instead[REFRESH] = DONE
    return fortigate


def steps(*addresses: str) -> list[Step]:
    return [Step(ADD, one.address, "", one, method="feed_file") for one in parse_targets(list(addresses))]


def given(**more: t.Any) -> t.Any:
    return options(method="feed_file", feed_file="/srv/feed.txt", **more)


def fetched(
    fortigate: Simulated, *addresses: str, after: int = 0, retries: int = 3, **more: t.Any
) -> tuple[Fetched, int]:
    """What is blocked where the FortiGate has the addresses after so many pauses, and how many pauses there were."""
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == after:
            fortigate.push(*addresses)

    context = fortigate.context._replace(sleep=sleep)
    return fetch(given(verify_retries=retries, **more), context, steps(*addresses)), len(slept)


def test_what_it_has_already_is_blocked_and_is_not_fetched_again(fetching: Simulated) -> None:
    fetching.push(ADDRESS, SIX)
    found, slept = fetched(fetching, ADDRESS, SIX)
    assert set(found.blocked) == {ADDRESS, SIX} and found.fresh == frozenset() and slept == 0
    assert fetching.writes == [] and {one.policy for one in found.blocked.values()} == {9001}


def test_what_it_fetches_after_a_refresh_is_new(fetching: Simulated) -> None:
    found, slept = fetched(fetching, ADDRESS, after=2)
    assert (set(found.blocked), found.fresh, slept) == ({ADDRESS}, {ADDRESS}, 2)
    assert [path for _method, path, _body in fetching.writes] == ["monitor/system/external-resource/refresh"]


def test_what_it_has_not_fetched_is_published_and_not_called_blocked(fetching: Simulated) -> None:
    fetching.push(OTHER)
    found, slept = fetched(fetching, ADDRESS)
    assert found.blocked == {} and slept == 3
    assert found.notices == [f"{ADDRESS} is published, but not yet in force in VDOM root: {NOT_YET}"]


def test_it_must_be_blocked_in_every_vdom(fetching: Simulated) -> None:
    fetching.push(ADDRESS)
    found, _slept = fetched(fetching, ADDRESS, vdoms=["root", "guest"])
    assert found.blocked == {} and "VDOM guest" in found.notices[0]
    fetching.push(ADDRESS, vdom="guest")
    assert set(fetched(fetching, ADDRESS, vdoms=["root", "guest"])[0].blocked) == {ADDRESS}


def test_an_entry_without_a_policy_is_not_blocked(fetching: Simulated) -> None:
    fetching.push(ADDRESS)
    fetching.configure("firewall/policy", {"policyid": 9001, "status": "disable"})
    found, _slept = fetched(fetching, ADDRESS)
    assert (
        found.blocked == {} and "not proven that VDOM root blocks the addresses: no policy denies" in found.notices[0]
    )


@pytest.mark.parametrize("status", [403, 500])
def test_a_refresh_that_is_refused_is_not_waited_for(fetching: Simulated, status: int) -> None:
    fetching.instead[REFRESH] = status
    found, slept = fetched(fetching, ADDRESS)
    assert found.blocked == {} and slept == 0 and f"HTTP {status}" in found.notices[0]


def test_a_feed_that_fetches_nothing_is_named_with_its_fault(fetching: Simulated) -> None:
    fetching.configure("system/external-resource", {"name": "soc-block", "update-method": "push"})
    found, _slept = fetched(fetching, ADDRESS)
    assert "is a push feed, for which the FortiGate fetches no file" in found.notices[0] and fetching.writes == []


def test_a_feed_that_cannot_be_read_counts_as_empty_before_and_as_unknown_after(fetching: Simulated) -> None:
    fetching.push(ADDRESS)
    assert holds(given(), fetching.context, [ADDRESS])
    fetching.instead["GET monitor/system/external-resource"] = 500
    assert not holds(given(), fetching.context, [ADDRESS])
    (said,) = still_there(given(), fetching.context, [ADDRESS])
    assert (
        said.startswith(f"It is not known whether feed soc-block in VDOM root still blocks {ADDRESS}: ")
        and "HTTP 500" in said
    )


def test_what_was_removed_from_the_file_blocks_until_it_is_fetched(fetching: Simulated) -> None:
    fetching.push(ADDRESS, OTHER)
    (said,) = still_there(given(), fetching.context, [ADDRESS])
    assert said.startswith(f"{ADDRESS} is no longer in the file, but still blocked by feed soc-block in VDOM root")
    fetching.state.feeds.of("root", "soc-block").entries.pop(ADDRESS)
    assert still_there(given(), fetching.context, [ADDRESS]) == []


def test_a_feed_that_does_not_exist_blocks_nothing(fetching: Simulated) -> None:
    del fetching.state.config.objects("system/external-resource", "root")["soc-block"]
    assert still_there(given(), fetching.context, [ADDRESS]) == [] and not holds(given(), fetching.context, [ADDRESS])

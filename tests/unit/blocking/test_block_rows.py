# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One row for each address that is blocked, however many FortiGates, methods and runs there are."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.block_rows import block_rows

ADDRESS, NET = "198.51.100.7", "198.51.100.0/24"
Data = dict[str, t.Any]


def block(address: str = ADDRESS, **more: t.Any) -> Data:
    return {
        "address": address, "vdom": "root", "method": "ban", "list": "", "ours": True, "expires": "2026-03-01T14:30:00Z",
        "run_id": "7", "job_user": "anna", "blocked_at": "2026-03-01T13:30:00Z", "reasons": ["scan"], "threats": [],
        "source": "Administrative", **more,
    }  # fmt: skip


def held(address: str = ADDRESS, stops: t.Optional[bool] = True, **more: t.Any) -> Data:
    """An entry that holds the address that was looked for."""
    return block(address, asked=ADDRESS, whole=True, stops=stops, stops_why="" if stops else "policy 5", **more)


def results(**hosts: t.Sequence[Data]) -> dict[str, Data]:
    lists = [{"vdom": "root", "method": "ban", "list": ""}]
    return {host: {"blocks": list(found), "lists": lists} for host, found in hosts.items()}


def asked(found: t.Mapping[str, t.Any], *expected: str, address: str = ADDRESS) -> Data:
    (row,) = block_rows(found, [address], expected)
    return row


def test_one_address_on_many_fortigates_by_two_methods_and_runs_is_one_row() -> None:
    feed = block(
        method="feed_push",
        list="soc-block",
        run_id="8",
        blocked_at="2026-02-01T00:00:00Z",
        reasons=["botnet"],
        ticket="CHG-7",
        approver="eve",
    )
    later = block(expires="2026-03-01T14:30:02Z")
    found = block_rows(results(a=[block(), feed], b=[later], c=[block("9.1.1.1", ours=False, run_id="")]))
    assert [row["address"] for row in found] == ["9.1.1.1", ADDRESS]
    assert found[1] == {
        "address": ADDRESS,
        "methods": ["ban", "feed_push"],
        "fortigates": ["a", "b"],
        "since": "2026-02-01T00:00:00Z",
        "until": "2026-03-01T14:30:00Z or later",
        "ours": "yes",
        "runs": ["7", "8"],
        "users": ["anna"],
        "tickets": ["CHG-7"],
        "approvers": ["eve"],
        "why": ["scan", "botnet"],
    }
    assert found[0]["ours"] == "no"


def test_lists_are_texts_for_a_table_and_many_fortigates_are_counted() -> None:
    (row,) = block_rows(results(**{f"fgt-{number:02}": [block()] for number in range(50)}), short=True)
    assert row["fortigates"] == "fgt-00, fgt-01 and 48 more" and row["why"] == "scan"


@pytest.mark.parametrize(
    "blocks, until",
    [
        ([block(expires=None)], "permanent"),
        ([block(expires=None, ours=False, method="feed_push")], "unknown"),
        ([block(expires=None), block(expires=None, ours=False, method="feed_push")], "unknown"),
        ([block(), block(expires=None)], "2026-03-01T14:30:00Z or later"),
    ],
)
def test_when_it_ends(blocks: list[Data], until: str) -> None:
    assert block_rows(results(a=blocks))[0]["until"] == until


def test_an_entry_of_ours_and_one_of_others_are_partly_ours() -> None:
    found = block_rows(results(a=[block()], b=[block(ours=False, run_id="")]))
    assert found[0]["ours"] == "partly"


def policy(number: int, hits: t.Optional[int], last: t.Optional[str] = None) -> Data:
    lists = [{"method": "feed_push", "list": "soc-block"}]
    return {"vdom": "root", "policyid": number, "lists": lists, "hits": hits, "last_hit": last}


@pytest.mark.parametrize(
    "policies, hits, last",
    [
        ([policy(1, 3, "2026-03-01T00:00:00Z"), policy(2, 4, "2026-03-02T00:00:00Z")], 14, "2026-03-02T00:00:00Z"),
        ([policy(1, 3), policy(2, None)], None, None),
        ([], None, None),
    ],
)
def test_counters_of_the_lists(policies: list[Data], hits: t.Optional[int], last: t.Optional[str]) -> None:
    """The same policies on each of two FortiGates; no counter is not 0."""
    found = results(
        a=[block(method="feed_push", list="soc-block"), block()], b=[block(method="feed_push", list="soc-block")]
    )
    for one in found.values():
        one["policies"] = policies
    (row,) = block_rows(found)
    assert (row["list_hits"], row["list_last_hit"]) == (hits, last)


def test_vdoms_are_places_of_their_own() -> None:
    found = block_rows(results(a=[block(), block(vdom="guest")]))
    assert found[0]["fortigates"] == ["a", "a (guest)"]


def test_an_address_that_is_looked_for_has_a_row_where_nothing_blocks_it() -> None:
    row = asked(results(a=[], b=[]))
    assert (row["blocked"], row["not_on"], row["entries"], row["methods"]) == ("no", ["a", "b"], [], [])


def test_where_it_is_not_blocked_is_named() -> None:
    row = asked(results(a=[held(NET, method="feed_push")], b=[]))
    assert (row["blocked"], row["entries"], row["fortigates"], row["not_on"]) == ("partly", [NET], ["a"], ["b"])
    assert asked(results(a=[held()]))["blocked"] == "yes"


@pytest.mark.parametrize("failed", [{"failed": True, "msg": "off"}, {"unreachable": True}, None])
def test_a_fortigate_that_was_not_read_is_never_a_no(failed: t.Optional[Data]) -> None:
    found = {**results(a=[]), **({"b": failed} if failed else {})}
    row = asked(found, "a", "b")
    assert (row["blocked"], row["not_on"], row["unknown_on"]) == ("not known", ["a"], ["b"])


def test_what_a_partly_read_fortigate_shows_counts() -> None:
    found = {"a": {**results(a=[held()])["a"], "failed": True, "msg": "a list could not be read"}}
    assert asked(found)["blocked"] == "yes"
    found["a"]["blocks"] = []
    assert asked(found)["blocked"] == "not known"


@pytest.mark.parametrize("stops, blocked", [(True, "yes"), (False, "no"), (None, "not known")])
def test_an_entry_that_no_policy_denies_by_is_no_block(stops: t.Optional[bool], blocked: str) -> None:
    row = asked(results(a=[held(stops=stops, method="feed_push")]))
    assert (row["blocked"], row["notes"]) == (blocked, [] if stops else ["a: policy 5"])


def test_a_part_of_a_network_is_partly() -> None:
    found = results(a=[block(asked=NET, whole=False, stops=True)])
    assert asked(found, address=NET)["blocked"] == "partly"


def test_another_spelling_of_the_address_is_the_same() -> None:
    found = results(a=[block("2001:db8::7", asked="2001:db8::7", whole=True, stops=True)])
    row = asked(found, address="2001:0DB8:0::7")
    assert (row["address"], row["blocked"]) == ("2001:db8::7", "yes")


def test_a_vdom_that_does_not_block_it_is_named() -> None:
    lists = [{"vdom": name, "method": "ban", "list": ""} for name in ("root", "guest")]
    row = asked({"a": {"blocks": [held()], "lists": lists}})
    assert (row["blocked"], row["not_on"]) == ("partly", ["a (guest)"])

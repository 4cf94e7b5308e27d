# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is blocked on one FortiGate, by whom and until when. Nothing is written there."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.listing import NotRead, list_blocks
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.registry.records import Claim, Place
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput
from unit.blocking.support import ADDRESS, HOST, NOW, OTHER, SERIAL, SIX, Simulated, options

FEED = Place(serial=SERIAL, host=HOST, vdom="root", method="feed_push", list="soc-block")


def claim(
    fortigate: Simulated, address: str, left: t.Optional[float] = 3600, place: Place = FEED, **more: t.Any
) -> None:
    ends = None if left is None else NOW + left
    given = {"state": "active", "ticket": "CHG-7", "approver": "ben", "threats": ("C2",), **more}
    fortigate.registry.attempt(
        [
            Claim(
                place=place,
                address=address,
                run_id="4711",
                user="anna",
                claimed_at=NOW - 60,
                expires_at=ends,
                ttl=3600,
                **given,
            )
        ]
    )


def listed(fortigate: Simulated, *targets: str, **more: t.Any) -> dict[str, t.Any]:
    found = list_blocks(options(*targets, **more), fortigate.context)
    assert fortigate.writes == []
    return found


def rows(found: dict[str, t.Any]) -> list[tuple[str, str, bool, t.Optional[str]]]:
    return [(one["address"], one["method"], one["ours"], one["expires"]) for one in found["blocks"]]


def test_an_empty_fortigate(fortigate: Simulated) -> None:
    found = listed(fortigate)
    assert (found["blocks"], found["missing"], found["notices"], found["serial"]) == ([], [], [], SERIAL)
    assert [one["method"] for one in found["lists"]] == ["ban", "feed_push", "addrgrp"]


def test_ours_have_their_run_and_the_others_are_shown_too(fortigate: Simulated) -> None:
    fortigate.push(SIX, ADDRESS, OTHER)
    claim(fortigate, ADDRESS)
    claim(fortigate, SIX, None)
    fortigate.ban("192.0.2.7", source="IPS", seconds=600)
    found = listed(fortigate)
    assert rows(found) == [
        ("192.0.2.7", "ban", False, "2026-03-01T14:40:00Z"), (ADDRESS, "feed_push", True, "2026-03-01T15:30:00Z"),
        (OTHER, "feed_push", False, None), (SIX, "feed_push", True, None),
    ]  # fmt: skip
    ours = found["blocks"][1]
    assert (ours["run_id"], ours["job_user"], ours["ticket"], ours["approver"]) == ("4711", "anna", "CHG-7", "ben")
    assert ours["blocked_at"] == "2026-03-01T14:29:00Z" and ours["threats"] == ["C2"] and ours["verified"]


def test_a_block_that_was_never_verified_says_so(fortigate: Simulated) -> None:
    fortigate.push(ADDRESS)
    claim(fortigate, ADDRESS, state="unverified")
    assert listed(fortigate)["blocks"][0]["verified"] is False


def test_the_end_of_a_ban_is_that_of_the_fortigate(fortigate: Simulated) -> None:
    claim(fortigate, ADDRESS, 60, FEED._replace(method="ban", list=""))
    fortigate.ban(ADDRESS, seconds=7200)
    assert rows(listed(fortigate)) == [(ADDRESS, "ban", True, "2026-03-01T16:30:00Z")]


def test_a_block_that_somebody_has_removed_is_named(fortigate: Simulated) -> None:
    claim(fortigate, ADDRESS)
    found = listed(fortigate)
    assert found["missing"] == [{"address": ADDRESS, "vdom": "root", "method": "feed_push"}] and found["blocks"] == []
    assert any("but missing in" in one and ADDRESS in one for one in found["notices"])
    assert listed(fortigate, OTHER)["missing"] == [], "only what was asked for"


@pytest.mark.parametrize(
    "entry, asked, whole",
    [
        ("198.51.100.0/24", ADDRESS, True), ("198.51.100.4/24", ADDRESS, True), ("198.51.100.1-198.51.100.9", ADDRESS, True),
        (ADDRESS, "198.51.100.0/24", False), ("2001:db8:bad::/48", SIX, True), (SIX, "2001:db8:bad::/64", False),
    ],
)  # fmt: skip
def test_an_address_is_found_in_networks_and_ranges(fortigate: Simulated, entry: str, asked: str, whole: bool) -> None:
    fortigate.push(entry)
    (row,) = listed(fortigate, asked)["blocks"]
    assert (row["asked"], row["whole"], row["stops"]) == (asked, whole, True)


def test_an_address_on_no_list_has_no_row(fortigate: Simulated) -> None:
    fortigate.push(OTHER)
    assert listed(fortigate, ADDRESS)["blocks"] == []


def test_a_name_is_not_looked_for(fortigate: Simulated) -> None:
    with pytest.raises(InvalidInput, match=r"evil\.example\.com.* is not an address"):
        listed(fortigate, "evil.example.com")
    assert fortigate.reads == []


def test_a_list_that_cannot_be_read_fails_with_what_was_read(fortigate: Simulated) -> None:
    fortigate.ban(ADDRESS)
    fortigate.instead["GET cmdb/firewall/addrgrp"] = 403
    with pytest.raises(NotRead, match="HTTP 403") as caught:
        listed(fortigate)
    assert [one["address"] for one in caught.value.outcome["blocks"]] == [ADDRESS]


def test_the_history_of_a_ticket_has_what_is_over_and_where_else_it_is_open(fortigate: Simulated) -> None:
    claim(fortigate, ADDRESS)
    fortigate.registry.end(FEED, [ADDRESS], "removed")
    claim(fortigate, OTHER, None, FEED._replace(serial="FG2", host="fgt-branch"))
    found = listed(fortigate, ticket="CHG-7")
    (past,) = found["history"]
    assert (past["outcome"], past["ended_at"]) == ("removed", "2026-03-01T14:30:00Z")
    assert found["elsewhere"] == [{"address": OTHER, "host": "fgt-branch", "serial": "FG2"}]
    assert listed(fortigate, ticket="CHG-8")["history"] == []


def test_members_of_others_whose_addresses_are_not_known_are_named(fortigate: Simulated) -> None:
    fortigate.configure("firewall/address", {"name": "{{ x }}", "type": "fqdn", "fqdn": "evil.example.com"})
    fortigate.configure(
        "firewall/addrgrp", {"name": "SOC-BLOCK", "member": [{"name": "{{ x }}"}, {"name": "blk-placeholder"}]}
    )
    (notice,) = listed(fortigate)["notices"]
    assert notice.startswith("The member {{ x }} of addrgrp SOC-BLOCK in VDOM root may block more")


def test_an_entry_that_came_with_the_published_file_is_ours(fortigate: Simulated) -> None:
    fortigate.push(ADDRESS, OTHER)
    claim(fortigate, ADDRESS, place=Place(serial="", host="", vdom="", method="feed_file", list="/srv/feed.txt"))
    assert [(one["address"], one["ours"], one["ticket"]) for one in listed(fortigate)["blocks"]] == [
        (ADDRESS, True, "CHG-7"),
        (OTHER, False, ""),
    ]


def test_a_permanent_block_has_no_end_in_the_history(fortigate: Simulated) -> None:
    claim(fortigate, ADDRESS, None)
    (open_block,) = listed(fortigate, ticket="CHG-7")["history"]
    assert (open_block["expires"], open_block["ended_at"], open_block["outcome"]) == (None, None, "")

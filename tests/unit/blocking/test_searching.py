# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which lists an unblock without a method looks at: none that may still block is passed over in silence."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.client import FortiGateError
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.registry.records import Claim, Place
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.searching import every_address, looks
from unit.blocking.support import ADDRESS, HOST, NOW, OTHER, SERIAL, Simulated, options


def claim(fortigate: Simulated, vdom: str, method: str, name: str, state: str = "active") -> None:
    place = Place(serial=SERIAL, host=HOST, vdom=vdom, method=method, list=name)
    fortigate.registry.attempt(
        [
            Claim(
                place=place,
                address=ADDRESS,
                run_id="1",
                user="anna",
                claimed_at=NOW,
                expires_at=None,
                ttl=0,
                state=state,
            )
        ]
    )


def found(fortigate: Simulated, **more: t.Any) -> tuple[list[tuple[str, str, str]], list[str]]:
    one, unread = looks(options(**more), fortigate.context)
    return [(each.place.method, each.place.list, each.place.vdom) for each in one], unread


ROOT = [("ban", "", "root"), ("feed_push", "soc-block", "root"), ("addrgrp", "SOC-BLOCK", "root")]


def test_without_a_method_every_list_that_exists(fortigate: Simulated) -> None:
    assert found(fortigate) == (ROOT, [])


def test_a_list_that_does_not_exist_blocks_nothing(fortigate: Simulated) -> None:
    assert found(fortigate, feed="other", group="OTHER", group6="OTHER6") == (ROOT[:1], [])


def test_lists_of_other_names_and_vdoms_that_the_registry_has(fortigate: Simulated) -> None:
    fortigate.configure(
        "system/external-resource", {"name": "old", "type": "address", "update-method": "push"}, "guest"
    )
    claim(fortigate, "guest", "feed_push", "old")
    assert found(fortigate) == ([*ROOT, ("feed_push", "old", "guest")], [])
    # The lists of other VDOMs belong to other tokens.
    assert found(fortigate, vdom_token=True) == (ROOT, [])


def test_a_list_that_the_registry_has_and_the_fortigate_has_not_is_told(fortigate: Simulated) -> None:
    claim(fortigate, "root", "feed_push", "gone")
    lists, (said,) = found(fortigate)
    assert lists == ROOT and "HTTP 404" in said


def test_a_list_that_cannot_be_read_stops_the_others_not(fortigate: Simulated) -> None:
    fortigate.instead["GET monitor/system/external-resource"] = 500
    lists, (said,) = found(fortigate)
    assert lists == [ROOT[0], ROOT[2]] and "HTTP 500" in said


def test_where_none_can_be_read_it_is_an_error(fortigate: Simulated) -> None:
    fortigate.instead["GET"] = 403
    with pytest.raises(FortiGateError, match="HTTP 403"):
        found(fortigate)


def test_a_list_of_the_chosen_method_must_be_readable(fortigate: Simulated) -> None:
    assert found(fortigate, method="feed_push", vdoms=["root", "guest"])[0] == [
        ("feed_push", "soc-block", "root"),
        ("feed_push", "soc-block", "guest"),
    ]
    with pytest.raises(FortiGateError):
        found(fortigate, method="feed_push", feed="other")


def test_what_a_failed_run_left_in_another_vdom_is_found_with_a_method_too(fortigate: Simulated) -> None:
    claim(fortigate, "guest", "feed_push", "soc-block", state="left")
    claim(fortigate, "guest", "addrgrp", "SOC-BLOCK", state="left")
    assert ("feed_push", "soc-block", "guest") in found(fortigate, method="feed_push")[0]
    assert len(found(fortigate, method="feed_push")[0]) == 2
    claim(fortigate, "guest", "feed_push", "soc-block")
    assert len(found(fortigate, method="feed_push")[0]) == 1, "the other VDOM is another run's"


def test_the_list_for_attackers_of_the_fortigate_itself_belongs_to_bans(fortigate: Simulated) -> None:
    claim(fortigate, "root", "addrgrp", "OTHER")
    assert found(fortigate, method="ban", local_in_method="feed_push") == (ROOT[:2], [])


def test_every_address_is_one_of_ours_that_is_on_a_list(fortigate: Simulated) -> None:
    claim(fortigate, "root", "feed_push", "soc-block")
    claim(fortigate, "root", "addrgrp", "SOC-BLOCK")
    one, _unread = looks(options(), fortigate.context)
    assert every_address(one) == []
    fortigate.push(ADDRESS, OTHER)
    one, _unread = looks(options(), fortigate.context)
    assert every_address(one) == [ADDRESS]

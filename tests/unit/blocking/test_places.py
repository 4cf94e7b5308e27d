# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists that cannot block, whatever is on them."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.client import FortiGateError
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.context import look, method_of
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.methods.address_group import AddressGroup
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.methods.feed_push import FeedPush
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.places import unfit, unfit_feed
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.targets import parse_targets
from unit.blocking.support import ADDRESS, SIX, Simulated, options, scripted

FEED = {"name": "soc-block", "status": "enable", "type": "address", "update-method": "push"}


def said(*feeds: dict[str, t.Any], version: str = "v7.4.8", fetched: bool = False) -> str:
    device = scripted(lambda _method, _path, _body: list(feeds), version)
    return unfit_feed(device.vdom("dmz"), FeedPush("soc-block", fetched), [])


def test_a_push_feed_blocks() -> None:
    assert said(FEED) == ""


@pytest.mark.parametrize(
    "change, why",
    [
        ({"status": "disable"}, "feed soc-block in VDOM dmz is disabled"),
        ({"type": "domain"}, "of type domain"),
        ({"type": "category"}, "only a feed of type address blocks addresses"),
        ({"update-method": "feed"}, "the FortiGate fetches it"),
        ({"name": "SOC-BLOCK"}, "there is no feed soc-block"),
    ],
)
def test_a_feed_that_cannot_block(change: dict[str, str], why: str) -> None:
    assert why in said({**FEED, **change})


def test_a_feed_that_does_not_exist() -> None:
    assert said() == "there is no feed soc-block in VDOM dmz"


@pytest.mark.parametrize("version, old", [("v7.2.0", True), ("v7.0.17", True), ("v7.2.1", False), ("", False)])
def test_a_release_before_push_feeds_fetches_every_feed(version: str, old: bool) -> None:
    """It has no update method in the reply; a release that is not known is not called old."""
    feed = {key: value for key, value in FEED.items() if key != "update-method"}
    assert bool(said(feed, version=version)) == old
    assert said(feed, version=version, fetched=True) == ""


def test_a_push_feed_fetches_no_file() -> None:
    assert "is a push feed, for which the FortiGate fetches no file" in said(FEED, fetched=True)
    assert said({**FEED, "update-method": "feed"}, fetched=True) == ""


def test_without_a_right_it_is_not_known_and_told(fortigate: Simulated) -> None:
    fortigate.instead["GET cmdb/system/external-resource"] = 403
    notices: list[str] = []
    assert unfit_feed(fortigate.vdom, FeedPush("soc-block"), notices) == ""
    assert "it is not known whether feed soc-block is enabled" in notices[0] and "sysgrp" in notices[0]


def test_a_group_is_needed_for_each_ip_version_of_the_targets(fortigate: Simulated) -> None:
    del fortigate.state.config.objects("firewall/addrgrp6", "root")["SOC-BLOCK6"]
    one = look(AddressGroup("SOC-BLOCK", "SOC-BLOCK6"), "root", options(), fortigate.context, enforced=True)
    assert unfit(one, parse_targets([ADDRESS]), []) == ""
    assert unfit(one, parse_targets([ADDRESS, SIX]), []) == "there is no group SOC-BLOCK6 in VDOM root"


def test_a_feed_that_cannot_be_read_for_another_reason_is_an_error(fortigate: Simulated) -> None:
    fortigate.instead["GET cmdb/system/external-resource"] = 500
    with pytest.raises(FortiGateError):
        unfit_feed(fortigate.vdom, FeedPush("soc-block"), [])


def test_each_list_by_its_method(fortigate: Simulated) -> None:
    fortigate.configure("system/external-resource", {"name": "soc-block", "status": "disable"})
    given = options(feed_file="/nonexistent/feed.txt")
    said = {}
    for method in ("ban", "feed_push", "addrgrp", "feed_file"):
        one = look(
            method_of(method, given.lists, given, fortigate.context), "root", given, fortigate.context, enforced=False
        )
        said[method] = unfit(one, parse_targets([ADDRESS]), [])
    assert said == {"ban": "", "feed_push": "feed soc-block in VDOM root is disabled", "addrgrp": "", "feed_file": ""}

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""fortigate_block_policy from its options: refused before anything is sent, and no password in a refusal."""

from __future__ import annotations

import json
import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.client import FortiGate
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.secops.fortiview.plugins.module_utils._glue.blocking_policy import (
    HIGHEST_POLICY,
    fortigate_block_policy,
    policy_arguments,
)
from ansible_collections.secops.fortiview.plugins.module_utils._glue.fortigate import HostContext

from component.support import defaults

FETCHED = {"method": "feed_file", "feed_url": "https://feeds.example.com/soc-block.txt"}
Data = dict[str, t.Any]


def planned(**options: t.Any) -> Data:
    """In check mode, on a FortiGate whose tables are empty. Returns the result with the requests as `sent`."""
    sent: list[str] = []
    tables = {"central-management": [{"type": "none", "fmg": ""}], "global": [{"banned-ip-persistency": "disabled"}]}

    def send(url: str, method: str, params: dict[str, str], body: t.Optional[str]) -> tuple[int, str]:
        sent.append(f"{method} {url}")
        rows = tables.get(url.rpartition("/")[2], [])
        known = {"status": "success", "http_status": 200, "serial": "S1", "version": "v7.4.8"}
        return 200, json.dumps({**known, "vdom": params.get("vdom", "root"), "results": rows})

    context = HostContext(FortiGate(send, "fgt", lambda dummy: None), True, lambda: 0.0, lambda dummy: None)
    found = fortigate_block_policy(defaults(policy_arguments(), **options), context)
    assert all(one.startswith("GET ") for one in sent)
    return {**found, "sent": sent}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"source_policy": 9, "destination_policy": 9}, "must be two different IDs"),
        ({"source_policy": 0}, "source_policy must be a whole number of at least 1"),
        ({"destination_policy": HIGHEST_POLICY + 1}, "destination_policy must be at most"),
        ({"vdoms": []}, "vdoms"),
        ({"vdoms": ["a/b"]}, "vdoms"),
        ({"feed": "a b"}, "feed"),
        ({**FETCHED, "feed_url": None}, "feed_url must be the https:// URL"),
        ({**FETCHED, "feed_url": "http://feeds.example.com/x"}, "feed_url must be the https:// URL"),
        ({**FETCHED, "feed_url": "https:///x"}, "feed_url must be the https:// URL"),
        ({**FETCHED, "feed_url": "https://[x"}, "feed_url must be the https:// URL"),
        ({**FETCHED, "feed_url": "https://feeds.example.com/a b"}, "feed_url must be the https:// URL"),
        ({**FETCHED, "feed_url": "https://u:c4nary@feeds.example.com/x"}, "must not contain credentials"),
        ({**FETCHED, "feed_url": "ftp://u:c4nary@feeds.example.com/x"}, "feed_url must be the https:// URL"),
        ({**FETCHED, "feed_password": "c4nary"}, "feed_password requires feed_username"),
        ({**FETCHED, "feed_username": "a\nb", "feed_password": "c4nary"}, "feed_username contains a control character"),
        ({**FETCHED, "feed_refresh": 43201}, "feed_refresh must be at most 43200"),
    ],
)
def test_options_that_cannot_be_meant_are_refused(options: Data, said: str) -> None:
    with pytest.raises(InvalidInput, match=said) as caught:
        fortigate_block_policy(defaults(policy_arguments(), **options), HostContext(None, False))
    assert "c4nary" not in str(caught.value)


def test_check_mode_says_what_is_missing_and_sends_no_write() -> None:
    found = planned()
    assert found["changed"] and found["missing"] and found["diff"]["after"]
    assert any("9001" in str(one) for one in found["missing"]) and found["sent"]


def kinds(found: Data) -> set[tuple[str, str]]:
    return {(one["kind"], one["name"]) for one in found["missing"]}


def test_a_fetched_feed_is_planned_without_its_password() -> None:
    found = planned(**FETCHED, feed_username="soc", feed_password="c4nary-password")
    assert kinds(found) == {("feed", "soc-block"), ("policy", "9001"), ("policy", "9002")}
    assert "c4nary" not in str(found)


def test_bans_need_no_list() -> None:
    assert planned(method="ban")["missing"] == []
    assert planned(method="ban", ban_persistency="all")["changed"]


def test_the_list_for_attacks_on_the_fortigate_itself_comes_with_its_local_in_policy() -> None:
    assert ("local_in_policy", "9001") in kinds(planned(method="ban", local_in_method="addrgrp"))
    assert ("local_in_policy", "9001") in kinds(planned(method="addrgrp", local_in=True))
    assert "local_in_policy" not in {kind for kind, dummy in kinds(planned(method="addrgrp"))}

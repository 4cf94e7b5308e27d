# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""FortiGates that answer success and do something else (protocol_fortigate.rst, "Replies")."""

from __future__ import annotations

import json
import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.client import FortiGate, FortiGateError
from ansible_collections.secops.fortiview.plugins.module_utils._glue.fortigate import HostContext, ban, feed

COMMON = {
    "access_token": None,
    "vdom": "root",
    "never": [],
    "allow_private": False,
    "verify_retries": 1,
    "verify_delay": 0,
}
FEED = {**COMMON, "name": "soc-block", "state": "present", "allow_networks": False}


class Liar:
    """A box that makes bans of another span than asked, or answers reads from a cache."""

    def __init__(self, made: dict[str, t.Any], stale: bool = False) -> None:
        self.bans: dict[str, t.Any] = {}
        self.made, self.stale = made, stale

    def __call__(self, url: str, method: str, params: t.Any, body: t.Optional[str]) -> tuple[int, str]:
        if method == "GET":
            return 200, json.dumps(
                {
                    "status": "success",
                    "http_status": 200,
                    "vdom": "root",
                    "results": [] if self.stale else list(self.bans.values()),
                }
            )
        for ip in json.loads(body or "")["ip_addresses"]:
            if url.endswith("add_users"):
                self.bans[ip] = {"ip_address": ip, "source": "Administrative", **self.made}
            else:
                self.bans.pop(ip, None)
        return 200, json.dumps({"status": "success", "http_status": 200, "vdom": "root"})


def banning(send: t.Any, expiry: int = 3600, vdom: str = "root") -> dict[str, t.Any]:
    params = {
        **COMMON,
        "vdom": vdom,
        "addresses": ["198.51.100.7"],
        "state": "present",
        "expiry": expiry,
        "allow_permanent": False,
    }
    return ban(params, HostContext(FortiGate(send, "x"), False, lambda: 1000.0, lambda s: None))


@pytest.mark.parametrize(
    "made", [{"created": 1000, "expires": 0}, {"created": 1000, "expires": 217000}, {"expires": 4600}]
)
def test_a_ban_of_another_span_is_not_called_rolled_back(made: dict[str, int]) -> None:
    liar = Liar(made)
    with pytest.raises(FortiGateError) as caught:
        banning(liar)
    assert liar.bans == {} or caught.value.context["rolled_back"] is False


def test_stale_reads_do_not_keep_the_undo_from_being_sent() -> None:
    liar = Liar({"created": 1000, "expires": 4600}, stale=True)
    with pytest.raises(FortiGateError) as caught:
        banning(liar)
    assert liar.bans == {} or caught.value.context["rolled_back"] is False


@pytest.mark.parametrize("seconds", [0, 1, 10])
def test_a_ban_that_is_over_at_once_is_no_success(seconds: int) -> None:
    with pytest.raises(FortiGateError):
        banning(Liar({"created": 1000, "expires": 1000 + seconds}), 60)


@pytest.mark.parametrize("broken", [{"overflow": True}, {"status": "error"}, {"resource_file_status": "missing"}])
def test_an_entry_in_a_feed_that_is_not_applied_is_no_success(broken: dict[str, t.Any]) -> None:
    told = {"status": "success", "entries": [{"entry": "198.51.100.7", "valid": True}], "valid_count": 1, **broken}

    def send(url: str, method: str, params: t.Any, body: t.Any) -> tuple[int, str]:
        return 200, json.dumps({"status": "success", "http_status": 200, "results": told})

    with pytest.raises(FortiGateError):
        feed(
            {**FEED, "entries": ["198.51.100.7"]}, HostContext(FortiGate(send, "x"), False, lambda: 0.0, lambda s: None)
        )


def test_a_reply_of_another_vdom_proves_nothing() -> None:
    with pytest.raises(FortiGateError):
        banning(Liar({"created": 1000, "expires": 4600}), vdom="guest")


def test_replies_of_two_boxes_prove_nothing() -> None:
    serials = iter(["FG1", "FG2"])

    def send(url: str, method: str, params: t.Any, body: t.Any) -> tuple[int, str]:
        return 200, json.dumps({"status": "success", "http_status": 200, "serial": next(serials, "FG2"), "results": []})

    with pytest.raises(FortiGateError, match="FG2"):
        banning(send)


def test_a_ban_of_the_box_that_ends_too_early_is_told() -> None:
    engine = {"ip_address": "198.51.100.7", "source": "IPS", "created": 1, "expires": 1001}

    def send(url: str, method: str, params: t.Any, body: t.Any) -> tuple[int, str]:
        return 200, json.dumps({"status": "success", "http_status": 200, "results": [engine]})

    result = banning(send)
    assert result["foreign"] == ["198.51.100.7"] and "IPS" in result["warnings"][0]


@pytest.mark.parametrize(
    "told, broken",
    [
        ({"status": "Disabled"}, "status"),
        ({"status": " disable "}, "status"),
        ({"resource_file_status": "ERROR"}, "resource_file_status"),
        ({"accepted_count": 0}, "accepted_count"),
        ({"accepted_count": "0"}, "accepted_count"),
        ({"status": "enable", "resource_file_status": "success", "accepted_count": 1}, ""),
    ],
    ids=str,
)
def test_a_feed_whose_entries_the_box_does_not_apply_is_no_block(told: dict[str, t.Any], broken: str) -> None:
    held = {"entries": [{"entry": "198.51.100.7", "valid": True}], "valid_count": 1, **told}

    def send(url: str, method: str, params: t.Any, body: t.Optional[str]) -> tuple[int, str]:
        return 200, json.dumps({"status": "success", "http_status": 200, "vdom": "root", "results": held})

    box = HostContext(FortiGate(send, "x"), False, lambda: 1000.0, lambda s: None)
    if not broken:
        assert not feed({**FEED, "entries": ["198.51.100.7"]}, box)["changed"]
        return
    with pytest.raises(FortiGateError, match=broken):
        feed({**FEED, "entries": ["198.51.100.7"]}, box)

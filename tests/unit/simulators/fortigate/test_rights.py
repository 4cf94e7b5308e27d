# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An access profile grants what it names, to read or to write too."""

from __future__ import annotations

import pytest

CALLS = {
    "sysgrp": ("GET", "cmdb/system/admin"),
    "sysgrp write": ("POST", "monitor/firewall/session/close-multiple"),
    "authgrp": ("GET", "monitor/user/banned"),
    "authgrp write": ("POST", "monitor/user/banned/add_users"),
    "netgrp.cfg": ("GET", "cmdb/system/interface"),
    "netgrp.route-cfg": ("GET", "cmdb/router/bgp"),
    "fwgrp.address": ("GET", "cmdb/firewall/addrgrp6"),
    "fwgrp.policy": ("GET", "cmdb/firewall/local-in-policy"),
    "fwgrp.others": ("GET", "cmdb/firewall/vip"),
    "loggrp.config": ("GET", "cmdb/log.syslogd/setting"),
    "vpngrp": ("GET", "monitor/vpn/ipsec"),
    "utmgrp.endpoint-control": ("GET", "cmdb/endpoint-control/fctems"),
}
BODY = {"ip_addresses": ["198.51.100.7"], "expiry": 60, "saddr": "198.51.100.7"}


def status(client, call):
    method, path = call
    return client.send(method, f"{path}?vdom=root", BODY if method == "POST" else None).status_code


@pytest.mark.parametrize("right", CALLS)
def test_each_right_alone(fortigate, client, right):
    group, _space, write = right.partition(" ")
    fortigate.switches.profile = {group: "read-write" if write else "read"}
    assert status(client, CALLS[right]) == 200
    fortigate.switches.profile = (
        {group: "read"} if write else {one.split()[0]: "read-write" for one in CALLS if one.split()[0] != group}
    )
    assert status(client, CALLS[right]) == 403


def test_a_whole_group_holds_its_parts(fortigate, client):
    fortigate.switches.profile = {"fwgrp": "read"}
    assert {status(client, CALLS[one]) for one in CALLS if one.startswith("fwgrp")} == {200}


@pytest.mark.parametrize("group", ["sysgrp", "secfabgrp"])
def test_feeds_belong_to_one_of_two_groups(fortigate, client, group):
    fortigate.switches.update({"profile": {group: "read-write"}, "feed_right": group, "with_feed": True})
    assert status(client, ("GET", "cmdb/system/external-resource")) == 200
    fortigate.switches.profile = {"secfabgrp" if group == "sysgrp" else "sysgrp": "read-write"}
    assert status(client, ("GET", "cmdb/system/external-resource")) == 403


def test_without_a_profile_there_are_all_rights(fortigate, client):
    assert {status(client, call) for call in CALLS.values()} == {200}

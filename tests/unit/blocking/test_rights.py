# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An administrator is told the permission that is missing by its name in the access profile."""

from __future__ import annotations

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.rights import right_for, to_give

from simulators.fortigate import rights
from simulators.fortigate.call import make_call
from simulators.fortigate.switches import Switches

PATHS = (
    "cmdb/firewall/policy/9001", "cmdb/firewall/local-in-policy6", "cmdb/firewall/address6", "cmdb/firewall/addrgrp/SOC-BLOCK/member",
    "cmdb/firewall/vip", "cmdb/firewall/ippool6", "cmdb/log.syslogd2/setting", "cmdb/router/static6", "cmdb/system/sdwan",
    "cmdb/system/interface", "cmdb/system/zone", "cmdb/system/admin", "cmdb/user/radius", "cmdb/vpn.ipsec/phase1",
    "cmdb/endpoint-control/fctems", "monitor/user/banned/add_users", "monitor/firewall/policy-lookup",
    "monitor/system/interface", "monitor/vpn/ssl", "monitor/system/ha-peer",
)  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_the_named_group_is_the_one_that_a_fortigate_checks(path: str) -> None:
    group, _level = rights.needed(make_call("GET", path, "", None), Switches())
    assert f"({group.partition('.')[0]})" in right_for(path)


def test_a_read_needs_no_right_to_write() -> None:
    path = "cmdb/firewall/policy"
    assert to_give(path) == "add the right to read Firewall: Policy (fwgrp) to the access profile of the token"
    assert "read and write" in to_give(path, "PUT")


def test_feeds_need_either_of_two_groups() -> None:
    assert "sysgrp" in right_for("cmdb/system/external-resource") and "secfabgrp" in right_for(
        "monitor/system/external-resource/dynamic"
    )

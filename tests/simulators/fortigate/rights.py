# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which right of an access profile a call needs (protocol_fortigate.rst, "Rights")."""

from __future__ import annotations

from .call import Call
from .switches import Switches

READ, WRITE = "read", "read-write"
# By the beginning of tree and path; the first that fits counts. A dot is between a group and what `custom` divides it into.
GROUPS = (
    ("cmdb/firewall/address", "fwgrp.address"),
    ("cmdb/firewall/addrgrp", "fwgrp.address"),
    ("cmdb/firewall/policy", "fwgrp.policy"),
    ("cmdb/firewall/local-in-policy", "fwgrp.policy"),
    ("cmdb/firewall.service/", "fwgrp.service"),
    ("cmdb/firewall.schedule/", "fwgrp.schedule"),
    ("cmdb/firewall/", "fwgrp.others"),
    ("monitor/firewall/policy", "fwgrp.policy"),
    ("monitor/firewall/internet-service", "fwgrp.others"),
    ("cmdb/log", "loggrp.config"),
    ("cmdb/router/", "netgrp.route-cfg"),
    ("cmdb/system/sdwan", "netgrp.route-cfg"),
    ("cmdb/system/interface", "netgrp.cfg"),
    ("cmdb/system/zone", "netgrp.cfg"),
    ("monitor/system/interface", "netgrp.cfg"),
    ("cmdb/user/", "authgrp"),
    ("monitor/user/", "authgrp"),
    ("cmdb/vpn", "vpngrp"),
    ("monitor/vpn", "vpngrp"),
    ("cmdb/endpoint-control/", "utmgrp.endpoint-control"),
)
FEEDS = ("cmdb/system/external-resource", "monitor/system/external-resource")


def needed(call: Call, switches: Switches) -> tuple[str, str]:
    """The right, and whether it is to read or to write too."""
    path = f"{call.tree}/{call.path}"
    group = next((group for start, group in GROUPS if path.startswith(start)), "sysgrp")
    if path.startswith(FEEDS):
        group = switches.feed_right
    return group, READ if call.method == "GET" else WRITE


def lacks(call: Call, switches: Switches) -> str:
    """The right that the profile does not give, empty where it does; without a profile there are all rights."""
    if switches.profile is None:
        return ""
    group, level = needed(call, switches)
    given = switches.profile.get(group, switches.profile.get(group.partition(".")[0], "none"))
    return "" if given in (WRITE, level) else f"{group} {level}"

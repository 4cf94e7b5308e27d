# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finds the permission that an access profile needs for an API path (protocol_fortigate.rst, "Rights")."""

from __future__ import annotations

SYSTEM = "System (sysgrp)"
# The permission for each path prefix. The first matching prefix applies.
RIGHTS = (
    ("cmdb/firewall/address", "Firewall: Address (fwgrp)"),
    ("cmdb/firewall/addrgrp", "Firewall: Address (fwgrp)"),
    ("cmdb/firewall/policy", "Firewall: Policy (fwgrp)"),
    ("cmdb/firewall/local-in-policy", "Firewall: Policy (fwgrp)"),
    ("cmdb/firewall/", "Firewall: Others (fwgrp)"),
    ("monitor/firewall/policy", "Firewall: Policy (fwgrp)"),
    ("monitor/firewall/internet-service", "Firewall: Policy, Others (fwgrp)"),
    ("cmdb/log", "Log & Report: Configuration (loggrp)"),
    ("cmdb/router/", "Network: Router (netgrp)"),
    ("cmdb/system/sdwan", "Network: Router (netgrp)"),
    ("cmdb/system/interface", "Network: Configuration (netgrp)"),
    ("cmdb/system/zone", "Network: Configuration (netgrp)"),
    ("monitor/system/interface", "Network: Configuration (netgrp)"),
    # The documentation of FortiOS does not say which of the two permissions applies.
    ("cmdb/system/external-resource", "System or Security Fabric (sysgrp, secfabgrp)"),
    ("monitor/system/external-resource", "System or Security Fabric (sysgrp, secfabgrp)"),
    ("cmdb/user/", "User & Device (authgrp)"),
    ("monitor/user/", "User & Device (authgrp)"),
    ("cmdb/vpn", "VPN (vpngrp)"),
    ("monitor/vpn", "VPN (vpngrp)"),
    ("cmdb/endpoint-control/", "Security Profile: Endpoint Control (utmgrp)"),
)


def right_for(path: str) -> str:
    return next((right for start, right in RIGHTS if path.startswith(start)), SYSTEM)


def to_give(path: str, method: str = "GET") -> str:
    """The next step for the administrator, which names the right to give."""
    return f"add the right to {'read' if method == 'GET' else 'read and write'} {right_for(path)} to the access profile of the token"

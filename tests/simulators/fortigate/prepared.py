# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a bootstrap job leaves on a FortiGate: a feed, groups and deny policies.

See protocol_fortigate.rst, "Deny policies".
"""

from __future__ import annotations

from . import features
from .factory import named
from .switches import Switches
from .table import Obj

FEED, GROUP, GROUP6, PLACEHOLDER = "soc-block", "SOC-BLOCK", "SOC-BLOCK6", "blk-placeholder"
NAMES = ("with_feed", "with_group", "with_policies", "with_local_in")
SOURCE_POLICY, DESTINATION_POLICY = 9001, 9002


def objects(name: str, switches: Switches) -> dict[str, list[Obj]]:
    """What one switch adds to each VDOM; policies go to the top."""
    if name == "with_feed":
        return {"system/external-resource": [_feed()]}
    if name == "with_group":
        return _groups()
    if name == "with_policies":
        return {"firewall/policy": _policies(switches)}
    return {"firewall/local-in-policy": [_local_in(switches)]} if features.local_in_feeds(switches) else {}


def _feed() -> Obj:
    return {"name": FEED, "type": "address", "update-method": "push", "status": "enable"}


def _groups() -> dict[str, list[Obj]]:
    return {
        "firewall/address": [{"name": PLACEHOLDER, "subnet": "192.0.2.255 255.255.255.255"}],
        "firewall/address6": [{"name": PLACEHOLDER, "ip6": "100::/128"}],
        "firewall/addrgrp": [{"name": GROUP, "member": named(PLACEHOLDER)}],
        "firewall/addrgrp6": [{"name": GROUP6, "member": named(PLACEHOLDER)}],
    }


def _policies(switches: Switches) -> list[Obj]:
    four = [FEED] * switches.with_feed + [GROUP] * switches.with_group
    six = [FEED] * switches.with_feed + [GROUP6] * switches.with_group
    if not four:
        raise ValueError("with_policies needs with_feed or with_group")
    common = {
        "srcintf": named("any"), "dstintf": named("any"), "action": "deny", "service": named("ALL"),
        "schedule": "always", "logtraffic": "all", "match-vip": "enable",
    }  # fmt: skip
    everything = named("all")
    return [
        {"policyid": SOURCE_POLICY, "name": "soc-block-source", **common, "srcaddr": named(*four),
         "srcaddr6": named(*six), "dstaddr": everything, "dstaddr6": everything},
        {"policyid": DESTINATION_POLICY, "name": "soc-block-destination", **common, "srcaddr": everything,
         "srcaddr6": everything, "dstaddr": named(*four), "dstaddr6": named(*six)},
    ]  # fmt: skip


def _local_in(switches: Switches) -> Obj:
    interface = named("any") if features.local_in_interface_list(switches) else "any"
    return {
        "policyid": SOURCE_POLICY, "intf": interface, "srcaddr": named(FEED), "dstaddr": named("all"),
        "service": named("ALL"), "schedule": "always", "action": "deny",
    }  # fmt: skip

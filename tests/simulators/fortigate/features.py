# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What each release can do (protocol_fortigate.rst, "Releases")."""

from __future__ import annotations

from .switches import Switches


def push_feeds(switches: Switches) -> bool:
    return switches.number >= (7, 2, 1)


def ban_persistency(switches: Switches) -> bool:
    return switches.number >= (7, 2, 1)


def ban_check(switches: Switches) -> bool:
    """Only newer releases can check one address. Which was the first is not published, so a switch may say it."""
    return switches.number >= (7, 4, 0) if switches.ban_check is None else switches.ban_check


def close_multiple(switches: Switches) -> bool:
    return switches.number >= (7, 0, 2)


def match_vip_default(switches: Switches, action: str) -> str:
    return "enable" if action == "deny" and switches.number >= (7, 2, 3) else "disable"


def local_in_interface_list(switches: Switches) -> bool:
    return switches.number >= (7, 4, 2)


def vdom_mode(switches: Switches) -> str:
    """Before 7.2 a VDOM for management only was there in split-task mode alone."""
    return "split-vdom" if switches.admin_vdom and switches.number < (7, 2, 0) else "multi-vdom"


def local_in_feeds(switches: Switches) -> bool:
    return switches.number >= (7, 2, 4)


def internet_service_is_ipv6(switches: Switches) -> bool:
    """Newer releases take is_ipv6 with a mask or prefix. Which was the first is not published, so a switch may say it."""
    form = switches.internet_service_parameters
    return switches.number >= (7, 0, 0) if form is None else form == "newer"


def token_in_url(switches: Switches) -> bool:
    return switches.number < (7, 4, 5) if switches.token_in_url is None else switches.token_in_url


def ha_peer_alone(switches: Switches) -> str:
    """What the list of HA members has without a cluster. Before 6.2 there was no such list then."""
    return switches.ha_peer_alone if switches.number >= (6, 2, 0) else "not_found"


def feed_cap(switches: Switches) -> tuple[int, bool]:
    """How many entries, and whether all feeds share that number."""
    per_box = switches.number >= (7, 4, 4)
    return (switches.feed_cap if switches.feed_cap is not None else 300_000 if per_box else 131_072), per_box

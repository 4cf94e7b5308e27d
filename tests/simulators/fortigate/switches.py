# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every difference between one FortiGate and the next (protocol_fortigate.rst, "Requirements for a simulator")."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, ClassVar

from ..common.switches import Switchboard

VERSIONS = ("v6.4.9", "v7.0.17", "v7.2.10", "v7.4.8", "v7.6.6", "v8.0.0")
_VERSION = re.compile(r"(v\d+\.\d+\.\d+)?")


def _admins() -> list[dict[str, Any]]:
    return [
        {"admin": "admin", "srcaddr": "10.1.1.50", "method": "https"},
        {"admin": "noc", "srcaddr": "192.0.2.200", "method": "ssh"},
    ]


@dataclass
class Switches(Switchboard):
    """Settings that may be changed while the simulator runs; None means "as the version does"."""

    # The FortiGate. An empty version is one that its profile hides.
    version: str = "v7.4.8"
    build: int = 2795
    model: str = "FGT100F"
    vdoms: list[str] = field(default_factory=lambda: ["root", "guest"])
    managed_by: str = ""
    current_admins: list[dict[str, Any]] = field(default_factory=_admins)
    # One of the VDOMs is for management only and carries no traffic.
    admin_vdom: str = ""

    # The other members of its cluster, as `serial_no` and `hostname`; the first one takes over in a failover. And what it says without any
    ha_members: list[dict[str, str]] = field(default_factory=list)
    ha_peer_alone: str = "empty"

    # What it knows while it runs: where the API user comes from (unknown where empty: then he is not listed, and no
    # local-in policy stops him), addresses from PPPoE or DHCP by interface, and who is connected by VPN
    api_user_from: str = ""
    live_addresses: dict[str, str] = field(default_factory=dict)
    ssl_vpn_users: list[dict[str, Any]] = field(default_factory=list)
    ipsec_tunnels: list[dict[str, Any]] = field(default_factory=list)

    # What it knows of the Internet: names with their addresses; countries and internet services by network
    names: dict[str, list[str]] = field(default_factory=dict)
    countries: dict[str, str] = field(default_factory=dict)
    internet_services: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    internet_service_parameters: str | None = None
    internet_service_lookup: str = "works"

    # The question which policy a packet meets
    policy_lookup: str = "works"
    policy_lookup_sees_feeds: bool = True

    # What somebody has prepared in every VDOM: the push feed, the groups, the deny policies that use them
    with_feed: bool = False
    with_group: bool = False
    with_policies: bool = False
    with_local_in: bool = False

    # Rights and logins (protocol_fortigate.rst, "Login", "Rights")
    read_only: bool = False
    # The rights of the access profile by group, such as {"sysgrp": "read", "fwgrp.address": "read-write"}; None for all.
    profile: dict[str, str] | None = None
    # Which group the calls about feeds belong to is not published.
    feed_right: str = "sysgrp"
    vdoms_allowed: list[str] | None = None
    # What a read of `vdom=*` gets: a reply for each VDOM, one too few, a refusal, or "*" is taken for the name of a VDOM.
    several_vdoms: str = "each"
    denied: list[str] = field(default_factory=list)
    # A part of the paths that this FortiGate does not have: HTTP 404.
    missing: list[str] = field(default_factory=list)
    # An administrator of some VDOMs does not read what belongs to the whole FortiGate, but for its interfaces.
    vdom_admin_reads_global: bool = True
    forbidden_form: str = "json"
    token_in_url: bool | None = None
    api_login: bool = True
    login_refusal: str = "http401"
    lockout_after: int = 3
    lockout_seconds: float = 60.0
    session_idle: float = 300.0

    # Configuration (protocol_fortigate.rst, "Configuration tables")
    member_cap: int | None = None
    table_caps: dict[str, int] = field(default_factory=dict)
    error_revisions: bool = True
    # What is known of no release is passed over, or refused.
    unknown_attributes: str = "ignore"

    # Bans, where it is not known what a real FortiGate does (protocol_fortigate.rst, "Bans", "Not known")
    ban_cap: int | None = None
    ban_source: str = "Administrative"
    ban_again: str = "replace"
    ban_bad_address: str = "refuse"
    ban_number_strings: bool = False
    ban_forever_form: str = "zero"
    ban_check: bool | None = None
    ban_lost_on_failover: bool = True
    # Seconds after which a ban of the FortiGate's own engines comes back when somebody removed it.
    engine_bans_return: float | None = None

    # Feeds (protocol_fortigate.rst, "Threat feeds")
    feed_errors: str = "in_results"
    feed_cap: int | None = None
    feed_overflow_told: bool = False
    feed_kept_on_reboot: bool = True
    feed_ca: str = ""

    # Connections
    # A connection ends when it was idle for longer, or has carried so many requests: the next request on it is reset,
    # or it is closed (after these seconds of real time).
    keep_alive_seconds: float | None = None
    keep_alive_requests: int | None = None
    keep_alive_end: str = "reset"

    CHOICES: ClassVar[dict[str, tuple[str | None, ...]]] = {
        "forbidden_form": ("json", "html"),
        "several_vdoms": ("each", "short", "refused", "ignored"),
        "ha_peer_alone": ("empty", "itself", "not_found"),
        "internet_service_parameters": (None, "older", "newer"),
        "internet_service_lookup": ("works", "failed_dependency"),
        "policy_lookup": ("works", "forbidden", "not_found", "failed_dependency", "no_route"),
        "feed_right": ("sysgrp", "secfabgrp"),
        "unknown_attributes": ("ignore", "refuse"),
        "keep_alive_end": ("reset", "closed"),
        "login_refusal": ("http401", "status200"),
        "ban_source": ("Administrative", "Manual"),
        "ban_again": ("replace", "extend", "ignore"),
        "ban_bad_address": ("refuse", "skip"),
        "ban_forever_form": ("zero", "null", "missing", "indefinite"),
        "feed_errors": ("in_results", "http424"),
    }

    def _check_value(self, name: str, value: Any) -> None:
        super()._check_value(name, value)
        if name == "version" and not _VERSION.fullmatch(value):
            raise ValueError(f"version takes forms such as {VERSIONS}, or nothing, not {value!r}")

    @property
    def number(self) -> tuple[int, ...]:
        """The version to compare with; a FortiGate that hides it counts as a new one."""
        return tuple(int(part) for part in self.version[1:].split(".")) if self.version else (99, 0, 0)

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Logins, tunnels, system events and other administration views (protocol_fortianalyzer.rst, "Views")."""

from __future__ import annotations

from collections.abc import Callable

from ..events import Event
from .columns import BYTES, FORTIGATE, Columns, constant, first, highest, joined, key, lines, total
from .view import View, Where, by

DAY = 86400.0


def _subtype(*names: str) -> Where:
    return lambda event: event.subtype in names


def _never(event: Event) -> bool:
    return False


def _count_of(subtype: str) -> Callable[[Event], bool]:
    return lambda event: event.subtype == subtype


FAILED_LOGIN_ROW: Columns = {
    "src_ip": key(0),
    "user_src": joined("user"),
    "login_type": constant("ssl-vpn"),
    "logintype": constant("ssl-vpn"),
    "int_tunnelname": constant(""),
    "subtype": first("subtype"),
    "total_num": total("incidents"),
    "logview_filter": lambda group: f'remip=="{group.key[0]}"',
    **FORTIGATE,
}
ADMIN_ROW: Columns = {
    "f_user": key(0),
    "login_num": total("incidents", _count_of("login")),
    "login_fail_num": total("incidents", _count_of("login-failed")),
    "duration": lambda group: 300 * len(group.events),
    "total_change": lines(_count_of("login")),
}
TUNNEL_ROW: Columns = {
    "int_tunnelname": key(0),
    "remip": first("srcip"),
    "duration": constant(3600),
    **BYTES,
    **FORTIGATE,
}
DIALUP_ROW: Columns = {"f_user": key(0), "remip": first("srcip"), "duration": constant(1800), **BYTES, **FORTIGATE}
SYSTEM_ROW: Columns = {"subtype": key(0), "level_s": constant("Medium"), "event_num": lines(), **FORTIGATE}
RESOURCE_ROW: Columns = {
    "devid": key(0),
    "devname": first("devname"),
    "cpu": lambda group: 10 + len(group.events) % 60,
    "mem": lambda group: 30 + len(group.events) % 40,
    "sessions": total("sessions"),
}
WIFI_ROW: Columns = {"srcmac": key(0), "srcip": first("srcip"), "sessions": total("sessions"), **BYTES, **FORTIGATE}
SIEM_ROW: Columns = {"devname": key(0), "event_num": lines(), "last_time": highest("time")}

LOGIN_FILTERS = frozenset("srcip user remip vpntunnel logintype subtype ui dvid".split())
PLAIN_FILTERS = frozenset("srcip f_user dvid devid devname subtype".split())


def siem(name: str) -> View:
    """Any of the `siem-*` views."""
    return View(name, lambda event: True, by("devname"), SIEM_ROW, PLAIN_FILTERS)


VIEWS = (
    View("failed-authentication-attempts", _subtype("login-failed"), by("srcip"), FAILED_LOGIN_ROW, LOGIN_FILTERS),
    View(
        "admin-logins", _subtype("login", "login-failed"), by("user"), ADMIN_ROW, frozenset(("f_user", "dvid")),
        documented_key="users",
    ),
    View("site-to-site-ipsec", _subtype("vpn"), by("devname"), TUNNEL_ROW, PLAIN_FILTERS, least_window=29 * DAY),
    View("ssl-dialup-ipsec", _subtype("vpn"), by("user"), DIALUP_ROW, PLAIN_FILTERS, documented_key="users"),
    View("system-events", lambda event: event.log == "event", by("subtype"), SYSTEM_ROW, PLAIN_FILTERS),
    View("resource-usage", lambda event: True, by("devid"), RESOURCE_ROW, PLAIN_FILTERS),
    View("wifi-clients", lambda event: event.devtype == "Tablet", by("srcmac"), WIFI_ROW, PLAIN_FILTERS),
    View("rogue-access-points", _never, by("srcmac"), WIFI_ROW, PLAIN_FILTERS),
)  # fmt: skip

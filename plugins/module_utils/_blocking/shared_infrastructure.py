# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists addresses that must not be blocked by mistake. They belong to public DNS resolvers, root name servers and time
servers, and to the largest content networks and code hosts.

These addresses appear in logs as attackers when they are spoofed, or as malware hosts when a customer of an operator
distributes malware. The operators publish the addresses. With `fortigate_block_allow_shared`, the user permits blocks
of some of them. With `fortigate_block_never_extra`, the user adds further addresses that are never blocked.
"""

from __future__ import annotations

import functools

from .._common.addresses import Network, parse_never

SHARED: dict[str, tuple[str, ...]] = {
    "Google Public DNS": ("8.8.8.8", "8.8.4.4", "2001:4860:4860::8888", "2001:4860:4860::8844"),
    "Cloudflare DNS": ("1.1.1.0/24", "1.0.0.0/24"),
    "Quad9 DNS": ("9.9.9.0/24", "149.112.112.0/24", "2620:fe::/48"),
    "OpenDNS": ("208.67.222.0/24", "208.67.220.0/24", "2620:119:35::/48", "2620:119:53::/48"),
    "AdGuard DNS": ("94.140.14.0/24", "94.140.15.0/24", "2a10:50c0::/29"),
    "Level 3 DNS": ("4.2.2.1", "4.2.2.2", "4.2.2.3", "4.2.2.4", "4.2.2.5", "4.2.2.6", "209.244.0.3", "209.244.0.4"),
    "Verisign DNS": ("64.6.64.6", "64.6.65.6", "2620:74:1b::1:1", "2620:74:1c::2:2"),
    "FortiGuard DNS": ("96.45.45.45", "96.45.46.46", "208.91.112.52", "208.91.112.53"),
    "a DNS root server": (
        "198.41.0.4", "170.247.170.2", "192.33.4.12", "199.7.91.13", "192.203.230.10", "192.5.5.241", "192.112.36.4",
        "198.97.190.53", "192.36.148.17", "192.58.128.30", "193.0.14.129", "199.7.83.42", "202.12.27.33",
        "2001:503:ba3e::2:30", "2801:1b8:10::b", "2001:500:2::c", "2001:500:2d::d", "2001:500:a8::e", "2001:500:2f::f",
        "2001:500:12::d0d", "2001:500:1::53", "2001:7fe::53", "2001:503:c27::2:30", "2001:7fd::1", "2001:500:9f::42",
        "2001:dc3::35",
    ),
    "a Google time server": (
        "216.239.35.0", "216.239.35.4", "216.239.35.8", "216.239.35.12",
        "2001:4860:4806::", "2001:4860:4806:4::", "2001:4860:4806:8::", "2001:4860:4806:c::",
    ),
    "a NIST time server": ("129.6.15.24/29", "132.163.96.0/28", "132.163.97.0/28"),
    "Cloudflare": (
        "173.245.48.0/20", "103.21.244.0/22", "103.22.200.0/22", "103.31.4.0/22", "141.101.64.0/18", "108.162.192.0/18",
        "190.93.240.0/20", "188.114.96.0/20", "197.234.240.0/22", "198.41.128.0/17", "162.158.0.0/15", "104.16.0.0/13",
        "104.24.0.0/14", "172.64.0.0/13", "131.0.72.0/22", "2400:cb00::/32", "2606:4700::/32", "2803:f800::/32",
        "2405:b500::/32", "2405:8100::/32", "2a06:98c0::/29", "2c0f:f248::/32",
    ),
    "Fastly": (
        "23.235.32.0/20", "43.249.72.0/22", "103.244.50.0/24", "103.245.222.0/23", "103.245.224.0/24", "104.156.80.0/20",
        "140.248.64.0/18", "140.248.128.0/17", "146.75.0.0/17", "151.101.0.0/16", "157.52.64.0/18", "167.82.0.0/17",
        "167.82.128.0/20", "167.82.160.0/20", "167.82.224.0/20", "172.111.64.0/18", "185.31.16.0/22", "199.27.72.0/21",
        "199.232.0.0/16", "2a04:4e40::/32", "2a04:4e42::/32",
    ),
    "GitHub": (
        "192.30.252.0/22", "185.199.108.0/22", "140.82.112.0/20", "143.55.64.0/20", "2a0a:a440::/29", "2606:50c0::/32",
    ),
}  # fmt: skip


@functools.lru_cache(maxsize=1)
def shared_networks() -> tuple[tuple[Network, str], ...]:
    """Each network with the name of its service."""
    return tuple((network, name) for name, texts in SHARED.items() for network in parse_never(texts))

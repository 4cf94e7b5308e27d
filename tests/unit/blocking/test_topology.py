# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""By which interfaces traffic of an address can pass."""

from __future__ import annotations

import ipaddress

from unit.blocking.rules import WAYS


def test_interfaces_of_an_address() -> None:
    def towards(text: str) -> list[str]:
        return [one.name for one in WAYS.towards(ipaddress.ip_network(text))]

    assert towards("198.51.100.7") == ["wan1", "wan2"]
    assert towards("10.1.1.7") == ["lan"]
    assert towards("172.16.9.9") == ["wan1", "wan2", "lan", "tunnel6"]
    assert towards("2001:db8:bad::7") == ["wan1", "wan2", "tunnel6"]
    assert towards("203.0.113.77") == ["wan1", "wan2"]

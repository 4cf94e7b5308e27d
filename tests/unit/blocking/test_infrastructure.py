# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The addresses of a FortiGate and of its administrators, from the text of its replies."""

from __future__ import annotations

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking import infrastructure
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput


def test_every_address_of_an_interface_is_protected() -> None:
    interface = {
        "name": "wan1", "ip": "203.0.113.1 255.255.255.0", "secondaryip": [{"id": 1, "ip": "203.0.113.2 255.255.255.0"}],
        "ipv6": {"ip6-address": "2001:db8:1::1/64", "ip6-extra-addr": [{"prefix": "2001:db8:1::2/64"}]},
        "remote-ip": "192.0.2.9 255.255.255.252", "dhcp-relay-ip": '"10.1.1.5" "10.1.1.6"', "macaddr": "00:09:0f:00:00:01",
        "vrrp": [{"vrip": "203.0.113.254"}], "management-ip": "0.0.0.0 0.0.0.0", "mtu": 1500,
    }  # fmt: skip
    found = [one["address"] for one in infrastructure.of_interfaces([interface])]
    assert found == [
        "203.0.113.1", "203.0.113.2", "2001:db8:1::1", "2001:db8:1::2", "192.0.2.9", "10.1.1.5", "10.1.1.6", "203.0.113.254",
    ]  # fmt: skip
    with pytest.raises(InvalidInput):
        infrastructure.of_interfaces([])


@pytest.mark.parametrize(
    "admin, address",
    [
        ({"srcaddr": "192.0.2.200"}, "192.0.2.200"),
        ({"from": "https(192.0.2.200)"}, "192.0.2.200"),
        ({"from": "ssh(2001:db8::5)"}, "2001:db8::5"),
        ({"from": "192.0.2.200:50123"}, "192.0.2.200"),
        ({"from": "fe80::1%port1"}, "fe80::1"),
    ],
)
def test_where_administrators_come_from_is_protected(admin: dict[str, str], address: str) -> None:
    assert infrastructure.of_admins([{"admin": "noc", "method": "https", **admin}])[0]["address"] == address


def test_an_administrator_from_nowhere_is_an_error_unless_at_the_console() -> None:
    assert infrastructure.of_admins([{"admin": "noc", "method": "console"}]) == []
    with pytest.raises(InvalidInput, match="noc"):
        infrastructure.of_admins([{"admin": "noc", "method": "https"}])

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The index finds what a look at each network finds, in the same order."""

from __future__ import annotations

import ipaddress

from ansible_collections.secops.fortiview.plugins.module_utils._common.addresses import Network, overlapping
from ansible_collections.secops.fortiview.plugins.module_utils._common.network_index import NetworkIndex
from hypothesis import given
from hypothesis import strategies as st


def network(version: int, value: int, length: int) -> Network:
    """Of few addresses, so that networks meet; also at the end of the address space."""
    bits = 32 if version == 4 else 128
    first = (1 << bits) - 1 - value if value % 2 else (203 << 24 if version == 4 else 0x20010DB8 << 96) + value
    return ipaddress.ip_network((first, min(length, bits)), strict=False)


networks = st.builds(
    network,
    st.sampled_from([4, 6]),
    st.integers(0, 600),
    st.sampled_from([0, 7, 22, 24, 30, 31, 32, 64, 120, 127, 128]),
)


@given(st.lists(networks, max_size=20), networks)
def test_what_meets_a_target(several: list[Network], target: Network) -> None:
    items = list(enumerate(several))
    found = NetworkIndex((one, number) for number, one in items).meeting(target)
    assert found == [(one, number) for number, one in items if overlapping(target, [one]) is not None]

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a name in a policy holds an address."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.address_book import Held
from unit.blocking.rules import BOOK, NET, TARGET


@pytest.mark.parametrize(
    ("name", "network", "held"),
    [
        ("all", TARGET, Held.YES), ("none", TARGET, Held.NO), ("SOC", TARGET, Held.YES), ("parent", TARGET, Held.YES),
        ("here", TARGET, Held.YES), ("there", TARGET, Held.NO), ("some", TARGET, Held.YES), ("some", NET, Held.PART),
        ("country", TARGET, Held.UNKNOWN), ("but-some", TARGET, Held.NO), ("but-some", NET, Held.PART),
        ("but-country", TARGET, Held.UNKNOWN), ("loop", TARGET, Held.NO), ("nobody-knows", TARGET, Held.UNKNOWN),
        ("vip-web", TARGET, Held.YES),
    ],
)  # fmt: skip
def test_what_a_name_holds(name: str, network: t.Any, held: Held) -> None:
    assert BOOK.held(name, network) == held

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a list is named in messages."""

from __future__ import annotations

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.registry.records import Place


@pytest.mark.parametrize(
    "place, text",
    [
        (
            Place(serial="FG1", host="fgt-hq", vdom="root", method="feed_push", list="soc-block"),
            "feed_push soc-block, VDOM root on fgt-hq",
        ),
        (Place(serial="FG1", host="", vdom="guest", method="ban", list=""), "ban, VDOM guest on FG1"),
        (Place(serial="", host="", vdom="", method="feed_file", list="/srv/feed.txt"), "feed_file /srv/feed.txt"),
    ],
)
def test_a_list_is_named_as_far_as_it_is_known(place: Place, text: str) -> None:
    assert str(place) == text

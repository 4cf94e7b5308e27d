# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The catalogue of views."""

from __future__ import annotations

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.secops.fortiview.plugins.module_utils._protocol.reply import ROW_KEYS
from ansible_collections.secops.fortiview.plugins.module_utils._query.rows import NUMBERS
from ansible_collections.secops.fortiview.plugins.module_utils._query.views import ALIASES, CATALOGUE, View, view_of


@pytest.mark.parametrize("name", [*CATALOGUE, *ALIASES])
def test_a_view_of_the_catalogue(name: str) -> None:
    view = view_of(name)
    assert view.rows_key is None or view.rows_key in ROW_KEYS
    assert view.order in ("asc", "desc")
    # A view is ranked by a counter, which is a number in its rows.
    assert view.sort is None or view.sort in NUMBERS
    assert not NUMBERS & set(view.identity)


def test_the_analysis_of_compromised_hosts_sends_neither_limit_nor_sort() -> None:
    assert (view_of("ioc").wire, view_of("ioc").limit, view_of("ioc").sort) == ("top-threats", None, None)


def test_a_view_that_is_not_in_the_catalogue_has_no_sort() -> None:
    assert view_of("some-new-view") == View("some-new-view")


@pytest.mark.parametrize("name", ["a/b", "..", "", "a b"])
def test_a_name_that_is_no_part_of_a_path_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput):
        view_of(name)

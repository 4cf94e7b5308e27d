# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How old a result may be."""

from __future__ import annotations

import datetime as dt

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.secops.fortiview.plugins.module_utils._query.ages import freshness, written

NOW = dt.datetime(2026, 3, 2, 12, tzinfo=dt.timezone.utc)


def said(replied_at: object, max_age: object = None) -> str:
    try:
        freshness(max_age, NOW).check({"name": "seen", "replied_at": replied_at})
    except InvalidInput as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    ("replied_at", "max_age", "says"),
    [
        ("2026-03-01T12:00:00Z", None, ""),
        ("2026-03-01T11:59:59Z", None, "24.0 hours old"),
        ("2026-03-01T13:30:00+01:00", "24h", ""),
        ("2026-03-02T11:00:00Z", "30m", "1.0 hours old"),
        ("2026-03-02T11:00:00Z", 3600, ""),
        ("2026-02-20T11:00:00Z", "30 d", ""),
        ("2020-01-01T00:00:00Z", 0, ""),
        ("2026-03-02T12:04:00Z", None, ""),
        ("2026-03-02T12:06:00Z", None, "in the future"),
        (None, None, "has no reply time"),
        ("2026-03-02 11:00:00", None, "has no reply time"),
        ("yesterday", None, "has no reply time"),
        (None, "0", ""),
    ],
)
def test_an_age(replied_at: object, max_age: object, says: str) -> None:
    found = said(replied_at, max_age)
    assert says in found and bool(says) == bool(found)


@pytest.mark.parametrize("value", ["a day", -1, "1w", True, "", "1.5h", []])
def test_what_is_no_age(value: object) -> None:
    with pytest.raises(InvalidInput, match="max_age"):
        freshness(value, NOW)


def test_how_a_time_is_written() -> None:
    assert written(NOW.replace(microsecond=5)) == "2026-03-02T12:00:00Z"

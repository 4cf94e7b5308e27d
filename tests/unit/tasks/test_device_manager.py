# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists of the Device Manager: whole, or an error."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import (
    ApiError,
    Garbled,
    Incomplete,
    NotPermitted,
    Throttled,
)
from ansible_collections.secops.fortiview.plugins.module_utils._protocol.reply import Reply, decode
from ansible_collections.secops.fortiview.plugins.module_utils._tasks.device_manager import DeviceManager
from unit.tasks.support import OK


def adoms(*names: str) -> list[dict[str, t.Any]]:
    return [{"name": name, "oid": number, "state": 1} for number, name in enumerate(names)]


class Lists:
    """Answers the count of a list by `count`, and each further request by the next of `pages`, an error included."""

    def __init__(self, count: t.Any, *pages: t.Any) -> None:
        self.count = count
        self.pages = list(pages)
        self.slept: list[float] = []
        self.calls = 0

    def call(self, method: str, params: t.Mapping[str, t.Any], give_up_at: t.Optional[float] = None) -> Reply:
        self.calls += 1
        found = self.count if self.calls == 1 else self.pages.pop(0) if len(self.pages) > 1 else self.pages[0]
        if isinstance(found, Exception):
            raise found
        return decode({"result": [{"status": OK, "data": found}]})

    def read(self) -> list[str]:
        manager = DeviceManager(t.cast(t.Any, self), self.slept.append)
        return [adom["name"] for adom in manager.adoms()]


def test_pages_are_read_to_the_count() -> None:
    assert Lists(3, adoms("root", "a"), adoms("b")).read() == ["root", "a", "b"]


def test_without_a_count_the_list_is_read_to_an_empty_page() -> None:
    assert Lists(ApiError("count"), adoms("root"), []).read() == ["root"]


@pytest.mark.parametrize(
    "lists", [Lists(3, adoms("root"), []), Lists(3, adoms("root")), Lists(ApiError("count"), adoms("root"))]
)
def test_a_list_that_ends_early_or_repeats_is_an_error(lists: Lists) -> None:
    with pytest.raises(Incomplete, match="the list is incomplete"):
        lists.read()


def test_a_busy_fortianalyzer_is_asked_three_times() -> None:
    lists = Lists(1, Throttled("busy"), Throttled("busy", retry_after=90.0), adoms("root"))
    assert (lists.read(), lists.slept) == (["root"], [1.0, 30.0])
    with pytest.raises(Throttled):
        Lists(1, Throttled("busy")).read()


def test_a_refusal_names_the_right_and_another_next_step() -> None:
    with pytest.raises(NotPermitted) as caught:
        Lists(1, NotPermitted("No permission")).read()
    assert "Device Manager" in str(caught.value) and "`adoms`" in str(caught.value)


def test_a_reply_that_cannot_be_read_is_not_quoted() -> None:
    with pytest.raises(Garbled) as caught:
        Lists(1, Garbled('near "adm_pass": "secret"')).read()
    assert "secret" not in str(caught.value)

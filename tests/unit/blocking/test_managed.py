# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a FortiManager would revert a change of the configuration."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.client import FortiGateError
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.managed import (
    is_managed,
    managed_by_fortimanager,
)
from unit.blocking.support import Simulated, options


@pytest.mark.parametrize(
    "settings, managed",
    [
        ([{"type": "fortimanager", "fmg": "192.0.2.9"}], True),
        ([{"type": "FortiManager", "fmg": "fmg.example.com"}], True),
        ([{"type": "fortimanager", "fmg": ""}], False),
        ([{"type": "fortiguard", "fmg": "192.0.2.9"}], False),
        ([{"type": "none"}], False),
        ([{}], False),
        ([], False),
    ],
)
def test_only_a_fortimanager_that_is_named_manages(settings: list[dict[str, t.Any]], managed: bool) -> None:
    assert managed_by_fortimanager(settings) == managed


@pytest.mark.parametrize("managed_by", ["", "192.0.2.9"])
def test_the_fortigate_is_asked_once_in_a_run(fortigate: Simulated, managed_by: str) -> None:
    fortigate.vdom.read("monitor/user/banned")
    kind = "fortimanager" if managed_by else "none"
    fortigate.configure("system/central-management", {"type": kind, "fmg": managed_by})
    assert is_managed(options(), fortigate.context) == bool(managed_by)
    fortigate.reads.clear()
    fortigate.later(899)
    assert is_managed(options(), fortigate.context) == bool(managed_by) and fortigate.reads == []
    fortigate.later(2)
    is_managed(options(), fortigate.context)
    assert fortigate.reads == ["cmdb/system/central-management"]


@pytest.mark.parametrize("reply", ['{"status": "success", "results": {}}', '{"status": "success", "results": []}'])
def test_a_reply_without_the_setting_is_not_a_no(fortigate: Simulated, reply: str) -> None:
    fortigate.instead["GET cmdb/system/central-management"] = reply
    with pytest.raises(FortiGateError, match="does not say whether a FortiManager"):
        is_managed(options(), fortigate.context)


def test_a_setting_that_must_not_be_read_is_not_a_no(fortigate: Simulated) -> None:
    fortigate.instead["GET cmdb/system/central-management"] = 403
    with pytest.raises(FortiGateError):
        is_managed(options(), fortigate.context)


def test_a_host_without_a_fortigate_has_nothing_to_be_reverted(fortigate: Simulated) -> None:
    assert not is_managed(options(), fortigate.context._replace(fortigate=None))


def test_the_answer_of_another_fortigate_does_not_count(fortigate: Simulated) -> None:
    fortigate.vdom.read("monitor/user/banned")
    assert not is_managed(options(), fortigate.context)
    fortigate.configure("system/central-management", {"type": "fortimanager", "fmg": "192.0.2.9"})
    fortigate.later(0)
    fortigate.state.serial = fortigate.device.serial = "FG100FTK20000002"
    assert is_managed(options(), fortigate.context)


@pytest.mark.parametrize("token, where", [(True, {"vdom": "guest"}), (False, {"scope": "global"})])
def test_a_token_of_a_vdom_reads_the_setting_there(fortigate: Simulated, token: bool, where: dict[str, str]) -> None:
    is_managed(options(vdom_token=token, vdoms=["guest"]), fortigate.context)
    assert where.items() <= fortigate.queries[-1].items()

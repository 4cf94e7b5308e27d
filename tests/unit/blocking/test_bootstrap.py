# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists and deny policies are created in order, verified, and never rolled back."""

from __future__ import annotations

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.bootstrap import bootstrap, diff_of
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.bootstrap_plan import Wanted
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.client import FortiGateError
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.corrections import Correction
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput
from unit.blocking.support import Simulated

PUSH = Wanted("feed_push", vdoms=("root", "guest"))


@pytest.fixture
def bare(fortigate: Simulated) -> Simulated:
    """A FortiGate that nothing has prepared."""
    fortigate.made_with(with_policies=False, with_feed=False, with_group=False)
    return fortigate


def order(fortigate: Simulated, vdom: str = "root") -> list[int]:
    return [one["policyid"] for one in fortigate.simulator.objects("firewall/policy", vdom)]


def test_a_second_run_changes_nothing(bare: Simulated) -> None:
    assert {one.vdom for one in bootstrap(bare.device, PUSH, False).missing} == {"root", "guest"}
    assert order(bare)[:2] == [9001, 9002] and order(bare, "guest")[:2] == [9001, 9002] and bare.feed() == []
    bare.writes.clear()
    assert bootstrap(bare.device, PUSH, False) == ([], []) and bare.writes == []


@pytest.mark.parametrize("method", ["feed_push", "addrgrp"])
def test_check_mode_names_the_same_and_writes_nothing(bare: Simulated, method: str) -> None:
    wanted = PUSH._replace(method=method)
    planned = bootstrap(bare.device, wanted, True).missing
    assert bare.writes == [] and planned == bootstrap(bare.device, wanted, False).missing


@pytest.mark.parametrize("settings", [{"type": "fortimanager", "fmg": "192.0.2.9"}])
def test_a_managed_fortigate_is_changed_only_with_permission(bare: Simulated, settings: dict[str, str]) -> None:
    bare.configure("system/central-management", settings)
    with pytest.raises(InvalidInput, match="fortigate_block_allow_fmg_drift"):
        bootstrap(bare.device, PUSH, False)
    assert bare.writes == []
    assert bootstrap(bare.device, PUSH._replace(allow_fmg_drift=True), False).missing


def test_whether_it_is_managed_must_be_known(bare: Simulated) -> None:
    bare.instead["GET cmdb/system/central-management"] = '{"status": "success", "results": {}}'
    with pytest.raises(FortiGateError, match="does not say whether a FortiManager"):
        bootstrap(bare.device, PUSH, False)


def test_the_first_refusal_ends_it_and_the_error_has_what_is_missing(bare: Simulated) -> None:
    bare.instead["POST cmdb/firewall/policy"] = 500
    with pytest.raises(FortiGateError) as caught:
        bootstrap(bare.device, PUSH, False)
    assert [path for _method, path, _body in bare.writes] == ["cmdb/system/external-resource", "cmdb/firewall/policy"]
    error = caught.value
    assert "Missing or wrong when read back: policy 9001 in VDOM root" in str(
        error
    ) and "The written objects remain" in str(error)
    assert error.context["rolled_back"] is False
    assert {"vdom": "root", "kind": "policy", "name": "9001", "what": "missing"} in error.context["missing"]


def test_a_refusal_that_changed_nothing_says_so(bare: Simulated) -> None:
    bare.instead["POST cmdb"] = 403
    with pytest.raises(FortiGateError) as caught:
        bootstrap(bare.device, PUSH, False)
    assert "rolled_back" not in caught.value.as_dict() or caught.value.context["rolled_back"] is None
    assert "remain" not in str(caught.value)


def test_a_write_that_took_effect_although_it_was_refused_is_a_warning(bare: Simulated) -> None:
    bootstrap(bare.device, PUSH, False)
    bare.configure("firewall/policy", {"policyid": 9001, "match-vip": "disable"})
    bare.unconfirmed["PUT"] = 500
    (warning,) = bootstrap(bare.device, PUSH, False).warnings
    assert "HTTP 500" in warning


@pytest.mark.parametrize("there, changes", [("disabled", True), ("all", False)])
def test_bans_that_survive_a_reboot_are_one_setting(bare: Simulated, there: str, changes: bool) -> None:
    bare.configure("firewall/global", {"banned-ip-persistency": there})
    found = bootstrap(bare.device, Wanted("ban", persistency="all"), False).missing
    assert bool(found) == changes
    assert [one["banned-ip-persistency"] for one in bare.vdom.objects("cmdb/firewall/global")] == ["all"]


def test_a_release_without_that_setting_is_an_error(bare: Simulated) -> None:
    bare.instead["GET cmdb/firewall/global"] = '{"status": "success", "results": {}}'
    with pytest.raises(FortiGateError, match=r"FortiOS 7\.2\.1"):
        bootstrap(bare.device, Wanted("ban", persistency="all"), False)


def test_a_diff_shows_names_and_no_credentials() -> None:
    correction = Correction(
        vdom="root", kind="feed", name="soc-block", what="is wrong", method="PUT", path="cmdb/system/external-resource/soc-block",
        before={"resource": "https://anna:secret@feeds.example.com/list?token=secret#secret", "srcaddr": [{"name": "{{ x }}\n"}]},
        after={"resource": "http://[", "status": "enable"},
    )  # fmt: skip
    found = diff_of([correction])
    assert "secret" not in str(found) and "https://feeds.example.com/list" in found["before"]
    assert found["before"].count("\n") == 3 and "(not a URL)" in found["after"]
    assert found["after"].startswith("root/system/external-resource/soc-block:\n")

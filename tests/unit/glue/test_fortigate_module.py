# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A FortiGate module process: it needs the connection of its host, and says what was left behind."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import FortiViewError
from ansible_collections.secops.fortiview.plugins.module_utils._glue import fortigate_connection
from ansible_collections.secops.fortiview.plugins.module_utils._glue.fortigate import HostContext
from ansible_collections.secops.fortiview.plugins.module_utils._glue.fortigate_module import run_fortigate_module
from ansible_collections.secops.fortiview.plugins.module_utils._glue.option_reading import Module

from support.module_processes import ended

SPEC = {"access_token": {"type": "str", "no_log": True}, "vdom_tokens": {"type": "dict", "no_log": True}}


class Connection:
    """The persistent connection of a host, without a FortiGate behind it."""

    def __init__(self, dummy_path: str) -> None:
        self.options = {"use_ssl": True, "validate_certs": False}

    def get_option(self, name: str) -> t.Any:
        return self.options[name]

    def set_custom_option(self, name: str, value: t.Any) -> None:
        self.options[name] = value


def run(operation: t.Callable[..., dict[str, t.Any]], **options: t.Any) -> dict[str, t.Any]:
    return ended(lambda: run_fortigate_module(SPEC, operation), **options)


def result(params: t.Any, host_context: HostContext) -> dict[str, t.Any]:
    assert host_context.fortigate is not None
    return {"changed": host_context.check_mode, "warnings": ["theirs"]}


def test_a_host_without_a_connection_is_refused() -> None:
    found = run(result)
    assert found["failed"] and "ansible_connection=ansible.netcommon.httpapi" in found["msg"]


def test_check_mode_and_warnings_of_the_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    # Where Ansible puts a warning depends on what else this process has loaded of it.
    warned: list[str] = []
    monkeypatch.setattr(Module, "warn", lambda self, text: warned.append(text))
    monkeypatch.setattr(fortigate_connection, "Connection", Connection)
    found = run(result, access_token="t0ken-of-the-test", _ansible_socket="/x", _ansible_check_mode=True)
    assert found["changed"] is True and "failed" not in found
    assert "is not verified" in warned[0] and warned[1:] == ["theirs"]


@pytest.mark.parametrize(("rolled_back", "changed"), [(True, False), (False, True), (None, False)])
def test_a_failure_has_changed_something_only_where_it_was_not_rolled_back(
    rolled_back: t.Optional[bool], changed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fortigate_connection, "Connection", Connection)

    def fail(params: t.Any, host_context: HostContext) -> dict[str, t.Any]:
        raise FortiViewError(f"refused {params['access_token']}", rolled_back=rolled_back)

    found = run(fail, access_token="t0ken-of-the-test", _ansible_socket="/x")
    assert found["failed"] and found["changed"] is changed and "t0ken-of-the-test" not in str(found)

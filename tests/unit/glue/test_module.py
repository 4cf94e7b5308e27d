# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A FortiAnalyzer module process: options in, a result or one failure out, and no secret in either."""

from __future__ import annotations

import sys
import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import Crashed, InvalidInput
from ansible_collections.secops.fortiview.plugins.module_utils._glue.arguments import connection_arguments
from ansible_collections.secops.fortiview.plugins.module_utils._glue.module import run_module
from ansible_collections.secops.fortiview.plugins.module_utils._glue.option_reading import Module
from ansible_collections.secops.fortiview.plugins.module_utils._tasks.fortiview import Context

from support.module_processes import ended

ARGUMENTS = {"argument_spec": {**connection_arguments(), "limit": {"type": "int", "default": 5}}}
ACCESS = {"host": "faz.example.com", "username": "soc", "password": "c4nary-password"}


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for option in connection_arguments().values():
        if "fallback" in option:
            monkeypatch.delenv(option["fallback"][1][0], raising=False)


def run(operation: t.Optional[t.Callable[..., dict[str, t.Any]]] = None, **options: t.Any) -> dict[str, t.Any]:
    def echo(params: t.Mapping[str, t.Any], context: Context) -> dict[str, t.Any]:
        return {
            "changed": False,
            "limit": params["limit"],
            "check": context.check,
            "shared": context.shared,
            "warnings": ["w"],
        }

    return ended(lambda: run_module(ARGUMENTS, operation or echo), **{**ACCESS, **options})


def test_options_and_check_mode_reach_the_operation(monkeypatch: pytest.MonkeyPatch) -> None:
    # Where Ansible puts a warning depends on what else this process has loaded of it.
    warned: list[str] = []
    monkeypatch.setattr(Module, "warn", lambda self, text: warned.append(text))
    found = run()
    assert (found["limit"], found["check"], found["shared"]) == (5, False, None) and "failed" not in found
    assert warned == ["w"]
    assert run(limit="7", _ansible_check_mode=True)["limit"] == 7 and run(_ansible_check_mode=True)["check"] is True


def test_an_option_that_is_misspelt_is_a_failure_before_anything_is_done() -> None:
    found = run(limt=7)
    assert found["failed"] and "limt is not an option. Did you mean limit" in found["msg"]


def test_a_wrong_environment_variable_is_a_failure_that_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAZ_PORT", "https")
    found = run()
    assert found["failed"] and "FAZ_PORT, which sets the option port, must be a whole number" in found["msg"]
    assert "failed" not in run(port=8443)


def test_an_error_and_a_crash_end_with_json_without_the_password() -> None:
    def refuse(params: t.Any, context: t.Any) -> dict[str, t.Any]:
        raise InvalidInput(f"limit: {params['password']}")

    def crash(params: t.Any, context: t.Any) -> dict[str, t.Any]:
        raise RuntimeError(params["password"])

    for operation, kind in ((refuse, InvalidInput.kind), (crash, Crashed.kind)):
        found = run(operation)
        assert found["failed"] and "c4nary" not in str(found) and found["error"]["kind"] == kind


def test_a_result_in_which_ansible_blanks_a_value_is_not_complete() -> None:
    def answer(params: t.Any, context: t.Any) -> dict[str, t.Any]:
        rows = [{"incidents": 92024}]
        result = {
            "name": "a",
            "complete": True,
            "rows": rows,
            "warnings": [],
            "returned": 1,
            "adom": "root",
            "view": "x",
        }
        return {"changed": False, "results": [result], "rows": rows, "warnings": [], "ansible_facts": {}}

    found = run(answer, password="2024")
    assert found["results"][0]["complete"] is False and "rows" not in found


def test_without_requests_the_failure_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "requests", None)
    found = run()
    assert found["failed"] and "requests" in found["msg"]

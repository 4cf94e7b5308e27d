# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The end of a module process: a result with its warnings, or a failure without secrets."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.secops.fortiview.plugins.module_utils._glue.exiting import run_to_exit


class Module:
    """Keeps how it ended."""

    no_log_values = frozenset(("s3cret",))

    def __init__(self, diff: bool = False) -> None:
        self._diff = diff
        self.warned: list[str] = []
        self.ended: list[tuple[str, dict[str, t.Any]]] = []

    def warn(self, text: str) -> None:
        self.warned.append(text)

    def exit_json(self, **result: t.Any) -> None:
        self.ended.append(("exit", result))

    def fail_json(self, **result: t.Any) -> None:
        self.ended.append(("fail", result))


def run(operation: t.Callable[[], dict[str, t.Any]], diff: bool = False, **more: t.Any) -> Module:
    module = Module(diff)
    run_to_exit(t.cast("t.Any", module), operation, **more)
    assert len(module.ended) == 1
    return module


def raising(error: Exception) -> t.Callable[[], dict[str, t.Any]]:
    def operation() -> dict[str, t.Any]:
        raise error

    return operation


@pytest.mark.parametrize("diff", [True, False])
def test_a_result_ends_with_its_warnings_and_a_diff_where_it_is_wanted(diff: bool) -> None:
    module = run(lambda: {"changed": True, "warnings": ["a", "b"], "diff": {"before": "x"}}, diff)
    assert module.warned == ["a", "b"]
    assert module.ended == [("exit", {"changed": True, **({"diff": {"before": "x"}} if diff else {})})]


def test_an_error_is_a_failure_that_says_what_it_is() -> None:
    ((how, result),) = run(raising(InvalidInput("limit is missing"))).ended
    assert how == "fail" and result["error"]["kind"] == InvalidInput.kind and "limit is missing" in result["msg"]


def test_a_failure_may_have_more() -> None:
    module = run(raising(InvalidInput("x")), failure=lambda error: {"msg": error.said, "changed": True})
    assert module.ended == [("fail", {"msg": "x", "changed": True})]


def test_a_crash_is_a_failure_without_secrets() -> None:
    ((how, result),) = run(raising(KeyError("s3cret"))).ended
    assert how == "fail" and "KeyError" in result["msg"] and "s3cret" not in str(result)
    assert "test_exiting.py" in result["exception"]


def test_a_process_that_is_ended_is_not_caught() -> None:
    with pytest.raises(KeyboardInterrupt):
        run_to_exit(t.cast("t.Any", Module()), t.cast("t.Any", raising(t.cast(Exception, KeyboardInterrupt()))))

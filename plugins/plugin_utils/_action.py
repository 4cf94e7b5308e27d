# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The base of the action plugins. They run the operation of the module in-process if the task runs on the controller.

A module process takes half as long as the start of ansible-playbook. The in-process operation takes a twenty-fifth of this start. The module of the
same name runs the task in other cases: async, become, or a FortiAnalyzer that is queried through another host.
"""

from __future__ import annotations

import contextlib
import os
import typing as t

from ansible.plugins.action import ActionBase
from ansible.utils.unsafe_proxy import wrap_var
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import Crashed
from ansible_collections.secops.fortiview.plugins.module_utils._glue.checking import checked, shown

Data = dict[str, t.Any]


class InProcessAction(ActionBase):  # type: ignore[misc]
    """A subclass sets `arguments`, the argument spec of its module, and `operation`, the function that the module runs."""

    _supports_check_mode = True
    _supports_async = True

    arguments: t.ClassVar[Data]
    operation: t.ClassVar[t.Any]

    def run(self, tmp: t.Any = None, task_vars: t.Optional[Data] = None) -> Data:
        result: Data = super().run(tmp, task_vars)
        if self._task.async_val or not self._runs_here():
            refusal = self._before_module()
            if refusal:
                return dict(result, **refusal)
            handed_over = self._execute_module(
                module_args=self._within_time(dict(self._task.args)),
                task_vars=task_vars,
                wrap_async=self._task.async_val,
            )
            return t.cast("Data", handed_over)
        with self._environment():
            result.update(self._in_process())
        return result

    def _runs_here(self) -> bool:
        raise NotImplementedError

    def _within_time(self, args: Data) -> Data:
        """The options for a module process. A subclass can limit the time of the operation."""
        return args

    def _before_module(self) -> Data:
        """The failure that replaces a run of the module. Empty if the module is to run."""
        return {}

    def _operate(self, params: Data) -> Data:
        """The result of the operation, or its failure."""
        raise NotImplementedError

    @contextlib.contextmanager
    def _environment(self) -> t.Iterator[None]:
        """The task's `environment` keyword, which a module process would get from its shell."""
        before = dict(os.environ)
        for entry in self._task.environment or []:
            for name, value in (self._templar.template(entry) or {}).items():
                os.environ[name] = str(value)
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)

    def _in_process(self) -> Data:
        params, secrets, problem = checked(self.arguments, self._task.args)
        if problem:
            return {"failed": True, "msg": problem}
        try:
            outcome = self._operate(params)
        except Exception as crash:  # noqa: BLE001  if uncaught, its text would be printed with secrets
            outcome = dict(Crashed(crash, secrets).to_fail_json(), failed=True)
        return t.cast("Data", wrap_var(shown(outcome, params, secrets)))

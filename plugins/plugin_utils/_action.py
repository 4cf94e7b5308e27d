# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The base of the action plugins: the module's operation in-process where the task runs on the controller itself.

A module process costs half of ansible-playbook's own start; this costs a twenty-fifth. With async, become or any
connection but local the task is handed to the module of the same name.
"""

from __future__ import annotations

import contextlib
import os
import typing as t

from ansible.module_utils.basic import missing_required_lib
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.parameters import remove_values
from ansible.module_utils.errors import UnsupportedError
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display
from ansible.utils.unsafe_proxy import wrap_var
from ansible_collections.secops.fortiview.plugins.module_utils._glue.stopping import stoppable, while_parent_lives
from ansible_collections.secops.fortiview.plugins.module_utils._protocol.errors import FortiViewError
from ansible_collections.secops.fortiview.plugins.module_utils._tasks.fortiview import World

try:
    import requests  # loaded here, once, before the controller forks its workers
except ImportError:
    HAS_REQUESTS = False
else:
    HAS_REQUESTS = bool(requests)

display = Display()


class FortiViewAction(ActionBase):  # type: ignore[misc]
    """Subclasses name the argument spec and the operation of their module."""

    _supports_check_mode = True
    _supports_async = True

    arguments: t.ClassVar[dict[str, t.Any]]
    operation: t.ClassVar[t.Any]  # an Operation, as a staticmethod

    def run(self, tmp: t.Any = None, task_vars: t.Optional[dict[str, t.Any]] = None) -> dict[str, t.Any]:
        result: dict[str, t.Any] = super().run(tmp, task_vars)
        if not self._runs_here():
            handed_over = self._execute_module(task_vars=task_vars, wrap_async=self._task.async_val)
            return t.cast("dict[str, t.Any]", handed_over)
        with self._environment():
            result.update(self._in_process())
        return result

    def _runs_here(self) -> bool:
        become = self._connection.become is not None or self._task.become
        return self._connection.transport == "local" and not self._task.async_val and not become

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

    def _in_process(self) -> dict[str, t.Any]:
        if not HAS_REQUESTS:
            return {"failed": True, "msg": missing_required_lib("requests")}
        checked = ArgumentSpecValidator(**self.arguments).validate(dict(self._task.args))
        params = checked.validated_parameters
        spec = self.arguments["argument_spec"]
        secrets = {str(params[name]) for name, option in spec.items() if option.get("no_log") and params.get(name)}
        if checked.error_messages:
            message = "; ".join(
                f"Unsupported parameters: {error.msg}" if isinstance(error, UnsupportedError) else str(error.msg)
                for error in checked.errors
            )
            return t.cast("dict[str, t.Any]", remove_values({"failed": True, "msg": message}, secrets))
        try:
            with stoppable():
                outcome = type(self).operation(params, World(sleep=while_parent_lives(), progress=display.v))
        except FortiViewError as error:
            outcome = dict(error.to_fail_json(), failed=True)
        outcome["invocation"] = {"module_args": params}
        return t.cast("dict[str, t.Any]", wrap_var(remove_values(outcome, secrets)))

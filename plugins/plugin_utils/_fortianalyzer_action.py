# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The base of the action plugins for FortiAnalyzer."""

from __future__ import annotations

import typing as t

from ansible.module_utils.basic import missing_required_lib
from ansible.utils.display import Display
from ansible_collections.secops.fortiview.plugins.module_utils._common.durations import parse_seconds
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import FortiViewError, InvalidInput
from ansible_collections.secops.fortiview.plugins.module_utils._connection.shared import SharedConnection
from ansible_collections.secops.fortiview.plugins.module_utils._glue.checking import checked
from ansible_collections.secops.fortiview.plugins.module_utils._glue.fortianalyzer_connection import (
    explicit,
    refuse_shared_key,
    shared_connection,
)
from ansible_collections.secops.fortiview.plugins.module_utils._glue.stopping import stoppable, while_parent_lives
from ansible_collections.secops.fortiview.plugins.module_utils._tasks.fortiview import Context
from ansible_collections.secops.fortiview.plugins.plugin_utils._action import Data, InProcessAction

try:
    import requests  # This import runs once, before the controller forks its workers.
except ImportError:
    HAS_REQUESTS = False
else:
    HAS_REQUESTS = bool(requests)

# The operation gets this share of `async` or `timeout`, minus these seconds. A module process needs the rest to start and to clean up.
SHARE_FOR_THE_QUERY, SECONDS_FOR_THE_REST = 0.8, 2.0

display = Display()


class FortiViewAction(InProcessAction):
    """Actions on a FortiAnalyzer over a separate connection, or over the persistent connection that Ansible keeps for the task's host."""

    def _within_time(self, args: Data) -> Data:
        """The options with a `wait_timeout` that ends the operation before `async` or `timeout`. These would end the module process by SIGKILL or not at
        all. An operation that ends in time logs out, and returns the ticket of its task in the error."""
        spec = self.arguments["argument_spec"]
        limits = [float(limit) for limit in (self._task.async_val, self._task.timeout) if limit]
        if not limits or "wait_timeout" not in spec:
            return args
        most = max(1.0, SHARE_FOR_THE_QUERY * min(limits) - SECONDS_FOR_THE_REST)
        default = spec["wait_timeout"]["default"]
        try:
            given = parse_seconds("wait_timeout", default if args.get("wait_timeout") is None else args["wait_timeout"])
        except InvalidInput:
            return args  # The module reports the error.
        return dict(args, wait_timeout=min(given, most))

    def _runs_here(self) -> bool:
        become = self._connection.become is not None or self._task.become
        return bool(self._connection.socket_path) or (self._connection.transport == "local" and not become)

    def _before_module(self) -> Data:
        """Checks the options that the task sets against the persistent connection, and applies them to it. A module process
        does not know which options the task sets."""
        if not self._connection.socket_path:
            return {}
        params, dummy, problem = checked(self.arguments, self._task.args)
        if problem:  # The module reports the same error.
            return {}
        try:
            shared = self._shared(params)
            if shared is not None:
                refuse_shared_key(self._connection, self._play_context.port)
                with shared:
                    pass
        except FortiViewError as error:
            return dict(error.to_fail_json(), failed=True)
        return {}

    def _operate(self, params: Data) -> Data:
        try:
            shared = self._shared(params)
            if shared is None and not HAS_REQUESTS:
                return {"failed": True, "msg": missing_required_lib("requests")}
            with stoppable():
                context = Context(
                    sleep=while_parent_lives(), progress=display.v, shared=shared, check=bool(self._task.check_mode)
                )
                outcome: Data = type(self).operation(params, context)
        except FortiViewError as error:
            return dict(error.to_fail_json(), failed=True)
        if not self._task.diff:
            outcome.pop("diff", None)
        return outcome

    def _shared(self, params: Data) -> t.Optional[SharedConnection]:
        socket_path = self._connection.socket_path
        if not socket_path:
            return None
        given = explicit(params, self._task.args)
        return shared_connection(socket_path, given, self._connection, while_parent_lives())

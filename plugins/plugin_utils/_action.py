# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The bases of the action plugins: the module's operation in-process where the task runs on the controller itself.

A module process costs half of the start of ansible-playbook, and this costs a twenty-fifth. In other cases (a
FortiAnalyzer that is queried through another host, async, become) the module of the same name runs the task.
"""

from __future__ import annotations

import contextlib
import os
import time
import typing as t

from ansible.module_utils.basic import missing_required_lib
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display
from ansible.utils.unsafe_proxy import wrap_var
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.client import FortiGate
from ansible_collections.secops.fortiview.plugins.module_utils._common.durations import parse_seconds
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import (
    Crashed,
    FortiViewError,
    InvalidInput,
)
from ansible_collections.secops.fortiview.plugins.module_utils._connection.shared import SharedConnection
from ansible_collections.secops.fortiview.plugins.module_utils._glue.checking import checked, shown
from ansible_collections.secops.fortiview.plugins.module_utils._glue.fortianalyzer_connection import (
    explicit,
    refuse_shared_key,
    shared_connection,
)
from ansible_collections.secops.fortiview.plugins.module_utils._glue.fortigate import Box
from ansible_collections.secops.fortiview.plugins.module_utils._glue.fortigate_connection import failure_of, sender
from ansible_collections.secops.fortiview.plugins.module_utils._glue.fortigate_connection import (
    refuse_shared_key as refuse_shared_key_of_fortigate,
)
from ansible_collections.secops.fortiview.plugins.module_utils._glue.stopping import stoppable, while_parent_lives
from ansible_collections.secops.fortiview.plugins.module_utils._tasks.fortiview import World

try:
    import requests  # imported once, before the controller forks its workers
except ImportError:
    HAS_REQUESTS = False
else:
    HAS_REQUESTS = bool(requests)

# The share of `async` or `timeout` for the operation: the start of a module process and its clean-up take the rest.
SHARE_FOR_THE_QUERY, SECONDS_FOR_THE_REST = 0.8, 2.0

ONE_CONNECTION = (
    "{} have the same ansible_host, ansible_port and ansible_user, so Ansible keeps one connection for them, and "
    "a request of one may use the token of the other. Make them one host with fortigate_block_vdoms and "
    "fortigate_block_vdom_tokens. Nothing was sent"
)

# The controller loads this once, before it forks its workers, so that all hosts of a run have one id.
RUN_ID = f"{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}-{os.getpid()}"

display = Display()
Data = dict[str, t.Any]


class _InProcess(ActionBase):  # type: ignore[misc]
    """Subclasses name the argument spec and the operation of their module."""

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
        """The options for a module process."""
        return args

    def _before_module(self) -> Data:
        """A failure where the module must not be run."""
        return {}

    def _operate(self, params: Data) -> Data:
        """The outcome of the operation, also of a failed one."""
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
        except Exception as crash:  # noqa: BLE001  uncaught, its text would be printed as it is
            outcome = dict(Crashed(crash, secrets).to_fail_json(), failed=True)
        return t.cast("Data", wrap_var(shown(outcome, params, secrets)))


class FortiViewAction(_InProcess):
    """A FortiAnalyzer that this machine queries, over a separate connection or over the persistent connection
    that Ansible keeps for the task's host."""

    def _within_time(self, args: Data) -> Data:
        """`async` and `timeout` end a module process by SIGKILL or not at all. So it must end in time by itself, log
        out, and return the ticket of its task in the error."""
        spec = self.arguments["argument_spec"]
        limits = [float(limit) for limit in (self._task.async_val, self._task.timeout) if limit]
        if not limits or "wait_timeout" not in spec:
            return args
        most = max(1.0, SHARE_FOR_THE_QUERY * min(limits) - SECONDS_FOR_THE_REST)
        default = spec["wait_timeout"]["default"]
        try:
            given = parse_seconds("wait_timeout", default if args.get("wait_timeout") is None else args["wait_timeout"])
        except InvalidInput:
            return args  # the module reports what is wrong with it
        return dict(args, wait_timeout=min(given, most))

    def _runs_here(self) -> bool:
        become = self._connection.become is not None or self._task.become
        return bool(self._connection.socket_path) or (self._connection.transport == "local" and not become)

    def _before_module(self) -> Data:
        """A module process does not know which options the task gave, so the action plugin refuses them or passes them
        on."""
        if not self._connection.socket_path:
            return {}
        params, dummy, problem = checked(self.arguments, self._task.args)
        if problem:  # the module reports it too
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
                world = World(
                    sleep=while_parent_lives(), progress=display.v, shared=shared, check=bool(self._task.check_mode)
                )
                outcome: Data = type(self).operation(params, world)
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


class FortiGateAction(_InProcess):
    """A FortiGate, over the persistent connection that Ansible keeps for its host."""

    def _runs_here(self) -> bool:
        return bool(getattr(self._connection, "socket_path", None))

    def _operate(self, params: Data) -> Data:
        try:
            box, warnings = self._box(params)
            outcome: Data = type(self).operation(params, box)
            outcome["warnings"] = warnings + outcome["warnings"]
        except FortiViewError as error:
            return dict(failure_of(error), failed=True)
        if not self._task.diff:
            del outcome["diff"]
        return outcome

    def _box(self, params: Data) -> tuple[Box, list[str]]:
        socket_path = getattr(self._connection, "socket_path", None)
        if not socket_path:
            return Box(None, self._task.check_mode), []
        host = str(self._connection.get_option("host") or "the FortiGate")
        refuse_shared_key_of_fortigate(self._connection.get_option("port"), self._play_context.port)
        send, warnings = sender(socket_path, params["access_token"], params.get("vdom_tokens"))
        return Box(FortiGate(send, host), self._task.check_mode), warnings


class BlockingAction(FortiGateAction):
    """Blocking on a FortiGate, which needs to know the other hosts of the inventory and of the play.

    It always runs on the controller, where the registry, the audit log and a published file are.
    """

    _supports_async = False

    def run(self, tmp: t.Any = None, task_vars: t.Optional[Data] = None) -> Data:
        known = {
            key: value
            for key, value in _surroundings(task_vars or {}).items()
            if key in self.arguments["argument_spec"]
        }
        given = {key: value for key, value in self._task.args.items() if value is not None}
        if not str(given.get("never", "-")).strip():
            # An exclusion list that is lost on its way, as in `-e fortigate_block_never_extra=`, is not an empty one.
            del given["never"]
        self._task.args = {**known, **given}
        self._sharing = _sharing(task_vars or {})
        return super().run(tmp, task_vars)

    def _runs_here(self) -> bool:
        return True

    def _box(self, params: Data) -> tuple[Box, list[str]]:
        if self._sharing and getattr(self._connection, "socket_path", None):
            raise InvalidInput(ONE_CONNECTION.format(" and ".join(self._sharing)))
        return super()._box(params)


def _sharing(task_vars: Data) -> list[str]:
    """This host and the hosts of the play that share its connection with another token."""
    hostvars, name = task_vars.get("hostvars") or {}, str(task_vars.get("inventory_hostname") or "")
    if name not in hostvars:
        return []
    others = [
        str(other)
        for other in task_vars.get("ansible_play_hosts_all") or ()
        if other != name and other in hostvars and _differ_in_token(hostvars[name], hostvars[other])
    ]
    return [name, *others] if others else []


def _differ_in_token(one: Data, other: Data) -> bool:
    """Whether Ansible keeps one connection for both, although their tokens differ."""
    # The address decides for most hosts, and every further variable is a template.
    return all(one.get(key) == other.get(key) for key in ("ansible_host", "ansible_port", "ansible_user")) and any(
        one.get(key) != other.get(key) for key in ("fortigate_token", "fortigate_block_vdom_tokens")
    )


def _user(task_vars: Data) -> str:
    """Who runs this: of a controller its user, else that of the shell."""
    of_job = (task_vars.get(name) for name in ("awx_user_name", "tower_user_name"))
    of_shell = (os.environ.get(name) for name in ("USER", "LOGNAME"))
    return str(next(filter(None, (*of_job, *of_shell)), "unknown"))


def _surroundings(task_vars: Data) -> Data:
    """Options that the action plugin knows: the user and the run, the host, and the other hosts."""
    hostvars = task_vars.get("hostvars") or {}
    groups = task_vars.get("groups") or {}
    addresses = ("ansible_host", "ansible_ssh_host")
    localhost = hostvars.get("localhost") or {}
    job = task_vars.get("awx_job_id") or task_vars.get("tower_job_id")
    return {
        "host": str(task_vars.get("inventory_hostname") or ""),
        "run_id": str(job or RUN_ID),
        "job_user": _user(task_vars),
        "inventory": [
            {"name": str(name), "addresses": [str(found[key]) for key in addresses if found.get(key)]}
            # Each access to hostvars gathers all variables of that host.
            for name, found in ((name, hostvars.get(name) or {}) for name in groups.get("all", ()))
        ],
        # Stated once for all FortiGates.
        "never": localhost.get("fortigate_block_never_extra"),
        "fleet": [str(name) for name in task_vars.get("ansible_play_hosts_all") or ()],
        "batch": [str(name) for name in task_vars.get("ansible_play_batch") or ()],
    }

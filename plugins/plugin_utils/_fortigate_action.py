# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The base classes of the action plugins for FortiGate. They import no code for FortiAnalyzer."""

from __future__ import annotations

import os
import time
import typing as t

from ansible_collections.secops.fortiview.plugins.module_utils._blocking.client import FortiGate
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import FortiViewError, InvalidInput
from ansible_collections.secops.fortiview.plugins.module_utils._glue.fortigate import HostContext
from ansible_collections.secops.fortiview.plugins.module_utils._glue.fortigate_connection import (
    failure_of,
    refuse_shared_key,
    sender,
)
from ansible_collections.secops.fortiview.plugins.plugin_utils._action import Data, InProcessAction

ONE_CONNECTION = (
    "{} have the same ansible_host, ansible_port and ansible_user, so Ansible keeps one connection for all of them. A "
    "request for one host may then use the token of another host. Replace these hosts with one host that has "
    "fortigate_block_vdoms and fortigate_block_vdom_tokens. Nothing was sent"
)

# The controller loads this module once, before it forks its workers, so all hosts of a run have the same run id.
RUN_ID = f"{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}-{os.getpid()}"


class FortiGateAction(InProcessAction):
    """Actions on a FortiGate over the persistent connection that Ansible keeps for its host."""

    def _runs_here(self) -> bool:
        return bool(getattr(self._connection, "socket_path", None))

    def _operate(self, params: Data) -> Data:
        try:
            host_context, warnings = self._host_context(params)
            outcome: Data = type(self).operation(params, host_context)
            outcome["warnings"] = warnings + outcome["warnings"]
        except FortiViewError as error:
            return dict(failure_of(error), failed=True)
        if not self._task.diff:
            del outcome["diff"]
        return outcome

    def _host_context(self, params: Data) -> tuple[HostContext, list[str]]:
        socket_path = getattr(self._connection, "socket_path", None)
        if not socket_path:
            return HostContext(None, self._task.check_mode), []
        host = str(self._connection.get_option("host") or "the FortiGate")
        refuse_shared_key(self._connection.get_option("port"), self._play_context.port)
        send, warnings = sender(socket_path, params["access_token"], params.get("vdom_tokens"))
        return HostContext(FortiGate(send, host), self._task.check_mode), warnings


class BlockingAction(FortiGateAction):
    """Actions that block on a FortiGate. They need data about the other hosts of the inventory and of the play.

    They always run on the controller, where the registry, the audit log and a published file are.
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
            # An empty text, as from `-e fortigate_block_never_extra=`, is not an empty exclusion list. The option then counts as not set.
            del given["never"]
        self._task.args = {**known, **given}
        self._sharing = _sharing(task_vars or {})
        return super().run(tmp, task_vars)

    def _runs_here(self) -> bool:
        return True

    def _host_context(self, params: Data) -> tuple[HostContext, list[str]]:
        if self._sharing and getattr(self._connection, "socket_path", None):
            raise InvalidInput(ONE_CONNECTION.format(" and ".join(self._sharing)))
        return super()._host_context(params)


def _sharing(task_vars: Data) -> list[str]:
    """This host and the hosts of the play that share its connection, but have other tokens. Empty if there is no such host."""
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
    # The address is compared first, because it differs for most hosts. The other variables of these hosts are then not evaluated.
    return all(one.get(key) == other.get(key) for key in ("ansible_host", "ansible_port", "ansible_user")) and any(
        one.get(key) != other.get(key) for key in ("fortigate_token", "fortigate_block_vdom_tokens")
    )


def _user(task_vars: Data) -> str:
    """The user of this run: the user of the AWX job, otherwise the user of the shell."""
    of_job = (task_vars.get(name) for name in ("awx_user_name", "tower_user_name"))
    of_shell = (os.environ.get(name) for name in ("USER", "LOGNAME"))
    return str(next(filter(None, (*of_job, *of_shell)), "unknown"))


def _surroundings(task_vars: Data) -> Data:
    """The options that the action plugin sets: the host, the run id, the user, the exclusion list, and the other hosts."""
    localhost = (task_vars.get("hostvars") or {}).get("localhost") or {}
    job = task_vars.get("awx_job_id") or task_vars.get("tower_job_id")
    return {
        "host": str(task_vars.get("inventory_hostname") or ""),
        "run_id": str(job or RUN_ID),
        "job_user": _user(task_vars),
        "inventory": _inventory(task_vars),
        # The exclusion list is a variable of localhost, so that it is the same for all FortiGates.
        "never": localhost.get("fortigate_block_never_extra"),
        "fleet": [str(name) for name in task_vars.get("ansible_play_hosts_all") or ()],
        "batch": [str(name) for name in task_vars.get("ansible_play_batch") or ()],
    }


def _inventory(task_vars: Data) -> list[Data]:
    """All hosts of the inventory with their addresses."""
    hostvars, groups = task_vars.get("hostvars") or {}, task_vars.get("groups") or {}
    # An access to hostvars collects all variables of the host, so each host is accessed only once.
    hosts = ((name, hostvars.get(name) or {}) for name in groups.get("all", ()))
    keys = ("ansible_host", "ansible_ssh_host")
    return [
        {"name": str(name), "addresses": [str(found[key]) for key in keys if found.get(key)]} for name, found in hosts
    ]

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs one operation as a FortiGate module process over the persistent connection."""

from __future__ import annotations

import typing as t

from .._blocking.client import FortiGate
from .arguments import Spec
from .exiting import run_to_exit
from .fortigate import HostContext, Params
from .fortigate_connection import failure_of, sender
from .option_reading import Module

NO_CONNECTION = (
    "This module needs ansible_connection=ansible.netcommon.httpapi with ansible_network_os=fortinet.fortios.fortios "
    "for the FortiGate."
)


def run_fortigate_module(spec: Spec, operation: t.Callable[[Params, HostContext], dict[str, t.Any]]) -> None:
    """Run the operation and end the process with exit_json or fail_json."""
    module = Module(argument_spec=spec, supports_check_mode=True)
    socket_path = str(getattr(module, "_socket_path", None) or "")
    if not socket_path:
        module.fail_json(msg=NO_CONNECTION)

    def run() -> dict[str, t.Any]:
        send, warnings = sender(socket_path, module.params["access_token"], module.params.get("vdom_tokens"))
        result = operation(module.params, HostContext(FortiGate(send, "the FortiGate"), module.check_mode))
        return {**result, "warnings": [*warnings, *result["warnings"]]}

    run_to_exit(module, run, failure_of)

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A FortiGate module process: a module and the persistent connection around one operation."""

from __future__ import annotations

import typing as t

from .._blocking.client import FortiGate
from .._common.errors import Crashed, FortiViewError
from .arguments import Spec
from .fortigate import Box, Params
from .fortigate_connection import failure_of, sender
from .option_reading import Module

NO_CONNECTION = (
    "This module needs ansible_connection=ansible.netcommon.httpapi with ansible_network_os=fortinet.fortios.fortios "
    "for the FortiGate."
)


def run_fortigate_module(spec: Spec, operation: t.Callable[[Params, Box], dict[str, t.Any]]) -> None:
    """Run to exit_json or fail_json."""
    module = Module(argument_spec=spec, supports_check_mode=True)
    socket_path = str(getattr(module, "_socket_path", None) or "")
    if not socket_path:
        module.fail_json(msg=NO_CONNECTION)
    try:
        send, warnings = sender(socket_path, module.params["access_token"], module.params.get("vdom_tokens"))
        result = operation(module.params, Box(FortiGate(send, "the FortiGate"), module.check_mode))
    except FortiViewError as error:
        module.fail_json(**failure_of(error))
    except Exception as crash:  # noqa: BLE001  uncaught, its text would be printed as it is
        module.fail_json(**Crashed(crash, module.no_log_values).to_fail_json())
    else:
        for warning in [*warnings, *result.pop("warnings")]:
            module.warn(warning)
        diff = result.pop("diff")
        module.exit_json(**result, **({"diff": diff} if module._diff else {}))

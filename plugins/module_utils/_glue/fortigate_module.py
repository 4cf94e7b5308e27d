# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A FortiGate module process: AnsibleModule and the persistent connection around one operation."""

from __future__ import annotations

import typing as t

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.connection import Connection

from .._fortigate.api import Api
from .._protocol.errors import FortiViewError
from .arguments import Spec
from .fortigate import Box, Params

NO_CONNECTION = (
    "This module needs ansible_connection=ansible.netcommon.httpapi with ansible_network_os=fortinet.fortios.fortios "
    "for the FortiGate."
)


def run_fortigate_module(spec: Spec, operation: t.Callable[[Params, Box], dict[str, t.Any]]) -> None:
    """Run to exit_json or fail_json."""
    module = AnsibleModule(argument_spec=spec, supports_check_mode=True)
    socket_path = str(getattr(module, "_socket_path", None) or "")
    if not socket_path:
        module.fail_json(msg=NO_CONNECTION)
    try:
        api = Api(_sender(module, socket_path), "the FortiGate", module.params["vdom"])
        result = operation(module.params, Box(api, module.check_mode))
    except FortiViewError as error:
        module.fail_json(changed=error.context.get("rolled_back") is False, **error.to_fail_json())
    else:
        for warning in result.pop("warnings"):
            module.warn(warning)
        diff = result.pop("diff")
        module.exit_json(**result, **({"diff": diff} if module._diff else {}))


def _sender(module: AnsibleModule, socket_path: str) -> t.Callable[..., t.Any]:
    connection = Connection(socket_path)
    if module.params["access_token"]:
        connection.set_custom_option("access_token", module.params["access_token"])
    # Bans and feeds need no version of the box, whose probe a narrow profile would refuse.
    connection.set_custom_option("check_system_status", False)

    def send(url: str, method: str, params: dict[str, str], body: t.Optional[str]) -> tuple[int, str]:
        status, text = connection.send_request(url=url, method=method, params=params, data=body)
        return int(status), str(text)

    return send

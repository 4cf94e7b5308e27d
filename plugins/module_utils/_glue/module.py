# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A module process: AnsibleModule around one operation."""

from __future__ import annotations

import traceback
import typing as t

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from .._protocol.errors import FortiViewError
from .._tasks.fortiview import World
from .operations import Operation
from .stopping import stoppable


def run_module(arguments: dict[str, t.Any], operation: Operation) -> None:
    """Run to exit_json or fail_json. Both operations are reads, so check mode runs them for real."""
    module = AnsibleModule(supports_check_mode=True, **arguments)
    try:
        import requests  # noqa: F401
    except ImportError:
        module.fail_json(msg=missing_required_lib("requests"), exception=traceback.format_exc())
    try:
        with stoppable():
            result = operation(module.params, World())
    except FortiViewError as error:
        module.fail_json(**error.to_fail_json())
    else:
        for warning in result.pop("warnings"):
            module.warn(warning)
        module.exit_json(**result)

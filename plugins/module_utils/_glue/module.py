# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs one operation of a FortiAnalyzer module as a module process."""

from __future__ import annotations

import traceback
import typing as t

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from .._tasks.fortiview import Context
from .blanked import mark_blanked
from .environment import unusable
from .exiting import run_to_exit
from .fortianalyzer_connection import shared_connection
from .operations import Operation
from .option_reading import Module
from .stopping import stoppable


def run_module(arguments: dict[str, t.Any], operation: Operation) -> None:
    """Run the operation and end the process with exit_json or fail_json. Reads also run in check mode. An operation
    that writes checks Context.check."""
    module = Module(supports_check_mode=True, **arguments)
    problems = unusable(arguments["argument_spec"], _given(module, arguments["argument_spec"]))
    if problems:
        module.fail_json(msg="; ".join(problems))
    socket_path = str(getattr(module, "_socket_path", None) or "")

    def run() -> dict[str, t.Any]:
        # The action plugin has already checked the connection options of the task.
        shared = shared_connection(socket_path, {}) if socket_path else None
        if shared is None:
            _require_requests(module)
        with stoppable():
            result = operation(module.params, Context(shared=shared, check=module.check_mode))
            mark_blanked(result, module.no_log_values)
            return result

    run_to_exit(module, run)


def _given(module: AnsibleModule, spec: dict[str, t.Any]) -> dict[str, t.Any]:
    """The options whose value differs from the default. They come from the task or an environment variable."""
    return {name: module.params[name] for name in spec if module.params[name] != spec[name].get("default")}


def _require_requests(module: AnsibleModule) -> None:
    try:
        import requests  # noqa: F401
    except ImportError:
        module.fail_json(msg=missing_required_lib("requests"), exception=traceback.format_exc())

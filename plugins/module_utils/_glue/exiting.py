# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ends a module process with a result or a failure."""

from __future__ import annotations

import typing as t

from .._common.errors import Crashed, FortiViewError
from .option_reading import Module

Data = dict[str, t.Any]


def run_to_exit(
    module: Module,
    operation: t.Callable[[], Data],
    failure: t.Callable[[FortiViewError], Data] = FortiViewError.to_fail_json,
) -> None:
    """Run the operation and call exit_json with its warnings. On an error, call fail_json with the data that `failure`
    returns."""
    try:
        result = operation()
    except FortiViewError as error:
        module.fail_json(**failure(error))
    except Exception as crash:  # noqa: BLE001  if uncaught, Ansible would print its text with secrets
        module.fail_json(**Crashed(crash, module.no_log_values).to_fail_json())
    else:
        for warning in result.pop("warnings"):
            module.warn(warning)
        if not module._diff:
            result.pop("diff", None)
        module.exit_json(**result)

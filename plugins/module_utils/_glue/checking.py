# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options against an argument spec where no AnsibleModule does it: action plugins and event sources."""

from __future__ import annotations

import typing as t

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.parameters import remove_values
from ansible.module_utils.errors import UnsupportedError


def checked(arguments: dict[str, t.Any], given: t.Mapping[str, t.Any]) -> tuple[dict[str, t.Any], set[str], str]:
    """The options with defaults and environment, the secrets among them, and what is wrong, empty where nothing is."""
    found = ArgumentSpecValidator(**arguments).validate(dict(given))
    params = found.validated_parameters
    spec = arguments["argument_spec"]
    secrets = {str(params[name]) for name, option in spec.items() if option.get("no_log") and params.get(name)}
    problem = "; ".join(
        f"Unsupported parameters: {error.msg}" if isinstance(error, UnsupportedError) else str(error.msg)
        for error in found.errors
    )
    return params, secrets, str(remove_values(problem, secrets))

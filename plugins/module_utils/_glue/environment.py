# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads options from environment variables. An empty variable counts as not set. The error about an invalid value
names the variable."""

from __future__ import annotations

import functools
import os
import typing as t

from ansible.module_utils.basic import AnsibleFallbackNotFound
from ansible.module_utils.common.validation import check_type_bool, check_type_int

from .._common.durations import parse_seconds
from .._common.errors import InvalidInput

CONVERTED: dict[str, t.Callable[[str], t.Any]] = {
    "int": check_type_int,
    "seconds": functools.partial(parse_seconds, ""),
    "bool": check_type_bool,
}
MEANT = {
    "int": "a whole number",
    "seconds": "a number of seconds, or a duration such as 90s or 5m",
    "bool": "true or false",
}

Spec = t.Mapping[str, t.Mapping[str, t.Any]]


def from_environment(variable: str, kind: str = "str") -> str:
    """The fallback function of an argument spec: the value of the variable. Raises AnsibleFallbackNotFound if the
    variable has no valid value."""
    text = os.environ.get(variable, "")
    if not text.strip() or not _fits(text, kind):
        raise AnsibleFallbackNotFound
    return text


def unusable(spec: Spec, given: t.Mapping[str, t.Any]) -> list[str]:
    """Problems with the environment variables of these options. The variable of an option in `given` is not checked."""
    problems = []
    for name, option in spec.items():
        dummy, arguments = option.get("fallback", (None, None))
        if not arguments or any(given.get(key) is not None for key in (name, *option.get("aliases", ()))):
            continue
        variable, kind = arguments[0], arguments[1] if len(arguments) > 1 else "str"
        text = os.environ.get(variable, "")
        if text.strip() and not _fits(text, kind):
            problems.append(
                f"the environment variable {variable}, which sets the option {name}, must be {MEANT[kind]}, not {text!r}"
            )
    return problems


def _fits(text: str, kind: str) -> bool:
    try:
        CONVERTED.get(kind, str)(text.strip())
    except (TypeError, ValueError, InvalidInput):
        return False
    return True

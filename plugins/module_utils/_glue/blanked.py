# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Detects values that Ansible blanks in the result of a module process. Ansible blanks every text and number that
contains the value of a no_log option.

With the password 2024, Ansible replaces the count 92024 by text. A changed result is no longer FortiAnalyzer's result,
so it is not marked complete and is not used to hunt or block.
"""

from __future__ import annotations

import typing as t

from ansible.module_utils.common.parameters import remove_values

from .._common.errors import FortiViewError
from .._common.naming import counted
from .._query.results import facts_of

CURE = (
    "Run the task on the controller over the local connection, without async or become. Alternatively, give the administrator a long password "
    "or an API key."
)


def mark_blanked(result: dict[str, t.Any], secrets: t.Collection[str]) -> None:
    """Mark results in which Ansible will blank values as incomplete. Raises FortiViewError if Ansible would change
    tickets, ADOMs, devices or the results of a hunt."""
    for entry in result.get("results", []):
        count = blanked({key: value for key, value in entry.items() if key != "warnings"}, secrets)
        if count:
            entry["complete"] = False
            result.pop("rows", None)
            text = f"{_loss(count, 'this result')} {CURE}"
            entry["warnings"] = [*entry["warnings"], text]
            result["warnings"].append(f"{entry['name']}: {text}")
            # Without this update, the fact of an earlier run would remain.
            result["ansible_facts"].update(facts_of([entry], []))
    if not result.get("results"):
        for name in ("tasks", "threats", "offenders", "victims", "refused", "missing", "not_found", "adoms", "devices"):
            count = blanked(result.get(name, []), secrets)
            if count:
                error = FortiViewError(_loss(count, name), next_step=CURE)
                error.facts = {"fortiview_tasks": []} if name == "tasks" else {}
                raise error


def blanked(value: t.Any, secrets: t.Collection[str]) -> int:
    """The number of values in this plain data that Ansible will blank."""
    if isinstance(value, dict):
        return sum(blanked(one, secrets) for one in value.values())
    if isinstance(value, (list, tuple)):
        return sum(blanked(one, secrets) for one in value)
    if value is None or isinstance(value, bool):
        # Releases of ansible-core before 2.19 also blank None and booleans.
        return int(remove_values([value], set(secrets)) != [value])
    text = str(value)
    return int(any(secret in text for secret in secrets))


def _loss(count: int, where: str) -> str:
    return f"To hide the password or the key, Ansible blanks {counted(count, 'value')} of {where} in the output of a module process."

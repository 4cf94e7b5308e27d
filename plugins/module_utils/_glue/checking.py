# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks the options of action plugins and of the event source, which have no AnsibleModule, against an argument spec."""

from __future__ import annotations

import typing as t

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.errors import UnsupportedError

from .._common.errors import redacted
from .environment import unusable
from .option_reading import read_options

# The parts of a result with text that may quote a secret. Rows are excluded, because a short password may be a part of
# many numbers, and a blanked counter would be wrong.
SPOKEN = ("msg", "error", "exception", "warnings", "invocation")
BLANK = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"


def checked(arguments: dict[str, t.Any], given: t.Mapping[str, t.Any]) -> tuple[dict[str, t.Any], set[str], str]:
    """Returns the options with defaults and environment variables applied, their secrets, and the problems."""
    spec = arguments["argument_spec"]
    read, refused = read_options(spec, given)
    found = ArgumentSpecValidator(**arguments).validate(read)
    params = found.validated_parameters
    secrets = {
        secret
        for name, option in spec.items()
        if option.get("no_log")
        for secret in _secrets_in(params.get(name))
        if secret
    }
    problem = "; ".join(
        [
            # Only the refusals are reported, because a refused list became empty and the validator reports that.
            *(refused or map(_worded, found.errors)),
            *unusable(spec, given),
        ]
    )
    return params, secrets, str(without_secrets(problem, secrets))


def _secrets_in(value: t.Any) -> t.Iterator[str]:
    """The secrets in an option. The keys of a dictionary are names, so only its values are secrets."""
    if isinstance(value, t.Mapping):
        for one in value.values():
            yield from _secrets_in(one)
    elif value is not None:
        yield str(value)


def _worded(error: t.Any) -> str:
    return f"Unsupported parameters: {error.msg}" if isinstance(error, UnsupportedError) else str(error.msg)


def shown(outcome: dict[str, t.Any], params: t.Mapping[str, t.Any], secrets: t.Iterable[str]) -> dict[str, t.Any]:
    """The result of a task with its options added. Every secret is blanked in the options, messages, errors and
    warnings."""
    outcome = dict(outcome, invocation={"module_args": dict(params)})
    for key in SPOKEN:
        if key in outcome:
            outcome[key] = without_secrets(outcome[key], secrets)
    if "failed_queries" in outcome:
        outcome["failed_queries"] = [
            {**entry, **{key: without_secrets(entry[key], secrets) for key in SPOKEN if key in entry}}
            for entry in outcome["failed_queries"]
        ]
    return outcome


def without_secrets(value: t.Any, secrets: t.Iterable[str]) -> t.Any:
    """Plain data with every secret blanked, as AnsibleModule blanks secrets. Its function for this is not used, because
    ansible-core 2.25 removes the function."""
    # The longest secret is replaced first, because a secret may be a part of another.
    return _blanked(value, sorted(filter(None, secrets), key=len, reverse=True))


def _blanked(value: t.Any, secrets: t.Sequence[str]) -> t.Any:
    if isinstance(value, t.Mapping):
        return {key: _blanked(one, secrets) for key, one in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [_blanked(one, secrets) for one in value]
    if value is None or isinstance(value, bool):
        return value
    found = [secret for secret in secrets if secret in str(value)]
    if not found:
        return value
    if str(value) in found or not isinstance(value, str):
        return BLANK
    return redacted(value, found)

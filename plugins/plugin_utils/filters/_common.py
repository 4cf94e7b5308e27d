# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Code that filters share: errors that name the filter, and results that are never evaluated."""

from __future__ import annotations

import functools
import typing as t

from ansible.errors import AnsibleFilterError
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput

try:
    from ansible.utils.unsafe_proxy import wrap_var
except ImportError:  # Later releases of ansible-core never evaluate the result of a filter.

    def wrap_var(value: t.Any) -> t.Any:
        return value


Function = t.Callable[..., t.Any]


def filter_plugin(function: Function) -> Function:
    """A filter whose errors name the filter. Its result is never evaluated, because attackers choose the names of threats."""

    @functools.wraps(function)
    def wrapped(*args: t.Any, **options: t.Any) -> t.Any:
        try:
            return _untrusted(function(*args, **options))
        except (InvalidInput, TypeError) as exc:
            raise AnsibleFilterError(f"secops.fortiview.{function.__name__}: {exc}") from exc

    return wrapped


def require_by_host(results: t.Any) -> None:
    """Raises InvalidInput if the input is not a dictionary."""
    if not isinstance(results, t.Mapping):
        raise InvalidInput("the input must be a dictionary of results by host name")


def _untrusted(value: t.Any) -> t.Any:
    """The value with plain dictionaries and lists at every level, because templates return special classes."""
    if isinstance(value, t.Mapping):
        return {wrap_var(key): _untrusted(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_untrusted(one) for one in value]
    return wrap_var(value)

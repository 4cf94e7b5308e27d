# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks whether a FortiManager manages a FortiGate."""

from __future__ import annotations

import typing as t

from .context import Context
from .dependencies import table
from .options import Options

MANAGEMENT = "cmdb/system/central-management"
KIND = "managed"
# Maximum age of an answer that another step of the run has stored in the registry, in seconds.
FRESH = 900.0


def managed_by_fortimanager(settings: t.Sequence[t.Mapping[str, t.Any]]) -> bool:
    """Whether system/central-management names a FortiManager. FortiGate Cloud does not count as a FortiManager."""
    return any(str(one.get("type", "")).lower() == "fortimanager" and one.get("fmg") for one in settings)


def is_managed(options: Options, context: Context) -> bool:
    """Whether a FortiManager manages this FortiGate. The request is the one of dependencies.py, so that it is sent
    once in a run. Raises FortiGateError, also if the reply does not contain the type of central management."""
    if context.fortigate is None:
        return False
    key = context.fortigate.serial or options.host
    kept = context.registry.answer(KIND, key, FRESH)
    if isinstance(kept, bool):
        return kept
    whole = context.fortigate.vdom(options.vdoms[0]) if options.vdom_token else context.fortigate.whole()
    settings = table(whole, MANAGEMENT) or []
    if not any(one.get("type") for one in settings):
        raise whole.doubt("GET", MANAGEMENT, "the reply does not say whether a FortiManager manages the FortiGate")
    found = managed_by_fortimanager(settings)
    context.registry.keep_answer(KIND, key, found)
    return found

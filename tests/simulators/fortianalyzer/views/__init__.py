# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The FortiView views that the simulator knows (protocol_fortianalyzer.rst, "Views")."""

from __future__ import annotations

from . import detection, operations, threats, traffic
from .columns import Group
from .fields import COUNTERS, DOCUMENTED_FIELDS, reader, row_reader
from .view import View

VIEWS: dict[str, View] = {
    view.name: view for view in (*threats.VIEWS, *traffic.VIEWS, *detection.VIEWS, *operations.VIEWS)
}

__all__ = ["COUNTERS", "DOCUMENTED_FIELDS", "VIEWS", "Group", "View", "find_view", "reader", "row_reader"]


def find_view(name: str) -> View | None:
    """A view by name. Some families of views are known only by their prefix."""
    if name in VIEWS:
        return VIEWS[name]
    if name.startswith("siem-"):
        return operations.siem(name)
    if name.startswith("top-fct-vulnerabilities-"):
        return detection.vulnerabilities(name)
    return None

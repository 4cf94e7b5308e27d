# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The refusals that can be planned, with their status codes and error numbers (protocol_fortigate.rst, "Replies")."""

from __future__ import annotations

from collections.abc import Mapping

from .errors import DUPLICATE, IN_USE, NOT_FOUND, TABLE_FULL

REFUSALS: Mapping[str, tuple[int, int | None]] = {
    "malformed": (400, None),
    "unauthorized": (401, None),
    "forbidden": (403, None),
    "not_found": (404, NOT_FOUND),
    "not_allowed": (405, None),
    "too_large": (413, None),
    "bad_attribute": (424, None),
    "device_error": (500, None),
    "table_full": (500, TABLE_FULL),
    "duplicate": (500, DUPLICATE),
    "in_use": (500, IN_USE),
}

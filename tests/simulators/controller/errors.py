# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the API says no with."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """An answer that is no success: its status, and what the body says."""

    def __init__(self, status: int, body: Any) -> None:
        super().__init__(str(body))
        self.status = status
        self.body = body


def invalid(field: str, why: str) -> Refused:
    return Refused(400, {field: [why]})


def not_found() -> Refused:
    return Refused(404, {"detail": "Not found."})

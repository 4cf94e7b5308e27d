# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Incidents that a FortiAnalyzer has (protocol_fortianalyzer.rst, "Incidents")."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

COLLEAGUE = "anna"


@dataclass
class Incident:
    """One of an ADOM. `name` is kept by releases that know it."""

    adom: str
    number: int
    created: float
    fields: dict[str, Any] = field(default_factory=dict)

    @property
    def incid(self) -> str:
        return f"IN{self.number:08d}"

    def row(self) -> dict[str, Any]:
        return {"incid": self.incid, "createtime": int(self.created), **self.fields}


class Incidents(list[Incident]):
    """All incidents of the FortiAnalyzer, the oldest first."""

    def of(self, adom: str) -> list[Incident]:
        return [one for one in self if one.adom == adom]

    def make(self, adom: str, created: float, **fields: Any) -> Incident:
        """As a person makes one in the GUI."""
        given = {
            "name": "",
            "reporter": COLLEAGUE,
            "endpoint": "10.1.100.20",
            "category": "CAT6",
            "severity": "medium",
            "status": "draft",
            "description": "",
            **fields,
        }
        stamps = {"lastupdate": int(created), "lastuser": given["reporter"], "lastrevision": 1}
        one = Incident(adom, len(self) + 1, created, {**stamps, **given})
        self.append(one)
        return one

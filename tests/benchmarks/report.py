# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures, their targets, and the table they are shown in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Figure:
    """One measured value. `most` is its target; None where it only informs."""

    name: str
    value: float
    unit: str = "s"
    most: float | None = None

    @property
    def missed(self) -> bool:
        return self.most is not None and not self.value <= self.most


@dataclass(frozen=True)
class Report:
    """What one benchmark measured, in the order in which it reads best."""

    title: str
    figures: Sequence[Figure]

    def as_dict(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "figures": [{**vars(figure), "missed": figure.missed} for figure in self.figures],
        }


class Failed(Exception):
    """A run did not do what it was to be measured at, so that its time says nothing."""


def as_text(report: Report) -> str:
    """A table for people."""
    rows = [("", "measured", "at most", "")] + [
        (
            figure.name,
            _number(figure.value, figure.unit),
            "" if figure.most is None else _number(figure.most, figure.unit),
            "" if figure.most is None else "MISSED" if figure.missed else "ok",
        )
        for figure in report.figures
    ]
    wide = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = [f"{row[0]:<{wide[0]}}  {row[1]:>{wide[1]}}  {row[2]:>{wide[2]}}  {row[3]}".rstrip() for row in rows]
    return "\n".join([report.title, *lines])


def _number(value: float, unit: str) -> str:
    return f"{value:.2f} {unit}".rstrip() if unit in ("s", "") else f"{value:,.0f} {unit}"

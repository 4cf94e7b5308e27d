# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks the age of results. A fact cache, a file or a workflow passes on results of any age, and none of them looks
old."""

from __future__ import annotations

import typing as t
from datetime import datetime, timezone

from .._common.durations import parse_seconds
from .._common.errors import InvalidInput

DEFAULT_AGE = "24h"
# How much the clocks of two machines may differ.
SKEW = 300.0


class Freshness(t.NamedTuple):
    """The oldest reply that is accepted: `most` seconds before `now`; 0 accepts any age."""

    most: float
    now: datetime

    def check(self, result: t.Mapping[str, t.Any]) -> None:
        """Raises InvalidInput on a result that is too old, or does not say how old it is."""
        if not self.most:
            return
        name, said = str(result.get("name") or ""), result.get("replied_at")
        replied = moment(said)
        step = "Query again, or raise max_age (0 accepts any age)."
        if replied is None:
            raise InvalidInput(f"the result {name!r} does not say when it was answered (replied_at). {step}")
        age = (self.now - replied).total_seconds()
        if age < -SKEW:
            raise InvalidInput(f"the result {name!r} was answered in the future ({said}). Check the clocks.")
        if age > self.most:
            raise InvalidInput(f"the result {name!r} was answered at {said}, {age / 3600:.1f} hours ago. {step}")


def freshness(value: object, now: datetime) -> Freshness:
    """The value of an option max_age in seconds. Raises InvalidInput."""
    return Freshness(parse_seconds("max_age", DEFAULT_AGE if value is None else value), now)


def moment(text: object) -> t.Optional[datetime]:
    """A time that says its zone, None for anything else."""
    try:
        found = datetime.fromisoformat(str(text).strip().replace("Z", "+00:00"))
    except ValueError:
        return None
    return found.astimezone(timezone.utc) if found.tzinfo is not None else None


def written(when: datetime) -> str:
    """RFC 3339 in UTC, in whole seconds."""
    return when.astimezone(timezone.utc).isoformat(timespec="seconds").replace("+00:00", "Z")

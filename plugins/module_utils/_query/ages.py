# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks the age of results. Results from a fact cache, a file or a workflow may have any age, and their rows do not
show the age."""

from __future__ import annotations

import typing as t
from datetime import datetime, timezone

from .._common.durations import parse_seconds
from .._common.errors import InvalidInput

DEFAULT_AGE = "24h"
# The tolerated difference between the clocks of two machines, in seconds.
SKEW = 300.0


class Freshness(t.NamedTuple):
    """The maximum age of a reply: `most` seconds before `now`. If `most` is 0, any age is accepted."""

    most: float
    now: datetime

    def check(self, result: t.Mapping[str, t.Any]) -> None:
        """Raise InvalidInput if the result is too old or has no time."""
        if not self.most:
            return
        name, said = str(result.get("name") or ""), result.get("replied_at")
        replied = moment(said)
        if replied is None:
            raise InvalidInput(
                f"the result {name!r} has no reply time (replied_at). Query again, or set max_age to 0 to accept any age."
            )
        age = (self.now - replied).total_seconds()
        if age < -SKEW:
            raise InvalidInput(
                f"the result {name!r} has a reply time in the future ({said}). "
                "Check the clocks of the machines that ran the query and this task."
            )
        if age > self.most:
            raise InvalidInput(
                f"the result {name!r} is {age / 3600:.1f} hours old (replied_at: {said}). "
                "Query again, or raise max_age (0 accepts any age)."
            )


def freshness(value: object, now: datetime) -> Freshness:
    """Parse the option max_age. Raises InvalidInput."""
    return Freshness(parse_seconds("max_age", DEFAULT_AGE if value is None else value), now)


def moment(text: object) -> t.Optional[datetime]:
    """The time in UTC. None if the text is not a time with a zone."""
    try:
        found = datetime.fromisoformat(str(text).strip().replace("Z", "+00:00"))
    except ValueError:
        return None
    return found.astimezone(timezone.utc) if found.tzinfo is not None else None


def written(when: datetime) -> str:
    """The time as RFC 3339 text in UTC, in whole seconds."""
    return when.astimezone(timezone.utc).isoformat(timespec="seconds").replace("+00:00", "Z")

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How old a result may be. A fact cache, a file or a workflow hands on results of any age, and none of them looks old."""

from __future__ import annotations

import re
import typing as t
from datetime import datetime, timezone

from .._common.errors import InvalidInput

DEFAULT_AGE = "24h"
SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
# How far clocks of two machines may differ.
SKEW = 300.0


class Freshness(t.NamedTuple):
    """The oldest reply that is believed: `most` seconds before `now`; 0 takes any age."""

    most: float
    now: datetime

    def check(self, result: t.Mapping[str, t.Any]) -> None:
        """Raises InvalidInput on a result that is too old, or does not say how old it is."""
        if not self.most:
            return
        name, said = str(result.get("name") or ""), result.get("replied_at")
        replied = moment(said)
        step = "Query again, or set max_age (0 takes any age)."
        if replied is None:
            raise InvalidInput(f"the result {name!r} does not say when it was answered (replied_at). {step}")
        age = (self.now - replied).total_seconds()
        if age < -SKEW:
            raise InvalidInput(f"the result {name!r} was answered in the future ({said}). Check the clocks.")
        if age > self.most:
            raise InvalidInput(f"the result {name!r} was answered at {said}, {age / 3600:.1f} hours ago. {step}")


def freshness(value: object, now: datetime) -> Freshness:
    """Of an option max_age: seconds, or a number with s, m, h or d. Raises InvalidInput."""
    found = re.fullmatch(r"([0-9]{1,9})\s*([smhd]?)", str(DEFAULT_AGE if value is None else value).strip())
    if isinstance(value, bool) or not found:
        raise InvalidInput(f"max_age must be seconds, or look like 90s, 30m, 24h or 7d, not {value!r}")
    return Freshness(float(found[1]) * SECONDS[found[2]], now)


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

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Times as text, in UTC and in the format `YYYY-MM-DDTHH:MM:SSZ`."""

from __future__ import annotations

import datetime

FORM = "%Y-%m-%dT%H:%M:%SZ"


def parse_time(text: object) -> float:
    """Seconds since the epoch from `YYYY-MM-DDTHH:MM:SSZ`. Raises ValueError."""
    moment = datetime.datetime.strptime(str(text), FORM).replace(tzinfo=datetime.timezone.utc)
    return moment.timestamp()


def time_text(seconds: float) -> str:
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime(FORM)

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one fault came to: a row of the table."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path

LONGEST = 400

# What may be left on an appliance; docs/docsite/rst/faults.rst explains each.
HANDED_ON = "the task, with its ticket in the error"
NOT_DELETED = "the task, which could not be deleted"
NO_SESSION = "the task of a hunt, after all sessions were refused"
ID_LOST = "a task whose id was lost with the reply"
TOLD_SESSION = "the session, with a warning"
SESSION_LOST = "a session whose id was lost with the reply"
# Never right.
NOT_TOLD = "the session, and nobody is told"


@dataclass
class Row:
    """`subject` is the module or role, `name` the switch or fault, `setting` its value, `outcome` a word, `says` the message,
    `requests` how many it took, `left` what stayed behind, `wrong` what may not be: empty in every row of a good run."""

    subject: str
    name: str
    setting: str
    outcome: str
    says: str
    requests: int
    left: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def shortened(message: object) -> str:
    """One line of at most `LONGEST` characters, without what differs from run to run."""
    text = re.sub(r"\s+", " ", str(message)).strip()
    text = re.sub(r"127\.0\.0\.1(:\d+)?", "HOST", text)
    text = re.sub(r"\b(task|tid) \d{4,}", r"\1 ID", text, flags=re.I)
    text = re.sub(r"(?<=\bbox)\d{3}\b", "", text)
    text = re.sub(r"(clock is|within) [\d.]+ s\b", r"\1 N s", text)
    text = re.sub(
        r"IncompleteRead(.)\d+ bytes read, \d+ more expected", r"IncompleteRead\1N bytes read, N more expected", text
    )
    text = re.sub(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?)?([+-]\d\d:\d\d|Z)?", "TIME", text)
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"


def save(rows: Iterable[Row], file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n")


def load(file: Path) -> list[Row]:
    return [Row(**one) for one in json.loads(file.read_text())]

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Imports the blocks of an audit log (JSON lines) as claims into a registry.

python -m ansible_collections.secops.fortiview.plugins.module_utils._blocking.registry.importing AUDIT_FILE REGISTRY

Use it only for an audit log that is older than the registry. A second import of the same file changes nothing.
"""

from __future__ import annotations

import argparse
import datetime
import json
import sys
import time
import typing as t

from ..._common.errors import FortiViewError
from ..._common.naming import counted
from .records import Claim, Place
from .store import open_registry

Record = dict[str, t.Any]
# Results in lines of an audit file, and the state of the claim that is created for each result.
BLOCKED = {"blocked": "active", "extended": "active", "attempted": "attempted", "left": "left"}
GONE = ("removed", "expired", "rolled_back", "absent")
WITHOUT_EFFECT = ("unchanged", "foreign", "refused")
PLACE = ("vdom", "method", "list")
TEXTS = ("ip", "serial", "host", *PLACE)
TIME = "%Y-%m-%dT%H:%M:%SZ"


def read(lines: t.Iterable[str]) -> tuple[list[Record], int]:
    """The records in their order, and the number of invalid lines."""
    found, unreadable = [], 0
    for line in lines:
        if line.strip():
            record = _record(line)
            if record is None:
                unreadable += 1
            else:
                found.append(record)
    return found, unreadable


def _record(line: str) -> t.Optional[Record]:
    """The record in a line, or None if a field is missing or invalid."""
    try:
        record = json.loads(line)
        known = record["result"] in (*BLOCKED, *GONE, *WITHOUT_EFFECT) and all(
            isinstance(record[name], str) for name in TEXTS
        )
        for name in ("time", "expires"):
            record[name] = None if record.get(name) is None and name == "expires" else _seconds(record[name])
        record["ttl"] = int(record.get("ttl") or 0)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    if record["method"] == "feed_file":
        # A published file belongs to no FortiGate, although the record names the host that has written the file.
        record["serial"] = record["host"] = ""
    return record if known else None


def _seconds(text: str) -> float:
    return datetime.datetime.strptime(text, TIME).replace(tzinfo=datetime.timezone.utc).timestamp()


def claims_of(records: t.Iterable[Record], now: float) -> list[Claim]:
    """Claims for the blocks that no later record has ended. Expired bans are omitted, because they end by
    themselves."""
    standing: dict[tuple[str, ...], list[Record]] = {}
    for record in records:
        if record["result"] in WITHOUT_EFFECT:
            continue
        same = standing.setdefault((record["ip"], *(record[name] for name in PLACE)), [])
        same[:] = [one for one in same if not _same_fortigate(one, record)]
        if record["result"] in BLOCKED:
            same.append(record)
    claims = [_claim(record) for records in standing.values() for record in records]
    return [one for one in claims if one.place.method != "ban" or one.expires_at is None or one.expires_at > now]


def _same_fortigate(one: Record, other: Record) -> bool:
    """Whether both records are about the same FortiGate. A renamed FortiGate keeps its serial number, and a cluster
    keeps its name. Records about a published file have neither, and match each other."""
    shared = any(one[name] and one[name] == other[name] for name in ("serial", "host"))
    return shared or not any(record[name] for record in (one, other) for name in ("serial", "host"))


def _claim(record: Record) -> Claim:
    reasons = tuple(str(record[name]) for name in ("reason", "evidence") if record.get(name))
    return Claim(
        place=Place(*(record[name] for name in ("serial", "host", *PLACE))),
        address=record["ip"],
        run_id=str(record.get("run_id") or "imported"),
        user=str(record.get("job_user") or ""),
        claimed_at=record["time"],
        expires_at=record["expires"],
        ttl=record["ttl"],
        reasons=reasons,
        threats=(),
        state=BLOCKED[record["result"]],
    )


def main(arguments: t.Optional[t.Sequence[str]] = None) -> int:
    parser = argparse.ArgumentParser(prog="importing", description="Import the blocks of an audit log into a registry.")
    parser.add_argument(
        "audit_file",
        help="audit log of earlier runs. Join rotated parts into one file, the oldest part first",
    )
    parser.add_argument(
        "registry", help="value of fortigate_block_registry: path of a SQLite file, or postgresql:// URL"
    )
    parser.add_argument(
        "--skip-unreadable", action="store_true", help="import the other lines if some lines cannot be read"
    )
    given = parser.parse_args(arguments)
    try:
        with open(given.audit_file, encoding="utf-8", errors="replace") as lines:
            records, unreadable = read(lines)
        if unreadable and not given.skip_unreadable:
            return _fail(
                f"{counted(unreadable, 'line')} of {given.audit_file} could not be read, and nothing was imported. Repair the file, or use --skip-unreadable."
            )
        now = time.time()
        claims = claims_of(records, now)
        with open_registry(given.registry) as registry:
            new = registry.bring(claims)
    except (OSError, FortiViewError) as exc:
        return _fail(str(exc))
    known = len(claims) - new
    sys.stdout.write(
        f"Imported {counted(new, 'claim')}. The registry already contained {counted(known, 'other claim')}. "
        f"{counted(unreadable, 'line')} could not be read.\n"
    )
    return 0


def _fail(said: str) -> int:
    sys.stderr.write(f"{said}\n")
    return 1


if __name__ == "__main__":
    raise SystemExit(main())

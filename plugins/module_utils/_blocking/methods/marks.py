# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes and reads the marks of our address objects. A mark consists of the name of the object, and of a comment with
the run and the end of the block. See protocol_fortigate.rst, "Address groups"."""

from __future__ import annotations

import re
import typing as t

from ..._common.clock_text import parse_time

PREFIX = "blk-"
# A placeholder member, because a FortiGate does not allow empty groups.
PLACEHOLDER = "blk-placeholder"
LONGEST_COMMENT = 255
NEVER = "never"
_OURS = re.compile(r"run=([A-Za-z0-9._-]{1,40}) exp=(\S+)(?: |$)")
# Characters that are replaced in comments: those that FortiOS refuses, those outside printable ASCII, and "=", because
# evidence with "=" could look like a field.
_UNWANTED = re.compile(r"[^ -~]|[<>()#'\"\\`=]")


class Mark(t.NamedTuple):
    """`run_id` is empty if the comment is not a mark. `expires_at` is in seconds since the epoch, None for
    permanent and for text that is not a time. `notes` report such text."""

    run_id: str = ""
    expires_at: t.Optional[float] = None
    notes: tuple[str, ...] = ()


def name_of(address: str) -> str:
    return PREFIX + address.replace(":", "_").replace("/", "-")


def comment_of(run_id: str, expires: str, evidence: str, ticket: str = "", approver: str = "") -> str:
    """The comment of an address object. The fields that later runs read come first, so that evidence cannot replace
    them. `expires` is a time as text, empty for permanent."""
    fields = {"run": run_id, "exp": expires or NEVER, "ticket": _plain(ticket), "approver": _plain(approver)}
    said = " ".join(f"{name}={value}" for name, value in fields.items() if value)
    return f"{said} {_plain(evidence)}"[:LONGEST_COMMENT].rstrip()


def _plain(text: str) -> str:
    return " ".join(_UNWANTED.sub("_", " ".join(text.split())).split())


def read_comment(comment: str) -> Mark:
    found = _OURS.match(comment)
    if found is None:
        return Mark()
    if found[2] == NEVER:
        return Mark(found[1])
    try:
        return Mark(found[1], parse_time(found[2]))
    except ValueError:
        return Mark(
            found[1], None, (f"has a comment with the expiry time {found[2][:40]!r}, which is not a valid time",)
        )

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Address objects that block: their names, and comments that say who made them and until when.
See protocol_fortigate.rst, "Address groups"."""

from __future__ import annotations

import ipaddress
import re
import typing as t

from .._common.addresses import parse_target, text_of
from .._common.errors import InvalidInput

PREFIX = "blk-"
# Keeps the groups from being empty, which a FortiGate does not allow.
PLACEHOLDER = "blk-placeholder"
LONGEST_COMMENT = 255
NEVER = "never"
_OURS = re.compile(r"run=([A-Za-z0-9._-]{1,40}) exp=(\S+)(?: |$)")
# FortiOS refuses these in comments; whatever else is not plain text goes the same way.
_UNWANTED = re.compile(r"[^ -~]|[<>()#'\"\\`]")

Obj = t.Mapping[str, t.Any]


def name_of(ip: str) -> str:
    return PREFIX + ip.replace(":", "_").replace("/", "-")


def comment_of(run_id: str, expires: t.Optional[str], evidence: str) -> str:
    """What the expire job reads comes first, so that no evidence can pretend to be it."""
    plain = " ".join(_UNWANTED.sub("_", " ".join(evidence.split())).split())
    return f"run={run_id} exp={expires or NEVER} {plain}"[:LONGEST_COMMENT].rstrip()


def read_comment(comment: object) -> t.Optional[dict[str, t.Optional[str]]]:
    """Run and expiry of an object that is ours, else None."""
    found = _OURS.match(str(comment))
    return {"run_id": found[1], "expires": None if found[2] == NEVER else found[2]} if found else None


def read_objects(
    groups: t.Sequence[Obj], objects: t.Sequence[Obj], name: str, attribute: str
) -> tuple[dict[str, dict[str, t.Any]], set[str]]:
    """By address the objects with our prefix, and whether they are members of the group; and names that are taken by others.

    Raises InvalidInput: an object whose name promises another address than it has would block the wrong one.
    """
    group = next((one for one in groups if one.get("name") == name), None)
    if group is None:
        raise InvalidInput(f"there is no group {name}; the entry point bootstrap makes it")
    members = {str(one.get("name")) for one in group.get("member") or []}
    found: dict[str, dict[str, t.Any]] = {}
    taken = set()
    for one in objects:
        title = str(one.get("name"))
        if not title.startswith(PREFIX) or title == PLACEHOLDER:
            continue
        ip = _address(one.get(attribute))
        if ip is None or name_of(ip) != title:
            if title in members:
                raise InvalidInput(
                    f"the object {title[:79]} in the group {name} has another address than its name says"
                )
            taken.add(title)
            continue
        ours = read_comment(one.get("comment"))
        found[ip] = {"member": title in members, "comment": str(one.get("comment") or ""), **(ours or {})}
    return found, taken


def _address(text: object) -> t.Optional[str]:
    """From "203.0.113.7 255.255.255.255" or "2001:db8::7/128"."""
    try:
        network = ipaddress.ip_network("/".join(str(text).split()), strict=False)
    except ValueError:
        return None
    parsed = parse_target(str(network))
    return text_of(parsed) if parsed is not None else None

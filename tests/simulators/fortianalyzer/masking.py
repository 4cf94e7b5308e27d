# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Data masking by the administrator's profile: pseudonyms for names and addresses.

See protocol_fortianalyzer.rst, "Masked columns".
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from typing import Any

from .switches import Switches

Row = dict[str, Any]

# A profile names kinds of data; rows carry each kind under several names, in FortiView, logs and alerts.
_COLUMNS: dict[str, frozenset[str]] = {
    "srcip": frozenset("srcip src_ip remip epip ip groupby2 logview_filter".split()),
    "dstip": frozenset("dstip dst_ip dstepip tdpattern".split()),
    "srcname": frozenset("srcname dev_src dev_src_agg epname groupby2".split()),
    "dstname": frozenset("dstname dstepname".split()),
    "srcmac": frozenset("srcmac mac mac_devtype_agg".split()),
    "user": frozenset("user f_user avatar user_src".split()),
    "message": frozenset(("msg",)),
    "domain": frozenset("domain host_name http_url url".split()),
}
# Resolved names show the address again where there is none: they follow the address or the name that they repeat.
_RESOLVED = {"srcip_hostname": ("srcip", "srcname"), "dstip_hostname": ("dstip", "dstname")}
_ADDRESSES = (_COLUMNS["srcip"] | _COLUMNS["dstip"]) - {"groupby2", "logview_filter"}


def masked(rows: Iterable[Row], switches: Switches) -> Iterable[Row]:
    """The rows as an administrator with such a profile sees them; the same value always has the same pseudonym."""
    fields = switches.masked_fields
    if not fields:
        return rows
    names = frozenset(fields).union(*(_COLUMNS.get(field, frozenset()) for field in fields))
    return [_masked_row(row, names, frozenset(fields), switches.masked_style) for row in rows]


def pseudonym(name: str, value: Any, style: str) -> str:
    """Type "ip" masks keep looking like addresses, which is what makes them dangerous."""
    digest = zlib.crc32(str(value).encode())
    if style == "ip" and name in _ADDRESSES:
        return ".".join(str(digest >> shift & 255) for shift in (24, 16, 8, 0))
    return f"{digest:08x}"


def _masked_row(row: Row, names: frozenset[str], fields: frozenset[str], style: str) -> Row:
    found: Row = {}
    for name, value in row.items():
        kind = _kind(name, row)
        if isinstance(value, dict):
            found[name] = _masked_row(value, names, fields, style)
        elif name == "target":
            found[name] = [_masked_target(item, names, style) for item in value]
        elif value not in (None, "") and (kind in fields if kind else name in names):
            found[name] = _pseudonyms(kind or name, value, style)
        else:
            found[name] = value
    return found


def _kind(name: str, row: Row) -> str | None:
    """The kind of data in a column whose name does not tell it."""
    if name in _RESOLVED:
        address, label = _RESOLVED[name]
        return address if row[name] == row.get(address) else label
    if name == "hostname":
        # A site in logs, a client elsewhere.
        return "domain" if "logid" in row else "srcname"
    return None


def _masked_target(item: Row, names: frozenset[str], style: str) -> Row:
    return {**item, "value": pseudonym(item["name"], item["value"], style)} if item["name"] in names else item


def _pseudonyms(name: str, value: Any, style: str) -> Any:
    return (
        [pseudonym(name, item, style) for item in value] if isinstance(value, list) else pseudonym(name, value, style)
    )

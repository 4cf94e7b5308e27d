# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks whether a feed or group of a FortiGate can block at all. A feed may be disabled or of the wrong type, and a
group may be missing."""

from __future__ import annotations

import re
import typing as t

from .._common.errors import printable
from .client import FortiGateError, Vdom
from .context import Look
from .dependencies import FORBIDDEN
from .methods.address_group import AddressGroup
from .methods.feed_push import FeedPush
from .rights import to_give
from .targets import Target

RESOURCES = "cmdb/system/external-resource"
# The first release with push feeds.
PUSHED = (7, 2, 1)


def unfit(one: Look, targets: t.Iterable[Target], notices: list[str]) -> str:
    """Why this feed or group cannot block the targets, empty if it can. Raises FortiGateError."""
    if isinstance(one.method, FeedPush) and one.vdom is not None:
        return unfit_feed(one.vdom, one.method, notices)
    if isinstance(one.method, AddressGroup):
        versions = {6 if ":" in target.address else 4 for target in targets}
        missing = [name for version, name in one.method.names.items() if version in versions - set(one.reading.groups)]
        return f"there is no group {' and no group '.join(missing)} in VDOM {one.place.vdom}" if missing else ""
    return ""


def unfit_feed(vdom: Vdom, method: FeedPush, notices: list[str]) -> str:
    """Why this feed cannot block, empty if it can. If the token may not read the feed, the result is empty and a notice
    is added. Raises FortiGateError."""
    name = method.list_name
    try:
        found = vdom.found(RESOURCES, filter=f"name=={name}", format="name|status|type|update-method") or []
    except FortiGateError as error:
        if error.context.get("http_status") not in FORBIDDEN:
            raise
        notices.append(
            f"The token may not read system/external-resource in VDOM {vdom.name}, so it is not known whether feed {name} is enabled: "
            f"{to_give(RESOURCES)}"
        )
        return ""
    where = f"feed {name} in VDOM {vdom.name}"
    feed = next((one for one in found if one.get("name") == name), None)
    if feed is None:
        return f"there is no {where}"
    if feed.get("status", "enable") != "enable":
        return f"{where} is disabled"
    if feed.get("type", "address") != "address":
        return (
            f"{where} is of type {printable(feed['type'], 40)}, but only a feed of type address blocks addresses: set another name "
            "in fortigate_block_feed, or delete the feed"
        )
    if not method.fetched:
        return _unfit_for_push(feed, where, vdom.fortigate.version)
    if feed.get("update-method") == "push":
        return (
            f"{where} is a push feed, for which the FortiGate fetches no file: set another name in fortigate_block_feed, or delete "
            "the feed and create it again with fortigate_block_feed_url"
        )
    return ""


def _unfit_for_push(feed: t.Mapping[str, t.Any], where: str, version: str) -> str:
    if feed.get("update-method", "push") != "push":
        return (
            f"{where} is not a push feed, because the FortiGate fetches it (update-method "
            f"{printable(feed['update-method'], 40)}): set another name in fortigate_block_feed, or delete the feed"
        )
    release = tuple(int(number) for number in re.findall(r"\d+", version)[:3])
    if "update-method" not in feed and release and release < PUSHED:
        return f"the FortiGate runs {printable(version, 40)}, but push feeds need FortiOS 7.2.1 or later: use another method"
    return ""

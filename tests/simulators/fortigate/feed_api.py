# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""monitor/system/external-resource (protocol_fortigate.rst, "Threat feeds")."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from . import addresses, features, pull
from .call import Answer, Call, done
from .config import GLOBAL
from .errors import bad_attribute, not_found
from .routes import GET, POST, route
from .state import FortiGateState
from .table import Obj

COMMANDS = ("add", "remove", "snapshot")


def dynamic(state: FortiGateState, call: Call) -> Answer:
    """Each command has a result of its own, and by default only that tells that one was refused."""
    if not features.push_feeds(state.switches):
        raise not_found("this release has no push feeds")
    commands = call.members.get("commands")
    if not isinstance(commands, list) or not all(isinstance(item, dict) for item in commands):
        raise bad_attribute("commands must be a list of objects")
    results = [_run(state, call, command) for command in commands]
    failed = next((result for result in results if result["status"] == "error"), None)
    if failed is not None and state.switches.feed_errors == "http424":
        raise bad_attribute(failed["error"])
    return Answer(results)


def entry_list(state: FortiGateState, call: Call) -> Answer:
    name, scope, _connector = _feed(state, call, call.first("mkey"))
    feed = state.feeds.of(scope, name)
    accepted = state.feeds.accepted(scope, name)
    with_notes = call.first("include_notes") in ("true", "1")
    entries = [
        {"entry": entry, "valid": valid, **({"notes": ""} if with_notes else {})}
        for entry, valid in feed.entries.items()
    ]
    valid = len(feed.valid)
    return Answer(
        {
            "status": "error" if feed.failure else "success",
            "resource_file_status": "exists" if feed.updated is not None else "not-exist",
            "last_content_update_time": feed.updated or 0,
            "entries": entries,
            "valid_count": valid,
            "invalid_count": len(entries) - valid,
            "accepted_count": len(accepted),
            "accepted_limit": features.feed_cap(state.switches)[0],
            # Captured: false beside fewer accepted entries than valid ones. The two counts alone tell.
            "overflow": state.switches.feed_overflow_told and len(accepted) < valid,
        }
    )


async def refresh(state: FortiGateState, call: Call) -> Answer:
    name, scope, connector = _feed(state, call, call.members.get("mkey"))
    if connector["update-method"] == "push":
        raise bad_attribute(f"{name} is a push feed")
    await pull.update(state, scope, connector)
    return done()


def _feed(state: FortiGateState, call: Call, name: Any) -> tuple[str, str, Obj]:
    if not name:
        raise bad_attribute("mkey is missing")
    scope = GLOBAL if call.in_global else call.vdom
    connector = state.config.visible("system/external-resource", scope).get(name)
    if connector is None:
        raise not_found(f"no external resource {name}")
    return name, GLOBAL if str(name).startswith("g-") else scope, connector


def _run(state: FortiGateState, call: Call, command: Obj) -> dict[str, Any]:
    name, word, entries = command.get("name"), command.get("command"), command.get("entries", [])
    result: dict[str, Any] = {"name": name, "command": word, "status": "success", "error": "", "invalidEntries": []}
    scope = GLOBAL if call.in_global else call.vdom
    connector = state.config.visible("system/external-resource", scope).get(name)
    problem = _problem(connector, word, entries)
    if problem is not None:
        return {**result, "status": "error", "error": problem}
    given: Sequence[str] = [str(entry).strip() for entry in entries]
    if connector is not None and connector["type"] == "address":
        result["invalidEntries"] = [entry for entry in given if not addresses.valid_entry(entry)]
    invalid = frozenset(result["invalidEntries"])
    kept = [entry for entry in given if entry not in invalid]
    kept = kept[: max(0, len(kept) - call.lost_on_the_way())]
    owner = GLOBAL if str(name).startswith("g-") else scope
    state.feeds.push(owner, str(name), str(word), kept, state.device_time())
    return result


def _problem(connector: Obj | None, word: Any, entries: Any) -> str | None:
    if connector is None:
        return "external resource not found"
    if connector["update-method"] != "push":
        return "external resource is not updated by push"
    if word not in COMMANDS:
        return f"command must be one of {', '.join(COMMANDS)}"
    return None if isinstance(entries, list) else "entries must be a list"


ROUTES = (
    route(POST, "system/external-resource/dynamic", dynamic, "vdom", "global"),
    route(GET, "system/external-resource/entry-list", entry_list, "vdom", "global"),
    route(POST, "system/external-resource/refresh", refresh, "vdom", "global"),
)

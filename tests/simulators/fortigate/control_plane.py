# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What playbooks can ask of this simulator beyond the general control plane."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..common.clock import ManualClock
from ..common.control import Answer, Handler
from . import passing
from .configuring import configure
from .errors import BoxError
from .others import act
from .state import FortiGateState


def _passes(state: FortiGateState, given: dict[str, str]) -> Answer:
    """passes?src=&dst=&dport=&vdom=&to_box=&interface="""
    to_box = given.get("to_box", "false") in ("true", "1", "yes")
    port = int(given.get("dport", 443))
    try:
        found = passing.passes(
            state.box, given["src"], given["dst"], port, given.get("vdom"), to_box, given.get("interface")
        )
    except BoxError as error:
        return 400, {"error": error.text}
    return 200, {"passes": found}


def _advance(state: FortiGateState, given: Any) -> Answer:
    clock = state.box.clock
    if not isinstance(clock, ManualClock):
        return 409, {"error": "this simulator runs on real time"}
    clock.advance(float(given["seconds"]))
    return 200, {"now": clock.now()}


def _seed_bans(state: FortiGateState, given: Any) -> Answer:
    """A list of entries, or {"vdom": ..., "entries": [...]}."""
    vdom, entries = (given.get("vdom", "root"), given["entries"]) if isinstance(given, dict) else ("root", given)
    state.box.bans.seed(vdom, entries, state.box.appliance_time())
    return 200, state.bans(vdom)


def _configure(state: FortiGateState, given: Any) -> Answer:
    """{"path": "system/admin", "given": [{...}], "vdom": ...}; for a single object one mapping."""
    configure(state.box, given["path"], given["given"], given.get("vdom", "root"))
    return 200, {}


def _reboot(state: FortiGateState, given: Any) -> Answer:
    state.box.reboot()
    return 200, {}


def _other_administrator(state: FortiGateState, given: Any) -> Answer:
    """{"method": "POST", "path": "cmdb/firewall/address?vdom=root", "body": {...}}"""
    return 200, {"results": act(state.box, given["method"], given["path"], given.get("body")).results}


def _save(state: FortiGateState, given: Any) -> Answer:
    state.box.config.save()
    return 200, {}


def _failover(state: FortiGateState, given: Any) -> Answer:
    state.box.failover()
    return 200, {}


HANDLERS: Mapping[tuple[str, str], Handler] = {
    ("GET", "passes"): _passes,
    ("POST", "clock"): _advance,
    ("POST", "seed_bans"): _seed_bans,
    ("POST", "configure"): _configure,
    ("POST", "other_administrator"): _other_administrator,
    ("POST", "save"): _save,
    ("POST", "reboot"): _reboot,
    ("POST", "failover"): _failover,
}

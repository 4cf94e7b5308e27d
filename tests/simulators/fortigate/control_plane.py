# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the control plane of a FortiGate has beyond that of all devices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..common.clock import ManualClock
from ..common.control import Answer, Handlers
from .errors import ApiError

if TYPE_CHECKING:
    from .simulator import FortiGate


def _passes(fortigate: FortiGate, given: dict[str, str]) -> Answer:
    """passes?src=&dst=&dport=&vdom=&to_fortigate=&interface="""
    to_fortigate = given.get("to_fortigate", "false") in ("true", "1", "yes")
    port = int(given.get("dport", 443))
    try:
        found = fortigate.passes(
            given["src"], given["dst"], port, given.get("vdom"), to_fortigate, given.get("interface")
        )
    except ApiError as error:
        return 400, {"error": error.text}
    return 200, {"passes": found}


def _advance(fortigate: FortiGate, given: Any) -> Answer:
    clock = fortigate.clock
    if not isinstance(clock, ManualClock):
        return 409, {"error": "this simulator runs on real time"}
    clock.advance(float(given["seconds"]))
    return 200, {"now": clock.now()}


def _seed_bans(fortigate: FortiGate, given: Any) -> Answer:
    """A list of entries, or {"vdom": ..., "entries": [...]}."""
    vdom, entries = (given.get("vdom", "root"), given["entries"]) if isinstance(given, dict) else ("root", given)
    fortigate.seed_bans(entries, vdom)
    return 200, fortigate.bans(vdom)


def _configure(fortigate: FortiGate, given: Any) -> Answer:
    """{"path": "system/admin", "given": [{...}], "vdom": ...}; for a single object one mapping."""
    fortigate.configure(given["path"], given["given"], given.get("vdom", "root"))
    return 200, {}


def _other_administrator(fortigate: FortiGate, given: Any) -> Answer:
    """{"method": "POST", "path": "cmdb/firewall/address?vdom=root", "body": {...}}"""
    return 200, {"results": fortigate.other_administrator(given["method"], given["path"], given.get("body"))}


def _save(fortigate: FortiGate, given: Any) -> Answer:
    fortigate.save_configuration()
    return 200, {}


def _reboot(fortigate: FortiGate, given: Any) -> Answer:
    fortigate.reboot()
    return 200, {}


def _failover(fortigate: FortiGate, given: Any) -> Answer:
    fortigate.ha_failover()
    return 200, {}


HANDLERS: Handlers = {
    ("GET", "passes"): _passes,
    ("POST", "clock"): _advance,
    ("POST", "seed_bans"): _seed_bans,
    ("POST", "configure"): _configure,
    ("POST", "other_administrator"): _other_administrator,
    ("POST", "save"): _save,
    ("POST", "reboot"): _reboot,
    ("POST", "failover"): _failover,
}

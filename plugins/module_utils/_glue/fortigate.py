# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The operations of the modules fortigate_ban and fortigate_feed, over the official connection plugin
(protocol_fortigate.rst, "Official modules").

Each operation takes the parameters of its module and returns a result, or raises FortiViewError. In check mode, the
result is the plan, and only reads are sent.
"""

from __future__ import annotations

import re
import time
import typing as t

from .._blocking.changes import Verification, carry_out
from .._blocking.client import FortiGate, Vdom
from .._blocking.methods.ban import Ban
from .._blocking.methods.base import Method, Reading, Wish, Writes
from .._blocking.methods.feed_push import FeedPush
from .._blocking.options import NAME
from .._blocking.planning import ABSENT, ADD, ENGINE, EXTEND, KEEP, List, Step, early_ends, plan_present
from .._blocking.targets import LONGEST_LIFETIME, SHORTEST_LIFETIME, Target
from .._common.addresses import is_host, objections, parse_never, parse_target, text_of
from .._common.durations import parse_duration, parse_seconds
from .._common.errors import InvalidInput
from .._common.naming import agree
from .._common.validation import count
from .arguments import DURATION, Spec

Params = t.Mapping[str, t.Any]


class HostContext(t.NamedTuple):
    """The context of a task: the FortiGate of the host, check mode, a clock and a sleep function. `fortigate` is None if
    the host has no connection to a FortiGate."""

    fortigate: t.Optional[FortiGate]
    check_mode: bool
    now: t.Callable[[], float] = time.time
    sleep: t.Callable[[float], t.Any] = time.sleep

    def vdom(self, params: Params) -> Vdom:
        if self.fortigate is None:
            raise InvalidInput(
                "this host has no connection to a FortiGate: set ansible_connection=ansible.netcommon.httpapi and "
                "ansible_network_os=fortinet.fortios.fortios"
            )
        return self.fortigate.vdom(params["vdom"])


def fortigate_arguments() -> Spec:
    """The options of the documentation fragment `fortigate`."""
    return {
        "access_token": {"type": "str", "no_log": True},
        "vdom": {"type": "str", "default": "root"},
        "never": {"type": "list", "elements": "str", "default": []},
        "allow_private": {"type": "bool", "default": False},
        "verify_retries": {"type": "int", "default": 3},
        "verify_delay": {"type": DURATION, "default": "2s"},
    }


def ban_arguments() -> Spec:
    return {
        **fortigate_arguments(),
        "addresses": {"type": "list", "elements": "str", "required": True},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "expiry": {"type": DURATION, "default": "1h"},
        "allow_permanent": {"type": "bool", "default": False},
    }


def feed_arguments() -> Spec:
    return {
        **fortigate_arguments(),
        "name": {"type": "str", "default": "soc-block"},
        "entries": {"type": "list", "elements": "str", "required": True},
        "state": {"type": "str", "choices": ["present", "absent", "exact"], "default": "present"},
        "allow_networks": {"type": "bool", "default": False},
    }


def ban(params: Params, host_context: HostContext) -> dict[str, t.Any]:
    """Run fortigate_ban. Raises FortiViewError."""
    expiry = _expiry(params)
    if params["vdom"] == "global":
        raise InvalidInput('bans are set per VDOM, and "global" is not a VDOM: set vdom to the name of a VDOM')
    wanted, vdom, method = _targets(params["addresses"], params), host_context.vdom(params), Ban()
    before = method.read(vdom)
    if params["state"] == "present":
        steps = plan_present(method, List(vdom.name, before, {}, {}), wanted, expiry, host_context.now())
    else:
        steps = [_removed(before, target, vdom.name) for target in wanted]
    by_action = {
        action: [one.address for one in steps if one.action == action]
        for action in (ADD, EXTEND, "remove", KEEP, ABSENT, ENGINE)
    }
    writes = Writes(
        tuple(Wish(address, expiry) for address in by_action[ADD]),
        tuple(Wish(address, expiry) for address in by_action[EXTEND]),
        tuple(by_action["remove"]),
    )
    result: dict[str, t.Any] = {
        "add": by_action[ADD],
        "extend": by_action[EXTEND],
        "remove": by_action["remove"],
        "unchanged": by_action[KEEP] + by_action[ABSENT],
        "foreign": by_action[ENGINE],
    }
    after, warnings = _written(method, vdom, before, writes, params, host_context)
    warnings += early_ends(steps, host_context.now())
    banned = [_shown(after.entries[address]) for address in sorted(after.entries)]
    planned = sorted((set(before.entries) | set(by_action[ADD])) - set(by_action["remove"]))
    now = planned if host_context.check_mode else sorted(after.entries)
    diff = {"before": _lines(sorted(before.entries)), "after": _lines(now)}
    return dict(result, changed=bool(writes), warnings=warnings, banned=banned, diff=diff)


def _expiry(params: Params) -> int:
    expiry = parse_duration("expiry", params["expiry"])
    if params["state"] == "present" and expiry == 0 and not params["allow_permanent"]:
        raise InvalidInput("expiry 0 bans permanently, which requires allow_permanent=true")
    if expiry != 0 and not SHORTEST_LIFETIME <= expiry <= LONGEST_LIFETIME:
        raise InvalidInput(f"expiry must be between {SHORTEST_LIFETIME} and {LONGEST_LIFETIME} seconds")
    return expiry


def feed(params: Params, host_context: HostContext) -> dict[str, t.Any]:
    """Run fortigate_feed. Raises FortiViewError."""
    name = params["name"]
    if not re.fullmatch(NAME, name):
        raise InvalidInput(f"name {name!r} must have 1 to 35 letters, digits, '_' and '-'")
    targets = _targets(params["entries"], params)
    if not targets and params["state"] != "exact":
        raise InvalidInput("entries is empty: set it to the entries to add or remove")
    wanted, vdom, method = [one.address for one in targets], host_context.vdom(params), FeedPush(name)
    enforced = params["state"] != "absent"
    before = method.read(vdom, enforced)
    have, absent = set(before.entries), params["state"] == "absent"
    add = [] if absent else sorted(set(wanted) - have)
    remove = sorted(set(wanted) & have) if absent else sorted(have - set(wanted)) if params["state"] == "exact" else []
    unchanged = sorted(set(wanted) - have) if absent else sorted(set(wanted) & have)
    writes = Writes(tuple(map(Wish, add)), (), tuple(remove))
    after, warnings = _written(method, vdom, before, writes, params, host_context)
    entries = sorted((have | set(add)) - set(remove)) if host_context.check_mode else sorted(after.entries)
    return {
        "add": add,
        "remove": remove,
        "unchanged": unchanged,
        "changed": bool(writes),
        "warnings": warnings,
        "entries": entries,
        "diff": {"before": _lines(sorted(have)), "after": _lines(entries)},
    }


def _written(
    method: Method, vdom: Vdom, before: Reading, writes: Writes, params: Params, host_context: HostContext
) -> tuple[Reading, list[str]]:
    if host_context.check_mode or not writes:
        return before, []
    change = method.change(vdom, before, writes)
    enforced = bool(writes.add)
    after, warning = carry_out(change, lambda: method.read(vdom, enforced), _verification(params), host_context.sleep)
    return after, [warning] if warning else []


def _removed(before: Reading, target: Target, vdom: str) -> Step:
    entry = before.entries.get(target.address)
    action = ABSENT if entry is None else ENGINE if entry.engine else "remove"
    return Step(action, target.address, vdom, target, before=entry)


def _shown(entry: t.Any) -> dict[str, t.Any]:
    return {
        "address": entry.address,
        "source": entry.source,
        "created": entry.created_at,
        "expires": entry.expires_at,
    }


def _targets(values: t.Sequence[object], params: Params) -> list[Target]:
    """The targets in order, without duplicates. Raises InvalidInput with every refused target and its reason."""
    absent = params["state"] == "absent"
    never = parse_never(params.get("never"))
    wanted: dict[str, Target] = {}
    refused = []
    for value in values:
        network = parse_target(value)
        # Targets to remove were accepted when they were blocked, so only text that is not an address is refused.
        networks = bool(params.get("allow_networks"))
        why = (
            [] if network is None or absent else objections(network, never, bool(params.get("allow_private")), networks)
        )
        if network is None or (absent and not networks and "allow_networks" not in params and not is_host(network)):
            refused.append(f"{value!r} (not an address)")
        elif why:
            refused.append(f"{value!r} ({', '.join(why)})")
        else:
            wanted[text_of(network)] = Target(str(value), network)
    if refused:
        raise InvalidInput(
            f"{agree(len(refused), 'This target was', 'These targets were')} refused: {', '.join(refused)}. Nothing was sent. "
            f"Remove the refused {agree(len(refused), 'target', 'targets')}"
        )
    return list(wanted.values())


def _verification(params: Params) -> Verification:
    return Verification(
        count("verify_retries", params["verify_retries"], 0), parse_seconds("verify_delay", params["verify_delay"])
    )


def _lines(entries: t.Sequence[str]) -> str:
    return "".join(f"{entry}\n" for entry in entries)

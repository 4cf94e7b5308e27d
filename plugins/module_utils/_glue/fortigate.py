# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the FortiGate modules do, over the official connection plugin (protocol_fortigate.rst, "Official modules").

Parameters in, result out, FortiViewError otherwise. In check mode the plan is the result, and nothing but reads is sent.
"""

from __future__ import annotations

import re
import time
import typing as t

from .._blocking import bans, feeds
from .._blocking.changes import Verification
from .._blocking.client import Api
from .._blocking.given import parse_targets, rules_of
from .._blocking.rails import LONGEST_LIFE, SHORTEST_LIFE
from .._common.errors import InvalidInput
from .arguments import Spec

Params = t.Mapping[str, t.Any]
FEED_NAME = r"[A-Za-z0-9_-]{1,35}"


class Box(t.NamedTuple):
    """The box to act on, and a clock and a sleep for verifying."""

    api: Api
    check_mode: bool
    now: t.Callable[[], float] = time.time
    sleep: t.Callable[[float], t.Any] = time.sleep


def box_arguments() -> Spec:
    """Options of the fragment `fortigate`."""
    return {
        "access_token": {"type": "str", "no_log": True},
        "vdom": {"type": "str", "default": "root"},
        "never": {"type": "list", "elements": "str", "default": []},
        "allow_private": {"type": "bool", "default": False},
        "verify_retries": {"type": "int", "default": 3},
        "verify_delay": {"type": "float", "default": 2},
    }


def ban_arguments() -> Spec:
    return {
        **box_arguments(),
        "addresses": {"type": "list", "elements": "str", "required": True},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "expiry": {"type": "int", "default": 3600},
        "allow_permanent": {"type": "bool", "default": False},
    }


def feed_arguments() -> Spec:
    return {
        **box_arguments(),
        "name": {"type": "str", "default": "soc-block"},
        "entries": {"type": "list", "elements": "str", "required": True},
        "state": {"type": "str", "choices": ["present", "absent", "exact"], "default": "present"},
        "allow_networks": {"type": "bool", "default": False},
    }


def ban(params: Params, box: Box) -> dict[str, t.Any]:
    """fortigate_ban. Raises FortiViewError."""
    expiry = params["expiry"]
    if params["state"] == "present" and expiry == 0 and not params["allow_permanent"]:
        raise InvalidInput("expiry 0 bans for ever, which needs allow_permanent")
    if expiry != 0 and not SHORTEST_LIFE <= expiry <= LONGEST_LIFE:
        raise InvalidInput(f"expiry must be between {SHORTEST_LIFE} and {LONGEST_LIFE} seconds")
    if params["vdom"] == "global":
        raise InvalidInput("bans belong to a VDOM; global is none")
    wanted = _targets(params["addresses"], params)
    before = bans.read_bans(box.api)
    present = params["state"] == "present"
    plan = bans.plan_present(before, wanted, expiry, box.now()) if present else bans.plan_absent(before, wanted)
    result = dict(plan._asdict(), changed=bool(plan.add or plan.prolong or plan.remove), warnings=[])
    after = {address: entry._asdict() for address, entry in before.items()}
    if result["changed"] and not box.check_mode:
        reached, warning = bans.apply(box.api, before, plan, expiry, _verification(params), box.sleep)
        after = {address: entry._asdict() for address, entry in reached.items()}
        result["warnings"] = [warning] if warning else []
        planned = sorted(after)
    else:
        planned = sorted((set(before) | set(plan.add)) - set(plan.remove))
    if present:
        result["warnings"] += bans.ending_early(before, plan, expiry, box.now())
    result["banned"] = [after[address] for address in sorted(after)]
    result["diff"] = {"before": _lines(sorted(before)), "after": _lines(planned)}
    return result


def feed(params: Params, box: Box) -> dict[str, t.Any]:
    """fortigate_feed. Raises FortiViewError."""
    name = params["name"]
    if not re.fullmatch(FEED_NAME, name):
        raise InvalidInput(f"name {name!r} must be 1 to 35 letters, digits, '_' and '-'")
    wanted = _targets(params["entries"], params)
    if not wanted and params["state"] != "exact":
        raise InvalidInput("entries is empty")
    before = feeds.read_feed(box.api, name, enforced=params["state"] != "absent")
    plan = feeds.plan(params["state"], before, wanted)
    result = dict(plan._asdict(), changed=bool(plan.add or plan.remove), warnings=[])
    after = sorted((set(before) | set(plan.add)) - set(plan.remove))
    if result["changed"] and not box.check_mode:
        after, warning = feeds.apply(box.api, name, before, plan, _verification(params), box.sleep)
        result["warnings"] = [warning] if warning else []
    result["entries"] = after
    result["diff"] = {"before": _lines(before), "after": _lines(after)}
    return result


def _targets(values: t.Sequence[object], params: Params) -> list[str]:
    rules = rules_of(params)
    if params["state"] == "absent":
        # What is to be lifted was blocked once: only what is no address is refused.
        rules = rules._replace(never=(), allow_private=True, allow_networks=True)
    return parse_targets(values, rules)


def _verification(params: Params) -> Verification:
    if params["verify_retries"] < 0 or params["verify_delay"] < 0:
        raise InvalidInput("verify_retries and verify_delay must be at least 0")
    return Verification(params["verify_retries"], params["verify_delay"])


def _lines(entries: t.Sequence[str]) -> str:
    return "".join(f"{entry}\n" for entry in entries)

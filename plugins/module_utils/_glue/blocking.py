# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The operations of the modules fortigate_block and fortigate_block_info. Each operation takes the parameters of its
module and returns a result, or raises FortiViewError."""

from __future__ import annotations

import os
import typing as t

from .._blocking.adopting import adopt
from .._blocking.client import FortiGate
from .._blocking.context import NO_CONNECTION, Context
from .._blocking.listing import list_blocks
from .._blocking.operation import block
from .._blocking.options import EVERYWHERE, LOCAL_IN_METHODS, METHODS, SEEN, Options, parse_options
from .._blocking.reconciling import reconcile
from .._blocking.registry.store import open_registry
from .._blocking.removal import expire, unblock
from .._blocking.seen import identify
from .._common.errors import InvalidInput
from .arguments import DURATION, Spec
from .fortigate import HostContext, Params

PRESENT, GONE, EXPIRED, RECONCILED, ADOPTED = "present", "absent", "expired", "reconciled", "adopted"
IDENTIFIED = "identified"
OPERATIONS: dict[str, t.Callable[[Options, Context, bool], dict[str, t.Any]]] = {
    PRESENT: block,
    GONE: unblock,
    EXPIRED: expire,
    RECONCILED: reconcile,
    ADOPTED: adopt,
    IDENTIFIED: identify,
}
# These states block addresses, so they require an exclusion list.
BLOCKING = (PRESENT, RECONCILED)
# The path of the registry, relative to the user's state directory.
REGISTRY = "secops.fortiview/blocks.sqlite"


def where_arguments() -> Spec:
    """The options of the documentation fragment `blocking`: the FortiGate, its feeds and groups, and the registry."""
    return {
        "access_token": {"type": "str", "no_log": True},
        "method": {"type": "str", "choices": list(METHODS)},
        "local_in_method": {"type": "str", "choices": ["", *LOCAL_IN_METHODS], "default": ""},
        "vdoms": {"type": "list", "elements": "str", "default": ["root"]},
        "vdom_token": {"type": "bool", "default": False},
        "vdom_tokens": {"type": "dict", "no_log": True},
        "feed": {"type": "str", "default": "soc-block"},
        "feed_file": {"type": "path"},
        "group": {"type": "str", "default": "SOC-BLOCK"},
        "group6": {"type": "str", "default": "SOC-BLOCK6"},
        "registry": {"type": "str"},
        "host": {"type": "str"},
    }


def block_arguments() -> Spec:
    return {
        **where_arguments(),
        "state": {"type": "str", "choices": list(OPERATIONS), "default": PRESENT},
        "targets": {"type": "raw"},
        "plan": {"type": "bool", "default": False},
        "everything": {"type": "bool", "default": False},
        "ttl": {"type": "raw", "default": "1h"},
        "where": {"type": "str", "choices": [EVERYWHERE, SEEN], "default": EVERYWHERE},
        "known_as": {"type": "list", "elements": "str", "default": []},
        "ticket": {"type": "str"},
        "approver": {"type": "str"},
        "never": {"type": "list", "elements": "str"},
        "allow_shared": {"type": "list", "elements": "str", "default": []},
        "shared_infrastructure": {"type": "bool", "default": True},
        "shared_services": {"type": "list", "elements": "str", "default": []},
        "protect_infrastructure": {"type": "bool", "default": True},
        "infrastructure": {"type": "list", "elements": "str", "default": []},
        "on_unresolved": {"type": "str", "choices": ["fail", "skip"], "default": "fail"},
        "on_protected": {"type": "str", "choices": ["fail", "skip"], "default": "fail"},
        "max_per_run": {"type": "int", "default": 50},
        "max_active": {"type": "int"},
        "allow_networks": {"type": "bool", "default": False},
        "allow_private": {"type": "bool", "default": False},
        "allow_permanent": {"type": "bool", "default": False},
        "allow_shrink": {"type": "bool", "default": False},
        "allow_fmg_drift": {"type": "bool", "default": False},
        "force": {"type": "bool", "default": False},
        "require_policy": {"type": "bool", "default": True},
        "verify": {"type": "bool", "default": True},
        "verify_retries": {"type": "int", "default": 3},
        "verify_delay": {"type": DURATION, "default": "2s"},
        "close_sessions": {"type": "bool", "default": True},
        "pardon": {"type": DURATION, "default": "24h"},
        "expired_by": {"type": "str"},
        "run_id": {"type": "str"},
        "job_user": {"type": "str"},
        "audit_log": {"type": "path"},
        "inventory": {
            "type": "list",
            "elements": "dict",
            "default": [],
            "options": {
                "name": {"type": "str", "required": True},
                "addresses": {"type": "list", "elements": "str", "default": []},
            },
        },
        "fleet": {"type": "list", "elements": "str", "default": []},
        "batch": {"type": "list", "elements": "str", "default": []},
    }


def info_arguments() -> Spec:
    return {
        **where_arguments(),
        "addresses": {"type": "list", "elements": "str", "default": []},
        "hits": {"type": "bool", "default": False},
        "ticket": {"type": "str"},
    }


def fortigate_block(params: Params, host_context: HostContext) -> dict[str, t.Any]:
    """Run fortigate_block. Raises FortiViewError."""
    state = params["state"]
    if state == PRESENT and params.get("targets") is None:
        raise InvalidInput("targets is missing: set it to the addresses to block")
    targets = params.get("targets") is not None
    options = parse_options(params, targets, statement=state in BLOCKING and not host_context.check_mode)
    with open_registry(registry_of(params), host_context.now, host_context.sleep) as registry:
        context = Context(_fortigate(params, host_context), registry, host_context.now, host_context.sleep)
        result = OPERATIONS[state](options, context, host_context.check_mode)
    return dict(result, warnings=[], diff=_diff(result["steps"]))


def fortigate_block_info(params: Params, host_context: HostContext) -> dict[str, t.Any]:
    """Run fortigate_block_info. Raises FortiViewError."""
    wanted = {**params, "targets": params["addresses"], "run_id": "list"}
    options = parse_options(wanted, targets=True, statement=False)
    with open_registry(registry_of(params), host_context.now, host_context.sleep) as registry:
        context = Context(_fortigate(params, host_context), registry, host_context.now, host_context.sleep)
        result = list_blocks(options, context, params["hits"])
    return dict(result, changed=False, warnings=[], diff={})


def registry_of(params: Params) -> str:
    """The path or URL of the registry. The default is a file in the state directory of the user."""
    given = str(params.get("registry") or "")
    state = os.environ.get("XDG_STATE_HOME") or os.path.join(os.path.expanduser("~"), ".local", "state")
    return given or os.path.join(state, REGISTRY)


def _fortigate(params: Params, host_context: HostContext) -> t.Optional[FortiGate]:
    if host_context.fortigate is None and params.get("method") != "feed_file":
        raise InvalidInput(NO_CONNECTION)
    return host_context.fortigate


def _diff(steps: t.Iterable[t.Mapping[str, t.Any]]) -> dict[str, str]:
    """The lines of the diff: the blocks before and after the run, for the addresses that change."""
    before, after = [], []
    for step in steps:
        where = f"{step['vdom']}: {step['address']}" if step["vdom"] else str(step["address"])
        until = f" until {step['expires']}" if step["expires"] else ""
        if step["action"] in ("add", "restore"):
            after.append(f"{where}{until}\n")
        elif step["action"] == "extend":
            before.append(f"{where}\n")
            after.append(f"{where}{until}\n")
        elif step["action"] == "remove":
            before.append(f"{where}\n")
    return {"before": "".join(before), "after": "".join(after)}

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The operation of the module fortigate_block_policy. The operation takes the parameters of the module and returns a
result, or raises FortiViewError."""

from __future__ import annotations

import typing as t
import urllib.parse

from .._blocking.bootstrap import bootstrap, diff_of
from .._blocking.bootstrap_plan import Wanted
from .._blocking.options import LOCAL_IN_METHODS, parse_lists, parse_vdoms
from .._common.errors import InvalidInput
from .._common.validation import count, flag, plain_text
from .arguments import Spec
from .fortigate import HostContext, Params

# The highest policy ID in FortiOS, and the longest refresh interval of a threat feed in minutes.
HIGHEST_POLICY, LONGEST_REFRESH = 4294967294, 43200


def policy_arguments() -> Spec:
    return {
        "access_token": {"type": "str", "no_log": True},
        "state": {"type": "str", "choices": ["present"], "default": "present"},
        "method": {"type": "str", "choices": ["feed_push", "feed_file", "addrgrp", "ban"], "default": "feed_push"},
        "local_in_method": {"type": "str", "choices": ["", *LOCAL_IN_METHODS], "default": ""},
        "vdoms": {"type": "list", "elements": "str", "default": ["root"]},
        "feed": {"type": "str", "default": "soc-block"},
        "group": {"type": "str", "default": "SOC-BLOCK"},
        "group6": {"type": "str", "default": "SOC-BLOCK6"},
        "source_policy": {"type": "int", "default": 9001},
        "destination_policy": {"type": "int", "default": 9002},
        "local_in": {"type": "bool", "default": False},
        "local_in_policy": {"type": "int", "default": 9001},
        "ban_persistency": {"type": "str", "choices": ["", "disabled", "permanent-only", "all"], "default": ""},
        "feed_url": {"type": "str"},
        "feed_username": {"type": "str"},
        "feed_password": {"type": "str", "no_log": True},
        "feed_refresh": {"type": "int", "default": 1},
        "allow_fmg_drift": {"type": "bool", "default": False},
    }


def fortigate_block_policy(params: Params, host_context: HostContext) -> dict[str, t.Any]:
    """Run fortigate_block_policy. Raises FortiViewError."""
    wanted = _wanted(params)
    fortigate = host_context.vdom({"vdom": wanted.vdoms[0]}).fortigate
    outcome = bootstrap(fortigate, wanted, host_context.check_mode)
    return {
        "changed": bool(outcome.missing),
        "missing": [one.as_dict() for one in outcome.missing],
        "warnings": outcome.warnings,
        "diff": diff_of(outcome.missing),
    }


def _wanted(params: Params) -> Wanted:
    # With bans, a threat feed or an address group is only needed against attacks on the FortiGate itself.
    attackers = str(params.get("local_in_method") or "") if params["method"] == "ban" else ""
    method = attackers or params["method"]
    policies = {name: _number(name, params, HIGHEST_POLICY) for name in ("source_policy", "destination_policy")}
    if len(set(policies.values())) == 1:
        raise InvalidInput("source_policy and destination_policy must be two different IDs")
    local_in = _number("local_in_policy", params, HIGHEST_POLICY)
    wanted = Wanted(
        method=method,
        vdoms=parse_vdoms(params["vdoms"]),
        # Another task writes the feed file. This module only sets its URL on the FortiGate.
        lists=parse_lists({**params, "feed_file": ""}, ""),
        source=policies["source_policy"],
        destination=policies["destination_policy"],
        local_in=local_in if attackers or flag("local_in", params["local_in"]) else 0,
        persistency=params["ban_persistency"] or "",
        allow_fmg_drift=flag("allow_fmg_drift", params["allow_fmg_drift"]),
    )
    return wanted._replace(**_fetched(params)) if method == "feed_file" else wanted


def _fetched(params: Params) -> dict[str, t.Any]:
    """The URL, the credentials and the interval with which the FortiGate fetches its feed. Raises InvalidInput."""
    url, username, password = (str(params.get(f"feed_{key}") or "") for key in ("url", "username", "password"))
    # An error must not quote the URL, because it may contain a password.
    if not _is_https(url):
        raise InvalidInput("feed_url must be the https:// URL of the file that the FortiGate fetches")
    if "@" in urllib.parse.urlsplit(url).netloc:
        raise InvalidInput("feed_url must not contain credentials: use feed_username and feed_password")
    if password and not username:
        raise InvalidInput("feed_password requires feed_username")
    refresh = _number("feed_refresh", params, LONGEST_REFRESH)
    plain_text("feed_username", username)
    return {"resource": url, "username": username, "password": password, "refresh": refresh}


def _is_https(url: str) -> bool:
    try:
        parts = urllib.parse.urlsplit(plain_text("feed_url", url))
        return parts.scheme == "https" and bool(parts.hostname) and " " not in url
    except ValueError:
        return False


def _number(option: str, params: Params, most: int) -> int:
    number = count(option, params[option], 1)
    if number > most:
        raise InvalidInput(f"{option} must be at most {most}, not {number}")
    return number

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""monitor/user/banned (protocol_fortigate.rst, "Bans")."""

from __future__ import annotations

from typing import Any

from . import addresses, features
from .bans import Ban
from .call import Answer, Call, done
from .errors import bad_attribute, not_found
from .routes import GET, POST, route
from .state import FortiGateState


def listed(state: FortiGateState, call: Call) -> Answer:
    bans = state.bans.live(call.vdom, state.device_time()).values()
    return Answer([_shown(ban, state.switches.ban_forever_form) for ban in bans])


def check(state: FortiGateState, call: Call) -> Answer:
    if not features.ban_check(state.switches):
        raise not_found("this release has no user/banned/check")
    ip = _address(call.first("ip_address"))
    return Answer({"ip_address": ip, "is_banned": ip in state.bans.live(call.vdom, state.device_time())})


def add_users(state: FortiGateState, call: Call) -> Answer:
    given = _addresses(state, call)
    seconds = call.members.get("expiry", 0)
    if isinstance(seconds, str) and seconds.isdecimal() and state.switches.ban_number_strings:
        seconds = int(seconds)
    if not isinstance(seconds, int) or isinstance(seconds, bool) or seconds < 0:
        raise bad_attribute("expiry must be a whole number of seconds")
    given = given[: max(0, len(given) - call.lost_on_the_way())]
    state.bans.add(call.vdom, given, seconds, state.device_time())
    return done()


def clear_users(state: FortiGateState, call: Call) -> Answer:
    """Success, also for addresses that are not banned."""
    given = _addresses(state, call)
    given = given[: max(0, len(given) - call.lost_on_the_way())]
    state.bans.remove(call.vdom, given, state.device_time())
    return done()


def clear_all(state: FortiGateState, call: Call) -> Answer:
    state.alarm(f"all bans of {call.vdom} were cleared, whoever had made them")
    state.bans.clear(call.vdom)
    return done()


def _addresses(state: FortiGateState, call: Call) -> list[str]:
    given = call.members.get("ip_addresses")
    if not isinstance(given, list) or not given:
        raise bad_attribute("ip_addresses must be a list of addresses")
    found = []
    for item in given:
        try:
            found.append(addresses.host(item))
        except ValueError as error:
            if state.switches.ban_bad_address == "refuse":
                raise bad_attribute(f"ip_addresses: {error}") from error
    return found


def _address(given: str | None) -> str:
    try:
        return addresses.host(given)
    except ValueError as error:
        raise bad_attribute(f"ip_address: {error}") from error


def _shown(ban: Ban, form: str) -> dict[str, Any]:
    """The format of a ban without an end is not known (protocol_fortigate.rst, "Not known")."""
    found = ban.as_dict()
    if ban.expires is None and form == "missing":
        del found["expires"]
    elif ban.expires is None:
        found["expires"] = {"zero": 0, "null": None, "indefinite": "indefinite"}[form]
    return found


ROUTES = (
    route(GET, "user/banned", listed),
    route(GET, "user/banned/check", check),
    route(POST, "user/banned/add_users", add_users),
    route(POST, "user/banned/clear_users", clear_users),
    route(POST, "user/banned/clear_all", clear_all),
)

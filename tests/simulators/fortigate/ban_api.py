# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""monitor/user/banned (protocol_fortigate.rst, "Bans")."""

from __future__ import annotations

from typing import Any

from . import addresses, features
from .bans import Ban
from .box import Box
from .call import Answer, Call, done
from .errors import bad_attribute, not_found
from .routes import GET, POST, route


def listed(box: Box, call: Call) -> Answer:
    bans = box.bans.live(call.vdom, box.appliance_time()).values()
    return Answer([_shown(ban, box.switches.ban_forever_form) for ban in bans])


def check(box: Box, call: Call) -> Answer:
    if not features.ban_check(box.switches):
        raise not_found("this release has no user/banned/check")
    ip = _address(call.first("ip_address"))
    return Answer({"ip_address": ip, "is_banned": ip in box.bans.live(call.vdom, box.appliance_time())})


def add_users(box: Box, call: Call) -> Answer:
    given = _addresses(box, call)
    seconds = call.members.get("expiry", 0)
    if isinstance(seconds, str) and seconds.isdecimal() and box.switches.ban_number_strings:
        seconds = int(seconds)
    if not isinstance(seconds, int) or isinstance(seconds, bool) or seconds < 0:
        raise bad_attribute("expiry must be a whole number of seconds")
    given = given[: max(0, len(given) - call.lost_on_the_way())]
    box.bans.add(call.vdom, given, seconds, box.appliance_time())
    return done()


def clear_users(box: Box, call: Call) -> Answer:
    """Success, also for addresses that are not banned."""
    given = _addresses(box, call)
    given = given[: max(0, len(given) - call.lost_on_the_way())]
    box.bans.remove(call.vdom, given, box.appliance_time())
    return done()


def clear_all(box: Box, call: Call) -> Answer:
    box.alarm(f"all bans of {call.vdom} were cleared, whoever had made them")
    box.bans.clear(call.vdom)
    return done()


def _addresses(box: Box, call: Call) -> list[str]:
    given = call.members.get("ip_addresses")
    if not isinstance(given, list) or not given:
        raise bad_attribute("ip_addresses must be a list of addresses")
    found = []
    for item in given:
        try:
            found.append(addresses.host(item))
        except ValueError as error:
            if box.switches.ban_bad_address == "refuse":
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

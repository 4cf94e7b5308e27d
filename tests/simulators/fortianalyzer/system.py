# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Login, logout and status: the tree `sys`, always in the list format.

See protocol_fortianalyzer.rst, "Authentication", "Clocks and late logs".
"""

from __future__ import annotations

import datetime
import re
from zoneinfo import ZoneInfo

from .call import Answer, Call
from .dialects import OK
from .routes import route
from .state import FortiAnalyzerState

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def login(state: FortiAnalyzerState, call: Call, found: re.Match[str]) -> Answer:
    """`passwd` must be a JSON string, even where it is numeric; without rpc-permit not even the right one opens a session."""
    given = (call.data.get("user"), call.data.get("passwd"))
    session = state.sessions.login(given == (state.username, state.password), state.now())
    return Answer({"status": OK}, session=session.sid, new_session=session.sid)


def logout(state: FortiAnalyzerState, call: Call, found: re.Match[str]) -> Answer:
    sid = call.body.get("session")
    if sid is None:
        state.authenticate(call)
    else:
        state.sessions.logout(sid, state.now())
    return Answer({"status": OK})


def status(state: FortiAnalyzerState, call: Call, found: re.Match[str]) -> Answer:
    """Keys and zone as the build has them; readers must not care about their case."""
    switches = state.switches
    # Not state.now(): the skew is what this reply is to betray.
    zone = ZoneInfo(switches.time_zone)
    now = datetime.datetime.fromtimestamp(state.device_time(), zone)
    known_zone = not switches.status_zone_missing and switches.status_zone_key is not None
    with_word = known_zone if switches.status_zone_word is None else switches.status_zone_word
    data = {
        "Admin Domain Configuration": "Enabled",
        "Build": "3737",
        "Current Time": _current_time(now, with_zone=with_word),
        "Daylight Time Saving": switches.status_daylight or ("Yes" if now.dst() else "No"),
        "HA Mode": "Stand Alone",
        "Hostname": "faz-simulator",
        "Platform Type": "FAZVM64",
        "Serial Number": "FAZ-VMTM23000001",
        "Version": switches.version,
    }
    if known_zone and switches.status_zone_key is not None:
        data[switches.status_zone_key] = switches.status_zone_text or switches.time_zone
    if switches.status_daylight == "missing":
        del data["Daylight Time Saving"]
    if switches.status_lower_case:
        data = {name.lower(): value for name, value in data.items()}
    return Answer({"status": OK, "data": data})


def version(state: FortiAnalyzerState, call: Call, found: re.Match[str]) -> Answer:
    """The status as the command line has it, which the official connection plugin reads after each login."""
    major, minor, patch = (int(part) for part in re.findall(r"\d+", state.switches.version)[:3])
    data = {
        "Hostname": "faz-simulator",
        "Major": major,
        "Minor": minor,
        "Patch": patch,
        "Version": state.switches.version,
    }
    return Answer({"status": OK, "data": data})


def _current_time(now: datetime.datetime, with_zone: bool) -> str:
    # strftime would follow the locale of whoever runs the simulator.
    zone = f" {now.tzname()}" if with_zone else ""
    return f"{_DAYS[now.weekday()]} {_MONTHS[now.month - 1]} {now.day:2d} {now:%H:%M:%S}{zone} {now.year}"


ROUTES = (
    route("exec", r"/sys/login/user", login, needs_permission=False),
    route("exec", r"/sys/logout", logout, needs_permission=False),
    route("get", r"/sys/status", status),
    route("get", r"/cli/global/system/status", version),
)

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How new the logs of an ADOM are, as two parts of the log view tell it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from . import dialects
from .call import Answer, Call
from .routes import route
from .state import FortiAnalyzerState

DAY = 86400
OLDER_FILE = 3 * DAY


def files(state: FortiAnalyzerState, call: Call, found: re.Match[str]) -> Answer:
    """The log files of each device and VDOM; the one that is being written ends with the newest log."""
    data = [
        {
            **device,
            "vdoms": [
                {
                    "vdom": "root",
                    "logfiles": [
                        {"name": "tlog.log", "stime": _stamp(state, newest - DAY), key: _stamp(state, newest)},
                        {"name": "tlog.1.log.gz", "stime": _stamp(state, newest - 2 * OLDER_FILE), key: _stamp(state, newest - OLDER_FILE)},
                        {"name": "elog.log", "stime": 0, key: 0},
                    ],
                }
            ],
        }
        for device, newest, key in _devices(state, call, found, "logfiles/state", "etime")
    ]  # fmt: skip
    return Answer({"data": data, "status": dialects.OK})


def statistics(state: FortiAnalyzerState, call: Call, found: re.Match[str]) -> Answer:
    """The logs of each device, with the time of the last one."""
    data = [
        {**device, "log-rate": 12, key: _stamp(state, newest)}
        for device, newest, key in _devices(state, call, found, "logstats", "last-log-time")
    ]
    return Answer({"data": data, "status": dialects.OK})


def _devices(
    state: FortiAnalyzerState, call: Call, found: re.Match[str], place: str, key: str
) -> Iterator[tuple[dict[str, Any], float, str]]:
    """Each with its newest log and the key that this build has for the time."""
    switches = state.switches
    if place not in switches.newest_log_places:
        raise state.unknown_path(call.url)
    adom = state.scope(found["adom"]).adom
    for device in [one for one in state.devices if one.adom == adom]:
        times = [
            event.time for event in state.events.of(adom) if event.devid == device.serial and event.itime <= state.now()
        ]
        newest = max(times, default=0)
        if switches.newest_log_age is not None:
            newest = int(state.now() - switches.newest_log_age)
        if newest:
            yield {"devid": device.serial, "devname": device.name}, newest, switches.newest_log_key or key


def _stamp(state: FortiAnalyzerState, seconds: float) -> int | str:
    form, zone = state.switches.newest_log_form, ZoneInfo(state.switches.time_zone)
    if form == "epoch":
        return int(seconds)
    if form == "epoch text":
        return str(int(seconds))
    moment = datetime.datetime.fromtimestamp(seconds, zone)
    return f"{moment:%Y-%m-%d %H:%M:%S}" if form == "naive text" else moment.isoformat(timespec="seconds")


_PLACE = r"/logview/adom/(?P<adom>[^/]+)"
ROUTES = (
    route("get", _PLACE + r"/logfiles/state", files),
    route("get", _PLACE + r"/logstats", statistics),
)

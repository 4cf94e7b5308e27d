# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Log types: their names, which events write into them, and how many lines.

See protocol_fortianalyzer.rst, "Log search".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..events import Event
from . import fields
from .fields import Fields

_NAMES = (
    "app-ctrl attack content dlp emailfilter event generic history im sniffer traffic virus voip webfilter netscan"
    " fct-event fct-traffic fct-netscan waf gtp dns ssh ssl file-filter asset protocol siem ztna security"
).split()
_ALIASES = {"anomaly": "attack", "icap": "protocol", "virtual-patch": "security"}


@dataclass(frozen=True)
class LogType:
    """Which lines there are; a count of zero leaves an event out."""

    name: str
    lines: Callable[[Event], int]
    fields: Fields


def _nothing(event: Event) -> int:
    return 0


def _incidents(*logs: str) -> Callable[[Event], int]:
    """One line for each incident that FortiView counts."""
    return lambda event: event.incidents if event.log in logs else 0


def _sites(event: Event) -> int:
    return event.sessions if event.domain and event.log in ("webfilter", "traffic") else 0


def _applications(event: Event) -> int:
    seen = event.log in ("app-ctrl", "traffic") and event.app and event.threat != "blocked-connection"
    return event.sessions if seen else 0


def _sessions(event: Event) -> int:
    """Every session has its traffic log, those that carried a threat too."""
    return event.sessions


_WRITTEN = (
    LogType("attack", _incidents("attack", "anomaly"), fields.ATTACK),
    LogType("virus", _incidents("virus"), fields.VIRUS),
    LogType("webfilter", _sites, fields.WEBFILTER),
    LogType("app-ctrl", _applications, fields.APP_CTRL),
    LogType("traffic", _sessions, fields.TRAFFIC),
    LogType("event", _incidents("event"), fields.EVENT),
)
LOG_TYPES: dict[str, LogType] = {
    **{name: LogType(name, _nothing, fields.COMMON) for name in _NAMES},
    **{kind.name: kind for kind in _WRITTEN},
}


def find_log_type(name: object) -> LogType | None:
    """A log type by its name or alias; `ips` is neither."""
    return LOG_TYPES.get(_ALIASES.get(name, name)) if isinstance(name, str) else None


def written_by(event: Event) -> LogType:
    """The log that a threat's own lines are in."""
    return LOG_TYPES["attack" if event.log == "anomaly" else event.log]

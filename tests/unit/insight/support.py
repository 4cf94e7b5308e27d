# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the tests of reports and notifications are given: results, lines of the audit log, and notifications."""

from __future__ import annotations

import typing as t

from browser.hostile import NAMES

MENTIONS = (
    "<!channel>",
    "<!here|here>",
    "<@U024BE7LH>",
    "<https://evil.example|Sign in>",
    "@channel @here @everyone",
    "*bold* _italic_ ~gone~ `code` :fire:",
    "> quote",
    "[Sign in](https://evil.example)",
    "**bold** <at>everyone</at>",
    "1. list\n- item\n# head",
    "{{DATE(2026-03-01T00:00:00Z,LONG)}}",
    "a\r\nBcc: victim@example.com",
    "\x00\x07\x1b]0;title\x07",
    "&amp; &lt;b&gt;",
)
HOSTILE = (*NAMES, *MENTIONS)
Data = dict[str, t.Any]


def plain(**more: t.Any) -> Data:
    return {
        "title": "2 addresses blocked",
        "level": "warning",
        "text": "On two FortiGates.",
        "facts": [{"name": "Addresses", "value": 2}, {"name": "Share", "value": "82 %"}],
        "rows": [
            {"address": "203.0.113.7", "threats": ["SQL.Injection", "XSS"], "incidents": 42, "note": None},
            {"address": "203.0.113.9", "threats": "Mirai.Botnet", "incidents": 7},
        ],
        "link": "https://awx.example.com/?job=42&x=1",
        "key": "run 42",
        **more,
    }


def full_of(name: str) -> Data:
    """The name in every field."""
    return {
        "title": name,
        "level": "critical",
        "text": name,
        "facts": [{"name": name, "value": name}] * 25,
        "rows": [{name: name, f"{name} 2": [name, name], "n": 1}] * 300,
        "link": name,
        "key": name,
    }


def strings(value: object) -> t.Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield str(key)
            yield from strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from strings(one)


def result(name: str = "top_threats", adom: str = "root", view: str = "top-threats", **more: t.Any) -> dict[str, t.Any]:
    rows = [
        {"threat": "SQL.Injection", "severity": "critical", "incidents": 50, "blocked": 40, "detected": 10},
        {"threat": "udp_flood", "severity": "low", "incidents": 50, "blocked": 50, "detected": 0},
    ]
    return {
        "name": name,
        "adom": adom,
        "view": view,
        "complete": True,
        "total": 2,
        "rows": rows,
        "warnings": [],
        **more,
    }


def line(result: str, host: str = "hq", serial: str = "S1", **more: t.Any) -> dict[str, t.Any]:
    return {
        "address": "198.51.100.7",
        "result": result,
        "time": "2026-03-01T10:00:00Z",
        "host": host,
        "serial": serial,
        **more,
    }

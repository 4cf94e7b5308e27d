# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The replies that public descriptions print for top sources, top threats and IOC analysis, decoded."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import TaskGone
from ansible_collections.secops.fortiview.plugins.module_utils._protocol.reply import decode

OK = {"code": 0, "message": "OK"}
SOURCES = [
    {"srcip": "10.0.1.150", "hostname": "LAPTOP-USER01", "sessions": 4523, "bytes": 2147483648, "bandwidth": 45678901},
    {"srcip": "10.0.1.75", "hostname": "DESKTOP-IT01", "sessions": 3891, "bytes": 1879048192, "bandwidth": 39012345},
    {"srcip": "10.0.1.45", "hostname": "SERVER-APP01", "sessions": 3204, "bytes": 1610612736, "bandwidth": 33456789},
]
THREATS = [
    {"threat": "SQL.Injection", "threattype": "ips", "severity": "critical", "incidents": 1523, "sources": 15},
    {"threat": "XSS.Generic", "threattype": "ips", "severity": "high", "incidents": 892, "sources": 8},
    {"threat": "Botnet.CnC.Generic", "threattype": "ips", "severity": "critical", "incidents": 456, "sources": 3},
]
IOC = [
    {"threat": "Trojan.Emotet", "threattype": "virus", "severity": "critical", "incidents": 1523, "blocked": 1523},
    {"threat": "Botnet.CnC.Zeus", "threattype": "ips", "severity": "critical", "incidents": 892, "blocked": 892},
]


@pytest.mark.parametrize(
    "body, tid",
    [
        ({"result": [{"data": {"tid": 12450}, "status": OK}]}, 12450),
        (
            {
                "result": [{"data": {"tid": 12470}, "status": OK, "url": "/fortiview/adom/root/top-threats/run"}],
                "session": "x",
                "id": 1,
            },
            12470,
        ),
    ],
)
def test_submits(body: dict[str, t.Any], tid: int) -> None:
    reply = decode(body)
    assert reply.tid == tid
    assert reply.rows("threats") == []


@pytest.mark.parametrize(
    "tid, total, key, rows",
    [(12450, 10, "sources", SOURCES), (12460, 25, "threats", THREATS), (12470, 42, "threats", IOC)],
)
def test_results(tid: int, total: int, key: str, rows: list[dict[str, t.Any]]) -> None:
    data = {"tid": tid, "status": "done", "percentage": 100, "total": total, key: rows}
    reply = decode({"result": [{"data": data, "status": OK}]})
    assert (reply.tid, reply.done(key), reply.percentage, reply.total) == (tid, True, 100, total)
    assert reply.rows(key) == rows


@pytest.mark.parametrize("tid, percentage", [(12450, 65), (12460, 68), (12470, 68)])
def test_running(tid: int, percentage: int) -> None:
    data = {"tid": tid, "status": "running", "percentage": percentage}
    reply = decode({"result": [{"data": data, "status": OK}]})
    assert (reply.done("threats"), reply.percentage) == (False, percentage)


def test_an_unknown_task() -> None:
    with pytest.raises(TaskGone, match="Invalid task ID"):
        decode({"result": [{"status": {"code": -3, "message": "Invalid task ID"}}]})

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One read of several VDOMs (protocol_fortigate.rst, "VDOMs")."""

from __future__ import annotations

import pytest

ADDRESS, SSL = "cmdb/firewall/address", "monitor/vpn/ssl"


def replies(client, path, vdom="*"):
    reply = client.send("GET", f"{path}?vdom={vdom}")
    return reply.status_code, reply.json()


@pytest.mark.parametrize("vdom", ["*", "root,guest", "%2A"])
def test_each_vdom_answers_for_itself(fortigate, client, vdom):
    client.post(f"{ADDRESS}?vdom=guest", {"name": "only-here", "subnet": "198.51.100.7/32"})
    status, found = replies(client, ADDRESS, vdom)
    assert status == 200 and [one["vdom"] for one in found] == ["root", "guest"]
    assert {one["status"] for one in found} == {"success"} and {one["serial"] for one in found} == {fortigate.serial}
    having = [one["vdom"] for one in found if "only-here" in [obj["name"] for obj in one["results"]]]
    assert having == ["guest"]


def test_the_monitor_tree_too(client):
    _status, found = replies(client, SSL)
    assert [(one["vdom"], one["http_status"]) for one in found] == [("root", 200), ("guest", 200)]


def test_a_table_that_is_missing_is_said_by_each(fortigate, client):
    fortigate.switches.missing = ["firewall/vip6"]
    _status, found = replies(client, "cmdb/firewall/vip6")
    assert [(one["vdom"], one["status"], one["http_status"]) for one in found] == [
        ("root", "error", 404),
        ("guest", "error", 404),
    ]


def test_who_may_not_read_one_gets_none(fortigate, client):
    fortigate.switches.vdoms_allowed = ["root"]
    assert replies(client, ADDRESS)[0] == 403


def test_a_write_names_one_vdom(client):
    assert client.post(f"{ADDRESS}?vdom=*", {"name": "a", "subnet": "198.51.100.7/32"}).status_code == 403


@pytest.mark.parametrize(
    "form, expected", [("short", (200, ["root"])), ("refused", (403, None)), ("ignored", (403, None))]
)
def test_others_answer_otherwise(fortigate, client, form, expected):
    fortigate.switches.several_vdoms = form
    status, found = replies(client, ADDRESS)
    assert (status, [one["vdom"] for one in found] if isinstance(found, list) else None) == expected

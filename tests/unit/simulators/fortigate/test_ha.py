# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The members of a cluster (protocol_fortigate.rst, "HA members")."""

from __future__ import annotations

import pytest

OWN, OTHER = "FG100FTK20000001", "FG100FTK20000002"
PEERS = "monitor/system/ha-peer"
PAIR = {"ha_members": [{"serial_no": OTHER, "hostname": "fgt-hq-b"}]}


def members(client) -> list[tuple[str, str]]:
    return [(one["serial_no"], one["hostname"]) for one in client.results(f"{PEERS}?vdom=root")]


@pytest.mark.parametrize("scope", ["vdom=root", "vdom=guest", "scope=global"])
def test_a_cluster_lists_all_members_and_which_one_is_primary(fortigate, client, scope):
    fortigate.switches.update(PAIR)
    reply = client.get(f"{PEERS}?{scope}")
    reply = reply[0] if isinstance(reply, list) else reply
    assert [(one["serial_no"], one["hostname"], one.get("primary", False)) for one in reply["results"]] == [
        (OWN, "fgt-hq", True),
        (OTHER, "fgt-hq-b", False),
    ]
    assert all({"vcluster_id", "priority"} <= set(one) for one in reply["results"]) and reply["serial"] == OWN


@pytest.mark.parametrize("alone, found", [("empty", []), ("itself", [(OWN, "fgt-hq")])])
def test_without_a_cluster_it_is_not_known_what_the_list_has(fortigate, client, alone, found):
    fortigate.switches.update({"ha_peer_alone": alone})
    assert members(client) == found


def test_an_old_release_without_a_cluster_has_no_list(fortigate, client):
    fortigate.switches.update({"version": "v6.0.9"})
    assert client.send("GET", f"{PEERS}?vdom=root").status_code == 404
    fortigate.switches.update(PAIR)
    assert len(members(client)) == 2
    fortigate.switches.update({"version": "v7.4.8", "ha_members": [], "ha_peer_alone": "not_found"})
    assert client.send("GET", f"{PEERS}?vdom=root").status_code == 404


def test_a_failover_exchanges_the_members(fortigate, client):
    fortigate.switches.update(PAIR)
    fortigate.ha_failover()
    assert members(client) == [(OTHER, "fgt-hq-b"), (OWN, "fgt-hq")]
    reply = client.get("monitor/system/status?vdom=root")
    assert (reply["serial"], reply["results"]["hostname"]) == (OTHER, "fgt-hq-b")
    fortigate.ha_failover()
    assert members(client) == [(OWN, "fgt-hq"), (OTHER, "fgt-hq-b")]

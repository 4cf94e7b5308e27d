# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What attackers, careless inventories and cut-off runs try on the way from rows to targets."""

from __future__ import annotations

import pathlib
import socket
import subprocess
import sys
import typing as t

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.secops.fortiview.plugins.filter import block_infrastructure as bi
from ansible_collections.secops.fortiview.plugins.module_utils._blocking import infrastructure, ledger, plans
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.rails import parse_rails, plan
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.secops.fortiview.plugins.module_utils._hunting.policy import judge, parse_policy, sighted_in
from ansible_collections.secops.fortiview.plugins.module_utils._hunting.sightings import sightings

ROOT = pathlib.Path(__file__).resolve().parents[3]
PLACE = {"serial": "S", "vdom": "root", "method": "feed_push", "list": "soc-block"}
NOW, LATER = "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"


def roles(row: dict[str, t.Any], masked: t.Sequence[str] = ()) -> dict[str, t.Optional[str]]:
    return {one.address: one.role for one in sightings(row, "threat-src-dst", "root", masked, "way")}


@pytest.mark.parametrize("kind", ["virus", "Malicious Websites", "phishing"])
def test_who_fetches_from_our_server_is_no_attacker(kind: str) -> None:
    row = {"threat": "EICAR", "threattype": kind, "srcip": "198.51.100.9", "dstip": "172.16.1.10"}
    assert roles(row)["198.51.100.9"] != "attacker"


@pytest.mark.parametrize(
    "row, masked, address",
    [
        (
            {"threat": "EICAR", "threattype": "virus", "srcip": "10.9.9.9", "dstip": "198.51.100.9"},
            "srcip",
            "198.51.100.9",
        ),
        (
            {"threat": "SQL.Injection", "threattype": "ips", "srcip": "198.51.100.9", "dstip": "10.9.9.9"},
            "dstip",
            "198.51.100.9",
        ),
    ],
)
def test_a_pseudonym_decides_no_role(row: dict[str, str], masked: str, address: str) -> None:
    assert roles(row, [masked])[address] is None


def test_a_mask_counts_for_every_spelling_of_the_column() -> None:
    row = {"threat": "SQL.Injection", "threattype": "ips", "src_ip": "198.51.100.9"}
    assert [one.network for one in sightings(row, "x", "root", ["srcip"], "way")] == [None]


def test_who_was_refused_stays_refused() -> None:
    one = {"address": "198.51.100.7", "role": "attacker", "refused": True, "reasons": ["srcip is masked"]}
    assert plan([one], parse_rails({}))["accepted"] == []


def test_a_name_from_the_attacker_makes_no_botnet() -> None:
    row = {
        "threat": "botnet.cdn.example.net",
        "threattype": "Unrated",
        "obf_url": "x",
        "srcip": "10.1.2.3",
        "dstip": "198.51.100.9",
    }
    assert roles(row)["198.51.100.9"] is None


@pytest.mark.parametrize(
    "row",
    [
        {"srcip": "198.51.100.9", "sessions": 5, "incidents": 0, "threatweight": 0},
        {"srcip": "198.51.100.9", "action": "accept"},
    ],
)
def test_without_a_threat_nobody_attacked(row: dict[str, t.Any]) -> None:
    assert judge(sighted_in([row]).sightings, parse_policy({}))["offenders"] == []


def test_a_torn_line_does_not_swallow_the_next(tmp_path: pathlib.Path) -> None:
    audit = tmp_path / "audit.jsonl"
    audit.write_text('{"ip": "198.51.100.7", "resu')
    line = ledger.lines_of([{"ip": "198.51.100.8", "result": "blocked"}])
    subprocess.run(
        [sys.executable, str(ROOT / "roles/fortigate_block/files/append_lines.py"), str(audit)],
        input=line.encode(),
        check=True,
    )
    assert [one["ip"] for one in ledger.read_lines(audit.read_text())[0]] == ["198.51.100.8"]


def test_a_host_within_a_blocked_network_is_not_absent() -> None:
    job = plans.parse_job({"method": "feed_push", "now": "2026-01-01T00:00:00Z", "lifting": True})
    got = plans.plan(job, [{"ip": "198.51.100.7"}], [plans.Reading("root", {"198.51.100.0/24": "present"})])
    assert got["verdict"] or got["steps"][0]["action"] != "absent"


@pytest.mark.parametrize("text", ["4000::1", "100::1", "192.0.0.1", "192.88.99.1"])
def test_reserved(text: str) -> None:
    assert plan([text], parse_rails({}))["accepted"] == []


def test_infrastructure_that_is_a_host_too_must_be_resolved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bi, "_resolved", lambda name: [])
    with pytest.raises(AnsibleFilterError, match=r"faz\.example\.com"):
        bi.block_infrastructure([("faz.example.com", "")], ["faz.example.com"])


def test_a_resolver_that_fails_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*a: t.Any, **k: t.Any) -> t.Any:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", fails)
    with pytest.raises(AnsibleFilterError, match="web1"):
        bi.block_infrastructure([("web1.example.com", "")])


def test_hosts_are_known_by_any_of_their_addresses() -> None:
    found = bi.block_infrastructure(
        [("web1", "192.0.2.10", ""), ("web2", "", "192.0.2.11"), ("web3", "192.0.2.12", "192.0.2.13")]
    )
    assert {f"192.0.2.{number}" for number in (10, 11, 12, 13)} <= {one["address"] for one in found["protected"]}


def test_a_host_that_is_a_domain_name_must_have_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bi, "_resolved", lambda name: [])
    with pytest.raises(AnsibleFilterError, match=r"web1\.example\.com"):
        bi.block_infrastructure([("web1.example.com", "", "")])
    with pytest.raises(AnsibleFilterError, match="web2"):
        bi.block_infrastructure([("bag", "", "web2")])
    assert [one["name"] for one in bi.block_infrastructure([("bag", "", "")])["unresolved"]] == ["bag"]


STATIC = {"name": "lan", "mode": "static", "ip": "10.1.1.1 255.255.255.0", "status": "up"}


@pytest.mark.parametrize(
    "interface, known",
    [
        ({"mode": "dhcp", "ip": "0.0.0.0 0.0.0.0"}, False),
        ({"mode": "pppoe", "ip": "0.0.0.0 0.0.0.0", "status": "up"}, False),
        ({"ip": "203.0.113.1 255.255.255.0", "ipv6": {"ip6-mode": "dhcp", "ip6-address": "::/0"}}, False),
        ({"mode": "dhcp", "ip": "0.0.0.0 0.0.0.0", "status": "down"}, True),
        ({"mode": "dhcp", "ip": "203.0.113.1 255.255.255.0"}, True),
        ({"mode": "static", "ip": "0.0.0.0 0.0.0.0"}, True),
    ],
)
def test_an_interface_whose_address_nobody_tells(interface: dict[str, t.Any], known: bool) -> None:
    reply = {"meta": {"status": "success", "http_status": 200, "results": [STATIC, {"name": "wan1", **interface}]}}
    if known:
        assert bi.block_infrastructure(interfaces=[reply])["unresolved"] == []
        return
    with pytest.raises(AnsibleFilterError, match="wan1"):
        bi.block_infrastructure(interfaces=[reply])
    (left,) = bi.block_infrastructure(interfaces=[reply], on_unresolved="skip")["unresolved"]
    assert "wan1" in left["name"]


@pytest.mark.parametrize("text", ["203.0.113.010", "203.0.113", "3405803777", "0xcb007101"])
def test_no_other_address_is_protected_than_the_one_written(text: str) -> None:
    with pytest.raises(AnsibleFilterError):
        bi.block_infrastructure([("faz", text)])


def test_interfaces_without_any_address_were_not_read() -> None:
    with pytest.raises(InvalidInput):
        infrastructure.of_interfaces(
            infrastructure.results_in({"meta": {"status": "success", "results": {}}}, 0, "interfaces")
        )


def test_volume_alone_makes_an_offender_only_where_it_is_asked_for() -> None:
    row = {"srcip": "198.51.100.9", "sessions": 5000, "incidents": 0}
    assert judge(sighted_in([row]).sightings, parse_policy({"min_incidents": 0}))["offenders"] == []
    assert judge(sighted_in([row]).sightings, parse_policy({"min_sessions": 1000}))["offenders"]


def test_what_the_customer_never_blocks_is_stronger_than_allow_private() -> None:
    given = {"never": ["10.0.0.0/8", "192.168.0.0/16"], "never_extra": ["192.168.0.0/16"], "allow_private": True}
    assert [one["ip"] for one in plan(["192.168.7.7", "10.7.7.7"], parse_rails(given))["accepted"]] == ["10.7.7.7"]


@pytest.mark.parametrize("word", ["attempted", "left"])
def test_a_block_that_nobody_finished_is_ours_and_ends(word: str) -> None:
    step = {"vdom": "root", "ip": "198.51.100.7", "action": "add", "ttl": 60, "before": None}
    written = ledger.records([step], {"time": NOW, "run_id": "r", **PLACE}, {"add": word}, {})
    assert ledger.expired(ledger.ours(written, PLACE, LATER), LATER) == ["198.51.100.7"]


def test_a_line_with_a_bad_date_is_unreadable_and_stops_no_other() -> None:
    dates = {"198.51.100.7": "garbage", "198.51.100.8": NOW}
    lines = ledger.lines_of([{**PLACE, "result": "blocked", "ip": ip, "expires": date} for ip, date in dates.items()])
    found, unreadable = ledger.read_lines(lines)
    assert ledger.expired(ledger.ours(found, PLACE, LATER), LATER) == ["198.51.100.8"]
    assert unreadable == 1


def test_the_audit_file_is_read_from_text_and_from_lines() -> None:
    lines = ledger.lines_of([{**PLACE, "result": "blocked", "ip": "198.51.100.7", "expires": NOW}])
    assert ledger.read_lines(lines) == ledger.read_lines(lines.splitlines()) != ([], 0)


def test_an_object_of_another_kind_with_our_name_is_left_alone() -> None:
    job = plans.parse_job({"method": "addrgrp", "now": NOW, "group": "G", "group6": "G6"})
    reply = {"status": "success", "http_status": 200}
    tables: list[list[dict[str, t.Any]]] = [
        [{"name": "G", "member": []}], [{"name": "G6", "member": []}], [{"name": "blk-198.51.100.7", "type": "fqdn"}], [], []
    ]  # fmt: skip
    readings = plans.read(job, [{"item": "root", "meta": [{**reply, "results": table} for table in tables]}])
    planned = plans.plan(job, [{"ip": "198.51.100.7", "ttl": 3600, "reason": "", "evidence": ""}], readings)
    assert "blk-198.51.100.7" in planned["verdict"]

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a report says first, and that it is never calmer than its data."""

from __future__ import annotations

import ast
import typing as t
from pathlib import Path

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._insight.effect import UNPROVEN
from ansible_collections.secops.fortiview.plugins.module_utils._insight.report import Report
from ansible_collections.secops.fortiview.plugins.module_utils._query import log_clock
from ansible_collections.secops.fortiview.plugins.module_utils._tasks import job

from support.reports import make_report

DEVICE = "FG100FTK20000001"
FAILED = {"name": "b", "adom": "Branch", "view": "top-threats", "msg": "HTTP 500"}
UNKNOWN_DEVICE = "x: no rows for fgt-b. FortiAnalyzer also returns none for a device that this ADOM does not have."
SILENT = "FortiAnalyzer reported neither progress nor rows nor the end of the task, so the reply counts as no rows."

Row = dict[str, t.Any]


def threat(detected: object = 5, severity: str = "critical", name: str = "SQL.Injection", **more: t.Any) -> Row:
    return {"threat": name, "severity": severity, "incidents": 9, "blocked": 4, "detected": detected, **more}


def pair(address: str = "198.51.100.1", detected: int = 5, name: str = "SQL.Injection", **more: t.Any) -> Row:
    fixed = {"threattype": "ips", "dstip": "10.0.0.1", "incidents": detected, "fortigate": DEVICE}
    return {"threat": name, "srcip": address, "blocked": 0, "detected": detected, **fixed, **more}


def answer(rows: list[Row], view: str = "top-threats", adom: str = "root", **more: t.Any) -> Row:
    return {"name": view, "view": view, "adom": adom, "complete": True, "total": len(rows), "rows": rows, **more}


def line(result: str = "blocked", host: str = "fgt-hq", serial: str = DEVICE, **more: t.Any) -> Row:
    known = {"address": "198.51.100.1", "time": "2026-03-01T10:00:00Z", "vdom": "root", "method": "addrgrp"}
    return {"result": result, "host": host, "serial": serial, "list": "x", **known, **more}


def report(rows: list[Row], pairs: t.Optional[list[Row]] = None, **more: t.Any) -> Report:
    behind = None if pairs is None else [answer(pairs, "threat-src-dst")]
    return make_report([answer(rows)], "x", attackers=behind, **more)


def verdict(rows: list[Row], pairs: t.Optional[list[Row]] = None, **more: t.Any) -> tuple[str, list[str]]:
    found = report(rows, pairs, **more).found.verdict
    assert found is not None
    return found["level"], found["sentences"]


def test_an_open_attack_needs_action() -> None:
    assert verdict([threat(), threat(3, "low", "scan")], [pair()], audit=[line("blocked", address="203.0.113.9")]) == (
        "action",
        [
            "1 critical threat got through in 5 incidents, from 1 attacking address.",
            "The attacking address needs a decision (none is known to be blocked).",
            "1 other address is blocked on 1 FortiGate: 203.0.113.9.",
        ],
    )


def test_what_is_blocked_where_it_was_seen_is_under_control() -> None:
    level, said = verdict([threat()], [pair()], audit=[line()])
    assert (level, said[1:]) == (
        "control",
        ["The attacking address is blocked.", "1 address is blocked on 1 FortiGate: 198.51.100.1."],
    )


@pytest.mark.parametrize(
    ("audit", "pairs", "why"),
    [
        ([line("failed")], [pair()], "it could not be blocked"),
        ([line(), line("failed", "fgt-b", "S2")], [pair()], "it could not be blocked on one of two"),
        ([line(serial="S2")], [pair()], "another FortiGate has logged it"),
        ([line("refused")], [pair()], "a guardrail refused it"),
        ([line("removed")], [pair()], "it was unblocked"),
        ([line()], [pair(fortigate="")], "nothing says where it was seen"),
        ([line("published", "", "", method="feed_file")], [pair()], "nothing says who fetches the file"),
        ([line(method="ban")], [pair("10.0.0.1", dstip="198.51.100.1", threattype="botnet")], "bans stop sources"),
        ([line()], [pair(), pair("198.51.100.2")], "there is another attacker"),
        ([line()], [], "no attacker is known"),
        ([line()], [pair(detected=4)], "an incident has no attacker"),
        ([line("written, not verified")], [pair()], "the block was not verified"),
        ([], [pair()], "there is no audit"),
    ],
)
def test_a_block_that_may_not_stop_it_settles_nothing(audit: list[Row], pairs: list[Row], why: str) -> None:
    assert verdict([threat()], pairs, audit=audit)[0] == "action", why


def test_a_network_that_is_blocked_holds_its_addresses() -> None:
    assert verdict([threat()], [pair()], audit=[line(address="198.51.100.0/24")])[0] == "control"


def effect(state: str, **more: t.Any) -> Row:
    row = {"address": "198.51.100.1", "state": state, "blocked": 7, "detected": 2, "fortigates": ["fgt-hq/root"]}
    row.update(methods=["ban"], since=None, until="permanent", notes=[], list_hits=None, list_last_hit=None)
    row.update(more)
    totals = {"gets through": 0, "stopped": 0, "nothing": 0, "not known": 0, state: 1}
    return {"start": None, "end": "2026-03-01T10:00:00Z", "rows": [row], "totals": totals, "gaps": [], "notes": []}


@pytest.mark.parametrize(
    ("state", "level"),
    [("stopped", "control"), ("nothing", "control"), ("gets through", "action"), ("not known", "action")],
)
def test_the_effect_of_a_block_decides(state: str, level: str) -> None:
    made = report([threat()], [pair()], effect=effect(state))
    assert made.found.verdict is not None and made.found.verdict["level"] == level
    assert made.found.attention[0]["since"] == "198.51.100.1: 7 stopped, 2 got through"
    assert ("gets through" in made.found.attention[0]["block"]) is (state == "gets through")
    # What still gets through needs a decision, whatever the ranking of threats shows.
    assert verdict([], [], effect=effect("gets through"))[0] == "action"


def test_what_a_ban_has_stopped_as_source_says_nothing_of_hosts_that_connect_to_it() -> None:
    behind = [pair("10.0.0.1", dstip="198.51.100.1", threattype="botnet")]
    assert verdict([threat()], behind, effect=effect("stopped"))[0] == "action"
    assert verdict([threat()], behind, effect=effect("stopped", methods=["addrgrp"]))[0] == "control"


def test_nothing_got_through() -> None:
    low = [threat(0), threat(9, "medium", "scan")]
    assert verdict(low, [], audit=[line()]) == (
        "control",
        ["No critical or high threat got through.", "1 address is blocked on 1 FortiGate: 198.51.100.1."],
    )
    assert verdict([])[0] == "control"


@pytest.mark.parametrize(
    ("given", "doubt"),
    [
        ({"results": [answer([threat(0)])], "failed_queries": [FAILED]}, "1 query failed."),
        ({"results": [], "failed_queries": [FAILED]}, "1 query failed."),
        ([answer([threat(0)], complete=False)], "1 query failed."),
        ([answer([threat(0)], total=2)], "The ranking of threats in root may be cut after 1 row."),
        (
            [answer([threat(0)], total=None, query={"limit": 1})],
            "The ranking of threats in root may be cut after 1 row.",
        ),
        ([answer([threat(None)])], "The number of detected incidents is missing for 1 threat in root."),
        ([answer([threat("many")])], "The number of detected incidents is missing for 1 threat in root."),
        ([answer([threat(5, "")])], "The severity of 1 threat that got through in root is not known."),
        ([answer([threat(0)], warnings=["The newest log is 3 hours old."])], "The newest log is 3 hours old."),
        ([answer([], warnings=[UNKNOWN_DEVICE])], UNKNOWN_DEVICE),
        ([answer([], warnings=[SILENT])], SILENT),
        (
            [answer([threat(0)], total=3, query={"limit": 10, "offset": 2})],
            "The ranking of threats in root starts after 2 rows.",
        ),
        (
            [answer([threat(0)], query={"filter": 'severity=="low"'})],
            "The ranking of threats in root has a filter, which can exclude threats.",
        ),
        (
            [answer([threat(0)]), answer([threat(3), threat(0, name="b")])],
            "Another ranking of threats in root shows that 1 more critical or high threat got through.",
        ),
        ({"results": [answer([], complete=False)], "failed_queries": []}, "1 query failed."),
    ],
)
def test_incomplete_data_proves_nothing(given: t.Any, doubt: str) -> None:
    made = make_report(given, "x", partial=True, audit=[line()])
    assert made.found.verdict is not None
    assert made.found.verdict["level"] == "unknown" and doubt in made.found.verdict["doubts"]
    assert "is not known" in made.found.verdict["sentences"][0]
    assert "No critical or high threat got through" not in str(made.shown)
    # What is seen needs action all the same.
    both = make_report([answer([threat()]), answer([threat(0)], adom="B", total=2)], "x", partial=True).found.verdict
    assert both is not None and both["level"] == "action" and both["doubts"]


@pytest.mark.parametrize(
    ("devices", "said"),
    [
        ([[{"devid": "All_Devices"}], None, []], ""),
        ([[{"devname": "All_Device"}], [{"devid": "All_FortiGate"}]], ""),
        (["a"], ""),
        ([[{"devid": DEVICE}], [{"devid": DEVICE}]], f" Only these devices were queried: {DEVICE}."),
        (
            [[{"devname": "c"}, {"devname": "a"}], [{"devname": "b"}]],
            " Only these devices were queried: a, b and 1 more.",
        ),
        # One ADOM whole, another in part.
        ([[{"devid": "All_Devices"}], [{"devname": "a"}]], " In B1, only these devices were queried: a."),
    ],
)
def test_a_part_of_the_devices_is_named(devices: list[t.Any], said: str) -> None:
    results = [answer([threat(0)], adom=f"B{place}", device=device) for place, device in enumerate(devices)]
    found = make_report(results, "x").found.verdict
    assert found is not None and found["sentences"][0] == f"No critical or high threat got through.{said}"


def test_addresses_are_a_lower_bound_where_some_are_not_known() -> None:
    for behind in (
        answer([pair()], "threat-src-dst", total=9),
        answer([pair(), pair("192.0.2.1", dstip="192.0.2.2")], "threat-src-dst"),
        answer([pair()], "threat-src-dst", masked_fields=["dstip"]),
    ):
        made = make_report([answer([threat()])], "x", attackers=behind)
        assert made.found.verdict is not None
        assert (
            "from at least 1 attacking address" in made.found.verdict["sentences"][0]
            or not made.found.verdict["addresses"]
        )
    two = make_report(
        [answer([threat()]), answer([threat()], adom="B")], "x", attackers=answer([pair()], "threat-src-dst")
    )
    assert two.found.verdict is not None and "at least 1 attacking address" in two.found.verdict["sentences"][0]
    assert "not queried for the addresses behind the threats in B" in str(two.shown["attention"]["notes"])


def periods(then: list[Row], now: list[Row], **more: t.Any) -> list[Row]:
    return [{"name": "before", "results": [answer(then, **more)]}, {"name": "now", "results": [answer(now)]}]


def changes(made: Report) -> dict[str, str]:
    return {one["label"]: one["change"] for one in made.shown["headline"]}


def test_the_period_before() -> None:
    now = [threat(15), threat(2, "low", "scan")]
    made = report(now, [], periods=periods([threat(10), threat(10, name="b")], now))
    assert made.found.verdict is not None
    assert "15 incidents (before: 20; \u221225 %)" in made.found.verdict["sentences"][0]
    assert changes(made) == {
        "Incidents": "no change vs before",
        "Critical got through": "\u22121 vs before",
        "Incidents blocked": "+3 points vs before",
        "Got through": "\u221215 % vs before",
        "New threats": "",
    }
    cut = report(now, [], periods=periods([threat(10), threat(10, name="b")], now, total=9))
    assert changes(cut)["Got through"] == "\u221215 % ? vs before"


def test_periods_of_other_data_are_not_compared_with_the_numbers() -> None:
    made = report([threat(15)], [], periods=periods([threat(10)], [threat(14)]))
    assert set(changes(made).values()) == {""}
    other = periods([threat(10)], [threat(15)])
    for period, hours in zip(other, (24, 48)):
        end = f"2026-03-{1 + hours // 24:02d}T00:00:00Z"
        period["results"][0]["time_range"] = {"start": "2026-03-01T00:00:00Z", "end": end, "timezone": None}
    assert set(changes(report([threat(15)], [], periods=other)).values()) == {""}


def test_the_number_of_before_is_beside_the_incidents_and_not_beside_the_addresses() -> None:
    now = [threat(15)]
    made = report(now, [pair(detected=15)], periods=periods([threat(10)], now))
    assert made.found.verdict is not None
    assert made.found.verdict["sentences"][0] == (
        "1 critical threat got through in 15 incidents (before: 10; +50 %), from 1 attacking address."
    )


@pytest.mark.parametrize(
    ("audit", "said"),
    [
        (
            [line(address="203.0.113.9")],
            [
                "All 3 attacking addresses need a decision (none is known to be blocked).",
                "1 other address is blocked on 1 FortiGate: 203.0.113.9.",
            ],
        ),
        (
            [line(), line("refused", address="198.51.100.2", refusals=["private"])],
            [
                "Of the 3 attacking addresses, 1 is blocked and 2 need a decision (none is known to be blocked, 198.51.100.2 refused).",
                "1 address is blocked on 1 FortiGate: 198.51.100.1; a guardrail refused to block 1 address: 198.51.100.2 (private).",
            ],
        ),
        (
            [line(), line(address="198.51.100.2"), line(address="198.51.100.3", serial="S2")],
            [
                "Of the 3 attacking addresses, 2 are blocked and 1 needs a decision (1 blocked, but not on every FortiGate or without effect).",
                "3 addresses are blocked on 1 FortiGate.",
            ],
        ),
        # A network holds its addresses; the number of what is blocked is not that of attackers.
        (
            [line(address="198.51.100.0/24", serial="S2")],
            [
                "All 3 attacking addresses need a decision (3 blocked, but not on every FortiGate or without effect).",
                "1 address is blocked on 1 FortiGate: 198.51.100.0/24.",
            ],
        ),
        (
            [line(address="198.51.100.0/24")],
            ["All 3 attacking addresses are blocked.", "1 address is blocked on 1 FortiGate: 198.51.100.0/24."],
        ),
    ],
)
def test_the_attackers_that_are_blocked_and_those_that_need_a_decision_add_up(
    audit: list[Row], said: list[str]
) -> None:
    rows = [pair(), pair("198.51.100.2", 2), pair("198.51.100.3", 1)]
    found = report([threat(8)], rows, audit=audit).found.verdict
    assert found is not None
    assert found["sentences"][1:] == said
    assert found["sentences"][0].endswith("from 3 attacking addresses.") and len(found["addresses"]) == 3


def test_addresses_that_still_get_through_are_not_among_the_attackers() -> None:
    assert verdict([threat(0)], [], effect=effect("gets through"))[1] == [
        "No critical or high threat got through.",
        "1 other address is blocked, but still gets through.",
        "1 address is blocked on 1 FortiGate: 198.51.100.1.",
    ]


@pytest.mark.parametrize(
    ("ends", "now", "said"),
    [
        (["2026-03-01T12:00:00Z", "2026-03-01T11:00:00Z"], "2026-03-01T10:30:00Z", "2026-03-01T11:00:00Z"),
        (["2026-03-01T11:00:00Z", "2026-03-01T12:00:00Z"], None, "2026-03-01T11:00:00Z"),
        # This entry of a list was to be removed already.
        (["2026-03-01T12:00:00Z", "2026-03-01T11:00:00Z"], "2026-03-01T11:30:00Z", "2026-03-01T12:00:00Z"),
        (["2026-03-01T12:00:00Z", None], None, "2026-03-01T12:00:00Z"),
        ([None, None], None, ""),
    ],
)
def test_when_the_first_block_ends(ends: list[t.Optional[str]], now: t.Optional[str], said: str) -> None:
    audit = [line(address=f"203.0.113.{place}", expires=end) for place, end in enumerate(ends)]
    done = verdict([threat()], [pair()], audit=audit, now=now)[1][2]
    end = f" (earliest known end: {said})" if said else ""
    assert done == f"2 other addresses are blocked on 1 FortiGate: 203.0.113.0 and 203.0.113.1{end}."


def test_an_end_that_cannot_be_read_is_not_shown() -> None:
    for until in ("permanent", "<b>soon</b>", ""):
        done = verdict([], [], effect=effect("stopped", until=until))[1][1]
        assert done == "1 address is blocked on 1 FortiGate: 198.51.100.1."
    known = verdict([], [], effect=effect("stopped", until="2026-03-01T12:00:00Z"))[1][1]
    assert known.endswith("(earliest known end: 2026-03-01T12:00:00Z).")


def test_refused_addresses_are_named_with_the_reason_those_of_ours_first() -> None:
    refused = [
        line("refused", address="203.0.113.9", refusals=["on the exclusion list (203.0.113.0/28)"]),
        line("refused", address="10.1.1.20", refusals=["private address"]),
    ]
    said = (
        "a guardrail refused to block {}: 10.1.1.20 (private address), 203.0.113.9 (on the exclusion list) and 1 more."
    )
    done = verdict([threat()], [pair()], audit=[*refused, line("refused", address="203.0.113.90")])[1][2]
    assert done == f"No address is known to be blocked; {said.format('3 addresses')}"
    two = verdict([threat()], [pair()], audit=refused)[1][2]
    assert two.endswith("2 addresses: 10.1.1.20 (private address) and 203.0.113.9 (on the exclusion list).")
    long = line("refused", address="A" * 4096, refusals=["B" * 4096])
    assert len(verdict([threat()], [pair()], audit=[long])[1][2]) < 250


def test_how_many_threats_have_attackers_that_are_not_known() -> None:
    rows = [threat(), threat(name="b"), threat(name="c")]
    said = verdict(rows, [pair(), pair(detected=4, name="b")], audit=[line()])[1][1]
    assert said == "The attacking address is blocked; for 2 of the 3 threats, some or all attackers are not known."


@pytest.mark.parametrize(
    ("audit", "more", "text"),
    [
        (None, {}, "not known: no audit log was read"),
        ([line(address="203.0.113.9")], {}, "not blocked by us"),
        ([line("refused", refusals=["private", "ours"])], {}, "refused: private; ours"),
        ([line("failed")], {}, "failed on fgt-hq"),
        # Earlier lines, or those that cannot be read, may have its block.
        (
            [line(time="2026-02-01T10:00:00Z")],
            {"audit_since": "2026-03-01T00:00:00Z"},
            "no block in the lines read",
        ),
        ([line(address="203.0.113.9"), line(time="x")], {}, "no block in the lines read"),
    ],
)
def test_what_is_said_of_a_block(audit: t.Optional[list[Row]], more: Row, text: str) -> None:
    made = report([threat()], [pair()], audit=audit, **more)
    assert made.found.attention[0]["block"] == text
    notes = str(made.shown["attention"]["notes"])
    assert ("This report was created without an audit log" in notes) is (audit is None)
    assert ("Other rules of a FortiGate" in notes) is (text == "not blocked by us")


def test_an_address_with_another_state_than_the_others_is_named() -> None:
    rows = [pair("198.51.100.2", 3), pair("198.51.100.3", 1), pair()]
    made = report([threat(9)], rows, audit=[line("refused", refusals=["on the exclusion list"])])
    assert made.found.attention[0]["block"] == "2 not blocked by us; 198.51.100.1 refused: on the exclusion list"


def outgoing(host: str, detected: int, name: str, **more: t.Any) -> Row:
    return pair(host, detected, name, dstip="203.0.113.50", **more)


def test_hosts_of_ours_are_named_where_rows_show_their_side() -> None:
    rows = [
        pair("198.51.100.1", 5, dstip="10.0.0.9"),
        pair("198.51.100.1", 0, dstip="10.0.0.8"),
        # Both outside: it is not shown which of them is ours.
        pair("198.51.100.1", 7, dstip="198.51.100.9"),
        outgoing("10.0.0.5", 2, "Cobalt.Strike.Beacon"),
        outgoing("10.0.0.6", 4, "Cobalt.Strike.Beacon"),
        outgoing("10.0.0.7", 1, "Botnet.CnC.Generic"),
    ]
    threats = [threat(12), threat(6, name="Cobalt.Strike.Beacon"), threat(1, name="Botnet.CnC.Generic")]
    made = report(threats, rows)
    assert [(one["threat"], one["attackers"], one["hosts"], one["connected"]) for one in made.found.attention] == [
        # The attacker is not known, or it means an infected host: these are not below threats with more incidents.
        ("Cobalt.Strike.Beacon", [], ["10.0.0.6", "10.0.0.5"], ["10.0.0.6", "10.0.0.5"]),
        ("Botnet.CnC.Generic", ["203.0.113.50"], ["10.0.0.7"], ["10.0.0.7"]),
        ("SQL.Injection", ["198.51.100.1"], ["10.0.0.9"], []),
    ]
    masked = report(threats, [dict(row, masked_fields=["srcip"]) for row in rows])
    assert not any(one["connected"] for one in masked.found.attention)
    grid = made.shown["attention"]["grid"]
    titles = [column["title"] for column in grid["columns"]]
    assert titles.index("Got through") < titles.index("Attackers") < titles.index("Our hosts") < titles.index("Block")
    assert next(cells[titles.index("Attackers")].text for cells in grid["rows"]) == "not known"
    assert "Our hosts" not in str(report([threat()]).shown["attention"])


def test_the_share_of_incidents_whose_attacker_is_not_known_is_that_of_all_adoms() -> None:
    behind = [
        answer([pair(detected=30), outgoing("10.0.0.5", 10, "x")], "threat-src-dst"),
        answer([pair(detected=50), outgoing("10.0.0.5", 10, "x")], "threat-src-dst", "B"),
    ]
    said = "FortiAnalyzer does not show which address attacked in {} ({})."
    made = make_report([answer([threat()])], "x", attackers=behind)
    assert made.shown["attackers"]["notes"] == [said.format("20 of 100 incidents", "20 %")]
    behind[0]["rows"][0]["incidents"] = "many"
    made = make_report([answer([threat()])], "x", attackers=behind)
    assert made.shown["attackers"]["notes"] == [said.format("2 of 4 rows", "50 %")]


def test_an_attacker_has_first_what_got_through() -> None:
    rows = [pair(detected=0, name="Apache.Log4j"), pair(detected=1, name="scan"), pair(detected=5)]
    made = report([threat(), threat(0, name="Apache.Log4j"), threat(1, "low", "scan")], rows)
    assert (made.found.attackers or [])[0]["threats"] == ["SQL.Injection", "scan", "Apache.Log4j"]


@pytest.mark.parametrize(
    ("detected", "note", "alarming"),
    [
        (0, "b (all blocked)", False),
        (3, "b (got through)", True),
        (None, "b (outcome not known)", True),
        ("many", "b (outcome not known)", True),
    ],
)
def test_a_new_threat_is_named_and_is_alarming_where_it_may_have_got_through(
    detected: object, note: str, alarming: bool
) -> None:
    now = [threat(15), threat(detected, name="b")]
    (tile,) = [
        one
        for one in report(now, [], periods=periods([threat(10)], now)).shown["headline"]
        if one["label"] == "New threats"
    ]
    assert (tile["value"], tile["note"], tile["alarming"]) == ("1", note, alarming)


def test_the_numbers_of_the_verdict_and_of_the_counters_are_connected() -> None:
    rows = [threat(15), threat(2, "low", "scan")]
    assert report(rows).shown["context"] == [
        "Of the 17 incidents that got through, 15 belong to the critical or high threat that needs attention, and 2 belong to threats of another severity."
    ]
    assert report([threat(0)]).shown["context"] == []
    two = make_report([answer([threat(15)]), answer([threat(3)], adom="B")], "x").shown["attention"]["grid"]
    assert two["about"] == "1 threat in 2 rows, one row for each threat and ADOM"


def test_techniques_are_taken_from_rows_and_never_guessed() -> None:
    rows = [threat(mitre_tech_id="T1190, T1059.001"), threat(name="T1190", note="T1190")]
    assert [one["techniques"] for one in report(rows).found.attention] == [["T1190", "T1059.001"], []]
    titles = [column["title"] for column in report(rows).shown["attention"]["grid"]["columns"]]
    assert "ATT&CK" in titles
    assert "ATT&CK" not in str(report([threat()]).shown["attention"])


def test_attackers() -> None:
    rows = [
        pair(),
        pair(detected=2, name="b", srccountry="China"),
        pair("198.51.100.2", 0, blocked=3, country="Reserved"),
    ]
    made = report([threat(), threat(2, "low", "b")], rows, audit=[line()])
    assert [(one["address"], one["detected"], one["severe"], one["country"]) for one in made.found.attackers or []] == [
        ("198.51.100.1", 7, 5, "China"),
        ("198.51.100.2", 0, 0, ""),
    ]
    assert (
        made.found.attackers[0]["block"] == "blocked on fgt-hq"
        and made.found.attackers[1]["block"] == "not blocked by us"
    )
    assert (
        made.found.attackers[0]["threats"] == ["SQL.Injection", "b"]
        and made.found.attackers[0]["severity"] == "critical"
    )
    # An address by which it was always blocked did not get through.
    assert made.found.attention[0]["attackers"] == ["198.51.100.1"]


@pytest.mark.parametrize("mark", UNPROVEN)
def test_each_mark_of_a_doubt_is_in_a_warning_of_a_query(mark: str) -> None:
    """The marks are parts of these warnings, so that a warning that is reworded does not lose its doubt."""
    sources = (Path(job.__file__), Path(log_clock.__file__))
    texts = [
        node.value
        for source in sources
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    assert any(mark in text for text in texts)

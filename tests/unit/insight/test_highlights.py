# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the banner names: hosts to check, addresses to decide, the worst threats."""

from __future__ import annotations

import typing as t

import pytest

from support.reports import make_report

Row = dict[str, t.Any]


def threat(name: str, detected: int, severity: str = "critical") -> Row:
    return {"threat": name, "severity": severity, "incidents": detected, "blocked": 0, "detected": detected}


def pair(name: str, source: str, target: str, detected: t.Optional[int], **more: t.Any) -> Row:
    counters = {"incidents": detected, "blocked": 0, "detected": detected}
    return {"threat": name, "threattype": "ips", "srcip": source, "dstip": target, **counters, **more}


def answer(rows: list[Row], adom: str = "root", view: str = "top-threats") -> Row:
    return {"name": view, "view": view, "adom": adom, "complete": True, "total": len(rows), "rows": rows}


def named(threats: list[Row], pairs: t.Optional[list[Row]] = None, **more: t.Any) -> dict[str, str]:
    made = make_report(threats, "x", attackers=pairs or [], **more)
    return {one["term"]: one["text"] for one in made.shown["highlights"]}


def test_the_worst_threats_are_in_the_order_of_what_needs_attention() -> None:
    root = answer([threat("a", 5), threat("b", 90, "high"), threat("c", 8), threat("d", 70, "low")])
    branch = answer([threat("a", 4), threat("e", 1)], "Branch")
    assert named([root, branch])["Worst threats"] == (
        "c (critical, 8 incidents in root), a (critical, 9 incidents in root and Branch), e (critical, 1 incident in Branch) and 1 more"
    )
    pairs = [
        answer(
            [pair("a", "198.51.100.1", "10.0.0.1", 5), pair("c", "198.51.100.1", "10.0.0.1", 8)], view="threat-src-dst"
        )
    ]
    made = make_report([answer([threat("a", 5), threat("c", 8), threat("e", 1)])], "x", attackers=pairs)
    said = {one["term"]: one["text"] for one in made.shown["highlights"]}["Worst threats"]
    # Without a known attacker it is not below those with more incidents.
    assert [one["threat"] for one in made.found.attention] == ["e", "c", "a"]
    assert said.index("e (") < said.index("c (") < said.index("a (")
    assert "Worst threats" not in named([answer([threat("d", 70, "low"), threat("a", 0)])])


def test_a_name_does_not_fill_the_banner() -> None:
    assert len(named([answer([threat("A" * 4096, 5)], "B" * 4096)])["Worst threats"]) < 200


def test_the_first_address_to_decide_has_most_of_what_needs_attention() -> None:
    threats = [answer([threat("a", 5), threat("low", 99, "low")]), answer([threat("a", 9)], "Branch")]
    pairs = [
        answer(
            [
                pair("a", "198.51.100.1", "10.0.0.1", 5, country="China"),
                pair("low", "198.51.100.2", "10.0.0.1", 99),
                pair("a", "198.51.100.3", "10.0.0.1", None),
            ],
            view="threat-src-dst",
        ),
        answer(
            [pair("a", "198.51.100.1", "10.2.0.1", 7), pair("a", "198.51.100.2", "10.2.0.1", 2)],
            "Branch",
            "threat-src-dst",
        ),
    ]
    assert named(threats, pairs)["Block or accept"] == (
        "3 addresses, first 198.51.100.1 (12 of these incidents in Branch and root, China; not known: no audit log was read)"
    )
    assert "Block or accept" not in named(threats)


def test_an_address_that_is_blocked_is_not_named_as_one_to_decide() -> None:
    pairs = [
        pair("a", "198.51.100.1", "10.0.0.1", 9, fortigate="S1"),
        pair("a", "198.51.100.2", "10.0.0.1", 1, fortigate="S1"),
    ]
    block = {
        "address": "198.51.100.1",
        "result": "blocked",
        "time": "2026-03-01T10:00:00Z",
        "host": "a",
        "serial": "S1",
    }
    found = named([answer([threat("a", 10)])], [answer(pairs, view="threat-src-dst")], audit=[block])
    assert found["Block or accept"] == "198.51.100.2 (1 of these incidents in root; not blocked by us)"
    both = [block, {**block, "address": "198.51.100.2"}]
    assert "Block or accept" not in named(
        [answer([threat("a", 10)])], [answer(pairs, view="threat-src-dst")], audit=both
    )


def test_what_to_do_comes_first_and_hosts_to_check_before_everything() -> None:
    pairs = [
        *(pair("Botnet.CnC", f"10.0.0.{host}", "203.0.113.5", host) for host in range(1, 6)),
        pair("SQL.Injection", "198.51.100.1", "10.0.0.9", 99),
    ]
    # Of two threats in one ADOM, this is one ADOM.
    pairs.append(pair("Cobalt", "10.0.0.5", "203.0.113.5", 1))
    threats = [answer([threat("SQL.Injection", 99), threat("Botnet.CnC", 15), threat("Cobalt", 1)])]
    found = named(threats, [answer(pairs, view="threat-src-dst")], timeline=[times()])
    assert [*found] == ["Check first", "Block or accept", "Worst threats", "Last got through"]
    assert found["Check first"] == (
        "5 hosts: 10.0.0.5, 10.0.0.4, 10.0.0.3 and 2 more in root, all in attention.csv."
        " They made the connection, which can indicate an infection: Botnet.CnC and Cobalt"
    )
    assert found["Worst threats"].startswith("Botnet.CnC (")


@pytest.mark.parametrize(
    ("source", "target", "checked"), [("10.0.0.5", "203.0.113.5", True), ("203.0.113.5", "10.0.0.5", False)]
)
def test_hosts_that_made_the_connection_are_to_be_checked(source: str, target: str, checked: bool) -> None:
    found = named([answer([threat("Cobalt", 5)])], [answer([pair("Cobalt", source, target, 5)], view="threat-src-dst")])
    assert ("Check first" in found) is checked
    if checked:
        assert (
            found["Check first"] == "10.0.0.5 in root. It made the connection, which can indicate an infection: Cobalt"
        )


def test_nothing_is_named_where_nothing_got_through() -> None:
    assert (
        named([answer([threat("a", 0)])], [answer([pair("a", "198.51.100.1", "10.0.0.1", 0)], view="threat-src-dst")])
        == {}
    )


def times(adom: str = "root", **more: t.Any) -> Row:
    rows = [
        {"time": 1772323200, "incidents": 3, "blocked": 1, "detected": 2},
        {"time": 1772326800, "incidents": 1, "blocked": 1, "detected": 0},
    ]
    asked = {"start": "2026-03-01T00:00:00Z", "end": "2026-03-01T02:00:00Z", "timezone": None}
    return {**answer(rows, adom, "threat-line"), "time_range": asked, **more}


def test_it_is_over_only_where_the_timeline_has_all_that_the_report_has() -> None:
    threats = [answer([threat("a", 2)])]
    over, unknown = "and none from then until 2026-03-01T02:00:00Z", "it is not known whether more got through later"
    assert named(threats, timeline=[times()])["Last got through"].endswith(over)
    branch = [*threats, answer([threat("a", 2)], "Branch")]
    assert named(branch, timeline=[times()])["Last got through"].endswith(unknown)
    assert named(branch, timeline=[times(), times("Branch")])["Last got through"].endswith(over)
    late = [{**threats[0], "warnings": ["The newest log is 3 hours old."]}]
    assert named(late, timeline=[times()])["Last got through"].endswith(unknown)
    silent = times(warnings=["The newest log is 3 hours old."])
    assert named(threats, timeline=[silent])["Last got through"].endswith(unknown)
    assert "Last got through" not in named(threats)

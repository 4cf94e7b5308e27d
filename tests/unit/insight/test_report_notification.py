# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a channel is told of a report: as urgent as its verdict, and never calmer."""

from __future__ import annotations

import typing as t

from ansible_collections.secops.fortiview.plugins.module_utils._insight.report_notification import report_notification
from ansible_collections.secops.fortiview.plugins.plugin_utils.filters.to_notification import to_notification
from unit.insight.support import line, result

from support.reports import make_report


def notified(results: object, **options: t.Any) -> dict[str, t.Any]:
    link = options.pop("link", "")
    return report_notification(make_report(results, options.pop("title", "A report"), **options), link)


def test_a_notification_says_what_was_not_stopped() -> None:
    made = notified([result()], title="A week", link="https://reports.example.com/")
    assert (made["title"], made["level"], made["link"]) == ("A week", "critical", "https://reports.example.com/")
    assert made["rows"] == [
        {"threat": "SQL.Injection", "severity": "critical", "got through": 10, "blocked": 40, "ADOM": "root"}
    ]
    assert {"name": "Incidents", "value": "100"} in made["facts"]
    payload = to_notification(made, "mail")
    assert payload["subject"].startswith("Critical: A week (Incidents 100, ")


def test_a_notification_is_only_as_urgent_as_the_report() -> None:
    stopped = {"threat": "x", "severity": "critical", "incidents": 5, "blocked": 5, "detected": 0}
    assert notified([result(rows=[stopped], total=1)])["level"] == "info"
    high = {**stopped, "severity": "high", "blocked": 4, "detected": 1}
    assert notified([result(rows=[stopped, high], total=2)])["level"] == "warning"
    asked = {"results": [result(rows=[stopped], total=1)], "failed_queries": [{"name": "b", "msg": "No reply."}]}
    made = notified(asked, partial=True)
    assert made["level"] == "warning" and made["text"].endswith(" 1 query failed.")
    # A ranking that is cut shows no threat that got through, and may leave one out.
    cut = notified([result(rows=[stopped], total=9, truncated=True)])
    assert cut["level"] == "warning", cut["text"]


def test_a_notification_begins_with_the_verdict() -> None:
    asked = [result()]
    pairs = [{"threat": "SQL.Injection", "srcip": "198.51.100.1", "blocked": 0, "detected": 10, "incidents": 10}]
    behind = [result(view="threat-src-dst", rows=pairs, total=1)]
    made = make_report(asked, "A report", attackers=behind)
    found = made.found.verdict
    assert found is not None and found["doubts"] == []
    named = [f"{one['term']}: {one['text']}." for one in made.shown["highlights"]]
    assert notified(asked, attackers=behind)["text"] == " ".join([*found["sentences"], *named])
    assert named[1] == "Worst threats: SQL.Injection (critical, 10 incidents in root)."
    assert found["sentences"][0] == "1 critical threat got through in 10 incidents, from 1 attacking address."


def test_a_notification_says_what_the_verdict_is_without() -> None:
    asked = {"results": [result()], "failed_queries": [{"name": "b", "msg": "No reply."}]}
    text = notified(asked, partial=True)["text"]
    assert text.startswith("1 critical threat got through in 10 incidents") and text.endswith(" 1 query failed.")


def test_a_notification_of_a_report_without_a_verdict_begins_with_its_first_sentences() -> None:
    made = notified([], audit=[line("blocked")])
    assert make_report([], "A report", audit=[line("blocked")]).found.verdict is None
    assert made["text"] == "1 address is blocked on 1 FortiGate."


def test_a_counter_that_is_no_number_alarms_nobody_by_a_row() -> None:
    rows = [{"threat": "x", "severity": "critical", "incidents": 5, "blocked": 5, "detected": "some"}]
    made = notified([result(rows=rows, total=1)])
    assert made["rows"] == [] and made["level"] == "warning"


def test_the_worst_threats_come_first_and_none_twice() -> None:
    def row(name: str, severity: str, detected: int) -> dict[str, t.Any]:
        return {"threat": name, "severity": severity, "incidents": 99, "blocked": 0, "detected": detected}

    rows = [row("b", "high", 90), row("a", "critical", 1), row("c", "medium", 99), row("d", "critical", 7)]
    made = notified([result(rows=rows), result("again", rows=rows), result("other", "B", rows=rows[1:2])])
    assert [(one["threat"], one["ADOM"]) for one in made["rows"]] == [
        ("d", "root"),
        ("a", "root"),
        ("a", "B"),
        ("b", "root"),
    ]

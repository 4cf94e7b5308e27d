# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Any text as the name of something: it is refused, or it can do nothing where it ends up."""

from __future__ import annotations

import json
import re
import typing as t
import urllib.parse

from ansible_collections.secops.fortiview.plugins.module_utils._blocking import ledger
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.secops.fortiview.plugins.module_utils._insight.report import make_report
from ansible_collections.secops.fortiview.plugins.module_utils._query.queries import parse_queries, result_name
from ansible_collections.secops.fortiview.plugins.module_utils._query.tickets import parse_ticket
from ansible_collections.secops.fortiview.plugins.module_utils._watch.alerts import events_of
from hypothesis import example, given
from hypothesis import strategies as st

TRICKS = (
    "..",
    ".",
    "a/../b",
    "a%2fb",
    "a?b",
    "a#b",
    "a b",
    "\x00",
    "root\n",
    "\ud800",
    "{{ x }}",
    "＿",
    "a" * 200,
    "root",
    "top-threats",
)
TEXT = st.text(st.characters(), max_size=20) | st.sampled_from(TRICKS)
JOB = {"time": "2026-03-02T09:00:00Z", "run_id": "r", "host": "h", "serial": "S"}


@given(TEXT, TEXT)
def test_a_url_has_the_parts_that_it_was_given(adom: str, view: str) -> None:
    try:
        [query] = parse_queries({"view": view, "adom": adom, "time_range": {"last": "1h"}})
    except InvalidInput as error:
        json.dumps(str(error)).encode()
        return
    parts = query.base_url.split("/")
    assert parts[:5] == ["", "fortiview", "adom", adom or "root", parts[4]] and len(parts) == 5
    assert urllib.parse.quote(query.base_url) == query.base_url
    assert re.fullmatch(r"[A-Za-z_]\w*", query.name, re.A)


@given(st.one_of(st.none(), TEXT), st.sampled_from(["top-threats", "1-2", "-", "top.x"]))
def test_the_name_of_a_fact_is_an_identifier(name: t.Optional[str], view: str) -> None:
    try:
        found = result_name(name, view)
    except InvalidInput:
        assert name and (not name.isidentifier() or not name.isascii() or name == "tasks" or len(name) > 100)
        return
    assert found.isidentifier() and found.isascii() and found != "tasks"


@given(TEXT, st.integers() | TEXT)
def test_a_ticket_goes_nowhere_else(word: str, tid: t.Any) -> None:
    for ticket in ({"view": word, "adom": "root", "tid": tid}, {"view": "top-threats", "adom": word, "tid": tid}):
        try:
            question = parse_ticket(ticket).question
        except InvalidInput:
            continue
        assert urllib.parse.quote(question.base_url) == question.base_url and ".." not in question.base_url


@given(st.lists(TEXT, min_size=1, max_size=4))
def test_names_of_report_files_are_distinct_and_plain(names: list[str]) -> None:
    results = [{"name": name, "adom": name, "view": "top-threats", "complete": True, "rows": []} for name in names]
    found = [source.name for source in make_report(results, "x").sources]
    assert len({name.lower() for name in found}) == len(names)
    assert all(re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name) for name in found)


@given(TEXT, TEXT)
@example("\n{}", "\u2028")
def test_a_line_of_the_audit_is_one_line(reason: str, evidence: str) -> None:
    step = {"action": "add", "vdom": "root", "ip": "198.51.100.7", "ttl": 3600, "reason": reason, "evidence": evidence}
    written = ledger.lines_of(ledger.records([step, step], JOB, {}, {}))
    assert written.isascii() and len(written.split("\n")) == 4
    records, unreadable = ledger.read_lines(written)
    assert unreadable == 0
    assert [(one["reason"], one["evidence"]) for one in records] == [(reason, evidence)] * 2


@given(st.lists(TEXT, max_size=3))
@example(["[" * 100000, '{"a":' * 100000])
@example(['{"ip": "1.2.3.4", "result": "blocked", "expires": 1e999}'])
def test_a_spoilt_audit_is_counted_and_no_crash(lines: list[str]) -> None:
    good = ledger.lines_of([{"ip": "198.51.100.7", "result": "blocked", "expires": None}])
    records, unreadable = ledger.read_lines("\n".join(lines) + good)
    assert [one["ip"] for one in records][-1:] == ["198.51.100.7"]
    assert unreadable <= sum(len(line.splitlines()) for line in lines)


@given(TEXT, TEXT)
def test_a_webhook_of_any_text_is_plain_data(subject: str, group: str) -> None:
    alert = {"alertid": subject, "subject": subject, "groupby1": f"attack:{group}", "adom": group, "epip": group}
    [event] = events_of({"payload": alert}, "root")
    text = json.dumps(event)
    assert not any(mark in text[1:] for mark in ("{{", "{%", "{#"))
    json.dumps(event, ensure_ascii=False).encode()
    assert re.fullmatch(r"[A-Za-z0-9_.-]+", event["adom"])

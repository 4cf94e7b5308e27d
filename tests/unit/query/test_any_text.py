# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Any text as the name of something: it is refused, or it can do nothing where it ends up."""

from __future__ import annotations

import json
import pathlib
import re
import tempfile
import typing as t
import urllib.parse

from ansible_collections.secops.fortiview.plugins.module_utils._blocking import audit
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.options import parse_options
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.planning import Step
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.registry.records import Place
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.targets import parse_targets
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.secops.fortiview.plugins.module_utils._insight.blocks import blocks
from ansible_collections.secops.fortiview.plugins.module_utils._query.queries import parse_queries, result_name
from ansible_collections.secops.fortiview.plugins.module_utils._query.tickets import parse_ticket
from ansible_collections.secops.fortiview.plugins.module_utils._watch.alerts import events_of
from hypothesis import example, given
from hypothesis import strategies as st

from support.reports import make_report

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


@given(TEXT, TEXT)
def test_a_url_has_the_parts_that_it_was_given(adom: str, view: str) -> None:
    try:
        queries = parse_queries({"view": view, "adom": adom, "time_range": {"last": "1h"}})
    except InvalidInput as error:
        json.dumps(str(error)).encode()
        return
    for query in queries:
        parts = query.base_url.split("/")
        # Text may be a list of ADOMs, and blanks around a name are none of it.
        assert parts[:3] == ["", "fortiview", "adom"] and parts[3] and parts[3] in adom and len(parts) == 5
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
            request = parse_ticket(ticket).request
        except InvalidInput:
            continue
        assert urllib.parse.quote(request.base_url) == request.base_url and ".." not in request.base_url


@given(st.lists(TEXT, min_size=1, max_size=4))
def test_names_of_report_files_are_distinct_and_plain(names: list[str]) -> None:
    results = [{"name": name, "adom": name, "view": "top-threats", "complete": True, "rows": []} for name in names]
    found = [source.name for source in make_report(results, "x").found.sources]
    assert len({name.lower() for name in found}) == len(names)
    assert all(re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name) for name in found)


@given(TEXT, TEXT)
@example("\n{}", "\u2028")
def test_a_line_of_the_audit_log_is_one_line(reason: str, threat: str) -> None:
    (target,) = parse_targets([{"address": "198.51.100.7", "reasons": [reason], "threats": [threat]}])
    options = parse_options({"run_id": "r", "method": "ban"}, targets=False, statement=False)
    line = audit.line_of(
        options,
        Place(serial="S", host="h", vdom="root", method="ban", list=""),
        0.0,
        Step("add", "198.51.100.7", "root", target),
        "blocked",
    )
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/audit.jsonl"
        audit.append(path, [line, line])
        written = pathlib.Path(path).read_text(encoding="ascii")
    assert len(written.split("\n")) == 3
    found = [json.loads(text) for text in written.splitlines()]
    assert [(one["reasons"], one["threats"]) for one in found] == [
        ([reason] if reason else [], [threat] if threat else [])
    ] * 2


@given(st.lists(TEXT, max_size=3))
@example(["[" * 100000, '{"a":' * 100000])
@example(['{"address": "1.2.3.4", "result": "blocked", "expires": 1e999}'])
def test_a_spoilt_audit_log_is_counted_and_no_crash(lines: list[str]) -> None:
    good = json.dumps({"address": "198.51.100.7", "result": "blocked", "time": "2026-03-02T09:00:00Z"})
    found = blocks("\n".join([*lines, good]))
    assert found is not None
    assert "198.51.100.7" in [one["address"] for one in found["addresses"]]
    assert found["unreadable"] <= sum(len(line.splitlines()) for line in lines)


@given(TEXT, TEXT)
def test_a_webhook_of_any_text_is_plain_data(subject: str, group: str) -> None:
    alert = {"alertid": subject, "subject": subject, "groupby1": f"attack:{group}", "adom": group, "epip": group}
    [event] = events_of({"payload": alert}, "root")
    text = json.dumps(event)
    assert not any(mark in text[1:] for mark in ("{{", "{%", "{#"))
    json.dumps(event, ensure_ascii=False).encode()
    assert re.fullmatch(r"[A-Za-z0-9_.-]+", event["adom"])

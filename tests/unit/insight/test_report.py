# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a report tells, and the files that are made of it."""

from __future__ import annotations

import json
import pathlib
import re
import typing as t

import jsonschema
import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.secops.fortiview.plugins.plugin_utils.filters.report_files import report_files
from ansible_collections.secops.fortiview.plugins.plugin_utils.filters.to_notification import to_notification
from unit.insight.support import line, result

from browser.hostile import NAMES
from support.channel_formats import check_slack, check_teams
from support.reports import make_report

ROOT = pathlib.Path(__file__).resolve().parents[3]
TEMPLATES = str(ROOT / "roles" / "threat_report" / "templates")
SCHEMA = json.loads((ROOT / "docs" / "threat_report.schema.json").read_text(encoding="utf-8"))


def talkers(**more: t.Any) -> dict[str, t.Any]:
    rows = [{"srcip": "10.0.0.1", "hostname": "pc", "sessions": 5, "bytes": 3 * 1024**3}]
    return {**result("top_sources", view="top-sources"), "rows": rows, **more}


def tiles(shown: t.Mapping[str, t.Any]) -> dict[str, tuple[str, str]]:
    return {one["label"]: (one["value"], one["note"]) for one in shown["headline"]}


def files(results: object, **options: t.Any) -> dict[str, str]:
    made = report_files(results, templates=TEMPLATES, title=options.pop("title", "A report"), **options)
    return {one["name"]: one["text"] for one in made}


def test_headline() -> None:
    shown = make_report([result(), talkers()], "A report").shown
    assert tiles(shown) == {
        "Incidents": ("100", "of 2 threats"),
        "Critical got through": ("1", "of 1 critical threat"),
        "Incidents blocked": ("90 %", "90 incidents"),
        "Got through": ("10", "incidents of 1 threat"),
    }
    assert shown["lede"] == [
        "2 threats caused 100 incidents.",
        "90 % of the incidents were blocked, and 10 got through.",
    ]
    assert [(part["severity"], part["share"]) for part in shown["severities"]["parts"]] == [
        ("critical", "50 %"),
        ("low", "50 %"),
    ]


def test_a_ranking_that_was_cut_is_not_told_as_the_whole() -> None:
    for cut in ({"total": 12}, {"total": None, "query": {"limit": 2, "offset": 0}}):
        shown = make_report([result(**cut), result("b", "B")], "A report").shown
        assert shown["lede"] == [
            "The top 2 threats caused 200 incidents in 2 ADOMs.",
            "90 % of these incidents were blocked, and 20 got through.",
        ]
        assert tiles(shown) == {
            "Incidents": ("200", "of the top 2 threats"),
            "Critical got through": ("1", "of 1 critical threat among the top"),
            "Incidents blocked": ("90 %", "180 incidents"),
            "Got through": ("20", "incidents of 1 threat"),
        }
    one = make_report([result(rows=result()["rows"][:1])], "A report").shown
    assert one["lede"][0] == "The top threat caused 50 incidents."
    assert tiles(one)["Incidents"] == ("50", "of the top threat")
    assert make_report([result(rows=[])], "A report").shown["lede"] == []


def test_no_event_is_counted_twice() -> None:
    shown = make_report([result(), result("again"), result("branch", "Branch_Office")], "A report").shown
    assert tiles(shown)["Incidents"] == ("200", "of 2 threats")
    assert shown["lede"][0] == "2 threats caused 200 incidents in 2 ADOMs."
    assert [len(part["grids"]) for part in shown["tables"]] == [3]


def test_absent_figures_are_not_invented() -> None:
    shown = make_report([result(rows=[{"threat": "a"}])], "A report").shown
    assert (shown["headline"], shown["lede"], shown["severities"]) == ([], [], None)
    assert make_report([result(rows=[], total=0)], "A report").shown["lede"] == ["No threats were seen."]


FAILED = {"name": "b", "adom": "Branch", "view": "top-threats", "msg": "Reading the task on <faz> failed: HTTP 500."}


def test_a_query_that_failed_is_no_quiet_day() -> None:
    """What a task registers under on_error=continue has results and failures, and both are the report's."""
    half = {"results": [result(rows=[], total=0)], "failed_queries": [FAILED]}
    with pytest.raises(AnsibleFilterError, match=r"threat_report_partial.*query 'b' .*HTTP 500"):
        files(half)
    made = files(half, partial=True)
    data = json.loads(made["report.json"])
    assert data["failed_queries"] == [FAILED]
    assert data["summary"] == [
        "This report is not complete: 1 query failed.",
        "No threats were seen in the other results.",
    ]
    for text in (made["report.html"], made["report.md"]):
        assert "is not complete" in text and "HTTP 500" in text and "top-threats" in text and "Branch" in text
    assert "&lt;faz&gt;" in made["report.html"] and "\\<faz\\>" in made["report.md"]
    assert "Not in this report" not in files([result()])["report.html"] + files([result()])["report.md"]


@pytest.mark.parametrize(
    ("results", "says"),
    [
        ({"results": [], "failed_queries": [FAILED]}, "HTTP 500"),
        ({"results": [result()], "failed_queries": "all"}, "failed_queries"),
        ([], "nothing to report"),
        ({}, "empty dictionary"),
        ([result(complete=False)], "not complete"),
        ({"a": 5}, "accepts a result"),
        ("top_threats", "accepts a result"),
    ],
)
def test_what_cannot_be_reported(results: object, says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        make_report(results, "A report")


def test_nothing_but_failures_is_no_report() -> None:
    with pytest.raises(InvalidInput, match=r"nothing to report.*HTTP 500"):
        make_report({"results": [], "failed_queries": [FAILED]}, "A report", partial=True)


def test_forms_of_results() -> None:
    for given in (result(), [result()], {"results": [result()]}, {"top_threats": result()}):
        assert [source.name for source in make_report(given, "x").found.sources] == ["threats_root"]
    bare = make_report(result()["rows"], "x")
    assert [source.name for source in bare.found.sources] == ["rows"]
    assert bare.shown["tables"][0]["grids"][0]["behind"]["facts"][-1]["text"].startswith("not known")


def test_names_of_files() -> None:
    given = [
        result("trend"),
        result("../../etc/passwd"),
        result("a", "root"),
        result("a", "B"),
        result("a", "B"),
        result(""),
    ]
    names = [source.name for source in make_report(given, "x").found.sources]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name) for name in names)
    assert "trend" not in names and {"a_root", "a_b"} <= set(names)


def test_what_stands_behind_a_table() -> None:
    given = result(
        tid=7,
        device=[{"devid": "All_Devices"}],
        query={
            "filter": "srcip==10.0.0.1",
            "sort_by": [{"field": "incidents", "order": "desc"}],
            "limit": 2,
            "offset": 0,
        },
        time_range={"start": "2026-03-01 00:00:00", "end": "2026-03-02 00:00:00", "timezone": None},
        total=None,
        warnings=["Another word was needed."],
    )
    behind = make_report([given], "x").shown["tables"][0]["grids"][0]["behind"]
    assert {fact["term"]: fact["text"] for fact in behind["facts"]} == {
        "View": "top-threats",
        "ADOM": "root",
        "Devices": "All_Devices",
        "Filter": "srcip==10.0.0.1",
        "Ranked by": "incidents, descending",
        "Time range": "2026-03-01 00:00:00 to 2026-03-02 00:00:00, in the time zone of FortiAnalyzer",
        "Rows": "2 returned of at most 2 that were requested",
        "Complete": "yes, but there may be more rows below the last row",
        "Task": "7",
    }
    assert behind["warnings"] == ["Another word was needed."]


def test_long_tables_are_folded_and_then_cut() -> None:
    rows = [{"threat": f"t{number}", "incidents": 100 - number} for number in range(30)]
    grid = make_report([result(rows=rows)], "x", top=5, most=20).shown["tables"][0]["grids"][0]
    assert (len(grid["rows"]), len(grid["rest"]), grid["left_out"]) == (5, 15, 10)
    assert [cells[0].text for cells in grid["rest"]][:2] == ["6", "7"]


AUDIT = [
    {
        "address": "198.51.100.1",
        "result": "blocked",
        "time": "2026-03-01T10:00:00Z",
        "expires": "2026-03-01T11:00:00Z",
        "host": "hq",
    },
    {
        "address": "198.51.100.1",
        "result": "unchanged",
        "time": "2026-03-01T10:30:00Z",
        "host": "hq",
        "reasons": ["critical"],
    },
    {"address": "198.51.100.2", "result": "blocked", "time": "2026-03-01T10:00:00Z", "host": "hq"},
    {"address": "198.51.100.2", "result": "expired", "time": "2026-03-01T12:00:00Z", "host": "hq"},
    {
        "address": "10.0.0.1",
        "result": "refused",
        "time": "2026-03-01T10:00:00Z",
        "host": "hq",
        "refusals": ["private", "ours"],
    },
    {"address": "198.51.100.3", "result": "rolled_back", "time": "2026-03-01T10:00:00Z", "host": "hq"},
    {"address": "198.51.100.4", "result": "absent", "time": "2026-02-01T10:00:00Z", "host": "hq"},
]


def test_what_failed_is_not_told_as_left_alone() -> None:
    failed = [*AUDIT[:2], {**AUDIT[0], "result": "failed", "time": "2026-03-01T10:40:00Z", "expires": None}]
    blocks = make_report([], "x", audit=failed).found.blocks
    assert blocks is not None and [one["state"] for one in blocks["addresses"]] == ["failed"]
    assert "failed" in str([grid["title"] for grid in make_report([], "x", audit=failed).shown["blocks"]["grids"]])
    assert "blocks-failed" in files([], audit=failed)["report.html"]


def hostile_files(**options: t.Any) -> dict[str, str]:
    rows = [
        {"threat": name, "threattype": name, "severity": "high", "incidents": 99 - place, "blocked": 1, "detected": 2}
        for place, name in enumerate(NAMES)
    ]
    results = [result("a", NAMES[0], rows=rows, warnings=list(NAMES)), result("b", NAMES[1], rows=rows)]
    periods = [{"name": NAMES[2], "rows": rows}, {"name": NAMES[3], "rows": rows[1:]}]
    audit = [{**line, "threats": [NAMES[4]], "host": NAMES[5], "address": NAMES[6]} for line in AUDIT]
    return files(results, title=NAMES[0], periods=periods, audit=audit, **options)


def test_json_holds_to_its_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    validator = jsonschema.Draft202012Validator(SCHEMA)
    simple = files([result(), talkers(), result("b", "B")], periods={"a": result()["rows"], "b": []}, audit=AUDIT)
    pairs = [{"threat": "SQL.Injection", "srcip": "198.51.100.1", "dstip": "10.0.0.1", "detected": 3}]
    line = [{"time": 1772323200, "incidents": 5, "blocked": 2, "detected": 3}, {"time": 1772326800, "incidents": 1}]
    known = files(
        [result()],
        audit=AUDIT,
        attackers=result(
            view="threat-src-dst", rows=[{**pair, "srccountry": "China", "devices": ["S1"]} for pair in pairs]
        ),
        timeline=result(view="threat-line", rows=line),
    )
    assert {"attackers.csv", "timeline.csv", "countries.csv", "fortigates.csv"} <= set(known)
    partly = files({"results": [result()], "failed_queries": [FAILED]}, partial=True)
    for made in (simple, known, partly, hostile_files(), files([result(rows=[])]), files(result()["rows"])):
        validator.validate(json.loads(made["report.json"]))
    broken = json.loads(simple["report.json"])
    broken["trend"]["entries"][0]["trend"] = "up"
    with pytest.raises(jsonschema.ValidationError):
        validator.validate(broken)


def test_the_same_data_gives_the_same_files() -> None:
    assert hostile_files() == hostile_files()


def test_formats() -> None:
    assert set(files([result()], formats=["json"])) == {"report.json"}
    assert set(files([result()], formats=["csv", "html"])) == {"report.html", "threats_root.csv", "attention.csv"}
    with pytest.raises(AnsibleFilterError, match="unknown formats: pdf"):
        files([result()], formats=["pdf"])


def test_the_page_escapes_without_being_told() -> None:
    page = hostile_files()["report.html"]
    assert "<script" not in page and "<img" not in page and ' onmouseover="' not in page
    assert not set("\u202e\u200b\ufeff\x1b\r") & set(page)
    assert "uid=" not in page


def test_markdown_has_no_markup_of_others() -> None:
    text = hostile_files()["report.md"]
    assert not re.search(r"(?<!\\)<", text) and not re.search(r"(?<!\\)\[", text)
    assert not re.search(r"(?<!\\)`", text) and not re.search(r"[^\\]://", text)
    tables = re.findall(r"(?m)(?:^\|.*\n)+", text)
    assert len(tables) >= 5
    for table in tables:
        widths = {len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}
        assert len(widths) == 1, table


def test_a_notification_of_a_hostile_report_is_valid() -> None:
    made = json.loads(hostile_files(formats=["notification"])["notification.json"])
    check_slack(to_notification(made, "slack"))
    check_teams(to_notification(made, "teams"))


def told(audit: list[dict[str, t.Any]]) -> tuple[dict[str, list[str]], list[str], dict[str, str]]:
    """Places by state, the sentences, and the file of the blocks."""
    made = make_report([], "x", audit=audit)
    assert made.found.blocks is not None
    return (
        {one["state"]: one["places"] for one in made.found.blocks["addresses"]},
        made.shown["lede"],
        files([], audit=audit),
    )


def test_the_blocks_of_all_fortigates_are_told() -> None:
    audit = [line("blocked"), line("blocked", "branch", "S2"), line("failed", "lab", "S3")]
    places, lede, written = told(audit)
    assert places == {"blocked": ["branch/root", "hq/root"], "failed": ["lab/root"]}
    assert lede == ["1 address is blocked on 2 FortiGates.", "1 address could not be changed on 1 FortiGate."]
    assert tiles(make_report([], "x", audit=audit).shown)["Addresses blocked"] == ("1", "1 failed, 0 refused")
    assert "lab/root" in written["blocks.csv"]


def test_a_published_file_is_on_no_fortigate() -> None:
    places, lede, _written = told([line("published", "", "", vdom="", method="feed_file", list="/srv/feed.txt")])
    assert places == {"blocked": ["/srv/feed.txt"]}
    assert lede == ["1 address is blocked."]


def test_threats_are_counted_once_whatever_the_number_of_adoms() -> None:
    shown = make_report([result(), result("other", "Branch"), result("third", "Lab")], "x").shown
    assert tiles(shown)["Got through"] == ("30", "incidents of 1 threat")
    assert tiles(shown)["Critical got through"] == ("1", "of 1 critical threat")


@pytest.mark.parametrize(("detected", "alarming"), [(0, False), (1, True), (None, True), ("many", True)])
def test_critical_is_alarming_where_something_may_have_passed(detected: object, alarming: bool) -> None:
    rows = [{"threat": "A", "severity": "critical", "incidents": 5, "blocked": 5, "detected": detected}]
    (tile,) = [
        one for one in make_report([result(rows=rows)], "x").shown["headline"] if one["label"] == "Critical got through"
    ]
    assert tile["alarming"] is alarming


@pytest.mark.parametrize(
    ("rows", "columns", "first"),
    [
        ([{"weight": 5, "thing": "a"}, {"weight": 4}], ["Rank", "Thing", "Weight"], ["1", "a", "5"]),
        ([{"weight": 5}, {"weight": 4}], ["Rank", "Weight"], ["1", "5"]),
        ([{"weight": 5}, {"thing": "b"}], ["Rank", "Thing", "Weight"], ["1", "-", "5"]),
    ],
)
def test_rows_of_a_view_that_nobody_knows_are_shown(rows: list[t.Any], columns: list[str], first: list[str]) -> None:
    made = make_report([result("x", view="new-view", rows=rows), result()], "x")
    (grid,) = next(part for part in made.shown["tables"] if part["id"] == "other")["grids"]
    assert [column["title"] for column in grid["columns"]] == columns
    assert [cell.text for cell in grid["rows"][0]] == first


def test_a_file_is_named_by_what_is_in_it() -> None:
    results = [result("a"), result("b", "Branch"), talkers(name="c"), result("d", view="ioc")]
    known = {
        "threats_root.csv",
        "threats_Branch.csv",
        "sources_root.csv",
        "ioc_root.csv",
        "widespread.csv",
        "attention.csv",
        "adoms.csv",
    }
    assert set(files(results, formats=["csv"])) == known
    # The user's names tell two of one kind apart.
    assert set(files([result("web"), result("mail"), talkers()], formats=["csv"])) == {
        "web.csv",
        "mail.csv",
        "sources_root.csv",
        "attention.csv",
    }

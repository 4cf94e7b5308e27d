# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Makes the files of a report from its data, with the templates of the role threat_report.

The safety does not depend on the templates: a separate Jinja environment escapes every value, and invisible characters
are written as their codes. Ansible never evaluates the data as templates.
"""

from __future__ import annotations

import base64
import hashlib
import json
import pathlib
import re
import typing as t

import jinja2
import markupsafe
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.secops.fortiview.plugins.module_utils._common.validation import texts
from ansible_collections.secops.fortiview.plugins.module_utils._insight.csv_text import csv_text
from ansible_collections.secops.fortiview.plugins.module_utils._insight.findings import Findings
from ansible_collections.secops.fortiview.plugins.module_utils._insight.report import Report
from ansible_collections.secops.fortiview.plugins.module_utils._insight.report_notification import report_notification
from ansible_collections.secops.fortiview.plugins.module_utils._insight.visible import visible

FORMATS = ("html", "markdown", "csv", "json", "notification")
# The version of report.json. Its schema is docs/threat_report.schema.json.
FORMAT = 1
# Characters that Markdown reads as markup, and positions in texts that Markdown converts to links.
MARKUP = re.compile(r"[\\`*_\[\]<>|~&#]|(?<=www)(?=\.)|(?=://)", re.I)

# A text is not wrapped if it has at most SHORT characters, or if it is an address or a time.
SHORT = 20
WHOLE = re.compile(r"[0-9A-Fa-f.:/]{1,45}|[0-9]{4}-[0-9-]{5}[T ][0-9:.]{1,15}(Z|[+-][0-9:]{1,6})?")
# A piece of a long text has at most 45 characters, more than an address, a time or a fixed text. It does not end within a number or an address.
LONG = re.compile(r"\S{46,}")
BREAK = "\u200b"
PIECE = re.compile(r".{1,45}\Z|.{1,44}[^0-9.,:]|.{1,45}", re.S)

Files = dict[str, str]


def files_of(report: Report, wanted: object, templates: str, link: str = "") -> Files:
    """The text of each file, by file name. `link` is the link in the notification. Raises InvalidInput on an unknown format."""
    formats = texts("formats", wanted)
    unknown = sorted({*formats} - {*FORMATS})
    if unknown:
        raise InvalidInput(f"unknown formats: {', '.join(unknown)}. Use {', '.join(FORMATS)}")
    folder = pathlib.Path(templates)
    files: Files = {}
    if "html" in formats:
        files["report.html"] = page(report, folder / "html")
    if "markdown" in formats:
        files["report.md"] = _rendered(folder / "markdown", "report.md.j2", _in_markdown, {"report": report.shown})
    if "csv" in formats:
        files.update(_csv_files(report))
    if "json" in formats:
        files["report.json"] = json.dumps(data_of(report), sort_keys=True) + "\n"
    if "notification" in formats:
        files["notification.json"] = json.dumps(report_notification(report, link)) + "\n"
    return files


def page(report: Report, folder: pathlib.Path) -> str:
    """The report as one HTML page without other files. Its Content-Security-Policy allows only the style sheet with this hash."""
    style = (folder / "style.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    values = {
        "report": report.shown,
        "style": markupsafe.Markup(style),
        "policy": markupsafe.Markup(policy),
    }
    return _rendered(folder, "page.html.j2", _in_html, values)


def data_of(report: Report) -> dict[str, t.Any]:
    """The content of report.json."""
    found = report.found
    return {
        "format": FORMAT,
        "title": report.shown["title"],
        "summary": report.shown["lede"],
        "verdict": found.verdict,
        "attention": found.attention,
        "attackers": found.attackers,
        "timeline": found.timeline,
        "adoms": found.adoms,
        "countries": found.countries,
        "fortigates": found.fortigates,
        "results": [
            {**{key: value for key, value in source.result.items() if key != "raw"}, "name": source.name}
            for source in found.sources
        ],
        "failed_queries": found.failed,
        "trend": found.trend,
        "widespread": found.shared,
        "blocks": found.blocks,
        "effect": found.effect,
    }


def _csv_files(report: Report) -> Files:
    """The text of each CSV file, by file name. It begins with the byte order mark by which spreadsheets detect UTF-8."""
    found = report.found
    tables = {source.name: source.table.rows for source in found.sources}
    more: dict[str, t.Sequence[dict[str, t.Any]]] = {
        "attention": found.attention,
        "attackers": found.attackers or [],
        "timeline": found.timeline["buckets"] if found.timeline else [],
        "adoms": found.adoms,
        "countries": found.countries,
        "fortigates": found.fortigates,
        "trend": _flat(found.trend) if found.trend else [],
        "widespread": [_spread(one) for one in found.shared],
        "blocks": found.blocks["addresses"] if found.blocks else [],
        "effect": found.effect["rows"] if found.effect else [],
        # A CSV file cannot have a note, and without this file, a failed query would look like a query that was not sent.
        "failed_queries": found.failed,
    }
    tables.update({name: list(rows) for name, rows in more.items() if rows or name in _asked(found)})
    return {f"{name}.csv": csv_text(rows, bom=True) for name, rows in tables.items()}


def _asked(found: Findings) -> list[str]:
    """Names of files that are written even without rows, because their data was requested."""
    wanted = {"trend": found.trend, "blocks": found.blocks, "effect": found.effect}
    return [name for name, data in wanted.items() if data]


def _flat(changes: t.Mapping[str, t.Any]) -> list[dict[str, t.Any]]:
    """A row for each entry, with columns for the counter and the rank of each period."""
    names = [period["name"] for period in changes["periods"]]
    rows = []
    for entry in changes["entries"]:
        row = {key: value for key, value in entry.items() if key != "subject" and not isinstance(value, (dict, list))}
        for what in ("counters", "ranks"):
            row.update({f"{what} {name}": value for name, value in zip(names, entry[what])})
        rows.append(row)
    return rows


def _spread(one: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """The row of a threat, with a column for the counter of each ADOM."""
    row = {key: value for key, value in one.items() if key not in ("subject", "counters", "without_number")}
    row.update({f"in {adom}": counter for adom, counter in one["counters"].items()})
    row.update({f"rows without {column}": count for column, count in one["without_number"].items()})
    return row


def _in_html(value: t.Any) -> t.Any:
    """The visible text of a value. A number and its percent sign stay on one line."""
    if not isinstance(value, str) or isinstance(value, markupsafe.Markup):
        return value
    return re.sub(r"(?<=\d) %", "\u00a0%", visible(value))


def _in_markdown(value: t.Any) -> t.Any:
    if not isinstance(value, str) or isinstance(value, markupsafe.Markup):
        return value
    return markupsafe.Markup(MARKUP.sub(lambda found: f"\\{found[0]}", visible(value)))


def wrappable(text: str) -> markupsafe.Markup:
    """Names of signatures are long and have no blanks. They can be wrapped after dots, slashes, underscores and hyphens, but not within a number or an
    address. Long pieces without blanks can be wrapped anywhere, so that no table is wider than a page."""
    words = re.split(r"(?<=[./_-])(?=[^\W\d]\w{2})", visible(text))
    # The text does not contain BREAK, because visible() replaces this character.
    cut = [LONG.sub(lambda found: BREAK.join(PIECE.findall(found[0])), word) for word in words]
    return markupsafe.Markup("<wbr>").join(BREAK.join(cut).split(BREAK))


def _whole(text: str) -> bool:
    """Whether a text is kept whole, because it is short, an address or a time. Longer names may be wrapped, because otherwise a table with several of
    them would be wider than the paper."""
    return len(text) <= SHORT or WHOLE.fullmatch(text) is not None


def _rendered(folder: pathlib.Path, name: str, finalize: t.Callable[[t.Any], t.Any], values: dict[str, t.Any]) -> str:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(str(folder)),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=finalize,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["wrappable"] = wrappable
    environment.tests["whole"] = _whole
    return environment.get_template(name).render(**values)

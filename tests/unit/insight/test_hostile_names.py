# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names as attackers choose them, in every place of the report: what comes out is text, whatever the signs."""

from __future__ import annotations

import csv
import html.parser
import io
import pathlib
import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.plugin_utils._report_files import wrappable
from ansible_collections.secops.fortiview.plugins.plugin_utils.filters.report_files import report_files
from hypothesis import example, given, settings
from hypothesis import strategies as st

from browser.hostile import NAMES

TEMPLATES = str(pathlib.Path(__file__).resolve().parents[3] / "roles" / "threat_report" / "templates")
# With halves of pairs, which JSON can hold and files cannot.
TEXT = st.text(st.characters(), min_size=1, max_size=30) | st.sampled_from(NAMES)


class Page(html.parser.HTMLParser):
    """Tags with the names of their attributes in order, what is linked to, and what is there to read."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.links: list[str] = []
        self.text: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, t.Optional[str]]]) -> None:
        if tag != "wbr":
            # A name that is shown shortened stands there in full as a title.
            self.tags.append((tag, tuple(name for name, _value in attrs if name != "title")))
            self.links += [str(value) for name, value in attrs if name in ("href", "action")]

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def files(name: str, *formats: str) -> dict[str, str]:
    """A report in which everything that the appliance or its attackers can name is this."""
    row = {
        "threat": name,
        "threattype": name,
        "severity": "high",
        "incidents": 5,
        "blocked": 0,
        "detected": 5,
        "level_s": name,
    }
    # A column of this name too, unless it is one of those that a report knows.
    host = {name: name, "srcip": "10.0.0.1", "hostname": name, "user": name, "sessions": 7, "bytes": 9}
    results = [
        {
            "name": "threats",
            "adom": "root",
            "view": "top-threats",
            "complete": True,
            "total": 1,
            "rows": [row],
            "warnings": [name],
        },
        {
            "name": "sources",
            "adom": name,
            "view": "top-sources",
            "complete": True,
            "total": 1,
            "rows": [host],
            "warnings": [],
        },
    ]
    made = report_files(results, templates=TEMPLATES, title=name, formats=list(formats))
    return {one["name"]: one["text"] for one in made}


PLAIN = Page(files("Plain.Name", "html")["report.html"])


@settings(max_examples=25)
@given(TEXT)
@example("\ud800")
@example("</td></tr></table><script>")
def test_a_name_is_never_markup(name: str) -> None:
    page = Page(files(name, "html")["report.html"])
    assert page.tags == PLAIN.tags
    assert not any(attribute.startswith("on") or attribute == "src" for _tag, names in page.tags for attribute in names)
    assert page.links == PLAIN.links and all(link.startswith("#") for link in page.links)


def test_a_name_comes_back_as_text() -> None:
    for name in NAMES:
        if name.isprintable() and len(name) < 200:
            assert name in "".join(Page(files(name, "html")["report.html"]).text)


@settings(max_examples=25)
@given(TEXT)
def test_every_file_can_be_written_and_its_cells_are_no_formulas(name: str) -> None:
    for file, text in files(name, "csv", "json").items():
        assert "/" not in file and not file.startswith(".")
        text.encode()
        if file.endswith(".csv"):
            rows = list(csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), strict=True))
            assert len({len(row) for row in rows}) == 1
            assert not any(cell.lstrip()[:1] in ("=", "+", "@", "\uff1d") for row in rows for cell in row)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("of 15 critical threats; 5 high also got through, whatever their names", 1),
        ("Fortinet.FortiOS.Directory.Traversal", 4),
        ("x" * 100, 3),
        (f"of {'x' * 46} and {'y' * 20}", 2),
    ],
)
def test_only_names_are_wrapped_within_a_word(text: str, pieces: int) -> None:
    shown = str(wrappable(text))
    assert len(shown.split("<wbr>")) == pieces and shown.replace("<wbr>", "") == text

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Comments cite only what everybody who clones the repository has: existing sections of the pages about the protocols."""

from __future__ import annotations

import functools
import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[3]
FOLDER = ROOT / "docs" / "docsite" / "rst"
PAGES = ("protocol_fortianalyzer", "protocol_fortigate")
LABEL = "ansible_collections.secops.fortiview.docsite."
# A page, and the sections of it that a comment names: page.rst, "Section", "Another section".
CITATION = re.compile(r'\b(protocol_\w+)\.rst((?:, "[^"]+")*)')
ANCHOR = re.compile(re.escape(LABEL) + r"(protocol_\w+)(?:\.(\w+))?")
# Numbered papers that are in no repository.
PRIVATE = re.compile(
    "|".join(
        (
            r"\b(?:contract|design)(?:['\u2019]s)?,? (?:section|page)s?\b",
            r"\bcontract \d",
            r"\bthe (?:blocking )?contract\b",
            r"\bseed[ ]pages?\b",
            r"\b(?:rail|rule|contradiction|addition)s? \d",
            r"\(sections? \d",
            r"\bsections? \d+\.\d",
        )
    ),
    re.IGNORECASE,
)
LICENCES = ("COPYING", "LICENSES/")


@functools.cache
def texts() -> dict[str, str]:
    """Every text file that is or would be in the repository, with wrapped comments joined."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    found = {}
    for name in filter(None, listed.split("\0")):
        path = ROOT / name
        if path.is_file() and b"\0" not in (content := path.read_bytes()) and not name.startswith(LICENCES):
            found[name] = joined(content.decode("utf-8"))
    return found


def joined(text: str) -> str:
    return re.sub(r"\n[ \t]*(?:#[ \t]*)?", " ", text)


def sections(page: str) -> dict[str, str]:
    """Title by label of the page's sections."""
    text = (FOLDER / f"{page}.rst").read_text(encoding="utf-8")
    return dict(re.findall(r"^\.\. _" + re.escape(f"{LABEL}{page}.") + r"(\w+):\n\n(.+)\n-+$", text, re.M))


def cited(text: str) -> set[tuple[str, str]]:
    """Page and title, which is empty where the whole page is cited."""
    return {
        (page, title) for page, titles in CITATION.findall(text) for title in re.findall(r'"([^"]+)"', titles) or [""]
    }


def unknown(text: str) -> set[tuple[str, str]]:
    return {(page, title) for page, title in cited(text) if title not in {"", *titles_of(page)}}


def titles_of(page: str) -> set[str]:
    return set(sections(page).values()) if page in PAGES else set()


@pytest.mark.parametrize("page", PAGES)
def test_every_section_has_a_label(page: str) -> None:
    text = (FOLDER / f"{page}.rst").read_text(encoding="utf-8")
    titles = re.findall(r"^(.+)\n-{3,}$", text, re.M)
    assert len(titles) > 15
    assert list(sections(page).values()) == titles
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("page", PAGES)
def test_the_page_is_listed(page: str) -> None:
    assert f"- {page}\n" in (FOLDER.parent / "extra-docs.yml").read_text(encoding="utf-8")
    for document in ("docs/docsite/rst/architecture.rst", "docs/docsite/rst/development.rst"):
        assert f"{LABEL}{page}>" in (ROOT / document).read_text(encoding="utf-8"), document


def test_cited_sections_exist() -> None:
    assert {name: found for name, text in texts().items() if (found := unknown(text))} == {}
    simulators = "".join(text for name, text in texts().items() if name.startswith("tests/simulators/"))
    assert len(cited(simulators)) > 30


def test_cited_anchors_exist() -> None:
    known = {(page, anchor) for page in PAGES for anchor in ("", *sections(page))}
    assert {name: found for name, text in texts().items() if (found := set(ANCHOR.findall(text)) - known)} == {}


def test_nobody_cites_what_is_not_here() -> None:
    assert {name: found for name, text in texts().items() if (found := PRIVATE.findall(text))} == {}


@pytest.mark.parametrize(
    ("paper", "place"),
    [
        ("(contract", "section 4)"),
        ("(blocking contract,\n#", "sections 2 and 10.5)"),
        ("the", "contract says"),
        ("(design", "section 3, Filters)"),
        ("as section 2 of the", "contract says"),
        ("(seed", "page)"),
        ("guardrails, rails", "1 to 4"),
        ("contradiction", "20"),
        ("as additions", "7 say"),
        ("(section", "8.4)"),
        ("the sections", "8.4 and 9"),
        ("# rule", "5"),
        ("(blocking contract", "10.7, 11)"),
    ],
)
def test_a_private_paper_is_noticed(paper: str, place: str) -> None:
    assert PRIVATE.search(joined(f"{paper} {place}"))


@pytest.mark.parametrize(
    "text", ["the sections of the template", "a rule of the playbook", "contracts", "in addition, 3 rows"]
)
def test_other_words_are_left_alone(text: str) -> None:
    assert not PRIVATE.search(text)


def test_an_unknown_section_is_noticed() -> None:
    known, other = "protocol_fortianalyzer.rst", "protocol_other.rst"
    wrapped = joined(f'# see {known},\n# "Device selection", "No such section"')
    assert unknown(wrapped) == {("protocol_fortianalyzer", "No such section")}
    assert unknown(f'{other}, "Bans"') == {("protocol_other", "Bans")}

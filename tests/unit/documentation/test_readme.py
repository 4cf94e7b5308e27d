# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""README.md has the sections that Automation Hub's template asks for, and the papers lead somewhere."""

from __future__ import annotations

import pathlib
import re
import textwrap

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[3]
SECTIONS = [
    "Description",
    "Requirements",
    "Installation",
    "Use Cases",
    "Testing",
    "Support",
    "Release Notes and Roadmap",
    "Related Information",
    "License Information",
]
HERE = "https://github.com/secops/fortiview/blob/main/"
RAW = "https://raw.githubusercontent.com/secops/fortiview/main/"
PAPERS = [*ROOT.glob("*.md")]
# What is in the repository but not in the artifact, where its links would lead nowhere.
NOT_SHIPPED = ("tests", "tools", "Makefile", "requirements", "extensions/molecule")


def test_the_sections_of_the_template_stand_in_their_order() -> None:
    headings = re.findall(r"^## (.+)$", (ROOT / "README.md").read_text(), re.M)
    assert [heading for heading in headings if heading in SECTIONS] == SECTIONS


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: path.name)
def test_links_lead_somewhere(paper: pathlib.Path) -> None:
    for target in links(paper):
        own = target.removeprefix(HERE).removeprefix(RAW)
        if "://" not in own:
            file = ((ROOT if own != target else paper.parent) / own).resolve()
            assert file.exists(), target
            assert not str(file.relative_to(ROOT)).startswith(NOT_SHIPPED), target


def test_the_readme_stands_alone() -> None:
    """Automation Hub shows it without the files beside it."""
    assert [target for target in links(ROOT / "README.md") if "://" not in target] == []


def links(paper: pathlib.Path) -> list[str]:
    return re.findall(r"\]\(([^)#]+)[^)]*\)", paper.read_text())


def test_the_threat_model_names_code_and_tests_that_are_there() -> None:
    named = re.findall(r"``([^`]+)``", (ROOT / "docs" / "docsite" / "rst" / "threat_model.rst").read_text())
    files = [word for word in named if word.startswith(("plugins/", "roles/", "tests/"))]
    assert len(files) > 30
    assert [file for file in files if not list(ROOT.glob(file))] == []
    tests = "\n".join(path.read_text() for path in ROOT.glob("tests/**/test_*.py"))
    functions = [word for word in named if word.startswith("test_")]
    assert len(functions) > 20
    assert [name for name in functions if f"def {name}(" not in tests] == []


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text().splitlines()) <= 80


def test_the_example_and_its_output_come_from_a_run() -> None:
    """`make guides` runs the same play of the first page and writes what it prints."""
    page = (ROOT / "docs" / "docsite" / "rst" / "first_query.rst").read_text()
    example, output = re.findall(r"^```yaml\n(.*?)^```$", (ROOT / "README.md").read_text(), re.M | re.S)
    assert textwrap.indent(example, "    ") in page
    assert f"    $ ansible-playbook threats.yml\n{textwrap.indent(output.partition(chr(10))[2], '    ')}\n" in page

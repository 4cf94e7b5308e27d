# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pages of the docsite: links, anchors, commands with their variables, outputs, and the pages that a tool writes."""

from __future__ import annotations

import pathlib
import re
import runpy

import pytest
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[3]
FOLDER = ROOT / "docs" / "docsite" / "rst"
PAGES = sorted(FOLDER.glob("*.rst"))
PLAYBOOKS = {path.stem: path for path in (ROOT / "playbooks").glob("*.yml")}
SECTIONS = yaml.safe_load((FOLDER.parent / "extra-docs.yml").read_text(encoding="utf-8"))["sections"]
LABEL = "ansible_collections.secops.fortiview.docsite."
HERE = ("https://github.com/secops/fortiview/blob/main/", "https://raw.githubusercontent.com/secops/fortiview/main/")
# Steps of a workflow, and what the page on the registry explains, need no command with an output.
WITHOUT = {"adopt_blocks", "approval_gate", "awx_setup", "dry_run", "hunt_adoms", "reconcile_blocks"}
COMMAND = re.compile(r"^    (?:\$ |.*; )?ansible-playbook (?:-i \S+ )?secops\.fortiview\.(\w+)((?:.*\\\n)*.*)$", re.M)
RUN = re.compile(r"^\.\. output of a run.*\n\n\.\. code-block:: console\n\n((?:(?:    .*)?\n)+)", re.M)
tool = runpy.run_path(str(ROOT / "tools" / "reference_pages.py"))


def text_of(page: pathlib.Path) -> str:
    return page.read_text(encoding="utf-8")


def labels() -> set[str]:
    return {
        label for page in PAGES for label in re.findall(rf"^\s*\.\. _{re.escape(LABEL)}([\w.]+):$", text_of(page), re.M)
    }


def commands(text: str) -> list[tuple[str, str]]:
    """Name and arguments of each run of a playbook."""
    return COMMAND.findall(text)


def test_every_page_is_in_one_section() -> None:
    assert [section["title"] for section in SECTIONS] == ["Get started", "Guides", "Reference", "Development"]
    assert sorted(name for section in SECTIONS for name in section["toctree"]) == [page.stem for page in PAGES]


def test_there_are_about_ten_guides() -> None:
    assert len(next(section["toctree"] for section in SECTIONS if section["title"] == "Guides")) <= 13


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_links_and_anchors_exist(page: pathlib.Path) -> None:
    text = text_of(page)
    assert f".. _{LABEL}{page.stem}:\n" in text
    assert set(re.findall(rf"{re.escape(LABEL)}([\w.]+)", text)) - labels() == set()
    for prefix in HERE:
        for target in re.findall(rf"{re.escape(prefix)}([^\s>#]*)", text):
            assert (ROOT / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_commands_name_variables_that_exist(page: pathlib.Path) -> None:
    for name, arguments in commands(text_of(page)):
        found = tool["playbook_of"](tool["comment_of"](PLAYBOOKS[name]))
        known = {variable for one in found.variables for variable in one.names.split(", ")}
        if name in ("dry_run", "respond"):
            known |= {
                variable
                for one in tool["playbook_of"](tool["comment_of"](PLAYBOOKS["block_offenders"])).variables
                for variable in one.names.split(", ")
            }
        given = set(re.findall(r"-e ['\"{]*(\w+)['\"]*[=:]", arguments))
        assert {one for one in given if one not in known and not matches(one, known)} == set()


def matches(name: str, known: set[str]) -> bool:
    """Whether it is one of the variables of a role, such as fortigate_block_*."""
    return any(name.startswith(one[:-1]) for one in known if one.endswith("*"))


def test_every_playbook_is_shown() -> None:
    shown = {name for page in PAGES for block in RUN.findall(text_of(page)) for name, _arguments in commands(block)}
    assert set(PLAYBOOKS) - WITHOUT <= shown <= set(PLAYBOOKS)


@pytest.mark.parametrize("page", [page for page in PAGES if RUN.search(text_of(page))], ids=lambda page: page.stem)
def test_commands_have_outputs(page: pathlib.Path) -> None:
    text = text_of(page)
    assert text.count(".. output of a run") == len(RUN.findall(text)), "a marked block is no console block"
    for block in RUN.findall(text):
        for part in re.split(r"^    \$ ", block, flags=re.M)[1:]:
            command = re.match(r"(?:.*\\\n)*.*\n", part)
            assert command and part[command.end() :].strip(), f"no output of {part}: run make guides"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_outputs_come_from_runs(page: pathlib.Path) -> None:
    """A console block without the mark would show an output that no run has written."""
    before = re.findall(r"(.*)\n\n\.\. code-block:: console\n", text_of(page))
    assert [line for line in before if not line.startswith(".. output of a run")] == []


def test_generated_pages_are_current() -> None:
    """Write them again with tools/reference_pages.py."""
    assert [path.name for path, text in tool["generated"]().items() if text_of(path) != text] == []


def test_the_reference_has_every_playbook_with_every_variable() -> None:
    page = text_of(FOLDER / "playbooks.rst")
    for name, path in PLAYBOOKS.items():
        section = page.split(f".. _{LABEL}playbooks.{name}:\n")[1].split(".. _")[0]
        plays = yaml.safe_load(path.read_text(encoding="utf-8"))
        known = {one for play in plays for one in play.get("vars", {}).get("known_variables", [])}
        assert {one for one in known if f"``{one}``" not in section} == set()


def test_pictures_are_small() -> None:
    pictures = list((ROOT / "docs" / "images").glob("*.png"))
    assert len(pictures) == 2
    assert all(picture.stat().st_size < 300_000 for picture in pictures)


def test_common_changes_name_files_that_are_there() -> None:
    text = (ROOT / "docs" / "docsite" / "rst" / "development.rst").read_text(encoding="utf-8")
    table = text[text.index("Common changes\n") : text.index("Documentation\n")]
    named = re.findall(r"``([\w./*-]+(?:\.\w+|/\w+))``", table)
    folders = (
        ROOT / "plugins" / "module_utils",
        ROOT,
        ROOT / "docs" / "docsite" / "rst",
        ROOT / "plugins/module_utils/_blocking/registry",
    )
    assert len(named) > 30
    assert [name for name in named if not any([*folder.glob(name)] for folder in folders)] == []

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""tools/prose.py finds what it is for, in each kind of file, and leaves code alone."""

from __future__ import annotations

import importlib
import sys
import typing as t
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
LONG = " ".join(["number"] * 41)

sys.path.insert(0, str(ROOT / "tools"))
prose: t.Any = importlib.import_module("prose")
texts: t.Any = importlib.import_module("prose_texts")


def found(those: t.Iterable[t.Any]) -> list[str]:
    return [problem for text in those for problem in prose.problems_of(text)]


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ('"""It tells nobody."""\n', '"tells"'),
        ("x = 1  # the box has it\n", '"box"'),
        ("# two comments of one\n# whole, which tells it\n", '"tells"'),
        ("raise InvalidInput(f'{option} is wrong in every respect')\n", "without a next step"),
        ("warn(f'the {appliance} lacks a port')\n", '"lacks"'),
        ('DOCUMENTATION = r"""\ndescription: The appliance in question.\n"""\n', '"appliance"'),
        (f'"""{LONG}"""\n', "41 words"),
    ],
)
def test_python(source: str, problem: str) -> None:
    assert any(problem in one for one in found(texts.python_texts(source)))


@pytest.mark.parametrize(
    "source",
    [
        '"""`tell()` asks FortiAnalyzer."""\n',
        "pattern = re.compile('no words (?:told|tells) here')\n",
        "raise InvalidInput(f'{option} must be a number, not {value!r}')\n",
        "raise InvalidInput('it is wrong in every respect', next_step='Repair it.')\n",
        'DOCUMENTATION = r"""\ndescription: See O(tell) and V(box).\n"""\n',
        "# The value is None for a field that is missing.\n",
    ],
)
def test_python_that_is_right(source: str) -> None:
    assert found(texts.python_texts(source)) == []


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("- name: Report\n  ansible.builtin.debug:\n    msg: It is done here\n", "without an object"),
        ("- name: Fail here\n  ansible.builtin.fail:\n    msg: It is not as it was\n", "without a next step"),
        ("# A table:\n#\n#   adom  text  the box\n", '"box"'),
        ("text: \"{{ 'nobody has told this' if it else '' }}\"\n", '"nobody"'),
    ],
)
def test_yaml(source: str, problem: str) -> None:
    assert any(problem in one for one in found(texts.yaml_texts(source)))


def test_yaml_reads_an_alias_once_and_no_expressions() -> None:
    source = "a: &it\n  msg: nobody is here\nb: *it\nc:\n  when: it is none of these\n"
    assert len(found(texts.yaml_texts(source))) == 1


def test_pages_and_scripts() -> None:
    page = "# Title\n\nThe appliance.\n\n```console\n$ tell the box\n```\n\n| a cell | that tells it |\n\n`tell` is code.\n"
    assert found(texts.page_texts(page)) == [
        '"appliance" (write: FortiAnalyzer, or device)',
        '"tells" (write: say, report, show or name)',
    ]
    assert found(texts.script_texts("build: ## All words of it\n")) == ['"words" (write: keyword, value, or text)']


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("{#- It tells the\nreader -#}\n", '"tells"'),
        ("<p>{{ count }} rows of the appliance</p>\n", '"appliance"'),
        ("<table aria-label='Rows of the box'>\n", '"box"'),
        ("{{ text | default('No rows: nobody is here') }}\n", '"nobody"'),
    ],
)
def test_templates(source: str, problem: str) -> None:
    assert any(problem in one for one in found(texts.template_texts(source)))


def test_templates_that_are_right() -> None:
    source = '{% set colours = {\n  "box": "#ffffff", "figure": "#000000",\n} %}\n<svg class="box figure" {{ ink }}>{{ box.figure }}</svg>\n'
    assert found(texts.template_texts(source)) == []


def test_style_sheets_and_schemas() -> None:
    assert found(texts.style_texts("/* It lacks a\ncolour. */\n.box { color: red }\n")) == [
        '"lacks" (write: has no, without, or is missing)'
    ]
    assert found(texts.schema_texts('{"title": "box", "description": "What the box \\"says\\"."}\n')) == [
        '"box" (write: FortiGate, or device)'
    ]


def test_each_kind_of_file_is_read(tmp_path: Path) -> None:
    kinds = {
        "a.py": "# the box\n",
        "b.yml": "# the box\n",
        "c.md": "the box is here\n",
        "d.j2": "<p>the box is here\n",
        "e.css": "/* the box */\n",
        "f.json": '{"description": "the box"}\n',
        "Makefile": "# the box\n",
    }
    for name, source in kinds.items():
        (tmp_path / name).write_text(source)
        assert found(texts.texts_of(tmp_path / name)), name


def test_shipped_files() -> None:
    paths = prose.shipped([])
    assert "plugins/module_utils/_common/errors.py" in paths and not any(path.startswith("tests/") for path in paths)
    assert "roles/threat_report/templates/markdown/report.md.j2" in paths and "docs/threat_report.schema.json" in paths

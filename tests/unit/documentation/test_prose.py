# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""tools/prose.py finds what it is for, in each kind of file, and leaves code alone."""

from __future__ import annotations

import importlib.util
import typing as t
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
LONG = " ".join(["number"] * 41)

spec = importlib.util.spec_from_file_location("prose", ROOT / "tools" / "prose.py")
assert spec is not None and spec.loader is not None
prose: t.Any = importlib.util.module_from_spec(spec)
spec.loader.exec_module(prose)


def found(texts: t.Iterable[t.Any]) -> list[str]:
    return [problem for text in texts for problem in prose.problems_of(text)]


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
    assert any(problem in one for one in found(prose.python_texts(source)))


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
    assert found(prose.python_texts(source)) == []


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
    assert any(problem in one for one in found(prose.yaml_texts(source)))


def test_yaml_reads_an_alias_once_and_no_expressions() -> None:
    source = "a: &it\n  msg: nobody is here\nb: *it\nc:\n  when: it is none of these\n"
    assert len(found(prose.yaml_texts(source))) == 1


def test_pages_and_scripts() -> None:
    page = "# Title\n\nThe appliance.\n\n```console\n$ tell the box\n```\n\n| a cell | that tells it |\n\n`tell` is code.\n"
    assert found(prose.page_texts(page)) == [
        '"appliance" (write: FortiAnalyzer, or device)',
        '"tells" (write: say, report, show or name)',
    ]
    assert found(prose.script_texts("build: ## All words of it\n")) == ['"words" (write: keyword, value, or text)']


def test_shipped_files() -> None:
    paths = prose.shipped([])
    assert "plugins/module_utils/_common/errors.py" in paths and not any(path.startswith("tests/") for path in paths)

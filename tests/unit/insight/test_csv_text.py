# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""CSV as a spreadsheet and as the csv module read it."""

from __future__ import annotations

import csv
import io
import re
import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.secops.fortiview.plugins.module_utils._insight.csv_text import csv_text
from ansible_collections.secops.fortiview.plugins.module_utils._insight.tables import tables_of
from ansible_collections.secops.fortiview.plugins.module_utils._query.reader import all_rows
from hypothesis import given
from hypothesis import strategies as st

from simulators.fortianalyzer.catalogue import HOSTILE_THREAT_NAMES
from simulators.fortianalyzer.inventory import HOSTILE_HOST_NAMES


def read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def cells(*values: t.Any) -> list[str]:
    return [row[1] for row in read(csv_text([{"n": 1, "x": value} for value in values]))[1:]]


@pytest.mark.parametrize(
    "formula",
    [
        "=1+1",
        "+1+1",
        "-1+1",
        "@SUM(A1)",
        "\ttext",
        "  =1",
        "\u00a0=1",
        "\u3000=1",
        "\u200b=1",
        "\ufeff=1",
        "\uff1d1+1",
        "\uff0b1",
        "\uff0d1+1",
        "\uff20SUM(A1)",
        "=cmd|' /C calc'!A0",
        "-",
        "+49 170",
    ],
)
def test_no_text_is_a_formula(formula: str) -> None:
    assert cells(formula) == [f"'{formula}"]
    assert read(csv_text([{formula: 1}]))[0] == [f"'{formula}"]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("x;=cmd|'/C calc'!A0;y", "x;'=cmd|'/C calc'!A0;y"),
        ("x; =1", "x;' =1"),
        ('x;"=1', "x;'\"=1"),
        ("x\n=1+1", "x\n'=1+1"),
        ("x\r\n\u200b@y", "x\r\n'\u200b@y"),
        ("x\t\uff1d1", "x\t'\uff1d1"),
        ("\t=1", "'\t'=1"),
        ("\r=1", "'\r'=1"),
        ("\n=1", "'\n'=1"),
        ("a;-5;b", "a;-5;b"),
        ("a;-b", "a;'-b"),
        # A number, but with more behind it for whoever splits at another sign.
        ("-1;", "'-1;"),
        ("-1\nx", "'-1\nx"),
        ("a\t-5;b", "a\t'-5;b"),
        ("a\n-5;b", "a\n'-5;b"),
        ("a\n-5\nb", "a\n-5\nb"),
        ('a;-"1', "a;'-\"1"),
        ('a;\u200b"=1', "a;'\u200b\"=1"),
    ],
)
def test_no_piece_of_a_text_is_a_formula_where_another_separator_splits_it(text: str, written: str) -> None:
    assert cells(text) == [written]
    assert read(csv_text([{text: 1}]))[0] == [written]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@given(st.lists(st.text(st.sampled_from("a1=+-@;\t\r\n\", '\u200b\uff1d")), min_size=1, max_size=4))
def test_no_separator_makes_a_formula(separator: str, texts: list[str]) -> None:
    written = csv_text([{"n": 1, "x": text, "a": text} for text in texts], ["x", "n", "a"])
    for line in csv.reader(io.StringIO(written, newline=""), delimiter=separator):
        for field in line:
            seen = field.strip(" \t\r\n\u200b")
            # A negative number, be it with the comma that another separator has left behind it.
            assert not re.match('[=+@\uff1d]|-(?![0-9]+(?:[",]|$))', seen), (separator, field)


def test_cells_that_another_separator_would_split_are_quoted() -> None:
    assert csv_text([{"a": ["b", "c"], "d\te": 'f"g'}]) == 'a,"d\te"\r\n"b; c","f""g"\r\n'


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (5, "5"),
        (-5, "-5"),
        (-0.5, "-0.5"),
        ("-5", "-5"),
        ("-5.25", "-5.25"),
        (None, ""),
        (True, "true"),
        (["a", "b"], "a; b"),
        (["=a", "b"], "'=a; b"),
        ({"a": 1}, '{"a": 1}'),
        ([{"a": 1}], '[{"a": 1}]'),
        ("a,b", "a,b"),
        ('say "it"', 'say "it"'),
        ("two\r\nlines", "two\r\nlines"),
        ("a=b", "a=b"),
    ],
)
def test_everything_else_stays(value: object, shown: str) -> None:
    assert cells(value) == [shown]


@given(st.lists(st.text(), min_size=1))
def test_whatever_is_written_is_read_back(texts: list[str]) -> None:
    found = cells(*texts)
    # Nothing but apostrophes is added.
    assert [one.replace("'", "") for one in found] == [text.replace("'", "") for text in texts]
    assert all(len(one) >= len(text) for one, text in zip(found, texts))
    assert not any(one.lstrip()[:1] in tuple("=+@") for one in found)


def test_the_simulators_hostile_names_are_text() -> None:
    names = (*HOSTILE_THREAT_NAMES, *HOSTILE_HOST_NAMES)
    found = cells(*names)
    assert [one.lstrip("'") for one in found] == [name.lstrip("'") for name in names]
    assert sum(one.startswith("'") for one in found) == 2


def test_lines_and_columns() -> None:
    rows = [{"a": 1, "b": "ä"}, {"c": 3}]
    assert csv_text(rows) == "a,b,c\r\n1,ä,\r\n,,3\r\n"
    assert csv_text(rows, ["c", "a"]) == "c,a\r\n,1\r\n3,\r\n"
    assert csv_text(rows, ["a"], header=False, bom=True) == "\ufeff1\r\n\r\n".replace("\r\n\r\n", '\r\n""\r\n')
    assert csv_text([]) == ""
    assert csv_text([], ["a"]) == "a\r\n"
    with pytest.raises(InvalidInput, match="columns"):
        csv_text(rows, [1])
    with pytest.raises(InvalidInput, match=r"no row has the column d\. Choose from the columns a, b, c"):
        csv_text(rows, "a\nd")
    assert csv_text(rows, '["c", "a"]') == "c,a\r\n,1\r\n3,\r\n"


def test_several_results_say_which() -> None:
    results = [{"name": name, "adom": "A", "complete": True, "rows": [{"x": 1}]} for name in ("one", "two")]
    assert csv_text(all_rows(tables_of(results).tables)) == "result,adom,x\r\none,A,1\r\ntwo,A,1\r\n"
    assert csv_text(all_rows(tables_of(results[0]).tables)) == "x\r\n1\r\n"
    with pytest.raises(InvalidInput, match="not complete"):
        tables_of({"rows": [], "complete": False})

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What LibreOffice makes of the CSV files: no cell may be calculated, and only numbers may be numbers."""

from __future__ import annotations

import csv
import re
import subprocess
import typing as t
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._insight.csv_text import csv_text

OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
# Comma, quotes, UTF-8, from the first line on; and as where lists are written with semicolons, and for tabs.
READING = "CSV:44,34,76,1"
ELSEWHERE = ("CSV:59,34,76,1", "CSV:9,34,76,1")

Cell = tuple[t.Optional[str], t.Optional[str], str]


def opened(folder: Path, files: t.Sequence[Path], reading: str = READING) -> dict[str, list[list[Cell]]]:
    """By file name the rows of cells as type, formula and text."""
    command = [
        "soffice",
        "--headless",
        f"-env:UserInstallation={(folder / 'office').as_uri()}",
        f"--infilter={reading}",
    ]
    command += ["--convert-to", "fods", "--outdir", str(folder), *map(str, files)]
    subprocess.run(command, check=True, capture_output=True, timeout=100)
    return {file.name: rows_of(folder / f"{file.stem}.fods") for file in files}


def rows_of(file: Path) -> list[list[Cell]]:
    rows = []
    for row in ET.parse(file).iter(f"{{{TABLE}}}table-row"):
        cells: list[Cell] = []
        for cell in row.iter(f"{{{TABLE}}}table-cell"):
            said = "\n".join("".join(part.itertext()) for part in cell.iter(f"{{{TEXT}}}p"))
            repeated = int(cell.get(f"{{{TABLE}}}number-columns-repeated", "1"))
            one = (cell.get(f"{{{OFFICE}}}value-type"), cell.get(f"{{{TABLE}}}formula"), said)
            cells += [one] * min(repeated, 100)
        rows.append(cells)
    return rows


@pytest.fixture(scope="module")
def sheets(reports: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[list[Cell]]]:
    folder = tmp_path_factory.mktemp("sheets")
    unguarded = folder / "unguarded.csv"
    unguarded.write_text("a\n=1+1\n")
    files = [*sorted((reports / "hostile").glob("*.csv")), reports / "real" / "threats_root.csv", unguarded]
    return opened(folder, files)


def test_an_unguarded_formula_is_calculated(sheets: dict[str, list[list[Cell]]]) -> None:
    """Else the tests below could not fail."""
    assert sheets["unguarded.csv"][1][0][1:] == ("of:=1+1", "2")


def test_no_cell_is_a_formula(sheets: dict[str, list[list[Cell]]]) -> None:
    guarded = {name: rows for name, rows in sheets.items() if name != "unguarded.csv"}
    assert len(guarded) >= 14
    cells = [cell for rows in guarded.values() for row in rows for cell in row]
    assert len(cells) > 1000 and [cell for cell in cells if cell[1]] == []
    assert {kind for kind, _formula, text in cells if re.search("[=@]", text)} == {"string"}


@pytest.mark.parametrize("reading", ELSEWHERE)
def test_no_cell_is_a_formula_where_another_separator_is_expected(tmp_path: Path, reading: str) -> None:
    sign = chr(int(reading[4:].partition(",")[0]))
    (tmp_path / "unguarded.csv").write_text(f"a,x{sign}=1+1{sign}y\n")
    texts = [f"x{sign}{lead}=1+1{sign}y" for lead in ("", " ", '"', '""', "\u200b", "\n", "\r\n", ";\t")] + [
        "x\n=1+1",
        "x;",
        "=1",
    ]
    (tmp_path / "guarded.csv").write_text(csv_text([{"n": 1, "x": text, "y": text} for text in texts]), newline="")
    sheets = opened(tmp_path, [tmp_path / "unguarded.csv", tmp_path / "guarded.csv"], reading)
    assert [cell[1] for row in sheets["unguarded.csv"] for cell in row if cell[1]] == ["of:=1+1"]
    assert [cell for row in sheets["guarded.csv"] for cell in row if cell[1]] == []
    assert sum("1+1" in cell[2] for row in sheets["guarded.csv"] for cell in row) >= 10


@pytest.mark.parametrize("pattern", ["hostile/threats_*.csv", "real/threats_root.csv"])
def test_texts_are_texts_and_numbers_are_numbers(
    reports: Path, sheets: dict[str, list[list[Cell]]], pattern: str
) -> None:
    file = min(reports.glob(pattern))
    with file.open(encoding="utf-8-sig", newline="") as opened_file:
        head, *lines = list(csv.reader(opened_file))
    rows = sheets[file.name][1 : len(lines) + 1]
    assert [cell[2] for cell in sheets[file.name][0]][: len(head)] == head
    for title in ("threat", "threattype", "severity"):
        place = head.index(title)
        assert {row[place][0] for row in rows} == {"string"}
    place = head.index("incidents")
    assert {row[place][0] for row in rows} == {"float"}
    assert [int(row[place][2]) for row in rows] == [int(line[place]) for line in lines]

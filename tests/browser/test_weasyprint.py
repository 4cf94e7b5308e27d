# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report as WeasyPrint prints it, where no Chromium is installed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pypdf import PageObject, PdfReader

from .conftest import ROOT, SCREENSHOTS
from .test_page import APPENDIX, broken_numbers, page_of

PRINT_PAGE = ROOT / "roles" / "threat_report" / "files" / "print_page.py"
# In an environment of its own, so that the tests without a program to print with do not find it beside Ansible.
WEASYPRINT = ROOT / ".build" / "weasyprint" / "bin"
MARGIN = 30  # points, less than the 12 mm of the page
# Of the columns of the timeline and the bars, which are black where the program finds no colour.
COLORS = {"blocked": b"0.121569 0.372549 0.658824 rg", "detected": b"0.65098 0.14902 0.058824 rg"}


@pytest.mark.parametrize("which", ["real", "hostile"])
def test_print_by_weasyprint(reports: Path, tmp_path: Path, which: str) -> None:
    file = tmp_path / "report.pdf"
    page = page_of(reports, which)
    done = subprocess.run(
        [sys.executable, str(PRINT_PAGE), str(page), str(file), "0640"],
        env={**os.environ, "PATH": str(WEASYPRINT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert (done.returncode, done.stdout) == (0, "weasyprint"), done.stderr
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    (SCREENSHOTS / f"weasyprint_{which}.pdf").write_bytes(file.read_bytes())
    printed = PdfReader(file).pages
    assert [found for one in printed for found in beyond_the_paper(one)] == []
    pages = [one.extract_text() for one in printed]
    assert all(f"{number} / {len(pages)}" in text for number, text in enumerate(pages, 1))
    assert broken_numbers(pages) == []
    text = "\n".join(pages)
    assert "Show further rows" not in text and "Show the numbers" not in text
    for heading in ("Action needed", "Needs attention", "Who attacked", "Timeline", "What changed"):
        assert heading in "".join(pages[:3]), heading
    assert text.index(APPENDIX) > text.index("Blocks")
    drawn = b"".join(one.get_contents().get_data() for one in printed)  # type: ignore[union-attr]
    for word, color in COLORS.items():
        assert drawn.count(color) > (20 if which == "real" else 0), word
    if which == "real":
        assert len(pages) <= 6


def beyond_the_paper(page: PageObject) -> list[str]:
    """Texts that begin in the right margin or after it."""
    found = []

    def visit(text: str, outer: list[float], inner: list[float], *dummy: object) -> None:
        if text.strip() and inner[4] * outer[0] + outer[4] > float(page.mediabox.width) - MARGIN:
            found.append(text)

    page.extract_text(visitor_text=visit)
    return found

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report as WeasyPrint prints it, where no Chromium is installed."""

from __future__ import annotations

import os
import subprocess
import sys
import typing as t
from pathlib import Path

import pytest
from pypdf import PdfReader

from .conftest import ROOT, SCREENSHOTS

PRINT_PAGE = ROOT / "roles" / "threat_report" / "files" / "print_page.py"
# In an environment of its own, so that the tests without a program to print with do not find it beside Ansible.
WEASYPRINT = ROOT / ".build" / "weasyprint" / "bin"


@pytest.mark.parametrize("which", ["real", "hostile"])
def test_print_by_weasyprint(reports: Path, tmp_path: Path, which: str) -> None:
    file = tmp_path / "report.pdf"
    page = reports / which / "report.html"
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
    pages = [one.extract_text() for one in PdfReader(file).pages]
    text = "\n".join(pages)
    assert len(pages) >= 1, text

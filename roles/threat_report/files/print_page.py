# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Print a page as a PDF with Chromium, or with WeasyPrint if there is no Chromium: print_page.py PAGE PDF MODE

Writes the name of the program to stdout. If no program is installed, the script writes neither a name nor a PDF. If the program
fails, the script ends with an error.
"""

from __future__ import annotations

import contextlib
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
from typing import Optional

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PATIENCE = 120  # seconds
STYLE = pathlib.Path(__file__).resolve().parent / "weasyprint.css"
# The content security policy of the page permits no scripts and no other files. In addition, the browser has no network access.
OPTIONS = (
    "--headless --disable-gpu --disable-extensions --disable-sync --no-first-run --disable-background-networking --disable-component-update "
    "--disable-dev-shm-usage --no-pdf-header-footer"
)


def command(page: pathlib.Path, pdf: str, profile: str) -> Optional[list[str]]:
    """The command that prints the page. None if no program is installed."""
    # If WeasyPrint is installed in the virtual environment of Ansible, it is not always on PATH.
    path = f"{os.environ.get('PATH', '')}{os.pathsep}{os.path.dirname(sys.executable)}"
    browser = next(filter(None, (shutil.which(name, path=path) for name in BROWSERS)), None)
    if browser:
        # Chromium refuses to run as root in its sandbox. In most containers, the user is root.
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        rules = ["--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={profile}", f"--print-to-pdf={pdf}"]
        return [browser, *OPTIONS.split(), *sandbox, *rules, page.as_uri()]
    weasyprint = shutil.which("weasyprint", path=path)
    return [weasyprint, "--stylesheet", str(STYLE), str(page), pdf] if weasyprint else None


def run(words: list[str]) -> None:
    """Run the command, and end its whole process group, because Chromium starts further processes."""
    process = subprocess.Popen(
        words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
    )
    try:
        said = process.communicate(timeout=PATIENCE)[0]
    except subprocess.TimeoutExpired:
        sys.exit(f"{words[0]} did not print the page within {PATIENCE} seconds")
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    if process.returncode:
        last = said.decode("utf-8", "replace").strip().splitlines()[-1:]
        sys.exit(f"{words[0]} failed with exit code {process.returncode}: {' '.join(last)[:300]}")


def main(page: str, pdf: str, mode: str) -> None:
    # The PDF of an earlier report is removed, so that it is never attached to a new one.
    with contextlib.suppress(FileNotFoundError):
        os.unlink(pdf)
    with tempfile.TemporaryDirectory(prefix=".threat_report-", dir=os.path.dirname(pdf)) as scratch:
        made = os.path.join(scratch, "report.pdf")
        words = command(pathlib.Path(page).resolve(), made, os.path.join(scratch, "profile"))
        if words is None:
            return
        run(words)
        if not os.path.isfile(made):
            sys.exit(f"{words[0]} wrote no PDF")
        os.chmod(made, int(mode, 8))
        os.replace(made, pdf)
    sys.stdout.write(os.path.basename(words[0]))


if __name__ == "__main__":
    main(*sys.argv[1:])

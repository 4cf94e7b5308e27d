# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the tests of job templates, set-up and execution environment share."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import typing as t
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PATTERN = ROOT / "extensions" / "patterns" / "fortiview_remediation"
TOOLS = Path(sys.executable).parent
REGISTRY = "postgresql://fortiview@db.example.com/fortiview?sslmode=verify-full"
Data = dict[str, t.Any]


def environment(home: Path, **more: str) -> dict[str, str]:
    """Of a process that knows this checkout and nothing of the user's shell."""
    return {
        "PATH": f"{TOOLS}:/usr/bin:/bin",
        "HOME": str(home),
        "LC_ALL": "C.UTF-8",
        "ANSIBLE_HOME": str(home / "ansible"),
        "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".build"),
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
        # Modules would be compiled anew by each process where this is set.
        **{name: os.environ[name] for name in ("PYTHONDONTWRITEBYTECODE",) if name in os.environ},
        **more,
    }


def play(playbook: str, home: Path, site: Data, **more: str) -> subprocess.CompletedProcess[str]:
    """ansible-playbook with the settings of a site as extra variables."""
    file = home / "site.json"
    file.write_text(json.dumps(site))
    command = [str(TOOLS / "ansible-playbook"), playbook, "-e", f"@{file}"]
    return subprocess.run(
        command,
        cwd=home,
        env=environment(home, ANSIBLE_PIPELINING="true", **more),
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
    )


def controller_data(home: Path, site: Data) -> Data:
    """The lists controller_* as a controller gets them from this site."""
    dest = home / "data.json"
    # The exclusion list and the registry have no default.
    given = {"fortiview_never": [], "fortiview_registry": REGISTRY, **site, "pattern": str(PATTERN), "dest": str(dest)}
    run = play(str(ROOT / "tests" / "automation" / "awx" / "data.yml"), home, given)
    assert run.returncode == 0, run.stdout + run.stderr
    found: Data = json.loads(dest.read_text())
    return found


def named(items: t.Iterable[Data], name: str) -> Data:
    return next(item for item in items if item["name"] == name)

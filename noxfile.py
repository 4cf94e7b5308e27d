# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sessions of antsibull-nox, configured in antsibull-nox.toml, and each step of the tests as a session: nox --list

The steps run in the environment that make has; what they are is in tools/steps.py.
"""

# /// script
# dependencies = ["nox>=2025.2.9", "antsibull-nox"]
# ///

from __future__ import annotations

import runpy
from pathlib import Path

import antsibull_nox
import nox

STEPS = runpy.run_path(str(Path(__file__).parent / "tools" / "steps.py"))

antsibull_nox.load_antsibull_nox_toml()


def add(name: str, about: str) -> None:
    def step(session: nox.Session) -> None:
        session.run("make", name, *session.posargs, external=True)

    step.__doc__ = about
    nox.session(step, name=name, venv_backend="none", default=name == "test")


for name, found in STEPS["STEPS"].items():
    add(name, found.about)
for name in STEPS["GROUPS"]:
    add(name, f"Several steps: {', '.join(STEPS['GROUPS'][name])}")

if __name__ == "__main__":
    nox.main()

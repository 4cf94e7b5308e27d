# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The image for rulebook activations: its context, what the collection needs in it, and a rulebook with no more than that."""

from __future__ import annotations

import subprocess
from importlib.metadata import version

import pytest

from automation.awx.image import Image, access
from automation.awx.support import ROOT
from simulators.fortianalyzer import FortiAnalyzer
from support.attacks import attack, silence

RULEBOOK = """
- name: Once
  hosts: all
  sources:
    - secops.fortiview.fortiview:
        view: top-threats
        interval: 1
        initial: true
  rules:
    - name: Print and end
      condition: event.kind == "new"
      actions:
        - debug:
            msg: "seen {{ event.row.threat }}."
        - shutdown:
"""


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Image:
    return Image(tmp_path_factory.mktemp("image"), ROOT / "extensions" / "eda" / "decision-environment.yml")


def test_the_context_is_made(image: Image) -> None:
    made, collections = image.context()
    base = image.definition["images"]["base_image"]["name"]
    assert "/de-minimal-" in base and base in made
    assert len(collections) == 1, "playbooks run elsewhere"


def test_a_rulebook_runs_with_no_more_than_what_is_found(image: Image) -> None:
    """Beside the requirements of the collection there is what the base image has."""
    base = [f"{name}=={version(name)}" for name in ("ansible-core", "ansible-rulebook", "ansible-runner")]
    folder = image.packages("venv", *base, *image.requirements())
    (image.place / "rulebook.yml").write_text(RULEBOOK)
    with FortiAnalyzer() as faz:
        silence(faz)
        attack(faz, "SQL.Injection", "198.51.100.77")
        run = subprocess.run(
            [folder / "ansible-rulebook", "--rulebook", "rulebook.yml"],
            cwd=image.place,
            env=image.environment(folder, **access(faz)),
            capture_output=True,
            text=True,
            check=False,
            timeout=250,
        )
        assert "seen SQL.Injection." in run.stdout, run.stdout + run.stderr
        assert run.returncode == 0
        assert faz.check() == []

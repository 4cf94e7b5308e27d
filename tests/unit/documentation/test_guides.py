# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Guides: each playbook that answers a question has one, their commands and pictures are there, and they show outputs."""

from __future__ import annotations

import pathlib
import re

import pytest
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[3]
FOLDER = ROOT / "docs" / "guides"
GUIDES = sorted(path for path in FOLDER.glob("*.md") if path.name != "README.md")
PLAYBOOKS = {path.stem: path for path in (ROOT / "playbooks").glob("*.yml")}
# Life around blocks, which the role's README tells.
WITHOUT = {"reconcile_blocks", "adopt_blocks", "bootstrap_policies"}
# Where it is used; these guides show other programs and set-ups of their own, so no outputs, and the steps of a workflow that nobody
# runs by hand.
PLACES = {
    "awx",
    "core_2_19",
    "event_driven",
    "first_block",
    "guardrails",
    "httpapi",
    "inventory",
    "navigator",
    "registry",
    "sizing",
    "threat_intelligence",
    "where_to_block",
}
STEPS = {"approval_gate", "awx_setup", "block_targets", "hunt_adoms"}


def commands(guide: pathlib.Path) -> list[tuple[str, str]]:
    """Name and arguments of each run of a playbook."""
    text = guide.read_text(encoding="utf-8")
    return re.findall(r"^(?:\$ )?(?:.*; )?ansible-playbook (?:-i \S+ )?secops\.fortiview\.(\w+)(.*)$", text, re.M)


def test_every_playbook_has_a_guide() -> None:
    shown = {name for guide in GUIDES if guide.stem not in PLACES for name, _arguments in commands(guide)}
    assert set(PLAYBOOKS) - WITHOUT - STEPS <= shown <= set(PLAYBOOKS)
    told = (FOLDER / "awx.md").read_text(encoding="utf-8")
    assert "secops.fortiview.awx_setup" in told


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.stem)
def test_a_guide_shows_what_is_there(guide: pathlib.Path) -> None:
    text = guide.read_text(encoding="utf-8")
    assert commands(guide) or guide.stem in PLACES
    for name, arguments in commands(guide):
        plays = yaml.safe_load(PLAYBOOKS[name].read_text(encoding="utf-8"))
        own = [play.get("vars", {}) for play in plays]
        known = {variable for one in own for variable in (*one, *one.get("known_variables", ()))}
        given = set(re.findall(r"-e ['\"{]*(\w+)['\"]*[=:]", arguments))
        assert {one for one in given if not one.startswith("fortigate_block_")} <= known
    for block in re.findall(r"^```console\n(.*?)^```$", text, re.M | re.S):
        for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
            assert len(part.strip().splitlines()) > 1, f"no output of {part}"
    for link in re.findall(r"\]\(([^)#]+)", text):
        assert (FOLDER / link).exists(), link


def test_the_index_names_all() -> None:
    index = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\]\((\w+)\.md\)", index)) == {guide.stem for guide in GUIDES}


def test_pictures_are_small() -> None:
    pictures = list((ROOT / "docs" / "images").glob("*.png"))
    assert len(pictures) == 2
    assert all(picture.stat().st_size < 300_000 for picture in pictures)

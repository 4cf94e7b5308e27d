# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Playbooks: their comment and the list of variables that they know name the same ones."""

from __future__ import annotations

import pathlib
import re
import typing as t

import pytest
import yaml

PLAYBOOKS = sorted((pathlib.Path(__file__).resolve().parents[3] / "playbooks").glob("*.yml"))
ROW = re.compile(r"#   ([a-z_]+(?:, [a-z_]+)*) +(?:text|list|number|path|yes/no|bool|dict) ")
ROLES = ("fortigate_block_", "threat_hunt_", "threat_report_")


def described(path: pathlib.Path) -> set[str]:
    rows = [ROW.match(line) for line in path.read_text().splitlines()]
    names = {name for row in rows if row for name in row[1].split(", ")}
    return {name for name in names if not name.startswith(ROLES)}


@pytest.mark.parametrize("path", PLAYBOOKS, ids=lambda path: path.stem)
def test_the_variables_that_a_playbook_knows_are_those_of_its_comment(path: pathlib.Path) -> None:
    plays: list[dict[str, t.Any]] = yaml.safe_load(path.read_text())
    known = {name for play in plays for name in play.get("vars", {}).get("known_variables", [])}
    assert known == described(path)


@pytest.mark.parametrize("role", ["fortigate_block", "threat_hunt"])
def test_a_role_knows_the_variables_of_its_argument_spec(role: str) -> None:
    folder = PLAYBOOKS[0].parents[1] / "roles" / role
    spec = yaml.safe_load((folder / "meta" / "argument_specs.yml").read_text())["argument_specs"]["main"]["options"]
    known = yaml.safe_load((folder / "vars" / "main.yml").read_text())[f"__{role}_known"]
    assert sorted(known) == sorted(spec)

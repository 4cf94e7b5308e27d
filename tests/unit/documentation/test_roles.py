# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Roles: defaults, argument specs and README name the same variables."""

from __future__ import annotations

import pathlib
import re
import typing as t

import pytest
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[3]
ROLES = sorted(path.parent.parent for path in ROOT.glob("roles/*/meta/argument_specs.yml"))


def load(path: pathlib.Path) -> t.Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def options_of(role: pathlib.Path) -> dict[str, dict[str, t.Any]]:
    specs = load(role / "meta" / "argument_specs.yml")["argument_specs"]
    return {name: option for spec in specs.values() for name, option in spec.get("options", {}).items()}


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_defaults_and_argument_specs_agree(role: pathlib.Path) -> None:
    defaults, options = load(role / "defaults" / "main.yml"), options_of(role)
    assert {name for name, option in options.items() if "default" in option} <= set(defaults) <= set(options)
    for name, option in options.items():
        value = defaults.get(name)
        if not (isinstance(value, str) and "{{" in value) and "default" in option:
            assert option["default"] == value, name


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_all_variables_carry_the_name_of_the_role(role: pathlib.Path) -> None:
    inner = load(role / "vars" / "main.yml") if (role / "vars" / "main.yml").exists() else {}
    assert all(name.startswith(f"{role.name}_") for name in load(role / "defaults" / "main.yml"))
    assert all(name.startswith(f"__{role.name}_") for name in inner)


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_the_readme_names_no_variable_that_is_not_there(role: pathlib.Path) -> None:
    told = set(re.findall(rf"\b{role.name}_[a-z0-9_]+\b", (role / "README.md").read_text(encoding="utf-8")))
    tasks = "".join(path.read_text(encoding="utf-8") for path in role.glob("tasks/**/*.yml"))
    assert {
        name
        for name in told
        if name not in options_of(role) and f"{name}:" not in tasks and f"register: {name}" not in tasks
    } == set()

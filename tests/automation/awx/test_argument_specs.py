# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The argument specs beside the playbooks of the pattern: what the playbooks document, and what the surveys ask for."""

from __future__ import annotations

import json
import re
from importlib.resources import files

import jsonschema
import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from automation.awx.argument_specs import FOLDER, playbooks, source, text_of
from automation.awx.support import PATTERN, ROOT, Data

SCHEMA = json.loads((files("ansiblelint") / "schemas" / "play-argspec.json").read_text())


def options_of(name: str) -> Data:
    found: Data = yaml.safe_load((FOLDER / f"{name}.meta.yml").read_text())
    return dict(found["argument_specs"][name]["options"])


@pytest.mark.parametrize("name", playbooks())
def test_a_spec_says_what_the_playbook_documents(name: str) -> None:
    written = (FOLDER / f"{name}.meta.yml").read_text()
    assert written == text_of(name), "python -m automation.awx.argument_specs writes it anew"
    jsonschema.validate(yaml.safe_load(written), SCHEMA)


@pytest.mark.parametrize("name", playbooks())
def test_every_variable_of_the_plays_is_in_the_spec(name: str) -> None:
    """Read from the plays themselves, so that a row of the comment that nobody can read shows."""
    book = "block_offenders" if name in ("dry_run", "respond") else name
    plays = yaml.safe_load(source(book))
    variables = {one for play in plays if "hosts" in play for one in play.get("vars", {})}
    used = set(
        re.findall(r"\b(fortigates|fortianalyzer_adoms|fortigate_block_serial|fortigate_block_method)\b", source(book))
    )
    expected = {one for one in variables if not one.startswith(("ansible_", "__"))} | used
    assert expected and expected <= set(options_of(name))
    # A controller would offer a file with such a line as a playbook.
    assert not re.search(
        r"^\s*-?\s*(hosts|(ansible\.builtin\.)?import_playbook):", (FOLDER / f"{name}.meta.yml").read_text(), re.M
    )


def test_parameters_of_the_roles_are_in_the_specs() -> None:
    for role, books in {
        "threat_hunt": ("hunt_adoms", "dry_run"),
        "fortigate_block": ("block_targets", "dry_run"),
    }.items():
        specs = yaml.safe_load((ROOT / "roles" / role / "meta" / "argument_specs.yml").read_text())["argument_specs"]
        wanted = set(specs["main"]["options"]) - {"fortigate_block_state", "fortigate_block_targets"}
        for book in books:
            assert wanted <= set(options_of(book)), book


def test_what_the_surveys_ask_for_is_in_the_specs_and_their_defaults_fit() -> None:
    pattern = json.loads((PATTERN / "meta" / "pattern.json").read_text())
    checked = 0
    for template in pattern["aap_resources"]["controller_job_templates"]:
        options = options_of(template["playbook"].removesuffix(".yml"))
        questions = template.get("survey", {}).get("spec", [])
        # What has no default is a list of addresses, or the registry.
        defaults = {one["variable"]: one.get("default", "203.0.113.0/24") for one in questions}
        defaults.update(
            {one["variable"]: one["default"].splitlines() for one in questions if one["type"] == "multiselect"}
        )
        lenient = {name: {**option, "required": False} for name, option in options.items()}
        result = ArgumentSpecValidator(lenient).validate(defaults)
        assert result.error_messages == [], template["name"]
        checked += len(defaults)
    assert checked > 30

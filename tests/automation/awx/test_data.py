# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The data for controllers agrees with the roles, the playbooks and the formats that it is written for."""

from __future__ import annotations

import json
import re
import subprocess
import typing as t
from pathlib import Path

import pytest
import yaml
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.targets import parse_ttl

from automation.awx import argument_specs
from automation.awx.pattern import PRIMARY, pattern_of
from automation.awx.support import PATTERN, ROOT, Data, controller_data
from simulators.controller import surveys

pytestmark = pytest.mark.timeout(300)
TTL, AUDIT, REGISTRY = "fortigate_block_ttl", "fortigate_block_audit_dest", "FortiView registry"
KINDS = {"int": {"integer"}, "float": {"integer", "float"}, "bool": {"multiplechoice"}}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Data:
    return controller_data(tmp_path_factory.mktemp("data"), {})


@pytest.fixture(scope="module")
def options() -> Data:
    """Parameters of all roles, by name."""
    found = {}
    for file in ROOT.glob("roles/*/meta/argument_specs.yml"):
        for spec in yaml.safe_load(file.read_text())["argument_specs"].values():
            found.update(spec["options"])
    return found


def questions(data: Data) -> t.Iterator[tuple[str, Data]]:
    for template in (*data["controller_templates"], *data["controller_workflows"]):
        for question in template.get("survey_spec", {}).get("spec", []):
            yield template["name"], question


def documented(name: str, data: Data) -> dict[str, str]:
    """Variables that the comments on top of the playbooks of a template or workflow list, with their types."""
    workflow = next((one for one in data["controller_workflows"] if one["name"] == name), None)
    nodes = workflow["simplified_workflow_nodes"] if workflow else [{"unified_job_template": name}]
    templates = {node.get("unified_job_template") for node in nodes}
    books = [Path(one["playbook"]).stem for one in data["controller_templates"] if one["name"] in templates]
    rows = [row for book in books for row in argument_specs.comment(book)[1]]
    return {name: argument_specs.TYPES.get(row.kind, "str") for row in rows for name in row.names}


def test_every_question_asks_for_a_parameter_of_a_role_or_playbook(data: Data, options: Data) -> None:
    unknown = [
        (template, question["variable"])
        for template, question in questions(data)
        if question["variable"] not in options and question["variable"] not in documented(template, data)
    ]
    assert unknown == []


def test_choices_are_those_of_the_argument_specs(data: Data, options: Data) -> None:
    compared = set()
    for _template, question in questions(data):
        option = options.get(question["variable"], {})
        name = question["variable"]
        if option.get("type") == "bool":
            assert set(question["choices"]) == {"true", "false"}, name
        elif "choices" in option:
            assert [one for one in option["choices"] if one] == question["choices"], name
        elif question["type"] == "multiselect":
            assert re.findall(r"V\(([a-z]+)\)", str(option["description"])) == question["choices"], name
        else:
            continue
        compared.add(name)
    assert compared >= {
        "fortigate_block_method",
        "threat_hunt_outcome",
        "threat_hunt_severities",
        "fortigate_block_force",
    }


def test_durations_are_such_that_the_modules_read_them(data: Data) -> None:
    given = [question["default"] for _template, question in questions(data) if question["variable"] == TTL]
    given += [one["extra_data"][TTL] for one in data["controller_schedules"] if TTL in one.get("extra_data", {})]
    assert {parse_ttl(one, allow_permanent=False) for one in given} == {3600, 14400}


def test_one_detection_blocks_nobody_unless_somebody_asks_for_that(data: Data) -> None:
    wanted = "threat_hunt_min_incidents"
    given = [question["default"] for _template, question in questions(data) if question["variable"] == wanted]
    given += [one["extra_data"][wanted] for one in data["controller_schedules"] if wanted in one.get("extra_data", {})]
    given.append(argument_specs.play_variables("hunt_adoms")[wanted])
    assert len(given) == 6 and min(given) >= 3


def test_questions_have_the_type_of_their_parameter(data: Data, options: Data) -> None:
    for template, question in questions(data):
        variable = question["variable"]
        kind = options[variable]["type"] if variable in options else documented(template, data)[variable]
        assert question["type"] in KINDS.get(kind, {"text", "textarea", "multiplechoice", "multiselect"}), variable


def test_what_nobody_answers_is_what_the_playbook_does_by_default(data: Data) -> None:
    """Choices of several: a controller does not fill in their default where a schedule or a workflow starts the job."""
    book = argument_specs.play_variables("hunt_adoms")
    for _template, question in questions(data):
        if question["type"] == "multiselect":
            assert question["default"].splitlines() == book[question["variable"]]


def test_no_text_but_ticket_approver_and_removed_fortigates_may_be_left_empty(data: Data) -> None:
    """A controller writes it as !unsafe '', which newer cores read as null."""
    texts = [question for _template, question in questions(data) if question["type"] in ("text", "textarea")]
    empty = {one["variable"] for one in texts if not one["required"] or one["min"] < 1}
    assert texts and empty == {"fortigate_block_ticket", "fortigate_block_approver", "removed_fortigates"}


def test_exclusion_list_registry_and_permissions_are_no_questions(data: Data) -> None:
    asked = {question["variable"] for _template, question in questions(data)}
    fixed = {"fortigate_block_registry", "fortigate_block_never_extra", "fortigate_block_infra"}
    others = {"threat_hunt_never", "fortigate_block_protect_infra", "fortigate_block_allow_private", AUDIT}
    assert not asked & (fixed | others)
    for template in data["controller_templates"]:
        if "FortiGates" in template["credentials"]:
            assert fixed <= set(template["extra_vars"]), template["name"]


def test_without_an_audit_file_no_template_names_one(data: Data, tmp_path: Path) -> None:
    """A controller would write an empty name as !unsafe '', which newer releases of ansible-core read as null."""
    assert not [one["name"] for one in data["controller_templates"] if AUDIT in one.get("extra_vars", {})]
    with_file = controller_data(tmp_path, {"fortiview_audit_file": "/audit.jsonl"})["controller_templates"]
    named = {one["name"] for one in with_file if one.get("extra_vars", {}).get(AUDIT) == "/audit.jsonl"}
    assert named == {one["name"] for one in with_file if "FortiGates" in one["credentials"]}


def test_the_password_of_the_registry_is_a_credential_of_all_that_read_it(data: Data, tmp_path: Path) -> None:
    assert not [one["name"] for one in data["controller_credentials"] if one["name"] == REGISTRY]
    given = controller_data(tmp_path, {"fortiview_registry_password": "s3cret-c4nary"})
    (credential,) = [one for one in given["controller_credentials"] if one["name"] == REGISTRY]
    assert credential["inputs"] == {"password": "s3cret-c4nary"}
    reading = {one["name"] for one in given["controller_templates"] if REGISTRY in one["credentials"]}
    assert reading == {
        one["name"] for one in given["controller_templates"] if "fortigate_block_registry" in one.get("extra_vars", {})
    }
    assert "s3cret-c4nary" not in json.dumps({**given, "controller_credentials": []})


def test_variables_of_templates_are_parameters_too(data: Data, options: Data) -> None:
    for template in data["controller_templates"]:
        for name in template.get("extra_vars", {}):
            assert name in options or name in documented(template["name"], data), name


def test_a_controller_takes_every_survey(data: Data) -> None:
    """Of the data and of the pattern, whose surveys reach a controller as they are."""
    templates = pattern_of(data)["aap_resources"]["controller_job_templates"]
    found = [
        one["survey_spec"]
        for one in (*data["controller_templates"], *data["controller_workflows"])
        if "survey_spec" in one
    ]
    found += [one["survey"] for one in templates if "survey" in one]
    assert len(found) > 15
    for survey in found:
        surveys.check_spec(survey)


def test_the_pattern_asks_for_what_the_templates_have_as_variables(data: Data) -> None:
    templates = pattern_of(data)["aap_resources"]["controller_job_templates"]
    asked = {
        one["name"]: {question["variable"]: question for question in one.get("survey", {}).get("spec", [])}
        for one in templates
    }
    for name in ("FortiView dry run", "FortiView block", "FortiView block offenders", "FortiView respond"):
        never = asked[name]["fortigate_block_never_extra"]
        assert never["required"] and "default" not in never, "nobody states an exclusion list by leaving it as it is"
    assert asked["FortiView hunt"]["threat_hunt_never"]["required"]
    acting = [one for one in data["controller_templates"] if "FortiGates" in one["credentials"]]
    without_registry = {one["name"] for one in acting if "fortigate_block_registry" not in asked[one["name"]]}
    assert without_registry == {"FortiView bootstrap"}
    for name in asked.keys() - without_registry & {one["name"] for one in acting}:
        registry = asked[name].get("fortigate_block_registry", {"required": True})
        assert registry["required"] and "default" not in registry, "a file of the job's container is none"


def test_every_playbook_is_there(data: Data) -> None:
    missing = [one["playbook"] for one in data["controller_templates"] if not (ROOT / one["playbook"]).is_file()]
    assert missing == []
    for name in argument_specs.playbooks():
        (play,) = yaml.safe_load((PATTERN / "playbooks" / f"{name}.yml").read_text())
        assert play["ansible.builtin.import_playbook"] == f"secops.fortiview.{name}"
        assert (ROOT / "playbooks" / f"{name}.yml").is_file()


def test_every_workflow_node_names_a_template(data: Data) -> None:
    names = {one["name"] for one in (*data["controller_templates"], *data["controller_workflows"])}
    for workflow in data["controller_workflows"]:
        nodes = workflow["simplified_workflow_nodes"]
        assert {node["unified_job_template"] for node in nodes if "unified_job_template" in node} <= names
    assert {schedule["unified_job_template"] for schedule in data["controller_schedules"]} <= names


def test_the_pattern_says_what_the_data_says(data: Data) -> None:
    found = json.loads((PATTERN / "meta" / "pattern.json").read_text())
    assert found == pattern_of(data), "python -m automation.awx.pattern writes it anew"
    (primary,) = [one for one in found["aap_resources"]["controller_job_templates"] if one.get("primary")]
    assert primary["name"] == PRIMARY


def test_galaxy_importer_takes_the_pattern() -> None:
    command = [
        str(ROOT / ".build" / "importer" / "bin" / "python"),
        str(ROOT / "tests" / "automation" / "awx" / "importer_checks.py"),
        str(ROOT),
    ]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=100)
    assert run.returncode == 0, run.stdout + run.stderr
    found = json.loads(run.stdout.splitlines()[-1])
    assert found["supported"] and not found["left out"]
    assert found["warnings"] == []
    assert found["patterns"] == ["fortiview_remediation"]
    books = {f"patterns.fortiview_remediation.playbooks.{file.name}" for file in (PATTERN / "playbooks").glob("*.yml")}
    assert books < set(found["contents"])

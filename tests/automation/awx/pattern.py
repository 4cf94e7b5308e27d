# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Makes meta/pattern.json from the data for controllers: python -m automation.awx.pattern, with tests in PYTHONPATH."""

from __future__ import annotations

import json
import tempfile
import typing as t
from pathlib import Path

from automation.awx.support import PATTERN, Data, controller_data

PRIMARY = "FortiView dry run"
ABOUT = {
    "schema_version": "1.0",
    "name": PATTERN.name,
    "title": "Block the sources of threats that were not blocked",
    "description": (
        "Finds threats in FortiView of FortiAnalyzer and the addresses behind them, and blocks these addresses on FortiGates for a "
        "limited time. Every block is verified and recorded. Begin with the dry run, which shows the plan and writes nothing. The folder "
        "controller has the data of all objects: job templates, the workflow with an approval, credential types, inventories and schedules."
    ),
    "short_description": "Hunt threats in FortiView and block their sources on FortiGates",
    "tags": ["security", "fortinet", "fortianalyzer", "fortigate", "remediation"],
}
# The format has no variables of a template. These values are therefore survey questions if the playbook reads them.
NEVER: Data = {
    "question_name": "Exclusion list",
    "question_description": (
        "Addresses and networks that are never blocked, one on each line: your public ranges, partners and "
        "scanners. [] means that no address is excluded."
    ),
    "type": "textarea",
    "required": True,
    "min": 2,
    "max": 4096,
}
REGISTRY: Data = {
    "question_name": "Registry of blocks",
    "question_description": (
        "URL of the PostgreSQL database, without a password. Use the path of a SQLite file only if all jobs run on one machine that mounts "
        "its folder."
    ),
    "type": "text",
    "required": True,
    "min": 2,
    "max": 1024,
}
ADOMS: Data = {
    "question_name": "ADOMs",
    "question_description": "Administrative domains that the FortiGates log to, separated by commas.",
    "type": "text",
    "required": True,
    "min": 1,
    "max": 1024,
}
VARIABLES: dict[str, dict[str, Data]] = {
    "hunt_adoms.yml": {"threat_hunt_never": NEVER},
    "dry_run.yml": {"fortigate_block_never_extra": NEVER, "fortigate_block_registry": REGISTRY},
    "block_targets.yml": {"fortigate_block_never_extra": NEVER, "fortigate_block_registry": REGISTRY},
    "respond.yml": {"fortigate_block_never_extra": NEVER, "fortigate_block_registry": REGISTRY},
    "close_incident.yml": {"fortigate_block_registry": REGISTRY, "adoms": ADOMS},
    "unblock.yml": {"fortigate_block_registry": REGISTRY},
    "list_blocks.yml": {"fortigate_block_registry": REGISTRY},
    "block_effect.yml": {"fortigate_block_registry": REGISTRY, "adoms": ADOMS},
    "reconcile_blocks.yml": {"fortigate_block_never_extra": NEVER, "fortigate_block_registry": REGISTRY},
}


def pattern_of(data: Data) -> Data:
    """The content of the file. Templates of playbooks in other folders are omitted, because the format has no place for them."""
    project, image = data["controller_projects"][0], data["controller_execution_environments"][0]
    own = f"{PATTERN.relative_to(PATTERN.parents[2])}/playbooks/"
    return {
        **ABOUT,
        "aap_resources": {
            "controller_project": {"name": project["name"], "description": project["description"]},
            "controller_execution_environment": {
                "name": image["name"],
                "description": image["description"],
                "image_name": "secops/fortiview_ee",
                "pull": image["pull"],
            },
            "controller_labels": [label["name"] for label in data["controller_labels"]],
            "controller_job_templates": [
                _template(one, own) for one in data["controller_templates"] if one["playbook"].startswith(own)
            ],
        },
    }


def _template(template: Data, own: str) -> Data:
    found = {
        "name": template["name"],
        "description": template["description"],
        "execution_environment": template["execution_environment"],
        "playbook": template["playbook"].removeprefix(own),
        "primary": template["name"] == PRIMARY,
        "ask_credential_on_launch": True,
        "ask_inventory_on_launch": True,
        "labels": template["labels"],
    }
    if not found["primary"]:
        del found["primary"]
    questions = [*template.get("survey_spec", {}).get("spec", []), *_asked_here(found["playbook"])]
    if questions:
        about = template.get("survey_spec", {"name": template["name"], "description": template["description"]})
        found["survey"] = {**about, "spec": questions}
    return found


def _asked_here(playbook: str) -> t.Iterator[Data]:
    for variable, question in VARIABLES.get(playbook, {}).items():
        yield {**question, "variable": variable}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = pattern_of(controller_data(Path(folder), {}))
    (PATTERN / "meta" / "pattern.json").write_text(json.dumps(found, indent=2) + "\n")


if __name__ == "__main__":
    main()

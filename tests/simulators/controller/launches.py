# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Templates that are launched, and the jobs that this makes. A job stays pending until the test says how it ended."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import surveys
from .errors import Refused
from .store import Object, Store

# The resource that the jobs of a template belong to.
JOBS = {"job_templates": "jobs", "workflow_job_templates": "workflow_jobs"}


def launch(store: Store, resource: str, template: Object, body: Mapping[str, Any]) -> Object:
    """The new job, as the launch answers. What the template does not ask for is dropped without an error, as a controller does."""
    given = dict(body.get("extra_vars") or {})
    survey = template.get("survey_spec") or {} if template["survey_enabled"] else {}
    asked = {question["variable"] for question in survey.get("spec", [])}
    # A required question needs its answer here, whatever its default is.
    found = surveys.problems(survey, {name: value for name, value in given.items() if name in asked})
    if found:
        raise Refused(400, {"variables_needed_to_start": found})
    taken = {name: value for name, value in given.items() if name in asked or template["ask_variables_on_launch"]}
    ignored: dict[str, Any] = {
        name: value
        for name, value in body.items()
        if name != "extra_vars" and not template.get(f"ask_{name}_on_launch")
    }
    if len(taken) < len(given):
        ignored["extra_vars"] = {name: value for name, value in given.items() if name not in taken}
    prompts = {name: value for name, value in body.items() if name not in ignored}
    made = {**prompts, "name": template["name"], "extra_vars": taken, "unified_job_template": template["id"]}
    jobs = JOBS[resource]
    job = store.keep(jobs, store.create(jobs, made))
    return {**job, jobs.removesuffix("s"): job["id"], "ignored_fields": ignored}

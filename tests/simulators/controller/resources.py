# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kinds of things a controller keeps: their fields with what these are when nobody says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

COMMON = {"name": "", "description": ""}


@dataclass(frozen=True)
class Resource:
    """`unique` fields tell one from another, `references` name the resource that a field's id belongs to.

    A field that is not listed is ignored when it is written, as the API does.
    """

    kind: str
    fields: dict[str, Any]
    required: tuple[str, ...] = ("name",)
    unique: tuple[str, ...] = ("name", "organization")
    references: dict[str, str] = field(default_factory=dict)
    associations: dict[str, str] = field(default_factory=dict)


NOTIFIED = {
    f"notification_templates_{when}": "notification_templates" for when in ("started", "success", "error", "approvals")
}
OF_ORGANIZATION = {"organization": "organizations"}
PROMPTS = {"job_type": None, "limit": None, "scm_branch": None, "job_tags": None, "skip_tags": None, "verbosity": None}

ASKED = {f"ask_{what}_on_launch": False for what in ("limit", "labels", "inventory", "variables")}
JOB: dict[str, Any] = {
    "name": "",
    "status": "pending",
    "created": "2026-03-01T10:00:00Z",
    "extra_vars": {},
    "limit": "",
    "artifacts": {},
    "unified_job_template": None,
}

RESOURCES: dict[str, Resource] = {
    "organizations": Resource("organization", {**COMMON, "default_environment": None}, unique=("name",)),
    "labels": Resource(
        "label", {"name": "", "organization": None}, ("name", "organization"), references=OF_ORGANIZATION
    ),
    "execution_environments": Resource(
        "execution_environment",
        {**COMMON, "organization": None, "image": "", "pull": "", "credential": None},
        ("name", "image"),
        ("name",),
        OF_ORGANIZATION,
    ),
    "credential_types": Resource(
        "credential_type",
        {**COMMON, "kind": "", "managed": False, "inputs": {}, "injectors": {}},
        ("name", "kind"),
        ("name", "kind"),
    ),
    "credentials": Resource(
        "credential",
        {**COMMON, "organization": None, "credential_type": None, "inputs": {}},
        ("name", "credential_type"),
        ("name", "organization", "credential_type"),
        {**OF_ORGANIZATION, "credential_type": "credential_types"},
    ),
    "projects": Resource(
        "project",
        {
            **COMMON,
            "organization": None,
            "scm_type": "",
            "scm_url": "",
            "scm_branch": "",
            "scm_update_on_launch": False,
            "scm_revision": "",
            "default_environment": None,
        },
        references={**OF_ORGANIZATION, "default_environment": "execution_environments"},
    ),
    "inventories": Resource(
        "inventory",
        {**COMMON, "organization": None, "kind": "", "host_filter": None, "variables": ""},
        ("name", "organization"),
        references=OF_ORGANIZATION,
    ),
    "hosts": Resource(
        "host",
        {**COMMON, "inventory": None, "enabled": True, "variables": ""},
        ("name", "inventory"),
        ("name", "inventory"),
        {"inventory": "inventories"},
    ),
    "groups": Resource(
        "group",
        {**COMMON, "inventory": None, "variables": ""},
        ("name", "inventory"),
        ("name", "inventory"),
        {"inventory": "inventories"},
        {"hosts": "hosts", "children": "groups"},
    ),
    "notification_templates": Resource(
        "notification_template",
        {**COMMON, "organization": None, "notification_type": "", "notification_configuration": {}, "messages": None},
        ("name", "organization", "notification_type"),
        references=OF_ORGANIZATION,
    ),
    "job_templates": Resource(
        "job_template",
        {
            **COMMON,
            "organization": None,
            "job_type": "run",
            "inventory": None,
            "project": None,
            "playbook": "",
            "execution_environment": None,
            "extra_vars": "",
            "survey_enabled": False,
            "job_slice_count": 1,
            "ask_job_slice_count_on_launch": False,
            **ASKED,
        },
        ("name", "inventory", "project", "playbook"),
        references={
            "inventory": "inventories",
            "project": "projects",
            "execution_environment": "execution_environments",
        },
        associations={"credentials": "credentials", "labels": "labels", **NOTIFIED},
    ),
    "workflow_job_templates": Resource(
        "workflow_job_template",
        {**COMMON, "organization": None, "inventory": None, "extra_vars": "", "survey_enabled": False, **ASKED},
        references={**OF_ORGANIZATION, "inventory": "inventories"},
        associations={"labels": "labels", **NOTIFIED},
    ),
    "workflow_job_template_nodes": Resource(
        "workflow_job_template_node",
        {
            **PROMPTS,
            "identifier": "",
            "workflow_job_template": None,
            "unified_job_template": None,
            "extra_data": {},
            "all_parents_must_converge": False,
        },
        ("identifier", "workflow_job_template"),
        ("identifier", "workflow_job_template"),
        {"workflow_job_template": "workflow_job_templates", "unified_job_template": "unified_job_templates"},
        {f"{outcome}_nodes": "workflow_job_template_nodes" for outcome in ("success", "failure", "always")},
    ),
    "workflow_approval_templates": Resource("workflow_approval_template", {**COMMON, "timeout": 0}, unique=()),
    "schedules": Resource(
        "schedule",
        {**COMMON, **PROMPTS, "unified_job_template": None, "rrule": "", "enabled": True, "extra_data": {}},
        ("name", "unified_job_template", "rrule"),
        ("name", "unified_job_template"),
        {"unified_job_template": "unified_job_templates"},
    ),
    "jobs": Resource("job", JOB, unique=()),
    "workflow_jobs": Resource("workflow_job", JOB, unique=()),
    "project_updates": Resource("project_update", {"name": "", "status": "successful"}, unique=()),
}
# What can be started.
UNIFIED = ("job_templates", "workflow_job_templates", "projects", "workflow_approval_templates")
WITH_SURVEY = ("job_templates", "workflow_job_templates")

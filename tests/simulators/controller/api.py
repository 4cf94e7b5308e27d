# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests to the API, answered from the store."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import launches, rules, surveys
from .errors import Refused, not_found
from .resources import RESOURCES, WITH_SURVEY
from .store import Object, Store

VERSION = "24.6.1"
ENCRYPTED = "$encrypted$"
Answer = tuple[int, Any]


def answer(store: Store, method: str, parts: list[str], query: Mapping[str, str], body: Any) -> Answer:
    """Status and body for /api/v2/<parts>. Raises Refused."""
    resource = parts[0]
    if parts == ["config"]:
        return 200, {"version": VERSION}
    if resource != "unified_job_templates" and resource not in RESOURCES:
        raise not_found()
    if len(parts) == 1:
        if method == "GET":
            return 200, _page(store, resource, store.find(resource, query))
        return 201, _shown(store, resource, _created(store, resource, body))
    item = store.get(resource, int(parts[1]))
    if len(parts) == 2:
        return 200, _shown(store, resource, item if method == "GET" else _changed(store, resource, item, body))
    return _below(store, method, resource, item, parts[2], body)


def _created(store: Store, resource: str, body: Mapping[str, Any]) -> Object:
    item = store.create(resource, body)
    store.check_references(resource, item)
    rules.check(store, resource, item)
    store.keep(resource, item)
    if resource == "projects":
        # A controller fetches a new project at once.
        update = store.keep("project_updates", store.create("project_updates", {"name": item["name"]}))
        item["current_update"] = update["id"]
    return item


def _changed(store: Store, resource: str, item: Object, body: Mapping[str, Any]) -> Object:
    trial = {**item, **{name: value for name, value in body.items() if name in RESOURCES[resource].fields}}
    store.check_references(resource, trial)
    rules.check(store, resource, trial)
    item.update(trial)
    return item


def _below(store: Store, method: str, resource: str, item: Object, what: str, body: Any) -> Answer:
    if what == "survey_spec" and resource in WITH_SURVEY:
        if method == "POST":
            surveys.check_spec(body)
            item["survey_spec"] = body
        return 200, item.get("survey_spec") or {}
    if what == "launch" and resource in WITH_SURVEY and method == "POST":
        return 201, launches.launch(store, resource, item, body or {})
    if what == "create_approval_template" and resource == "workflow_job_template_nodes" and method == "POST":
        approval = _created(store, "workflow_approval_templates", body)
        item["unified_job_template"] = approval["id"]
        return 201, _shown(store, "workflow_approval_templates", approval)
    if method == "GET":
        return 200, _page(
            store, RESOURCES[resource].associations.get(what, ""), store.linked(resource, item["id"], what)
        )
    if resource == "workflow_job_template_nodes":
        other = store.get(resource, body["id"])
        if other["workflow_job_template"] != item["workflow_job_template"] or other is item:
            raise Refused(400, {"Error": "Relationship not allowed."})
    store.link(resource, item["id"], what, body["id"], bool(body.get("disassociate")))
    return 204, None


def _page(store: Store, resource: str, items: list[Object]) -> dict[str, Any]:
    shown = [_shown(store, resource, item) for item in items]
    return {"count": len(shown), "next": None, "previous": None, "results": shown}


def _shown(store: Store, resource: str, item: Object) -> dict[str, Any]:
    """As the API gives it: with the way to what belongs to it, and without secrets."""
    shown = {name: value for name, value in item.items() if name not in ("survey_spec", "current_update")}
    related = {name: f"{item['url']}{name}/" for name in RESOURCES.get(resource, RESOURCES["labels"]).associations}
    summary: dict[str, Any] = {}
    if item["type"] in ("job_template", "workflow_job_template"):
        related["survey_spec"] = f"{item['url']}survey_spec/"
        related["launch"] = f"{item['url']}launch/"
    if item.get("unified_job_template"):
        related["unified_job_template"] = store.get("unified_job_templates", item["unified_job_template"])["url"]
    if item.get("organization"):
        summary["organization"] = {
            "id": item["organization"],
            "name": store.get("organizations", item["organization"])["name"],
        }
    if item.get("current_update"):
        summary["current_update"] = {"id": item["current_update"]}
    if item["type"] == "credential":
        defined = store.get("credential_types", item["credential_type"])["inputs"]["fields"]
        secret = {one["id"] for one in defined if one.get("secret")}
        shown["inputs"] = {name: ENCRYPTED if name in secret else value for name, value in item["inputs"].items()}
    return {**shown, "related": related, "summary_fields": summary}

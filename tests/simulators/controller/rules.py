# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a controller refuses when something is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

from . import surveys
from .errors import Refused, invalid
from .store import Object, Store


def check(store: Store, resource: str, item: Object) -> None:
    """Raises Refused for what the rules of this resource do not allow."""
    rule = RULES.get(resource)
    if rule is not None:
        rule(store, item)


def _credential_type(store: Store, item: Object) -> None:
    if item["kind"] not in ("cloud", "net"):
        raise invalid("kind", f"Must be 'cloud' or 'net', not {item['kind']}")
    fields = item["inputs"].get("fields", [])
    known = {one["id"]: one for one in fields}
    if len(known) != len(fields) or not set(item["inputs"].get("required", [])) <= set(known):
        raise invalid("inputs", "fields are not unique, or required ones are not defined")
    if any(one.get("type") == "boolean" and one.get("secret") for one in fields):
        raise invalid("inputs", "secret is not allowed for a boolean")
    files = {name.partition(".")[2]: "path" for name in item["injectors"].get("file", {})}
    namespace = {**dict.fromkeys(known, "EXAMPLE"), "tower": {"filename": files}}
    for name in item["injectors"].get("env", {}):
        if name.startswith("ANSIBLE_"):
            raise invalid("injectors", f"Environment variable {name} is not allowed")
    environment = ImmutableSandboxedEnvironment(undefined=jinja2.StrictUndefined)
    for template in _templates(item["injectors"]):
        try:
            environment.from_string(template).render(namespace)
        except jinja2.TemplateError as error:
            raise invalid("injectors", f"{template}: {error}") from error


def _templates(injectors: Mapping[str, Any]) -> Iterator[str]:
    for kind in ("file", "env", "extra_vars"):
        yield from injectors.get(kind, {}).values()


def _credential(store: Store, item: Object) -> None:
    defined = store.get("credential_types", item["credential_type"])["inputs"]
    kinds = {one["id"]: bool if one["type"] == "boolean" else str for one in defined["fields"]}
    for name, value in item["inputs"].items():
        if not isinstance(value, kinds.get(name, ())):
            raise invalid("inputs", f"{name} is not expected, or of the wrong type")
    missing = [name for name in defined.get("required", []) if not item["inputs"].get(name)]
    if missing:
        raise invalid("inputs", f"required for this credential: {', '.join(missing)}")


def _job_template(store: Store, item: Object) -> None:
    # Not writable: that of the project.
    item["organization"] = store.get("projects", item["project"])["organization"]
    if item["job_type"] not in ("run", "check"):
        raise invalid("job_type", "not a valid choice")
    if not isinstance(item["job_slice_count"], int) or item["job_slice_count"] < 1:
        raise invalid("job_slice_count", "must be at least 1")


def _schedule(store: Store, item: Object) -> None:
    rule = item["rrule"]
    if len(re.findall(r"DTSTART:[0-9]{8}T[0-9]{6}Z", rule)) != 1:
        raise invalid("rrule", "Valid DTSTART required in rrule")
    rules = re.findall(r"RRULE:\S+", rule)
    if not rules or any("INTERVAL=" not in one or "SECONDLY" in one for one in rules):
        raise invalid("rrule", "INTERVAL required in rrule, and not SECONDLY")
    started = store.get("unified_job_templates", item["unified_job_template"])
    found = surveys.problems(started.get("survey_spec") or {}, item["extra_data"] or {})
    if found:
        raise Refused(400, {"variables_needed_to_start": found})


def _notification(store: Store, item: Object) -> None:
    if item["notification_type"] != "webhook":
        return
    missing = {"url", "http_method", "headers"} - set(item["notification_configuration"])
    if missing:
        raise invalid("notification_configuration", f"Missing required fields: {sorted(missing)}")


RULES: Mapping[str, Callable[[Store, Object], None]] = {
    "credential_types": _credential_type,
    "credentials": _credential,
    "job_templates": _job_template,
    "schedules": _schedule,
    "notification_templates": _notification,
}

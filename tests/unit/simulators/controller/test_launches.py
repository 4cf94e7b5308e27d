# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A launch on the simulated controller: which variables reach the job, and which are dropped or refused."""

from __future__ import annotations

import typing as t

import pytest

from simulators.controller.api import answer
from simulators.controller.errors import Refused
from simulators.controller.store import Object, Store

SURVEY = {
    "name": "s",
    "description": "",
    "spec": [
        {"question_name": "How many", "variable": "many", "type": "integer", "default": 3, "required": True},
        {"question_name": "Why", "variable": "why", "type": "text", "required": False},
    ],
}


@pytest.fixture
def store() -> Store:
    store = Store()
    organization = store.keep("organizations", store.create("organizations", {"name": "Security"}))
    store.keep(
        "workflow_job_templates",
        store.create(
            "workflow_job_templates", {"name": "W", "organization": organization["id"], "survey_enabled": True}
        ),
    )["survey_spec"] = SURVEY
    return store


def template(store: Store) -> Object:
    _status, page = answer(store, "GET", ["unified_job_templates"], {"name": "W"}, None)
    return t.cast("Object", page["results"][0])


def launched(store: Store, **body: t.Any) -> Object:
    parts = template(store)["related"]["launch"].removeprefix("/api/v2/").strip("/").split("/")
    status, job = answer(store, "POST", parts, {}, body)
    assert status == 201
    return t.cast("Object", job)


def test_a_template_says_whose_it_is_and_what_it_asks_for(store: Store) -> None:
    found = template(store)
    assert found["summary_fields"]["organization"]["name"] == "Security"
    assert found["ask_variables_on_launch"] is False


def test_only_what_is_asked_for_reaches_the_job(store: Store) -> None:
    job = launched(store, extra_vars={"many": 2, "never": ["198.51.100.7"]}, limit="all")
    assert job["extra_vars"] == {"many": 2}
    assert job["ignored_fields"] == {"extra_vars": {"never": ["198.51.100.7"]}, "limit": "all"}
    store.get("workflow_job_templates", template(store)["id"])["ask_variables_on_launch"] = True
    assert launched(store, extra_vars={"many": 2, "other": 1})["extra_vars"] == {"many": 2, "other": 1}


@pytest.mark.parametrize("variables", [{}, {"many": "2"}, {"why": "so"}])
def test_a_required_question_needs_an_answer_of_its_type(store: Store, variables: dict[str, t.Any]) -> None:
    with pytest.raises(Refused, match="many"):
        launched(store, extra_vars=variables)


def test_jobs_are_found_by_their_numbers(store: Store) -> None:
    first, second, third = (launched(store, extra_vars={"many": number}) for number in range(3))
    assert first["status"] == "pending"
    query = {"id__in": f"{first['id']},{third['id']}", "page_size": "2"}
    _status, page = answer(store, "GET", ["workflow_jobs"], query, None)
    assert [job["id"] for job in page["results"]] == [first["id"], third["id"]]
    assert second["url"] == f"/api/v2/workflow_jobs/{second['id']}/"

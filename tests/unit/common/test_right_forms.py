# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A name that is no option, and the one that was meant."""

from __future__ import annotations

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common import right_forms
from ansible_collections.secops.fortiview.plugins.module_utils._common.right_forms import meant_by, unknown_name
from ansible_collections.secops.fortiview.plugins.module_utils._glue.arguments import (
    result_arguments,
    sources_arguments,
    task_arguments,
    watch_arguments,
)
from ansible_collections.secops.fortiview.plugins.module_utils._glue.fortigate import ban_arguments

TASK, RESULT = task_arguments()["argument_spec"], result_arguments()["argument_spec"]
SOURCES, WATCH = sources_arguments()["argument_spec"], watch_arguments()["argument_spec"]


@pytest.mark.parametrize(
    "name, spec, meant",
    [
        ("time_rage", TASK, "time_range"),
        ("timerange", TASK, "time_range"),
        ("timeRange", TASK, "time_range"),
        ("time-range", TASK, "time_range"),
        ("last", TASK, "time_range"),
        ("adomain", TASK, "adom"),
        ("top", TASK, "limit"),
        ("limits", TASK, "limit"),
        ("sort", TASK, "sort_by"),
        ("sortby", TASK, "sort_by"),
        ("devices", TASK, "device"),
        ("token", TASK, "api_token"),
        ("verify_ssl", TASK, "validate_certs"),
        ("validate_cert", TASK, "validate_certs"),
        ("user", TASK, "username"),
        ("timeout", TASK, "wait_timeout"),
        ("filters", TASK, "filter"),
        ("hostname", TASK, "host"),
        ("task", RESULT, "tasks"),
        ("id", RESULT, "tid"),
        ("severity", SOURCES, "severities"),
        ("poll", WATCH, "interval"),
        ("token", ban_arguments(), "access_token"),
        ("duration", ban_arguments(), "expiry"),
        ("colour", TASK, None),
        ("x", TASK, None),
    ],
)
def test_what_was_meant(name: str, spec: dict[str, object], meant: object) -> None:
    assert meant_by(name, spec) == meant


def test_the_refusal_shows_the_right_form() -> None:
    assert unknown_name("top", TASK) == "top is not an option. Did you mean limit, as in limit: 25, or all?"
    assert unknown_name("verfy", {"verify": 1}) == "verfy is not an option. Did you mean verify?"
    assert unknown_name("colour", ["b", "a"]) == "colour is not an option. Valid names are a, b"


def test_no_synonym_and_no_example_is_for_an_option_that_does_not_exist() -> None:
    known = {*TASK, *RESULT, *SOURCES, *WATCH, *ban_arguments(), "targets", "ttl", "around", "last", "start", "end"}
    known |= {"sort_field", "fortiview_tickets", "tids", "never_extra"}  # variables of playbooks and roles
    known |= {alias for option in TASK.values() for alias in option.get("aliases", ())}
    assert set(right_forms.EXAMPLES) <= known
    assert {one for meant in right_forms.SYNONYMS.values() for one in meant} <= known

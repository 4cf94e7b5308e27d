# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the user's machine brings: environment variables, passwords from files, an old Python, missing time zone data."""

from __future__ import annotations

import sys
import typing as t

import pytest

from simulators.fortianalyzer import FortiAnalyzer
from support.playbooks import Controller

MODULE = "secops.fortiview.faz_fortiview_task"
QUERY: dict[str, t.Any] = {"view": "top-threats", "time_range": {"last": "24h"}, "limit": 3, "wait": True}
# In-process on the controller, and in a module process.
METHODS = [{}, {"async": 300, "poll": 1}]
VARIABLES = (
    "FAZ_HOST FAZ_PORT FAZ_USERNAME FAZ_PASSWORD FAZ_API_TOKEN FAZ_CLOUD_TOKEN FAZ_VALIDATE_CERTS FAZ_CA_PATH FAZ_REQUEST_TIMEOUT"
).split()


def ask(method: dict[str, t.Any], **options: t.Any) -> dict[str, t.Any]:
    return {"name": "Ask", MODULE: {**QUERY, **options}, **method}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("empty", ["", " "])
def test_empty_environment_variables_count_as_not_set(
    controller: Controller, faz: FortiAnalyzer, method: dict[str, t.Any], empty: str
) -> None:
    given = {
        "host": faz.host,
        "port": faz.port,
        "username": faz.username,
        "password": faz.password,
        "ca_path": faz.ca_path,
    }
    run = controller.tasks([ask(method, **given)], **dict.fromkeys(VARIABLES, empty))
    assert run.code == 0, run.output
    assert run.of("Ask")["result"]["returned"] == 3


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "variable, option, value, meant",
    [
        ("FAZ_PORT", "port", "https", "a whole number"),
        ("FAZ_REQUEST_TIMEOUT", "request_timeout", "soon", "a number of seconds, or a duration such as 90s or 5m"),
        ("FAZ_VALIDATE_CERTS", "validate_certs", "sometimes", "true or false"),
    ],
)
def test_a_variable_that_cannot_be_converted_is_named(
    controller: Controller,
    faz: FortiAnalyzer,
    method: dict[str, t.Any],
    variable: str,
    option: str,
    value: str,
    meant: str,
) -> None:
    run = controller.tasks([ask(method)], **{variable: value})
    assert run.code != 0
    assert f"{variable}, which sets the option {option}, must be {meant}, not '{value}'" in run.said
    assert not faz.journal


@pytest.mark.parametrize("name", ["username", "password"])
def test_a_password_with_a_line_break_at_its_end_is_not_sent(
    controller: Controller, faz: FortiAnalyzer, name: str
) -> None:
    login = {"username": faz.username, "password": faz.password}
    run = controller.tasks([ask({}, **{**login, name: f"{login[name]}\n"})])
    assert run.code != 0
    assert f"{name} ends with a line break" in run.said and faz.password not in run.output
    assert not faz.journal


def test_an_old_python_is_named(controller: Controller, faz: FortiAnalyzer) -> None:
    """From some release on ansible-core says it by itself."""
    controller.write("old/sitecustomize.py", "import sys\nsys.version_info = (3, 8, 18, 'final', 0)\n")
    python = controller.write(
        "old/python3.8", f'#!/bin/sh\nPYTHONPATH={controller.folder}/old exec {sys.executable} "$@"\n'
    )
    python.chmod(0o755)
    run = controller.tasks([dict(ask({"async": 300, "poll": 1}), vars={"ansible_python_interpreter": str(python)})])
    assert run.code != 0
    assert "Python 3.9" in run.flat or "Python version 3.9" in run.flat
    assert "Traceback" not in run.output


@pytest.mark.parametrize(
    "data, said",
    [("there", "is not in the time zone data of this machine"), ("missing", "has no time zone data")],
)
def test_a_time_zone_that_does_not_exist_and_data_that_is_missing(
    controller: Controller, faz: FortiAnalyzer, data: str, said: str
) -> None:
    environment = {}
    if data == "missing":
        # No folder has data, and the package of the same name cannot be imported.
        controller.write("none/tzdata/__init__.py", "raise ImportError('tzdata')\n")
        environment = {"PYTHONTZPATH": "", "PYTHONPATH": str(controller.folder / "none")}
    run = controller.tasks([ask({}, timezone="Europe/Lodnon")], **environment)
    assert run.code != 0
    assert said in run.said
    assert not faz.submits

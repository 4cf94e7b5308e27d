# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Argument specs, one factory per documentation fragment of the same name."""

from __future__ import annotations

import typing as t

from .environment import from_environment

Spec = dict[str, dict[str, t.Any]]


def connection_arguments() -> Spec:
    return {
        "host": {"type": "str", "fallback": (from_environment, ["FAZ_HOST"])},
        "port": {"type": "int", "default": 443, "fallback": (from_environment, ["FAZ_PORT", "int"])},
        "username": {"type": "str", "fallback": (from_environment, ["FAZ_USERNAME"])},
        "password": {"type": "str", "no_log": True, "fallback": (from_environment, ["FAZ_PASSWORD"])},
        "api_token": {
            "type": "str",
            "no_log": True,
            "aliases": ["access_token"],
            "fallback": (from_environment, ["FAZ_API_TOKEN"]),
        },
        "forticloud_access_token": {"type": "str", "no_log": True, "fallback": (from_environment, ["FAZ_CLOUD_TOKEN"])},
        "validate_certs": {
            "type": "bool",
            "default": True,
            "fallback": (from_environment, ["FAZ_VALIDATE_CERTS", "bool"]),
        },
        "ca_path": {"type": "path", "fallback": (from_environment, ["FAZ_CA_PATH"])},
        "request_timeout": {
            "type": "float",
            "default": 30,
            "fallback": (from_environment, ["FAZ_REQUEST_TIMEOUT", "float"]),
        },
        "proxy": {"type": "str", "no_log": True},
    }


def _query_options(defaults: bool) -> Spec:
    options: Spec = {
        "view": {"type": "str"},
        "adom": {"type": "str"},
        "name": {"type": "str"},
        "device": {"type": "list", "elements": "raw"},
        "device_scope": {
            "type": "dict",
            "options": {"serial": {"type": "str", "required": True}, "vdom": {"type": "str", "default": "root"}},
        },
        "filter": {"type": "str"},
        "limit": {"type": "int"},
        "offset": {"type": "int"},
        "sort_by": {
            "type": "list",
            "elements": "dict",
            "options": {
                "field": {"type": "str", "required": True},
                "order": {"type": "str", "choices": ["asc", "desc"], "default": "desc"},
            },
        },
        "time_range": {"type": "dict"},
        "timezone": {"type": "str"},
        "case_sensitive": {"type": "bool"},
    }
    if defaults:
        options["adom"]["default"] = "root"
        options["case_sensitive"]["default"] = False
    return options


def query_arguments() -> Spec:
    spec = _query_options(defaults=True)
    spec["queries"] = {"type": "list", "elements": "dict", "options": _query_options(defaults=False)}
    return spec


def many_arguments() -> Spec:
    return {
        "wait_timeout": {"type": "float", "default": 300},
        "max_concurrent": {"type": "int", "default": 4},
    }


def on_error_arguments() -> Spec:
    return {"on_error": {"type": "str", "choices": ["fail", "continue"], "default": "fail"}}


def task_arguments() -> dict[str, t.Any]:
    """Everything that AnsibleModule and ArgumentSpecValidator need for faz_fortiview_task."""
    return {
        "argument_spec": {
            **connection_arguments(),
            **query_arguments(),
            **many_arguments(),
            **on_error_arguments(),
            "wait": {"type": "bool", "default": False},
        },
        "required_one_of": [["view", "queries"]],
    }


def result_arguments() -> dict[str, t.Any]:
    """The same for faz_fortiview_result."""
    return {
        "argument_spec": {
            **connection_arguments(),
            **many_arguments(),
            **on_error_arguments(),
            "tasks": {"type": "list", "elements": "dict"},
            "adom": {"type": "str", "default": "root"},
            "view": {"type": "str"},
            "tid": {"type": "int"},
            "name": {"type": "str"},
            "wait": {"type": "bool", "default": True},
            "limit": {"type": "int"},
            "offset": {"type": "int"},
            "on_gone": {"type": "str", "choices": ["fail", "resubmit"], "default": "fail"},
            "delete": {"type": "bool", "default": False},
            "raw": {"type": "bool", "default": False},
        },
        "required_one_of": [["tasks", "tid"]],
        "mutually_exclusive": [["tasks", "tid"], ["tasks", "view"], ["tasks", "name"]],
        "required_together": [["view", "tid"]],
    }


def sources_arguments() -> dict[str, t.Any]:
    """The same for faz_threat_sources_info."""
    query = _query_options(defaults=False)
    return {
        "argument_spec": {
            **connection_arguments(),
            **many_arguments(),
            "threats": {"type": "list", "elements": "raw"},
            "view": {"type": "str", "default": "top-threats"},
            "threats_filter": query["filter"],
            "names": {"type": "list", "elements": "str"},
            "severities": {"type": "list", "elements": "str"},
            "outcome": {"type": "str", "choices": ["any", "unblocked", "never_blocked"], "default": "any"},
            "min_incidents": {"type": "int", "default": 0},
            "limit": {"type": "int", "default": 50},
            "max_threats": {"type": "int", "default": 10000},
            "adoms": {"type": "list", "elements": "str", "default": ["root"]},
            "device": query["device"],
            "filter": query["filter"],
            "time_range": {"type": "dict", "required": True},
            "timezone": query["timezone"],
            "ways": {
                "type": "list",
                "elements": "str",
                "choices": ["rows", "threat-src-dst", "source-threat", "logsearch", "threat-detect-summary"],
                "default": ["rows", "threat-src-dst", "source-threat", "logsearch"],
            },
            "max_tasks": {"type": "int", "default": 50},
            "max_rows": {"type": "int", "default": 5000},
            "max_age": {"type": "str", "default": "24h"},
        },
    }


def adoms_info_arguments() -> dict[str, t.Any]:
    """The same for faz_adoms_info."""
    return {"argument_spec": connection_arguments()}


def devices_info_arguments() -> dict[str, t.Any]:
    """The same for faz_devices_info, and for the inventory plugin."""
    return {
        "argument_spec": {
            **connection_arguments(),
            "adoms": {"type": "list", "elements": "str"},
            "adom": {"type": "list", "elements": "str"},
            "device_groups": {"type": "bool", "default": True},
        },
        "mutually_exclusive": [("adoms", "adom")],
    }


def watch_arguments() -> dict[str, t.Any]:
    """The same for the event source."""
    top = _query_options(defaults=True)
    each = _query_options(defaults=False)
    # A watch goes on from where it was and asks for the top of a ranking.
    for options in (top, each):
        for name in ("offset", "time_range", "timezone"):
            del options[name]
    return {
        "argument_spec": {
            **connection_arguments(),
            **top,
            **many_arguments(),
            "queries": {"type": "list", "elements": "dict", "options": each},
            "adoms": {"type": "list", "elements": "str"},
            "interval": {"type": "float", "default": 60},
            "window": {"type": "float", "default": 3600},
            "overlap": {"type": "float", "default": 300},
            "remember": {"type": "int", "default": 10000},
            "initial": {"type": "bool", "default": False},
            "worsened_by": {"type": "dict", "default": {"incidents": "100%", "detected": "100%"}},
            "key": {"type": "list", "elements": "str", "no_log": False},
            "never": {"type": "list", "elements": "str"},
            "state_file": {"type": "path"},
        },
        "required_one_of": [["view", "queries"]],
    }

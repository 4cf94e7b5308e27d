# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Argument specs of the FortiAnalyzer modules and the event source. Their documentation of options is generated from
these specs."""

from __future__ import annotations

import typing as t

from .environment import from_environment

Spec = dict[str, dict[str, t.Any]]

# Durations have the type str, because they may have a unit, as in 90s, 30m, 4h or 7d. _common/durations.py parses them.
DURATION = "str"
LOOKUP_METHODS = ["rows", "threat-src-dst", "source-threat", "logsearch", "threat-detect-summary"]


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
            "type": DURATION,
            "default": "30s",
            "fallback": (from_environment, ["FAZ_REQUEST_TIMEOUT", "seconds"]),
        },
        "proxy": {"type": "str", "no_log": True},
    }


def _query_options() -> Spec:
    """The options of a query, without defaults, because an entry of `queries` has no defaults. _query/queries.py parses
    options of type raw."""
    return {
        "view": {"type": "str"},
        "adom": {"type": "list", "elements": "str", "aliases": ["adoms"]},
        "name": {"type": "str"},
        "device": {"type": "list", "elements": "raw"},
        "device_scope": {
            "type": "dict",
            "options": {"serial": {"type": "str", "required": True}, "vdom": {"type": "str", "default": "root"}},
        },
        "filter": {"type": "str"},
        "limit": {"type": "raw"},
        "offset": {"type": "int"},
        "sort_by": {"type": "raw"},
        "time_range": {"type": "raw"},
        "timezone": {"type": "str"},
        "case_sensitive": {"type": "bool"},
    }


def query_arguments() -> Spec:
    spec = _query_options()
    spec["adom"]["default"] = ["root"]
    spec["case_sensitive"]["default"] = False
    spec["queries"] = {"type": "list", "elements": "dict", "options": _query_options()}
    return spec


def many_arguments() -> Spec:
    return {
        "wait_timeout": {"type": DURATION, "default": "5m"},
        "max_concurrent": {"type": "int", "default": 4},
    }


def on_error_arguments() -> Spec:
    return {"on_error": {"type": "str", "choices": ["fail", "continue"], "default": "fail"}}


def task_arguments() -> dict[str, t.Any]:
    """The arguments of AnsibleModule and ArgumentSpecValidator for faz_fortiview_task."""
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
    """The arguments for faz_fortiview_result."""
    return {
        "argument_spec": {
            **connection_arguments(),
            **many_arguments(),
            **on_error_arguments(),
            "tasks": {"type": "list", "elements": "dict"},
            "adom": {"type": "str", "default": "root"},
            "view": {"type": "str"},
            "tid": {"type": "list", "elements": "int", "aliases": ["task_id"]},
            "name": {"type": "str"},
            "wait": {"type": "bool", "default": True},
            "limit": {"type": "raw"},
            "offset": {"type": "int"},
            "on_gone": {"type": "str", "choices": ["fail", "resubmit"], "default": "fail"},
            "delete": {"type": "bool", "default": False},
            "raw": {"type": "bool", "default": False},
        },
        "required_one_of": [["tasks", "tid"]],
        "mutually_exclusive": [["tasks", "name"]],
        "required_together": [["view", "tid"]],
    }


def sources_arguments() -> dict[str, t.Any]:
    """The arguments for faz_threat_sources_info."""
    query = _query_options()
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
            "limit": {**query["limit"], "default": 50},
            "max_threats": {"type": "int", "default": 10000},
            "adoms": {**query["adom"], "aliases": ["adom"], "default": ["root"]},
            "device": query["device"],
            "filter": query["filter"],
            "time_range": {**query["time_range"], "required": True},
            "timezone": query["timezone"],
            "lookup_methods": {
                "type": "list",
                "elements": "str",
                "choices": LOOKUP_METHODS,
                "default": LOOKUP_METHODS[:-1],
            },
            "max_tasks": {"type": "int", "default": 50},
            "max_rows": {"type": "int", "default": 5000},
            "max_age": {"type": DURATION, "default": "24h"},
        },
    }


def adoms_info_arguments() -> dict[str, t.Any]:
    """The arguments for faz_adoms_info."""
    return {"argument_spec": connection_arguments()}


def devices_info_arguments() -> dict[str, t.Any]:
    """The arguments for faz_devices_info and the inventory plugin."""
    return {
        "argument_spec": {
            **connection_arguments(),
            "adoms": {"type": "list", "elements": "str"},
            "adom": {"type": "list", "elements": "str"},
            "device_groups": {"type": "bool", "default": True},
        },
        "mutually_exclusive": [("adoms", "adom")],
    }


def incident_arguments() -> dict[str, t.Any]:
    """The arguments for faz_incident."""
    return {
        "argument_spec": {
            **connection_arguments(),
            "state": {"type": "str", "choices": ["present", "closed"], "default": "present"},
            "adom": {"type": "str", "default": "root"},
            "name": {"type": "str", "required": True},
            "window": {"type": DURATION, "default": "7d"},
            "status": {"type": "str", "choices": ["draft", "analysis", "response"]},
            "severity": {"type": "str", "choices": ["critical", "high", "medium", "low", "info"]},
            "category": {"type": "str"},
            "endpoint": {"type": "str"},
            "description": {"type": "str"},
            "note": {"type": "str"},
            "update": {"type": "str", "choices": ["always", "note", "never"], "default": "always"},
            "reporter": {"type": "str", "default": "ansible"},
            "alerts": {"type": "list", "elements": "str"},
            "acknowledge_alerts": {"type": "bool", "default": True},
            "alert_comment": {"type": "str"},
        },
    }


def watch_arguments() -> dict[str, t.Any]:
    """The arguments for the event source."""
    query = query_arguments()
    # A watch sets its own time range and reads only the top of a ranking.
    for options in (query, query["queries"]["options"]):
        for name in ("offset", "time_range", "timezone"):
            del options[name]
    return {
        "argument_spec": {
            **connection_arguments(),
            **query,
            **many_arguments(),
            "interval": {"type": DURATION, "default": "60s"},
            "window": {"type": DURATION, "default": "1h"},
            "overlap": {"type": DURATION, "default": "5m"},
            "remember": {"type": "int", "default": 10000},
            "initial": {"type": "bool", "default": False},
            "worsened_by": {"type": "dict", "default": {"incidents": "100%", "detected": "100%"}},
            "key": {"type": "list", "elements": "str", "no_log": False},
            "never": {"type": "list", "elements": "str"},
            "state_file": {"type": "path"},
        },
        "required_one_of": [["view", "queries"]],
    }

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every switch and every fault of the FortiAnalyzer simulator, each with the error that may name it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

PAIRS_GONE = ["threat-src-dst"]
ONLY_LOGS = {"missing_views": ["threat-src-dst", "source-threat", "destination-threat"]}
DOCUMENTED = {"dialect": "documented"}
BERLIN = "(GMT+1:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna."
RIGHTS = "right|rpc-permit|permission"
TIMEOUT = "%|wait_timeout|not done|not finished|seconds"


@dataclass
class Case:
    """`error` is a pattern of what an error has to say; without one only the right answer will do. `masked`: no address may
    be handed on. `rows`: how many there are, where they are not of the event log. `unnoticeable`: the appliance answers another
    question without a word. `way` is how the client authenticates: password, key, cloud, or with a wrong one of these."""

    name: str
    setting: str
    switches: dict[str, Any] = field(default_factory=dict)
    faults: list[dict[str, Any]] = field(default_factory=list)
    error: str = ""
    way: str = "password"
    masked: bool = False
    rows: int | None = None
    unnoticeable: bool = False
    options: dict[str, Any] = field(default_factory=dict)


def _switch(name: str, value: Any, error: str = "", beside: dict[str, Any] | None = None, **more: Any) -> Case:
    setting = json.dumps(value) + "".join(f", {key} {json.dumps(other)}" for key, other in (beside or {}).items())
    if more.get("way"):
        setting += f", {more['way'].replace('_', ' ')}"
    return Case(name=name, setting=setting, switches={**(beside or {}), name: value}, faults=[], error=error, **more)


SLOW = {"task_seconds": 1.5}
IMPATIENT = {"wait_timeout": 6}

SWITCH_CASES: list[Case] = [
    # Shape of replies
    _switch("dialect", "documented"),
    _switch("dialect", "auto"),
    *(_switch("row_values", value) for value in ("strings", "native", "scientific")),
    *(_switch("id_form", form) for form in ("string", "missing")),
    _switch("spelled_figures", {"threatweight": ["4.5e+10", "1,234"]}),
    *(_switch("percentage_form", value, "", SLOW) for value in ("string", "float", "percent")),
    _switch("percentage_form", "missing"),
    *(_switch("final_percentage", False, "", beside) for beside in (SLOW, {**SLOW, **DOCUMENTED})),
    *(
        _switch("total_form", form, "", {**DOCUMENTED, "synthetic_rows": {"top-threats": 25}}, rows=25)
        for form in ("all", "returned")
    ),
    *(_switch("done_word", word, "", DOCUMENTED) for word in ("complete", "finished")),
    _switch("masked_fields", ["srcip", "dstip"], masked=True),
    _switch("masked_style", "word", "", {"masked_fields": ["srcip", "dstip"]}, masked=True),
    _switch("omit_result_when_empty", True),
    *(
        _switch("permission_error_shape", shape, RIGHTS, {"rpc_permit": "read", "add_needs_write": True})
        for shape in ("object", "list", "error")
    ),
    _switch("result_extras", True),
    *(_switch("odd_text", {"threattype": kind}) for kind in ("latin-1", "control", "nul", "half pair", "odd escape")),
    _switch("odd_text", {"threat": "quote"}, r"at byte \d+"),
    # Authentication
    _switch("rpc_permit", "read"),
    _switch("rpc_permit", "none", "rpc-permit"),
    _switch("rpc_permit", "none", RIGHTS, way="key"),
    _switch("add_needs_write", True, RIGHTS, {"rpc_permit": "read"}),
    _switch("api_token_accepted", True, way="key"),
    _switch("api_token_accepted", False, "key", way="key"),
    *(
        _switch("api_token_refusal", form, "key", way="wrong_key")
        for form in ("http401", "http403", "code-11", "status401")
    ),
    _switch("access_token_query_accepted", True, way="key"),
    _switch("null_session_with_key_accepted", True, way="key"),
    *(_switch("login_refusal_code", code, "logging in", way="wrong_password") for code in (-22, -20, -11)),
    _switch("lockout_after", 1, "logging in", way="wrong_password"),
    _switch("lockout_seconds", 1.0, "logging in", way="wrong_password"),
    *(
        Case(
            name="stale_session_code",
            setting=f"{code}, once",
            switches={"stale_session_code": code},
            faults=[{"kind": "stale_session", "method": "get", "url": "fortiview"}],
            error=RIGHTS,
        )
        for code in (-11, -2, -10, 401)
    ),
    _switch("session_idle", 0.2, RIGHTS + "|session", {"task_seconds": 1.5}),
    _switch("session_cap", 0, "session", options={"wait_timeout": 20}),
    _switch("session_cap_code", -22, "session", {"session_cap": 0}, options={"wait_timeout": 20}),
    # Device manager: not asked by these
    _switch("device_manager_read", False),
    _switch(
        "untold_device",
        "product",
        "",
        {
            **dict.fromkeys(("device_fields", "device_count", "device_range", "device_groups"), False),
            **dict.fromkeys(("hostile_devices", "unregistered_devices", "split_vdoms", "ha_members_listed"), True),
            "device_rows_max": 2,
            "extra_devices": 3,
        },
    ),
    # Submit
    *(_switch("apiver_required", value) for value in (True, False)),
    *(
        _switch("unknown_adom_code", code, r"\bADOM\b(?! Elsewhere)", options={"adom": "Elsewhere"})
        for code in (-3, -11)
    ),
    _switch("forbidden_adoms", ["root"], RIGHTS),
    _switch("unknown_path_form", "status", "", {"fetch_paths": "short"}),
    _switch("parameter_refusal", "invalid-data", "limit|parameter", {"limit_max": 500}),
    *(_switch("all_words", [word]) for word in ("devname:All_Device", "devid:All_Devices", "devid:All_FortiGate")),
    _switch("missing_views", ["top-threats"], "top-threats"),
    _switch("missing_views", PAIRS_GONE),
    _switch("missing_views", ONLY_LOGS["missing_views"]),
    _switch("rejected_filter_fields", {"threat-src-dst": ["threat"], "source-threat": ["threat"]}),
    _switch("rejected_filter_fields", {"threat-src-dst": ["threat", "threat_s"]}, "filter"),
    _switch("accepted_filter_fields", {"threat-src-dst": ["threatname"]}),
    _switch("limit_max", 500, "limit|500"),
    _switch("default_limits", {"*": 10}),
    _switch("drilldown_rows_on_submit", False),
    # Tasks
    _switch("task_seconds", 2.5),
    *(_switch("progress", form, "", SLOW) for form in ("steps", "stalled")),
    _switch("registration_delay", 1.5),
    _switch("single_use", True),
    _switch("early_fetch_reaps", 1.0, "", {"task_seconds": 2.5}),
    _switch("task_lifetime", 0.0, "expired"),
    _switch("slots", 1),
    _switch("slots", 0, "slot", options=IMPATIENT),
    *(_switch("concurrent_searches", most, "", {"task_seconds": 2.5}) for most in (1, 2)),
    _switch("fortiview_cache", 3600.0),
    _switch("empty_complete", 2),
    _switch("empty_complete", 99, "returned|rows"),
    _switch("task_outcome", "error", "failed|status error"),
    _switch("task_outcome", "never", TIMEOUT, SLOW, options=IMPATIENT),
    *(_switch("fetch_paths", form, "", DOCUMENTED) for form in ("both", "run", "short")),
    _switch("fetch_paging", True, "", DOCUMENTED),
    _switch("fetch_page_default", 10, "", {**DOCUMENTED, "fetch_paging": True}),
    # Log search
    _switch("logsearch_all_words", ["devid:All_Devices"], "", ONLY_LOGS),
    _switch("logsearch_unknown_device_refused", True, "device|Device", ONLY_LOGS),
    _switch("logsearch_seconds", 2.0, "", ONLY_LOGS),
    _switch("logsearch_single_use", False, "", ONLY_LOGS),
    _switch("logsearch_empty_complete", 2, "", ONLY_LOGS),
    _switch("logsearch_fetch_max", 500, "bigger than max value 500", ONLY_LOGS),
    _switch("logsearch_count", False, "", ONLY_LOGS),
    _switch("logsearch_delete_form", "status", "", ONLY_LOGS),
    # Endpoints and indicators of compromise: not asked by these
    *(_switch("ueba_shape", shape) for shape in ("object", "list")),
    _switch("ioc_licensed", False),
    _switch("ioc_rescan_startable", True),
    _switch("ioc_rescans_running", 1),
    _switch("ioc_rescan_seconds", 1.0),
    _switch("ioc_result_when_idle", True),
    # Incidents
    _switch("incident_rights", False),
    _switch("incident_names", False),
    _switch("incident_categories", ["CAT1"]),
    _switch("incident_id_place", "data"),
    _switch("incident_rows_max", 10),
    _switch("incident_text_max", 100),
    _switch("alert_acknowledged_word", "1"),
    # Time
    *(_switch("time_zone", zone) for zone in ("UTC", "America/St_Johns", "Australia/Lord_Howe")),
    _switch("adom_zones", {"root": "Asia/Kathmandu"}),
    *(_switch("status_zone_key", key) for key in (None, "Time Zone")),
    _switch("status_zone_missing", True),
    _switch("status_lower_case", True),
    _switch("status_zone_text", BERLIN),
    *(_switch("status_zone_word", word, "", {"status_zone_text": BERLIN}) for word in (True, False)),
    *(
        _switch("status_daylight", word, "", {"status_zone_text": BERLIN, "status_zone_word": False})
        for word in ("Yes", "No", "missing")
    ),
    *(_switch("clock_skew", seconds) for seconds in (3600.0, -3600.0)),
    _switch("time_forms", ["seconds"]),
    *(_switch("time_forms", forms, unnoticeable=True) for forms in (["minutes"], ["rfc3339"])),
    *(_switch("strict_time", True, "", {**DOCUMENTED, "time_forms": forms}) for forms in (["seconds"], ["rfc3339"])),
    _switch("strict_time", True, "time", {**DOCUMENTED, "time_forms": ["minutes"]}),
    _switch("future_refused", False),
    _switch("future_tolerance", 5.0),
    # Data and load
    _switch("latency", 0.5),
    _switch("requests_per_second", 4),
    _switch("synthetic_rows", {"top-threats": 25}, rows=25),
    _switch("synthetic_shared", 8, "", {"synthetic_rows": {"top-sources": 400}}),
    *(_switch("source_grouping", words) for words in ([], ["endpoint"], ["device"], ["user", "interface"])),
    _switch("late_logs", True),
    _switch("log_clock_lag", 7200.0),
    _switch("newest_log_places", []),
    _switch("newest_log_key", "End_Time"),
    *(_switch("newest_log_form", form) for form in ("epoch text", "naive text", "rfc3339")),
    _switch("newest_log_age", 36000.0),
    _switch("extra_adoms", 3),
    _switch("ha_pair", True),
    _switch("version", "v8.0.0-build0001 260701 (GA)"),
    _switch("journal_reply_bytes", 1000),
]

PLACES: dict[str, dict[str, str]] = {
    "login": {"url": "/sys/login/user"},
    "status": {"url": "/sys/status"},
    "submit": {"method": "add", "url": "fortiview"},
    "poll": {"method": "get", "url": "fortiview"},
    "delete": {"method": "delete", "url": "fortiview"},
    "logout": {"url": "/sys/logout"},
}
BROKEN = "connection|broke|reply"
NOT_RPC = "JSON|FortiAnalyzer|the redirect to"
# Kind, details, what an error has to say.
FAULTS: list[tuple[str, dict[str, Any], str]] = [
    *(("http", {"status": status}, str(status)) for status in (401, 403, 429, 500, 502, 503, 504)),
    ("redirect", {"location": "https://127.0.0.1/login"}, "the redirect to"),
    ("not_json", {}, NOT_RPC),
    ("truncated", {}, BROKEN),
    ("cut_before", {}, BROKEN),
    ("cut_after", {}, BROKEN),
    ("empty_body", {}, "empty|reply"),
    ("slow", {"seconds": 9}, "within|request_timeout"),
    ("error", {"code": -32603, "message": "database is on fire"}, "database is on fire"),
    ("status", {"code": -1, "message": "database is on fire"}, "database is on fire"),
    ("stale_session", {}, RIGHTS),
    ("no_result", {}, "result|session|rows|done|finished|task id"),
    ("json_list", {}, NOT_RPC),
]


def _faults() -> list[Case]:
    found = []
    for kind, details, error in FAULTS:
        for place, where in PLACES.items():
            for times, word in ((1, "once"), (99, "always")):
                fault = {"kind": kind, "times": times, **where, **details}
                status = f"{details['status']}, " if kind == "http" else ""
                options = {"wait_timeout": 15, **({"request_timeout": 5} if kind == "slow" else {})}
                # A failing end of a task or session is no reason for an error.
                said = "" if place in ("delete", "logout") else error
                if details.get("status") == 401 or kind == "stale_session":
                    said = said and f"{said}|{RIGHTS}|logging in"
                case = Case(
                    name=kind,
                    setting=f"{status}{place}, {word}",
                    switches={},
                    faults=[fault],
                    error=said,
                    options=options,
                )
                case.unnoticeable = (kind, place, word) == ("no_result", "poll", "always")
                found.append(case)
    return found


FAULT_CASES = _faults()
CASES = SWITCH_CASES + FAULT_CASES


def cases_of(part: str) -> list[Case]:
    """All, but for two: in another process the same code runs, and how a report is told does not depend on how a task or session
    is ended, nor on a login, after whose failure there is nothing to report."""
    if part == "module_process":
        return FAULT_CASES
    if part == "threat_report":
        return SWITCH_CASES + [case for case in FAULT_CASES if re.search(r"\b(submit|poll)\b", case.setting)]
    return CASES

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every difference between one FortiAnalyzer and the next.

See protocol_fortianalyzer.rst, "Requirements for a simulator".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from ..common.switches import Switchboard

ALL_WORDS = ("devname:All_Device", "devid:All_Devices", "devid:All_FortiGate")


@dataclass
class Switches(Switchboard):
    """Settings that may be changed while the simulator runs; None means "as the dialect does"."""

    # Replies (protocol_fortianalyzer.rst, "Reply dialects", "Decoding")
    dialect: str = "live"
    row_values: str | None = None
    id_form: str | None = None
    spelled_figures: dict[str, list[str]] = field(default_factory=dict)
    percentage_form: str = "int"
    final_percentage: bool = True
    total_form: str | None = None
    done_word: str = "done"
    masked_fields: list[str] = field(default_factory=list)
    masked_style: str = "ip"
    omit_result_when_empty: bool = False
    permission_error_shape: str | None = None
    result_extras: bool = False

    # Administrators (protocol_fortianalyzer.rst, "Authentication")
    rpc_permit: str = "read-write"
    add_needs_write: bool = False
    api_token_accepted: bool = True
    api_token_refusal: str = "http401"
    access_token_query_accepted: bool = False
    null_session_with_key_accepted: bool = False
    login_refusal_code: int = -22
    lockout_after: int = 3
    lockout_seconds: float = 60.0
    stale_session_code: int = -11
    session_idle: float = 900.0
    session_cap: int | None = None
    session_cap_code: int = -1

    # Device manager (protocol_fortianalyzer.rst, "ADOMs and devices")
    device_manager_read: bool = True
    device_fields: bool = True
    device_count: bool = True
    device_range: bool = True
    device_rows_max: int | None = None
    device_groups: bool = True
    extra_devices: int = 0
    hostile_devices: bool = False
    unregistered_devices: bool = False
    split_vdoms: bool = False
    ha_members_listed: bool = False
    untold_device: str | None = None

    # Submits (protocol_fortianalyzer.rst, "Submit", "Device selection")
    apiver_required: bool | None = None
    all_words: list[str] = field(default_factory=lambda: list(ALL_WORDS))
    unknown_adom_code: int = -3
    forbidden_adoms: list[str] = field(default_factory=list)
    unknown_path_form: str | None = None
    parameter_refusal: str | None = None
    missing_views: list[str] = field(default_factory=list)
    rejected_filter_fields: dict[str, list[str]] = field(default_factory=dict)
    accepted_filter_fields: dict[str, list[str]] = field(default_factory=dict)
    limit_max: int = 1000
    default_limits: dict[str, int] | None = None
    drilldown_rows_on_submit: bool = True

    # Tasks (protocol_fortianalyzer.rst, "Task life cycle", "Paging")
    task_seconds: float | list[float] = 0.0
    progress: str = "linear"
    registration_delay: float = 0.0
    single_use: bool = False
    early_fetch_reaps: float = 0.0
    task_lifetime: float = 900.0
    slots: int | None = None
    concurrent_searches: int | None = None
    fortiview_cache: float = 0.0
    empty_complete: int = 0
    task_outcome: str = "done"
    fetch_paths: str | None = None
    fetch_paging: bool = False
    fetch_page_default: int = 100

    # Log search (protocol_fortianalyzer.rst, "Log search"). Slots and outcomes are those of FortiView tasks.
    logsearch_all_words: list[str] = field(default_factory=lambda: ["devid:All_FortiGate"])
    logsearch_unknown_device_refused: bool = False
    logsearch_seconds: float | None = None
    logsearch_single_use: bool = True
    logsearch_empty_complete: int = 0
    logsearch_fetch_max: int = 1000
    logsearch_count: bool = True
    logsearch_delete_form: str = "word"

    # Incidents (protocol_fortianalyzer.rst, "Incidents")
    incident_rights: bool = True
    incident_names: bool = True
    incident_categories: list[str] = field(default_factory=lambda: [f"CAT{number}" for number in range(1, 7)])
    incident_id_place: str = "result"
    incident_rows_max: int | None = None
    incident_text_max: int | None = None
    alert_acknowledged_word: str = "yes"

    # Endpoints and rescans (protocol_fortianalyzer.rst, "Endpoints", "Compromised hosts")
    ueba_shape: str | None = None
    ioc_licensed: bool = True
    ioc_rescan_startable: bool = False
    ioc_rescans_running: int = 0
    ioc_rescan_seconds: float = 60.0
    ioc_result_when_idle: bool = False

    # Time (protocol_fortianalyzer.rst, "Time ranges", "Clocks and late logs")
    time_zone: str = "Europe/Berlin"
    adom_zones: dict[str, str] = field(default_factory=dict)
    status_zone_key: str | None = "TZ"
    status_zone_missing: bool = False
    status_lower_case: bool = False
    status_zone_text: str | None = None
    status_zone_word: bool | None = None
    status_daylight: str | None = None
    time_forms: list[str] | None = None
    strict_time: bool = False
    future_refused: bool = True
    future_tolerance: float = 0.0

    # Data and load
    requests_per_second: int | None = None
    synthetic_rows: dict[str, int] = field(default_factory=dict)
    synthetic_shared: int = 1
    source_grouping: list[str] = field(default_factory=lambda: ["user"])
    late_logs: bool = False
    log_clock_lag: float = 0.0
    newest_log_places: list[str] = field(default_factory=lambda: ["logfiles/state", "logstats"])
    newest_log_key: str | None = None
    newest_log_form: str = "epoch"
    newest_log_age: float | None = None
    extra_adoms: int = 0
    ha_pair: bool = False
    version: str = "v7.6.7-build3737 260310 (GA.M)"
    journal_reply_bytes: int = 262144

    CHOICES: ClassVar[dict[str, tuple[str | None, ...]]] = {
        "dialect": ("live", "documented", "auto"),
        "row_values": (None, "strings", "native", "scientific"),
        "id_form": (None, "string", "missing"),
        "percentage_form": ("int", "string", "float", "percent", "missing"),
        "total_form": (None, "all", "returned"),
        "permission_error_shape": (None, "object", "list", "error"),
        "rpc_permit": ("read-write", "read", "none"),
        "untold_device": (None, "product", "registration", "address"),
        "api_token_refusal": ("http401", "http403", "code-11", "status401"),
        "unknown_path_form": (None, "status"),
        "parameter_refusal": (None, "invalid-data"),
        "progress": ("linear", "steps", "stalled"),
        "task_outcome": ("done", "error", "never"),
        "fetch_paths": (None, "both", "run", "short"),
        "masked_style": ("ip", "word"),
        "logsearch_delete_form": ("word", "status"),
        "incident_id_place": ("result", "data"),
        "ueba_shape": (None, "object", "list"),
        "status_zone_key": (None, "TZ", "Time Zone"),
        "status_daylight": (None, "Yes", "No", "missing"),
        "newest_log_form": ("epoch", "epoch text", "naive text", "rfc3339"),
    }
    GROUPINGS: ClassVar[tuple[str, ...]] = ("user", "endpoint", "device", "interface")
    TIME_FORMS: ClassVar[tuple[str, ...]] = ("seconds", "minutes", "rfc3339")

    TYPES: ClassVar[dict[str, tuple[type, ...]]] = {
        "task_seconds": (int, float, list),
        "apiver_required": (bool, type(None)),
        "device_rows_max": (int, type(None)),
        "incident_rows_max": (int, type(None)),
        "incident_text_max": (int, type(None)),
    }

    def _check_value(self, name: str, value: Any) -> None:
        super()._check_value(name, value)
        if name == "source_grouping" and not set(value) <= set(self.GROUPINGS):
            raise ValueError(f"source_grouping takes {self.GROUPINGS}, not {value!r}")
        if name == "default_limits" and value is not None and not _are_limits(value):
            raise TypeError(f"default_limits takes numbers by view, '*' for all others, not {value!r}")
        if name == "unknown_adom_code" and value not in (-3, -11):
            raise ValueError(f"unknown_adom_code is -3 or -11, not {value!r}")
        if name == "time_forms" and value is not None and not set(value) <= set(self.TIME_FORMS):
            raise ValueError(f"time_forms takes {self.TIME_FORMS}, not {value!r}")


def _are_limits(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(limit, int) and not isinstance(limit, bool) and limit > 0 for limit in value.values()
    )

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The requests of the JSON-RPC."""

from __future__ import annotations

import json

from ansible_collections.secops.fortiview.plugins.module_utils._protocol.constants import API_VERSION
from ansible_collections.secops.fortiview.plugins.module_utils._protocol.envelope import (
    delete_params,
    envelope,
    fetch_params,
    log_fetch_params,
    login_params,
    logout_params,
)


def test_an_api_key_travels_without_a_session() -> None:
    request = envelope(7, "get", {"url": "/sys/status"})
    assert request == {"id": 7, "jsonrpc": "2.0", "method": "get", "params": [{"url": "/sys/status"}]}


def test_a_session_is_a_member_beside_the_parameters() -> None:
    request = envelope(7, "get", {"url": "/sys/status"}, "abc")
    assert request["session"] == "abc" and "session" not in request["params"][0]


def test_the_parameters_of_the_caller_are_not_changed_by_the_request() -> None:
    params = {"url": "/sys/status"}
    envelope(7, "get", params)["params"][0]["url"] = "/other"
    assert params == {"url": "/sys/status"}


def test_a_password_is_in_no_url() -> None:
    params = login_params("admin", "se/cret")
    assert params["data"] == {"user": "admin", "passwd": "se/cret"}
    assert "cret" not in params["url"] and "cret" not in json.dumps(logout_params())


def test_only_a_part_of_a_task_is_fetched_with_paging() -> None:
    assert fetch_params("/u") == {"url": "/u", "apiver": API_VERSION}
    assert fetch_params("/u", {"limit": 5, "offset": 10})["data"] == {"limit": 5, "offset": 10}


def test_logs_are_fetched_with_a_flat_limit() -> None:
    assert log_fetch_params("/u", 500) == {"url": "/u", "apiver": API_VERSION, "limit": 500, "offset": 0}


def test_a_delete_names_nothing_but_the_task() -> None:
    assert delete_params("/u/run/7") == {"url": "/u/run/7", "apiver": API_VERSION}

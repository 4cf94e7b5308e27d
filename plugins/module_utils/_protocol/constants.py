# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values of the JSON-RPC interface (protocol_fortianalyzer.rst, "Transport and requests")."""

from __future__ import annotations

JSONRPC_VERSION = "2.0"
API_VERSION = 3

RPC_PATH = "/jsonrpc"
CLOUD_LOGIN_PATH = "/p/forticloud_jsonrpc_login/"

LOGIN_URL = "/sys/login/user"
LOGOUT_URL = "/sys/logout"
STATUS_URL = "/sys/status"

# The maximum number of rows of one FortiView task (protocol_fortianalyzer.rst, "Submit").
PAGE_LIMIT = 1000

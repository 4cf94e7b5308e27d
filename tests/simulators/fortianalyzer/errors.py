# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What FortiAnalyzer refuses, and in which words (protocol_fortianalyzer.rst, "Errors").

Each refusal has a format for each dialect: an `error` member in the live one, a status in the documented one.
"""

from __future__ import annotations


class RpcError(Exception):
    """A refusal inside an HTTP 200 reply."""

    def __init__(self, code: int, message: str, documented_code: int = -1, documented: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.documented_code = documented_code
        self.documented_message = documented if documented is not None else message


class StatusError(Exception):
    """A refusal as `result.status` in either dialect; `permission` ones follow their own shape switch."""

    def __init__(self, code: int, message: str, permission: bool = False) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.permission = permission


class HttpError(Exception):
    """A refusal before JSON-RPC is reached."""

    def __init__(self, status: int, body: str = "") -> None:
        super().__init__(f"HTTP {status}")
        self.status = status
        self.body = body


INVALID_PARAMS = -32602
INVALID_URL = "Invalid url"
NO_PERMISSION = "No permission for the resource"


def no_permission() -> StatusError:
    return StatusError(-11, NO_PERMISSION, permission=True)


def invalid_tid(tid: object) -> RpcError:
    return RpcError(-32005, f"Server error: Invalid tid {tid} for fetching result.", -3, "Invalid task ID")


def invalid_params(text: str) -> RpcError:
    return RpcError(INVALID_PARAMS, f"Invalid params: {text}", -5, text)


def no_params() -> RpcError:
    return RpcError(INVALID_PARAMS, "No Params.", -5)


def filter_not_supported(word: str) -> RpcError:
    return invalid_params(f"filter '{word}' not supported")


def invalid_filter() -> RpcError:
    return invalid_params("Invalid filter")


def missing_column(column: str) -> RpcError:
    return RpcError(-32005, f"Server error: Missing columns: '{column}'", -5, f"Missing columns: '{column}'")


def view_not_found(view: str) -> RpcError:
    return invalid_params(f"Cannot find FortiView '{view}'")


def logtype_not_supported(word: object) -> RpcError:
    return RpcError(INVALID_PARAMS, f"Invalid params: logtype '{word}' not supported", -3, "Invalid logtype")


def device_not_found() -> RpcError:
    return invalid_params("None of the device(s) can be found")


def uri_not_supported(url: str) -> RpcError:
    return RpcError(-32600, f"URI {url} not supported", -6, INVALID_URL)


def invalid_url() -> StatusError:
    """The same from a release that says it in a status whatever the dialect."""
    return StatusError(-6, INVALID_URL)


def object_does_not_exist() -> StatusError:
    return StatusError(-3, "Object does not exist")


def invalid_data() -> StatusError:
    return StatusError(-10, "The data is invalid for selected url")


def method_not_supported(method: object) -> RpcError:
    return RpcError(-32600, f"Not supported method ({method})", -5)


def invalid_request() -> RpcError:
    return RpcError(-32600, "Invalid Request", -5)


def internal_error() -> RpcError:
    return RpcError(-32603, "Internal error", -1)


def invalid_time_range() -> RpcError:
    return RpcError(INVALID_PARAMS, "Invalid params: Invalid time range", -1, "Invalid time range")


def no_slot() -> RpcError:
    return RpcError(-32005, "Server error: No available slot for searching.", -1, "No available slot for searching")

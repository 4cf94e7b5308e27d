# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a FortiGate refuses: status codes and error numbers (protocol_fortigate.rst, "Replies")."""

from __future__ import annotations

from collections.abc import Mapping

NOT_FOUND, TABLE_FULL, DUPLICATE, IN_USE, EMPTY_VALUE = -3, -4, -5, -23, -56
# Those that can be planned, with their status codes and error numbers.
REFUSALS: Mapping[str, tuple[int, int | None]] = {
    "malformed": (400, None),
    "unauthorized": (401, None),
    "forbidden": (403, None),
    "not_found": (404, NOT_FOUND),
    "not_allowed": (405, None),
    "too_large": (413, None),
    "bad_attribute": (424, None),
    "device_error": (500, None),
    "table_full": (500, TABLE_FULL),
    "duplicate": (500, DUPLICATE),
    "in_use": (500, IN_USE),
}


class ApiError(Exception):
    """A refusal: HTTP status, FortiOS error number where there is one, and words for whoever debugs."""

    def __init__(self, status: int, number: int | None = None, text: str = "", html: bool = False) -> None:
        super().__init__(text or f"HTTP {status}")
        self.status = status
        self.number = number
        self.text = text
        self.html = html


def malformed(text: str) -> ApiError:
    return ApiError(400, None, text)


def unauthorized() -> ApiError:
    return ApiError(401, None, "no valid login")


def forbidden(text: str, form: str = "json") -> ApiError:
    return ApiError(403, None, text, html=form == "html")


def not_found(text: str) -> ApiError:
    return ApiError(404, NOT_FOUND, text)


def not_allowed(method: str) -> ApiError:
    return ApiError(405, None, f"no {method} here")


def bad_attribute(text: str) -> ApiError:
    return ApiError(424, None, text)


def unknown_reference(attribute: str, key: object) -> ApiError:
    return ApiError(500, NOT_FOUND, f"{attribute}: no object named {key!r}")


def table_full(text: str) -> ApiError:
    return ApiError(500, TABLE_FULL, text)


def duplicate(key: object) -> ApiError:
    return ApiError(500, DUPLICATE, f"{key!r} exists already")


def in_use(key: object, by: str) -> ApiError:
    return ApiError(500, IN_USE, f"{key!r} is used by {by}")


def empty_value(attribute: str) -> ApiError:
    return ApiError(500, EMPTY_VALUE, f"{attribute} must not be empty")


def group_in_itself(key: object) -> ApiError:
    """Its error number is not published."""
    return ApiError(500, None, f"{key!r} would be a member of itself")

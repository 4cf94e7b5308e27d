# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The connection of a run, and the warnings about it that its user has to see."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.secops.fortiview.plugins.module_utils._glue.access import UNVERIFIED, Access, access_of
from ansible_collections.secops.fortiview.plugins.module_utils._tasks.fortiview import Context


class Shared:
    host, verified, left_open = "faz.example.com", True, ""


def access(verified: bool = True, left_open: str = "") -> Access:
    shared = Shared()
    shared.left_open = left_open
    return Access(t.cast("t.Any", shared), "faz.example.com", verified)


def test_a_connection_that_is_verified_and_closed_needs_no_warning() -> None:
    assert access().warnings == []


def test_an_unverified_certificate_and_an_open_session_are_both_said() -> None:
    first, second = access(verified=False, left_open="HTTP 500").warnings
    assert first == UNVERIFIED
    assert "faz.example.com" in second and "HTTP 500" in second


def test_a_shared_connection_is_used_and_the_options_of_the_task_are_not_read() -> None:
    shared = t.cast("t.Any", Shared())
    found = access_of({}, Context(shared=shared))
    assert (found.connection, found.host, found.verified) == (shared, "faz.example.com", True)


def test_an_own_connection_is_verified_unless_it_is_switched_off() -> None:
    options = {"host": "faz.example.com", "api_token": "t"}
    assert access_of(options, Context()).verified
    assert not access_of({**options, "validate_certs": False}, Context()).verified


@pytest.mark.parametrize(
    "options", [{}, {"host": "faz.example.com"}, {"api_token": "t"}, {"host": "https://x/", "api_token": "t"}]
)
def test_without_a_host_or_credentials_there_is_no_connection(options: dict[str, t.Any]) -> None:
    with pytest.raises(InvalidInput):
        access_of(options, Context())

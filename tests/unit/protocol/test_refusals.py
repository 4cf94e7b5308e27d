# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a code and its words mean, during a login and after it."""

from __future__ import annotations

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import AuthenticationError, SessionGone
from ansible_collections.secops.fortiview.plugins.module_utils._protocol.refusals import classify, classify_login
from ansible_collections.secops.fortiview.plugins.module_utils._protocol.reply import decode


@pytest.mark.parametrize(
    ("code", "message", "reason"),
    [
        (-10, "The data is invalid for selected url", "parameter"),
        (-10, "Version mismatch", "parameter"),
        (-10, "Session timeout", "session"),
        (-10, "Timed out", "session"),
        (-5, "Bad parameter", "parameter"),
        (-32602, "Invalid params: limit must be an integer", "parameter"),
        (-3, "Object does not exist", "object"),
        (-3, "Invalid logtype", "other"),
        (-3, "Invalid task ID", "gone"),
        (-2, "Invalid session", "session"),
        (-1, "Internal error", "other"),
    ],
)
def test_refusals(code: int, message: str, reason: str) -> None:
    error = classify(code, message)
    assert error.reason == reason
    assert isinstance(error, SessionGone) == (reason == "session")


def test_a_code_without_a_message_may_be_about_the_session() -> None:
    with pytest.raises(SessionGone):
        decode({"result": [{"status": {"code": -10}}]})


@pytest.mark.parametrize(
    ("code", "message", "cure"),
    [
        (-11, "No permission for the resource", "rpc-permit"),
        (-11, "no message", "rpc-permit"),
        (-1, "Permission denied", "rpc-permit"),
        (-22, "Login fail", "FAZ_PASSWORD"),
        (-22, "no message", "FAZ_PASSWORD"),
        (-20, "User is not authenticated", "FAZ_PASSWORD"),
        (-11, "Invalid user name or password", "FAZ_PASSWORD"),
        (-32603, "Internal error", "event log"),
    ],
)
def test_refused_logins(code: int, message: str, cure: str) -> None:
    error = classify_login(code, message)
    assert isinstance(error, AuthenticationError)
    for word in ("rpc-permit", "FAZ_PASSWORD", "event log"):
        assert (word in error.next_step) == (word == cure)
    assert "not tried again" in error.next_step

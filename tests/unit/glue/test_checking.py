# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._glue.checking import checked, without_secrets

BLANK = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"
ARGUMENTS = {
    "argument_spec": {
        "host": {"type": "str", "required": True},
        "port": {"type": "int"},
        "password": {"type": "str", "no_log": True},
    }
}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("c4nary", BLANK),
        ("log in with c4nary failed", "log in with ******** failed"),
        ({"a": ["c4nary", {"b": ("xc4naryx",)}]}, {"a": [BLANK, {"b": ["x********x"]}]}),
        ({"c4nary": 1}, {"c4nary": 1}),
        (31337, BLANK),
        (3133.75, 3133.75),
        (b"c4nary", BLANK),
        (True, True),
        (None, None),
        ("other", "other"),
        # The longer secret is blanked as a whole, not only the shorter one inside it.
        ("the c4nary-long one", "the ******** one"),
    ],
)
def test_secrets_are_blanked_wherever_they_are(value: t.Any, expected: t.Any) -> None:
    assert without_secrets(value, {"c4nary", "c4nary-long", "31337", ""}) == expected


def test_a_problem_shows_no_secret() -> None:
    params, secrets, problem = checked(ARGUMENTS, {"host": "h", "port": "c4nary", "password": "c4nary"})
    assert params["password"] == "c4nary"
    assert secrets == {"c4nary"}
    assert "port" in problem and "c4nary" not in problem

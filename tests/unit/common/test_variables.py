# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Variables that a playbook or a role would ignore."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.variables import (
    playbook_problems,
    role_problems,
)

ONE = ["adom", "device", "last", "start", "end", "time_range", "limit", "sort_field", "wait_timeout"]
SEVERAL = ["fortigates", "adoms", "names", "severities", "cap", "limit", "show"]


@pytest.mark.parametrize(
    ("extra", "known", "said"),
    [
        ({"limt": 5}, ONE, "limt is not a variable of this playbook. Did you mean limit?"),
        ({"sort_by": "x"}, ONE, "Did you mean sort_field?"),
        ({"timerange": "24h"}, ONE, "Did you mean time_range?"),
        ({"severity": "high"}, SEVERAL, "Did you mean severities?"),
        ({"fortigate": "fgt-hq"}, SEVERAL, "Did you mean fortigates?"),
        ({"adom": "a", "adoms": "b"}, ONE, "adom and adoms are the same variable"),
        ({"adom": "a", "adoms": "b"}, SEVERAL, "adom and adoms are the same variable"),
        ({"adoms": "a,b"}, ONE, "this playbook reads one ADOM, but adoms contains 2"),
        ({"adom": ["a", "b"]}, ONE, "this playbook reads one ADOM, but adom contains 2"),
        ({"adoms": []}, ONE, "adoms is empty: set it to the name of an ADOM"),
        ({"time_range": "24h", "last": "7d"}, ONE, "time_range and last both set the time range"),
        ({"ad0m": "a"}, ["limit"], None),
        ({"adom": "Branch"}, ONE, None),
        ({"adoms": "Branch"}, ONE, None),
        ({"adom": "a,b"}, SEVERAL, None),
        ({"adoms": ""}, SEVERAL, "adoms is empty: set it to the name of an ADOM"),
        ({"adom": []}, SEVERAL, "adom is empty: set it to the name of an ADOM"),
        (
            {
                "env": "prod",
                "map": 1,
                "awx_job_id": 7,
                "ticket_number": "x",
                "state": "present",
                "site": "x",
                "last_run": 1,
            },
            ONE + SEVERAL,
            None,
        ),
        ({"fortigate_block_limit": 1, "threat_hunt_cap": 3, "threat_hunt_offenders_1": []}, SEVERAL, None),
        ({"limt": 5}, [], None),
    ],
)
def test_a_playbook(extra: dict[str, t.Any], known: list[str], said: t.Optional[str]) -> None:
    problems = playbook_problems(extra, known)
    assert problems == [] if said is None else len(problems) == 1 and said in problems[0]


def test_several_adoms_from_the_inventory_are_no_single_one() -> None:
    assert "adoms contains 2" in playbook_problems({}, ONE, ["root", "Branch"])[0]
    assert playbook_problems({"adom": "root"}, ONE, ["root", "Branch"]) == []
    assert playbook_problems({}, SEVERAL, ["root", "Branch"]) == []
    assert playbook_problems({}, ONE, ["root"]) == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("hunt_severity", "hunt_severity is not a variable of the role hunt. Did you mean hunt_severities?"),
        ("hunt_serverities", "Did you mean hunt_severities?"),
        ("hunt_cup", "Did you mean hunt_cap?"),
        ("hunt_max_task", "Did you mean hunt_max_tasks?"),
        ("hunt_severities", None),
        ("hunt_offenders", None),
        ("hunt_offenders_1", None),
        ("hunt_threats_1", None),
        ("hunt_threats", None),
        ("other_severity", None),
    ],
)
def test_a_role(given: str, said: t.Optional[str]) -> None:
    problems = role_problems(
        "hunt", [given], ["hunt_severities", "hunt_max_tasks", "hunt_cap", "hunt_max_threats", "hunt_threats"]
    )
    assert problems == [] if said is None else len(problems) == 1 and said in problems[0]

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options as users write them, before Ansible's own check."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._glue.option_reading import read_options

SPEC: dict[str, t.Any] = {
    "adom": {"type": "list", "elements": "str", "aliases": ["adoms"], "default": ["root"]},
    "port": {"type": "int", "default": 443},
    "share": {"type": "float"},
    "wait": {"type": "bool"},
    "name": {"type": "str"},
    "order": {"type": "str", "choices": ["asc", "desc"]},
    "levels": {"type": "list", "elements": "str", "choices": ["high", "low"]},
    "token": {"type": "str", "no_log": True},
    "place": {"type": "dict", "options": {"serial": {"type": "str"}}},
    "queries": {"type": "list", "elements": "dict", "options": {"tid": {"type": "int"}, "name": {"type": "str"}}},
}


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ({"adoms": "a, b"}, {"adom": ["a", "b"]}),
        ({"adom": None, "adoms": "a"}, {"adom": ["a"]}),
        ({"adoms": "a", "adom": None}, {"adom": ["a"]}),
        ({"port": " 8443 ", "share": "2.5", "wait": "yes"}, {"port": 8443, "share": 2.5, "wait": True}),
        ({"name": 7}, {"name": 7}),
        ({"levels": "high"}, {"levels": ["high"]}),
        ({"place": "serial=FG1"}, {"place": {"serial": "FG1"}}),
        ({"queries": [{"tid": "5"}]}, {"queries": [{"tid": 5}]}),
        ({"queries": {"tid": 5}}, {"queries": [{"tid": 5}]}),
        ({"_ansible_check_mode": True}, {"_ansible_check_mode": True}),
    ],
)
def test_read(given: dict[str, t.Any], read: dict[str, t.Any]) -> None:
    assert read_options(SPEC, given) == (read, [])


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"adom": "a", "adoms": "b"}, "adom and adoms are the same option: set only one of them"),
        ({"prot": 1}, "prot is not an option. Did you mean port?"),
        ({"port": "https"}, "port must be a whole number such as 443, not 'https'"),
        ({"port": True}, "port must be a whole number such as 443"),
        ({"share": "much"}, "share must be a number such as 2.5"),
        ({"wait": "maybe"}, "wait must be true or false"),
        ({"name": ["a"]}, "name must be text such as top_threats"),
        ({"order": "down"}, "order must be one of asc, desc, not 'down'"),
        ({"levels": ["high", "urgent"]}, "levels must be one of high, low, not 'urgent'"),
        ({"place": "FG1"}, "place must be a dictionary such as"),
        ({"place": {"serail": "FG1"}}, "place: serail is not an option. Did you mean serial"),
        ({"queries": [{}, {"tid": "x"}]}, "queries entry 2: tid must be a whole number such as 12460, not 'x'"),
        ({"queries": [{"nmae": "x"}]}, "queries entry 1: nmae is not an option. Did you mean name"),
    ],
)
def test_refused(given: dict[str, t.Any], said: str) -> None:
    _params, problems = read_options(SPEC, given)
    assert len(problems) == 1 and said in problems[0]


def test_a_refusal_shows_no_secret() -> None:
    _params, problems = read_options(SPEC, {"token": ["s3cret"], "tokne": "s3cret"})
    assert len(problems) == 2 and "s3cret" not in str(problems)


def test_each_problem_is_said() -> None:
    assert len(read_options(SPEC, {"port": "x", "wait": "x", "colour": "red"})[1]) == 3

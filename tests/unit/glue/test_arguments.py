# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Argument specs: secrets are marked, defaults are what the documentation promises, and no spec is a part of another."""

from __future__ import annotations

import re
import typing as t

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.secops.fortiview.plugins.module_utils._common.durations import parse_seconds
from ansible_collections.secops.fortiview.plugins.module_utils._glue import arguments
from ansible_collections.secops.fortiview.plugins.module_utils._glue.blocking import block_arguments, info_arguments
from ansible_collections.secops.fortiview.plugins.module_utils._glue.blocking_policy import policy_arguments
from ansible_collections.secops.fortiview.plugins.module_utils._glue.fortigate import ban_arguments, feed_arguments
from ansible_collections.secops.fortiview.plugins.module_utils._tasks.fortiview import Limits

NAMES = ("task", "result", "sources", "adoms_info", "devices_info", "incident", "watch")
FORTIGATE = (ban_arguments, feed_arguments, block_arguments, info_arguments, policy_arguments)
SPECS: dict[str, t.Callable[[], t.Any]] = {
    **{name: getattr(arguments, f"{name}_arguments") for name in NAMES},
    **{factory.__name__: factory for factory in FORTIGATE},
}
SECRET = re.compile(r"password|token|secret|key$|^proxy$")


def spec_of(name: str) -> dict[str, t.Any]:
    found = SPECS[name]()
    return dict(found.get("argument_spec", found))


def test_limits_without_options_are_the_defaults_of_the_options() -> None:
    many, limits = arguments.many_arguments(), Limits()
    assert parse_seconds("wait_timeout", many["wait_timeout"]["default"]) == limits.wait_timeout
    assert many["max_concurrent"]["default"] == limits.max_concurrent


def options_of(spec: dict[str, t.Any], where: str = "") -> t.Iterator[tuple[str, dict[str, t.Any]]]:
    for name, option in spec.items():
        yield f"{where}{name}", option
        yield from options_of(option.get("options", {}), f"{where}{name}.")


@pytest.mark.parametrize("name", SPECS)
def test_whatever_may_be_a_secret_says_whether_it_is_one(name: str) -> None:
    """An option that is named like a secret and is none says so too, because Ansible warns about it otherwise."""
    for option, spec in options_of(spec_of(name)):
        if SECRET.search(option.rpartition(".")[2]) and spec.get("type", "str") not in ("bool", "int"):
            assert "no_log" in spec, option
        assert not (spec.get("no_log") and spec.get("default")), option


@pytest.mark.parametrize("name", SPECS)
def test_defaults_are_values_of_their_option(name: str) -> None:
    spec = spec_of(name)
    for option in spec.values():
        option.pop("required", None)
        option.pop("fallback", None)
    found = ArgumentSpecValidator(spec).validate({})
    assert not found.error_messages
    for option, one in spec.items():
        default = one.get("default")
        if "choices" in one and default is not None:
            assert set(default if isinstance(default, list) else [default]) <= set(one["choices"]), option


@pytest.mark.parametrize("name", SPECS)
def test_a_spec_that_is_changed_changes_no_other(name: str) -> None:
    before = spec_of(name)
    for option in spec_of(name).values():
        option.setdefault("options", {})["changed"] = {"type": "str"}
        if isinstance(option.get("default"), list):
            option["default"].append("changed")
    assert spec_of(name) == before


def test_environment_variables_belong_to_one_option_each() -> None:
    spec = arguments.connection_arguments()
    variables = [option["fallback"][1][0] for option in spec.values() if "fallback" in option]
    assert len(set(variables)) == len(variables) and all(one.startswith("FAZ_") for one in variables)
    assert "proxy" in spec and "fallback" not in spec["proxy"]


def test_a_watch_has_no_time_range_because_it_goes_on_where_it_was() -> None:
    spec = arguments.watch_arguments()["argument_spec"]
    assert not {"time_range", "offset", "timezone"} & (set(spec) | set(spec["queries"]["options"]))
    assert {"time_range", "offset"} <= set(arguments.task_arguments()["argument_spec"])

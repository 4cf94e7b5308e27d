# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the plugins of Event-Driven Ansible document is what they take."""

from __future__ import annotations

import inspect
import pathlib
import re
import runpy
import typing as t

import pytest
import yaml
from ansible_collections.secops.fortiview.plugins.module_utils._glue.arguments import watch_arguments

ROOT = pathlib.Path(__file__).resolve().parents[3]
PLUGINS = ROOT / ".build/ansible_collections/secops/fortiview/extensions/eda/plugins"
RULEBOOKS = ROOT / "extensions/eda/rulebooks"
DEFAULTS = {"type": "str", "required": False, "default": None, "choices": None, "elements": None, "aliases": []}


def assert_equal(spec: dict[str, t.Any], options: dict[str, t.Any]) -> None:
    assert set(spec) == set(options)
    for name, option in spec.items():
        for key, default in DEFAULTS.items():
            assert options[name].get(key, default) == option.get(key, default), (name, key)
        if "fallback" in option:
            assert f"E({option['fallback'][1][0]})" in str(options[name]["description"]), name
        assert_equal(option.get("options", {}), options[name].get("suboptions", {}))


def test_the_source() -> None:
    module = runpy.run_path(str(PLUGINS / "event_source/fortiview.py"))
    assert inspect.iscoroutinefunction(module["main"])
    assert_equal(watch_arguments()["argument_spec"], yaml.safe_load(module["DOCUMENTATION"])["options"])
    spec = watch_arguments()["argument_spec"]
    names = {word for name, option in spec.items() for word in (name, *option.get("aliases", ()))}
    for example in yaml.safe_load(module["EXAMPLES"]):
        assert set(example["secops.fortiview.fortiview"]) <= names


def test_the_filter() -> None:
    module = runpy.run_path(str(PLUGINS / "event_filter/normalize_webhook.py"))
    parameters = list(inspect.signature(module["main"]).parameters.values())
    documented = yaml.safe_load(module["DOCUMENTATION"])["options"]
    assert {parameter.name: parameter.default for parameter in parameters[1:]} == {
        name: option["default"] for name, option in documented.items()
    }
    assert module["main"]({"payload": 1}) == [{"payload": 1, "kind": "unknown"}]


def test_the_hub_is_told_of_both() -> None:
    told = yaml.safe_load((ROOT / "meta/extensions.yml").read_text())["extensions"]
    assert [entry["args"]["ext_dir"] for entry in told] == ["eda/plugins/event_source", "eda/plugins/event_filter"]
    assert all((ROOT / "extensions" / entry["args"]["ext_dir"]).is_dir() for entry in told)


# Made by this side; all else in an event may be an attacker's.
SAFE = {"event.adom", "event.time_range.start", "event.time_range.end", "event.time_range.timezone"}


@pytest.mark.parametrize("path", sorted(RULEBOOKS.glob("*.yml")), ids=lambda path: path.stem)
def test_rulebooks_pass_on_no_row(path: pathlib.Path) -> None:
    for ruleset in yaml.safe_load(path.read_text()):
        for rule in ruleset["rules"]:
            ((kind, action),) = rule["action"].items()
            used = {word for text in _texts(action) for word in re.findall(r"\bevents?\b[\w.\[]*", text)}
            if kind == "run_playbook":
                assert (ROOT / "playbooks" / f"{action['name'].rpartition('.')[2]}.yml").is_file()
                assert used <= SAFE
            else:
                assert kind in ("run_workflow_template", "run_job_template")
                # Without this a controller gets the whole event as a variable.
                assert action["include_events"] is False
                assert used == set()


@pytest.mark.parametrize("path", sorted(RULEBOOKS.glob("*.yml")), ids=lambda path: path.stem)
def test_a_rulebook_that_blocks_by_itself_states_its_exclusion_list(path: pathlib.Path) -> None:
    for ruleset in yaml.safe_load(path.read_text()):
        for rule in ruleset["rules"]:
            action = rule["action"].get("run_playbook")
            if action and action["name"] == "secops.fortiview.block_offenders":
                assert action["extra_vars"]["fortigate_block_never_extra"] == "{{ never }}"
                for source in ruleset["sources"]:
                    assert source["secops.fortiview.fortiview"]["never"] == "{{ never | default(none) }}"


@pytest.mark.parametrize("path", sorted(RULEBOOKS.glob("*.yml")), ids=lambda path: path.stem)
def test_the_head_of_a_rulebook_has_all_its_variables(path: pathlib.Path) -> None:
    head, _mark, rules = path.read_text().partition("\n- name:")
    described = set(re.findall(r"^#   (\w+) +(?:list|text|number|path) ", head, re.MULTILINE))
    used = {found for text in re.findall(r"\{\{(.+?)\}\}", rules) for found in re.findall(r"^ *(\w+)", text)} - {
        "event"
    }
    assert described == used | set(re.findall(r"\bvars\.(\w+)", rules))


def _texts(value: t.Any) -> t.Iterator[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
    else:
        yield str(value)

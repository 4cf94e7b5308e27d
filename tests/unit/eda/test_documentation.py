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
    for example in yaml.safe_load(module["EXAMPLES"]):
        assert set(example["secops.fortiview.fortiview"]) <= set(watch_arguments()["argument_spec"])


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


def test_rulebooks_hand_no_row_to_a_playbook() -> None:
    """Names in rows are an attacker's; only what this side made itself may become a variable."""
    for path in RULEBOOKS.glob("*.yml"):
        for ruleset in yaml.safe_load(path.read_text()):
            for rule in ruleset["rules"]:
                action = rule["action"]["run_playbook"]
                assert (ROOT / "playbooks" / f"{action['name'].rpartition('.')[2]}.yml").is_file()
                used = {
                    word for text in _texts(action["extra_vars"]) for word in re.findall(r"\bevents?\b[\w.\[]*", text)
                }
                assert used == {"event.time_range.start", "event.time_range.end", "event.time_range.timezone"} | (
                    {"event.adom"} if path.stem == "block_critical_threats" else set()
                )


def _texts(value: t.Any) -> t.Iterator[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
    else:
        yield str(value)

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation and argument specs say the same."""

from __future__ import annotations

import importlib
import pathlib
import runpy
import typing as t

import pytest
import yaml
from ansible_collections.secops.fortiview.plugins.module_utils._glue import arguments, fortigate

ROOT = pathlib.Path(__file__).resolve().parents[3]
PLUGINS = "ansible_collections.secops.fortiview.plugins"
DEFAULTS = {"type": "str", "required": False, "default": None, "choices": None, "elements": None, "aliases": []}


def documented(name: str) -> dict[str, t.Any]:
    """Options of a fragment, or of a part of it, as in connection.httpapi."""
    file, _dot, part = name.partition(".")
    fragment = importlib.import_module(f"{PLUGINS}.doc_fragments.{file}").ModuleDocFragment
    return dict(yaml.safe_load(getattr(fragment, (part or "documentation").upper()))["options"])


def assert_equal(spec: dict[str, t.Any], options: dict[str, t.Any]) -> None:
    assert set(spec) == set(options)
    for name, option in spec.items():
        for key, default in DEFAULTS.items():
            assert options[name].get(key, default) == option.get(key, default), (name, key)
        text = str(options[name]["description"])
        if "fallback" in option:
            assert f"E({option['fallback'][1][0]})" in text, name
        assert_equal(option.get("options", {}), options[name].get("suboptions", {}))


def test_the_documentation_of_options_is_current() -> None:
    """Write it again with tools/option_documentation.py."""
    tool = runpy.run_path(str(ROOT / "tools" / "option_documentation.py"))
    files = tool["generated"]()
    assert len(files) == 9
    assert [str(path) for path, text in files.items() if path.read_text() != text] == []


@pytest.mark.parametrize("name", ["connection", "query", "many", "on_error"])
def test_fragments(name: str) -> None:
    assert_equal(getattr(arguments, f"{name}_arguments")(), documented(name))


MODULES = {
    "faz_fortiview_task": "task",
    "faz_fortiview_result": "result",
    "faz_threat_sources_info": "sources",
    "faz_adoms_info": "adoms_info",
    "faz_devices_info": "devices_info",
    "faz_incident": "incident",
}


@pytest.mark.parametrize("module", MODULES)
def test_modules(module: str) -> None:
    documentation = yaml.safe_load(importlib.import_module(f"{PLUGINS}.modules.{module}").DOCUMENTATION)
    options = dict(documentation.get("options", {}))
    for fragment in documentation["extends_documentation_fragment"]:
        name = fragment.split(".", 2)[2]
        if not name.startswith("attributes"):
            options.update(documented(name))
    assert_equal(getattr(arguments, f"{MODULES[module]}_arguments")()["argument_spec"], options)


def test_the_inventory_has_the_options_of_the_module() -> None:
    spec = arguments.devices_info_arguments()["argument_spec"]
    assert_equal(spec, {**documented("connection"), **documented("devices")})
    plugin = importlib.import_module(f"{PLUGINS}.inventory.fortianalyzer")
    fragments = yaml.safe_load(plugin.DOCUMENTATION)["extends_documentation_fragment"]
    assert {"secops.fortiview.connection", "secops.fortiview.devices"} <= set(fragments)


def test_fortigate_modules() -> None:
    assert_equal(fortigate.fortigate_arguments(), documented("fortigate"))
    for name in ("ban", "feed"):
        documentation = yaml.safe_load(importlib.import_module(f"{PLUGINS}.modules.fortigate_{name}").DOCUMENTATION)
        options = {**documentation["options"], **documented("fortigate")}
        assert_equal(getattr(fortigate, f"{name}_arguments")(), options)


def test_every_secret_is_marked() -> None:
    for name, option in arguments.connection_arguments().items():
        secret = any(word in name for word in ("password", "token")) or name == "proxy"
        assert option.get("no_log", False) is secret, name

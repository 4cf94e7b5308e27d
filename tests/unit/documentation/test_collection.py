# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The structure of the collection: layers of imports, files, and what ships (docs/docsite/rst/architecture.rst)."""

from __future__ import annotations

import ast
import functools
import importlib
import pathlib
import re
import sys
import typing as t

import pytest
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[3]
UTILS = ROOT / "plugins" / "module_utils"
# From the lowest up: a layer may import from itself and from what stands before it.
LAYERS = (
    "_common",
    "_protocol",
    "_query",
    "_connection",
    "_tasks",
    "_blocking",
    "_hunting",
    "_watch",
    "_insight",
    "_glue",
)
# What only one file needs, and whose error without it names the cure.
OPTIONAL = {"_blocking/registry/engines.py": "psycopg", "plugin_utils/filters/to_stix.py": "stix2"}
FILES = sorted(UTILS.glob("_*/**/*.py"))
CODE = sorted(ROOT.glob("plugins/**/*.py"))


def layer_of(path: pathlib.Path) -> str:
    return path.relative_to(UTILS).parts[0]


def imported_layers(path: pathlib.Path) -> set[str]:
    """Layers that are named from module_utils, which a package inside a layer reaches by one more dot."""
    depth = len(path.relative_to(UTILS).parts)
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.level >= depth:
            assert node.level == depth, f"an import from outside of module_utils: {ast.unparse(node)}"
            found.add(str(node.module).partition(".")[0])
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(UTILS)))
def test_imports_point_downward(path: pathlib.Path) -> None:
    below = LAYERS[: LAYERS.index(layer_of(path)) + 1]
    assert imported_layers(path) <= set(below)


def test_packages_inside_a_layer_are_held_too() -> None:
    store = UTILS / "_blocking" / "registry" / "records.py"
    assert store in FILES and imported_layers(store) == {"_common"}


@pytest.mark.parametrize("path", [path for path in FILES if layer_of(path) != "_glue"], ids=lambda path: path.name)
def test_only_the_glue_knows_ansible(path: pathlib.Path) -> None:
    assert "ansible" not in path.read_text().replace("Ansible", "").replace("ansible_", "")


@pytest.mark.parametrize(
    "path",
    [path for path in FILES if layer_of(path) in ("_common", "_protocol", "_query", "_insight", "_watch")],
    ids=lambda path: path.name,
)
def test_pure_layers_do_no_io(path: pathlib.Path) -> None:
    names = {
        alias.name.split(".")[0]
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    assert not names & {"requests", "socket", "ssl", "os", "time", "subprocess", "pathlib", "urllib3", "http"}


@functools.cache
def records() -> dict[str, int]:
    """Tuples with names of module_utils, with their numbers of fields."""
    found: dict[str, int] = {}
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef) and any("Tuple" in ast.unparse(base) for base in node.bases):
                fields = sum(isinstance(one, ast.AnnAssign) for one in node.body)
                # A name may stand for several of them.
                found[node.name] = min(fields, found.get(node.name, fields))
    return found


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_records_of_many_fields_are_made_by_keyword(path: pathlib.Path) -> None:
    """More than four values in a row say nothing, and change places unseen."""
    many = {name for name, fields in records().items() if fields > 4}
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, (ast.Name, ast.Attribute)):
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            assert name not in many or len(node.args) <= 4, f"{path.name}:{node.lineno}"


def test_files_stay_small() -> None:
    for path in CODE:
        assert len(path.read_text().splitlines()) <= 400, path


def test_the_action_group_names_all_modules() -> None:
    runtime = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text())
    modules = sorted(path.stem for path in (ROOT / "plugins" / "modules").glob("faz_*.py"))
    assert sorted(runtime["action_groups"]["fortiview"]) == modules


def test_every_module_has_its_action_plugin() -> None:
    for path in (ROOT / "plugins" / "modules").glob("faz_*.py"):
        assert (ROOT / "plugins" / "action" / path.name).is_file()


def test_return_keys_are_safe_for_jinja() -> None:
    for name in sorted(path.stem for path in (ROOT / "plugins" / "modules").glob("faz_*.py")):
        module = importlib.import_module(f"ansible_collections.secops.fortiview.plugins.modules.{name}")
        for key in keys_of(yaml.safe_load(module.RETURN)):
            assert key.isidentifier() and not hasattr(dict, key), key
            assert key != "failed"


def keys_of(returned: dict[str, t.Any]) -> t.Iterator[str]:
    for key, value in returned.items():
        yield key
        yield from keys_of(value.get("contains", {}))


@pytest.mark.parametrize("path", [*CODE, *sorted(ROOT.glob("roles/*/files/*.py"))], ids=lambda path: path.name)
def test_requests_is_all_that_must_be_installed(path: pathlib.Path) -> None:
    """urllib3 comes with requests; jinja2, markupsafe and yaml with ansible-core."""
    here = {"ansible_collections", *(file.stem for file in path.parent.glob("*.py"))}
    with_ansible = {"ansible", "jinja2", "markupsafe", "yaml"} if "module_utils" not in path.parts else {"ansible"}
    allowed = set(sys.stdlib_module_names) | here | with_ansible | {"requests", "urllib3"}
    optional = {package for place, package in OPTIONAL.items() if path.match(place)}
    assert {name.partition(".")[0] for name in imported(path)} <= allowed | optional


def imported(path: pathlib.Path) -> t.Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield str(node.module)


def test_playbooks_show_what_they_asked_for_themselves() -> None:
    """Very many rows become no fact, and a fact of that name may then be of an earlier run. Tickets are meant to be from one."""
    read = {
        f"{path.name}: {fact}"
        for path in sorted((ROOT / "playbooks").rglob("*.yml"))
        for fact in re.findall(r"ansible_facts[.\[']+(fortiview_\w+)", path.read_text())
    }
    assert read == {"read_tasks.yml: fortiview_tasks"}


# A function above this is split, or has a comment that says why it is one function.
MOST_WAYS = 15
REASON = "# This is one function, because "
BRANCHES = (ast.If, ast.IfExp, ast.For, ast.While, ast.ExceptHandler, ast.Assert)


def complexity(function: ast.AST) -> int:
    """Ways through a function, conditions in comprehensions included."""
    found = 1
    for node in ast.walk(function):
        if isinstance(node, BRANCHES):
            found += 1
        elif isinstance(node, ast.BoolOp):
            found += len(node.values) - 1
        elif isinstance(node, ast.comprehension):
            found += 1 + len(node.ifs)
    return found


@pytest.mark.parametrize(
    "path", [*CODE, *sorted(ROOT.glob("tools/*.py"))], ids=lambda path: str(path.relative_to(ROOT))
)
def test_functions_stay_simple_or_say_why_not(path: pathlib.Path) -> None:
    lines = path.read_text().splitlines()
    for node in ast.walk(ast.parse("\n".join(lines))):
        if isinstance(node, ast.FunctionDef):
            explained = any(REASON in line for line in lines[node.lineno : node.end_lineno])
            assert explained == (complexity(node) > MOST_WAYS), f"{node.name}: {complexity(node)}"

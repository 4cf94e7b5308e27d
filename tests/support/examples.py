# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the documentation gives as examples, as a reader copies it.

Everywhere `places` has what an example's names of servers and paths stand for in a test.
"""

from __future__ import annotations

import ast
import re
import textwrap
import typing as t
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
MODULES = ROOT / "plugins" / "modules"
FILTERS = ROOT / "plugins" / "filter"
EDA = ROOT / "extensions" / "eda" / "plugins"
MARKDOWN = re.compile(r"^```yaml\n(.*?)^```$", re.M | re.S)
RST = re.compile(r"^\.\. code-block:: yaml\n\n((?:(?:    .*)?\n)+)", re.M)

Data = dict[str, t.Any]
Places = t.Mapping[str, str]


def names(folder: Path, suffix: str) -> list[str]:
    return sorted(path.stem for path in folder.glob(f"*{suffix}") if path.stem != "__init__")


def of_plugin(path: Path, places: Places) -> t.Any:
    """The examples of a Python file, or of a YAML file with the documentation of a filter, as data."""
    return yaml.safe_load(_placed(_text_of(path), places))


def of_page(path: Path, places: Places) -> list[Data]:
    """The plays of a page. Tasks alone are a play on localhost; an inventory and a part of a task are left out."""
    plays: list[Data] = []
    source = path.read_text(encoding="utf-8")
    for text in yaml_blocks(source) if path.suffix == ".rst" else MARKDOWN.findall(source):
        found = yaml.safe_load(_placed(text, places))
        if not isinstance(found, list) or not all(isinstance(one, dict) and "name" in one for one in found):
            continue
        if "hosts" in found[0]:
            plays += found
        else:
            plays.append({"hosts": "localhost", "gather_facts": False, "tasks": found})
    return plays


def yaml_blocks(text: str) -> list[str]:
    """The code blocks of a page in reStructuredText."""
    return [textwrap.dedent(block) for block in RST.findall(text)]


def _text_of(path: Path) -> str:
    if path.suffix == ".yml":
        return str(yaml.safe_load(path.read_text())["EXAMPLES"])
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "EXAMPLES":
            return str(ast.literal_eval(node.value))
    raise AssertionError(f"{path} has no examples")


def _placed(text: str, places: Places) -> str:
    for theirs, ours in places.items():
        text = text.replace(theirs, ours)
    return text

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the documentation of plugins gives as examples, as a reader copies it."""

from __future__ import annotations

import ast
import typing as t
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
MODULES = ROOT / "plugins" / "modules"
FILTERS = ROOT / "plugins" / "filter"
EDA = ROOT / "extensions" / "eda" / "plugins"


def names(folder: Path, suffix: str) -> list[str]:
    return sorted(path.stem for path in folder.glob(f"*{suffix}") if path.stem != "__init__")


def text_of(path: Path) -> str:
    """The text of the examples of a Python file, or of a YAML file with the documentation of a filter."""
    if path.suffix == ".yml":
        return str(yaml.safe_load(path.read_text())["EXAMPLES"])
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "EXAMPLES":
            return str(ast.literal_eval(node.value))
    raise AssertionError(f"{path} has no examples")


def examples(path: Path, places: t.Mapping[str, str]) -> t.Any:
    """The examples as data. `places` has what an example's names of servers and paths stand for here."""
    text = text_of(path)
    for theirs, ours in places.items():
        text = text.replace(theirs, ours)
    return yaml.safe_load(text)

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every YAML file can be read, and no key comes twice, of which the first would be lost silently. Linters leave out some of the tests."""

from __future__ import annotations

import pathlib
import typing as t

import pytest
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[3]
PLACES = (".github", "changelogs", "docs", "extensions", "meta", "playbooks", "plugins", "roles", "tests", "tools")
FILES = sorted(path for place in PLACES for ending in ("yml", "yaml") for path in (ROOT / place).rglob(f"*.{ending}"))


def twice(node: t.Optional[yaml.Node]) -> t.Iterator[str]:
    """Keys that come twice in one mapping, with their lines."""
    if isinstance(node, yaml.MappingNode):
        known = set()
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value in known:
                    yield f"{key.value} in line {key.start_mark.line + 1}"
                known.add(key.value)
            yield from twice(value)
    elif isinstance(node, yaml.SequenceNode):
        for one in node.value:
            yield from twice(one)


def test_there_are_some() -> None:
    assert len(FILES) > 50


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_yaml_can_be_read(path: pathlib.Path) -> None:
    found = [key for document in yaml.compose_all(path.read_text(encoding="utf-8")) for key in twice(document)]
    assert found == []

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The connection plugin of fortinet.fortianalyzer that the tests use: the real one, or a stand-in.

The environment variable FORTIANALYZER_COLLECTION names a copy of the collection: its own directory, or a directory with
ansible_collections/fortinet/fortianalyzer in it. Without it the tests use the stand-in.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import yaml

NETWORK_OS = "fortinet.fortianalyzer.fortianalyzer"
VARIABLE = "FORTIANALYZER_COLLECTION"
STAND_IN = Path(__file__).parent / "stand_in"
PLUGIN = Path("plugins", "httpapi", "fortianalyzer.py")


def collection() -> Path:
    """The directory of the collection. What is named and is not there is an error, or the stand-in would pass for it."""
    named = os.environ.get(VARIABLE)
    if not named:
        return STAND_IN
    for place in (Path(named), Path(named, "ansible_collections", "fortinet", "fortianalyzer")):
        if (place / PLUGIN).is_file():
            return place.resolve()
    raise FileNotFoundError(f"{VARIABLE}={named} holds no {PLUGIN}")


def described() -> str:
    """Which one it is, for the output of the tests."""
    place = collection()
    if place == STAND_IN:
        return f"a stand-in ({VARIABLE} names no copy of the real one)"
    return f"release {_release(place)} in {place}"


def _release(place: Path) -> str:
    """A checkout has galaxy.yml, an installed collection MANIFEST.json."""
    if (place / "galaxy.yml").exists():
        return str(yaml.safe_load((place / "galaxy.yml").read_text())["version"])
    return str(json.loads((place / "MANIFEST.json").read_text())["collection_info"]["version"])


def linked(tree: Path) -> Path:
    """Put it into a tree that ANSIBLE_COLLECTIONS_PATH can name."""
    link = tree / "ansible_collections" / "fortinet" / "fortianalyzer"
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(collection())
    return tree

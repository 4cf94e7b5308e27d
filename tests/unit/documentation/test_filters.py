# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of filters: each is documented and has code, and the code of one is not loaded for another."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.secops.fortiview.plugins.filter import fortiview

PLUGINS = Path(fortiview.__file__).parents[1]
COLLECTIONS = Path(fortiview.__file__).parents[5]
LOADED = f"""
import sys
from ansible_collections.secops.fortiview.plugins.filter.fortiview import FilterModule
FilterModule().filters()["read_list"]("a, b", "names")
print(*sorted(name.rpartition(".")[2] for name in sys.modules if name.startswith({fortiview.PACKAGE + "."!r})))
"""


def test_each_filter_is_documented_and_has_code() -> None:
    assert sorted(fortiview.FILTERS) == sorted(path.stem for path in (PLUGINS / "filter").glob("*.yml"))
    for name, module in fortiview.FILTERS.items():
        assert callable(getattr(importlib.import_module(f"{fortiview.PACKAGE}.{module}"), name))


def test_all_code_is_in_the_table() -> None:
    files = {path.stem for path in (PLUGINS / "plugin_utils" / "filters").glob("[!_]*.py")}
    assert files == set(fortiview.FILTERS.values())


def test_a_filter_loads_no_other() -> None:
    environment = {**os.environ, "PYTHONPATH": str(COLLECTIONS)}
    shown = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True, env=environment)
    assert shown.stdout.split() == ["_common", "read_list"]


def test_an_error_names_the_filter() -> None:
    filters = fortiview.FilterModule().filters()
    with pytest.raises(AnsibleFilterError, match=r"secops\.fortiview\.to_csv"):
        filters["to_csv"](3)


def test_no_option_of_a_filter_is_taken_for_an_argument_of_the_table() -> None:
    """The filter block_response has an option `name`."""
    made = fortiview.FilterModule().filters()["block_response"]({}, name="Attackers")
    assert made["notification"]["title"].startswith("Attackers: ")

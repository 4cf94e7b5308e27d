# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tests of a module are where its name says: tests/unit/PACKAGE/test_NAME.py for module_utils/_PACKAGE/NAME.py."""

from __future__ import annotations

import pathlib

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[3]
UTILS, UNITS = ROOT / "plugins" / "module_utils", ROOT / "tests" / "unit"
# Modules without behaviour, and why.
WITHOUT = {
    "_common/sides.py": "three names",
    "_protocol/constants.py": "values of the wire, which the tests of envelopes and requests use",
}
MODULES = sorted(str(path.relative_to(UTILS)) for path in UTILS.glob("_*/**/*.py") if path.name != "__init__.py")


def place_of_tests(module: str) -> pathlib.Path:
    path = pathlib.PurePosixPath(module)
    return UNITS / str(path.parent).lstrip("_") / f"test_{path.name}"


@pytest.mark.parametrize("module", MODULES)
def test_every_module_has_its_tests(module: str) -> None:
    assert place_of_tests(module).is_file() != (module in WITHOUT)


def test_exceptions_are_modules_without_functions() -> None:
    for module in WITHOUT:
        text = (UTILS / module).read_text(encoding="utf-8")
        assert "def " not in text and "class " not in text

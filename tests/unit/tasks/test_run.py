# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The warnings of one job."""

from __future__ import annotations

from ansible_collections.secops.fortiview.plugins.module_utils._tasks.run import Warnings


def test_each_warning_once_and_in_order() -> None:
    warnings = Warnings()
    for text in ("b", "a", "b"):
        warnings.add(text)
    assert warnings.texts == ["b", "a"]
    warnings.texts.append("c")
    assert warnings.texts == ["b", "a"]

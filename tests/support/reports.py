# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A report of results, with the options of the role by their names."""

from __future__ import annotations

import typing as t

from ansible_collections.secops.fortiview.plugins.module_utils._insight.findings import Given
from ansible_collections.secops.fortiview.plugins.module_utils._insight.report import Report
from ansible_collections.secops.fortiview.plugins.module_utils._insight.report import make_report as _make_report


def make_report(results: object, title: str, top: int = 10, most: int = 1000, **options: t.Any) -> Report:
    return _make_report(Given(results, **options), title, top, most)

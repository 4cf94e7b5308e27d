# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter secops.fortiview.report_files; documented in report_files.yml."""

from __future__ import annotations

import time
import typing as t

from ansible_collections.secops.fortiview.plugins.module_utils._common.clock_text import time_text
from ansible_collections.secops.fortiview.plugins.module_utils._common.validation import count, flag
from ansible_collections.secops.fortiview.plugins.module_utils._insight.findings import Given
from ansible_collections.secops.fortiview.plugins.module_utils._insight.report import make_report
from ansible_collections.secops.fortiview.plugins.plugin_utils._report_files import files_of
from ansible_collections.secops.fortiview.plugins.plugin_utils.filters._common import filter_plugin


@filter_plugin
def report_files(
    results: t.Any,
    templates: str,
    title: str,
    formats: t.Any = ("html", "markdown", "csv", "json"),
    periods: t.Any = None,
    audit: t.Any = None,
    audit_since: str = "",
    top: t.Any = 10,
    most: t.Any = 1000,
    now: str = "",
    partial: t.Any = False,
    effect: t.Any = None,
    attackers: t.Any = None,
    timeline: t.Any = None,
    link: str = "",
) -> t.Any:
    shown, unfolded = count("top", top, 1), count("most", most, 1)
    moment = now or time_text(time.time())
    take = flag("threat_report_partial", partial)
    given = Given(
        results=results,
        periods=periods,
        attackers=attackers,
        timeline=timeline,
        audit=audit,
        audit_since=audit_since or None,
        effect=effect,
        now=moment,
        partial=take,
    )
    report = make_report(given, title, shown, max(shown, unfolded))
    return [{"name": name, "text": text} for name, text in files_of(report, formats, templates, str(link)).items()]

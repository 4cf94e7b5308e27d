# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter secops.fortiview.offenders; documented in offenders.yml."""

from __future__ import annotations

import datetime
import typing as t

from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.secops.fortiview.plugins.module_utils._common.validation import flag
from ansible_collections.secops.fortiview.plugins.module_utils._hunting.policy import judge, parse_policy, sighted_in
from ansible_collections.secops.fortiview.plugins.module_utils._query.ages import freshness
from ansible_collections.secops.fortiview.plugins.plugin_utils.filters._common import filter_plugin

OPTIONS = (
    "severities",
    "unblocked_only",
    "min_incidents",
    "min_sessions",
    "min_bandwidth",
    "min_bytes",
    "never",
    "allow_private",
    "roles",
    "cap",
)


@filter_plugin
def offenders(results: t.Any, max_age: t.Any = None, partial: t.Any = False, **options: t.Any) -> t.Any:
    unknown = sorted(set(options) - set(OPTIONS))
    if unknown:
        raise InvalidInput(f"unknown options: {', '.join(unknown)}. Choose from max_age, partial, {', '.join(OPTIONS)}")
    fresh = freshness(max_age, datetime.datetime.now(datetime.timezone.utc))
    sighted = sighted_in(results, fresh, flag("partial", partial))
    return {**judge(sighted.sightings, parse_policy(options)), "gaps": [gap._asdict() for gap in sighted.gaps]}

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter secops.fortiview.offenders; documented in offenders.yml."""

from __future__ import annotations

import typing as t

from ansible.errors import AnsibleFilterError
from ansible_collections.secops.fortiview.plugins.module_utils._offenders.policy import judge, parse_policy, sighted_in
from ansible_collections.secops.fortiview.plugins.module_utils._protocol.errors import InvalidInput

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


def offenders(results: object, **options: t.Any) -> dict[str, list[dict[str, t.Any]]]:
    """Raises AnsibleFilterError."""
    unknown = sorted(set(options) - set(OPTIONS))
    if unknown:
        raise AnsibleFilterError(f"secops.fortiview.offenders does not know {', '.join(unknown)}")
    try:
        return judge(sighted_in(results), parse_policy(options))
    except InvalidInput as exc:
        raise AnsibleFilterError(f"secops.fortiview.offenders: {exc}") from exc


class FilterModule:
    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"offenders": offenders}

# pylint: disable=line-too-long,wrong-import-position
# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Event filter for ansible-rulebook. It converts alerts from a webhook of FortiAnalyzer to events like those of the source fortiview."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

# ansible-rulebook runs this file by its path. Its imports use full names, so that no filter of another collection is imported instead.
for folder in Path(__file__).absolute().parents:
    if folder.name == "ansible_collections" and str(folder.parent) not in sys.path:
        sys.path.append(str(folder.parent))

from ansible_collections.secops.fortiview.plugins.module_utils._watch.alerts import (  # noqa: E402
    events_of,
)

DOCUMENTATION = r"""
---
short_description: Convert alerts of FortiAnalyzer event handlers to the event format of secops.fortiview.fortiview
description:
  - Use it with the source C(eda.builtin.webhook). Each alert of a body becomes an event with the keys that the source
    C(secops.fortiview.fortiview) has, so that the same rules serve both. C(view) is V(alerts), C(kind) V(new), C(id) and C(key)
    come from the C(alertid), C(time_range) spans the logs that the alert is about.
  - C(row) is the alert with the fields of a threat added to its own, namely C(threat), C(severity), C(srcip), C(dstip),
    C(incidents), C(blocked), C(detected) and C(devices), each if the alert has it.
  - It accepts one alert, a list of alerts, and either of them under C(result), C(data) or C(alerts).
  - Any other body is passed on with the C(kind) V(unknown).
  - Attackers choose the names in alerts. Each V({{), V({%) and V({#) gets a space after its brace, each V(#jinja2:) one
    after its sign, so that none of them is a template; control characters are shown as V(?).
  - HTTP headers, which contain the sender's credentials, are omitted from every event.
  - Any host that can reach the webhook can send alerts. Give it a token or an HMAC secret, and let playbooks query FortiAnalyzer
    themselves instead of using an address in an alert.
options:
  adom:
    description: Administrative domain of alerts that do not name one.
    type: str
    default: root
"""

EXAMPLES = r"""
- eda.builtin.webhook:
    host: 0.0.0.0
    port: 5000
    token: "{{ webhook_token }}"
  filters:
    - secops.fortiview.normalize_webhook:
        adom: root
"""


def main(event: dict[str, Any], adom: str = "root") -> list[dict[str, Any]]:
    """Turn one webhook into an event for each of its alerts."""
    return events_of(event, adom)

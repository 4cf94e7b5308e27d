# pylint: disable=line-too-long,wrong-import-position
# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Converts alerts from a webhook of FortiAnalyzer to events in the format of the event source fortiview."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

# ansible-rulebook runs this file by its path. The imports use full names, so that Python imports no file of another collection.
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
  - Use this filter with the source C(eda.builtin.webhook). Each alert in the body of a request becomes an event with the keys that
    events of the source C(secops.fortiview.fortiview) have, so that the same rules work with both sources.
  - C(view) is V(alerts), and C(kind) is V(new). C(id) and C(key) come from C(alertid). C(time_range) is the time range of the logs of
    the alert.
  - C(row) contains the fields of the alert. It also contains each of the fields C(threat), C(severity), C(srcip), C(dstip), C(incidents),
    C(blocked), C(detected) and C(devices) for which the alert contains a value.
  - The body must be an alert or a list of alerts, or contain them under the key C(result), C(data) or C(alerts). Any other body becomes an
    event with the C(kind) V(unknown).
  - Attackers choose the names in alerts, and Ansible evaluates the variables of an event as templates. The filter therefore inserts a
    space after the brace of each V({{), V({%) and V({#), and after the C(#) of each V(#jinja2:). It replaces control characters with V(?).
  - The filter removes HTTP headers from events, because they contain the credentials of the sender.
  - Any host that can reach the webhook can send alerts. Set a token or an HMAC secret for the webhook. In a playbook, query
    FortiAnalyzer for the addresses, and do not use an address from an alert.
options:
  adom:
    description: Administrative domain for alerts that do not contain an ADOM.
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
    """Return one event for each alert of the body of a webhook."""
    return events_of(event, adom)

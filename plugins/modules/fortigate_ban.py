#!/usr/bin/python

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: fortigate_ban
short_description: Ban addresses on a FortiGate for a limited time, and remove bans
version_added: 1.0.0
author:
  - secops.fortiview contributors (@secops)
description:
  - Bans addresses in a VDOM with the quarantine of FortiOS, or removes their bans. One request contains up to 500 addresses. The module then reads
    the bans back and returns the changes. A ban drops traffic from the address through the FortiGate, including open sessions, and expires
    automatically.
  - A ban does not stop traffic to the banned address. For command and control servers and other contacted addresses
    (offenders with the C(side) C(destination) or C(both)), use M(secops.fortiview.fortigate_feed).
  - Bans that an engine of the FortiGate has set are never changed. Examples of engines are IPS, antivirus, DoS and application control.
extends_documentation_fragment:
  - secops.fortiview.fortigate
  - secops.fortiview.fortigate.over_httpapi
  - secops.fortiview.attributes.actiongroup_fortigate
options:
  addresses:
    description:
      - IPv4 and IPv6 addresses. The task fails before anything is sent if a value is not a host address, or if an address is special, private or
        protected by O(never). O(allow_private) permits private addresses.
    type: list
    elements: str
    required: true
  state:
    description: Whether to ban the addresses or to remove their bans.
    type: str
    choices: [present, absent]
    default: present
  expiry:
    description:
      - Time until a ban ends, in seconds or with a unit, such as V(30m), V(4h) or V(7d), from 60 seconds to 7 days. V(0) is permanent and needs
        O(allow_permanent).
      - A ban is extended if its duration is shorter than this time, or if less than half of this time is left. The module compares the end of the
        ban with the clock of the machine on which it runs. The clock of the FortiGate should therefore not differ from that clock by more than half of
        this time.
      - A ban with a longer duration is not changed, because a new ban could shorten it. If this ban ends before the requested time, the module adds
        a warning.
    type: str
    default: 1h
  allow_permanent:
    description: Permit permanent bans, with O(expiry=0).
    type: bool
    default: false
seealso:
  - module: secops.fortiview.fortigate_feed
"""

EXAMPLES = r"""
- name: Ban two addresses for one hour
  secops.fortiview.fortigate_ban:
    access_token: "{{ fortigate_token }}"
    addresses: [203.0.113.77, 203.0.113.78]
    never: [198.51.100.0/24]

- name: Ban the offenders for four hours
  secops.fortiview.fortigate_ban:
    access_token: "{{ fortigate_token }}"
    addresses: "{{ candidates.offenders | rejectattr('side', 'eq', 'destination') | map(attribute='address') }}"
    expiry: 4h
    never: [198.51.100.0/24]

- name: Remove a ban
  secops.fortiview.fortigate_ban:
    access_token: "{{ fortigate_token }}"
    addresses: [203.0.113.77]
    state: absent
"""

RETURN = r"""
add:
  description: Addresses that were banned, or would be banned in check mode.
  returned: success
  type: list
  elements: str
  sample: [203.0.113.77]
extend:
  description: Addresses whose ban was extended, or would be extended in check mode.
  returned: success
  type: list
  elements: str
  sample: []
remove:
  description: Addresses whose ban was removed, or would be removed in check mode.
  returned: success
  type: list
  elements: str
  sample: []
unchanged:
  description: Addresses that needed no change.
  returned: success
  type: list
  elements: str
  sample: []
foreign:
  description: Addresses that the FortiGate itself has banned. These bans are not changed.
  returned: success
  type: list
  elements: str
  sample: []
banned:
  description: All bans after the task, or before it in check mode. Times are seconds since the epoch by the clock of the FortiGate.
  returned: success
  type: list
  elements: dict
  sample: [{address: 203.0.113.77, source: Administrative, created: 1772359966, expires: 1772363566}]
error:
  description:
    - Details of the error. C(rolled_back) is true if all changes were rolled back. C(left) lists the bans of this task that remain. C(extended) lists
      earlier bans whose end has changed and cannot be restored.
  returned: failure
  type: dict
  sample: {kind: fortigate, rolled_back: true, missing: [203.0.113.77]}
"""

from ansible_collections.secops.fortiview.plugins.module_utils._oldest_python import check_python


def main():
    # type: () -> None
    check_python()
    from ansible_collections.secops.fortiview.plugins.module_utils._glue.fortigate import ban, ban_arguments
    from ansible_collections.secops.fortiview.plugins.module_utils._glue.fortigate_module import run_fortigate_module

    run_fortigate_module(ban_arguments(), ban)


if __name__ == "__main__":
    main()

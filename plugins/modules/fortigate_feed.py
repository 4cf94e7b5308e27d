#!/usr/bin/python

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: fortigate_feed
short_description: Push addresses to a threat feed of a FortiGate
version_added: 1.0.0
author:
  - secops.fortiview contributors (@secops)
description:
  - Adds entries to a push threat feed (FortiOS 7.2.1 or newer), removes entries, or replaces all entries, with one request. The module then reads the
    feed back and returns the changes. The feed blocks traffic only if deny policies use it.
extends_documentation_fragment:
  - secops.fortiview.fortigate
  - secops.fortiview.fortigate.over_httpapi
  - secops.fortiview.attributes.actiongroup_fortigate
options:
  name:
    description: Name of the threat feed, 1 to 35 letters, digits, C(_) and C(-).
    type: str
    default: soc-block
  entries:
    description:
      - IPv4 and IPv6 addresses, and networks with O(allow_networks). The task fails before anything is sent if an entry is special, private or
        protected by O(never). O(allow_private) permits private addresses.
    type: list
    elements: str
    required: true
  state:
    description: V(present) adds O(entries) to the feed. V(absent) removes O(entries) from the feed. V(exact) replaces the content of the feed with
      O(entries).
    type: str
    choices: [present, absent, exact]
    default: present
  allow_networks:
    description: Also accept networks as entries, no larger than /24 for IPv4 and /64 for IPv6.
    type: bool
    default: false
seealso:
  - module: secops.fortiview.fortigate_ban
"""

EXAMPLES = r"""
- name: Add two addresses to a threat feed
  secops.fortiview.fortigate_feed:
    access_token: "{{ fortigate_token }}"
    name: soc-block
    entries: [203.0.113.77, 203.0.113.78]
    never: [198.51.100.0/24]

- name: Add the command and control servers from the filter offenders to a threat feed
  secops.fortiview.fortigate_feed:
    access_token: "{{ fortigate_token }}"
    name: soc-block
    entries: "{{ candidates.offenders | rejectattr('side', 'eq', 'source') | map(attribute='address') }}"
    never: [198.51.100.0/24]

- name: Remove an address from the feed
  secops.fortiview.fortigate_feed:
    access_token: "{{ fortigate_token }}"
    name: soc-block
    entries: [203.0.113.77]
    state: absent
"""

RETURN = r"""
add:
  description: Entries that were added, or would be added in check mode.
  returned: success
  type: list
  elements: str
  sample: [203.0.113.77]
remove:
  description: Entries that were removed, or would be removed in check mode.
  returned: success
  type: list
  elements: str
  sample: []
unchanged:
  description: Entries that needed no change.
  returned: success
  type: list
  elements: str
  sample: []
entries:
  description: Content of the feed after the task, or the planned content in check mode.
  returned: success
  type: list
  elements: str
  sample: [203.0.113.77]
error:
  description: Details of the error. C(rolled_back) is true if all changes were rolled back.
  returned: failure
  type: dict
  sample: {kind: fortigate, rolled_back: true, missing: [203.0.113.77]}
"""

from ansible_collections.secops.fortiview.plugins.module_utils._oldest_python import check_python


def main():
    # type: () -> None
    check_python()
    from ansible_collections.secops.fortiview.plugins.module_utils._glue.fortigate import feed, feed_arguments
    from ansible_collections.secops.fortiview.plugins.module_utils._glue.fortigate_module import run_fortigate_module

    run_fortigate_module(feed_arguments(), feed)


if __name__ == "__main__":
    main()

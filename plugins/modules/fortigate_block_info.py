#!/usr/bin/python

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: fortigate_block_info
short_description: List what is blocked on a FortiGate, by whom and until when
version_added: 1.0.0
author:
  - secops.fortiview contributors (@secops)
description:
  - Reads the lists of a FortiGate, and returns for each entry what the registry and the marks on the FortiGate know of it.
  - With O(addresses), returns the entries that block these, also networks, ranges and entries of others that hold them.
  - Nothing is written anywhere.
extends_documentation_fragment:
  - secops.fortiview.blocking
  - secops.fortiview.fortigate.over_httpapi
  - secops.fortiview.attributes.actiongroup_fortigate
options:
  addresses:
    description: Addresses to look for. All entries are listed by default.
    type: list
    elements: str
    default: []
seealso:
  - module: secops.fortiview.fortigate_block
"""

EXAMPLES = r"""
- name: List what is blocked
  secops.fortiview.fortigate_block_info:
    access_token: "{{ fortigate_token }}"
  register: listed

- name: Show the addresses, and when their blocks end
  ansible.builtin.debug:
    msg: "{{ listed.blocks | secops.fortiview.to_table(columns=['address', 'method', 'expires', 'job_user']) }}"

- name: Find out whether an address is blocked, and by which entry
  secops.fortiview.fortigate_block_info:
    access_token: "{{ fortigate_token }}"
    addresses: [203.0.113.77]
"""

RETURN = r"""
blocks:
  description:
    - Entries of the lists. C(ours) says whether a run is known to have made it; C(expires) and C(blocked_at) are in UTC; C(asked) is the
      address of O(addresses) that the entry blocks.
  returned: success
  type: list
  elements: dict
  sample:
    - address: 203.0.113.77
      vdom: root
      method: ban
      list: ""
      ours: true
      source: Administrative
      expires: "2026-03-01T18:30:00Z"
      blocked_at: "2026-03-01T14:30:00Z"
      run_id: "4711"
      job_user: anna
      reasons: [brute force]
      threats: [FTP.Login.Brute.Force]
      verified: true
missing:
  description: Blocks of the registry that are not on their list.
  returned: success
  type: list
  elements: dict
  sample: []
notices:
  description: What a person who reads the list must know.
  returned: success
  type: list
  elements: str
  sample: []
host:
  description: The FortiGate.
  returned: success
  type: str
  sample: fgt-hq
serial:
  description: Its serial number.
  returned: success
  type: str
  sample: FGT60FTK00000001
"""

from ansible_collections.secops.fortiview.plugins.module_utils._oldest_python import check_python


def main():
    # type: () -> None
    check_python()
    from ansible_collections.secops.fortiview.plugins.module_utils._glue.blocking import (
        fortigate_block_info,
        info_arguments,
    )
    from ansible_collections.secops.fortiview.plugins.module_utils._glue.fortigate_module import run_fortigate_module

    run_fortigate_module(info_arguments(), fortigate_block_info)


if __name__ == "__main__":
    main()

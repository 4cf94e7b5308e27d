#!/usr/bin/python

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: fortigate_block_info
short_description: List the blocks on a FortiGate, with their origin and end
version_added: 1.0.0
author:
  - secops.fortiview contributors (@secops)
description:
  - Reads the bans, threat feeds and address groups of a FortiGate, and returns each entry with its data from the registry and from its mark on the
    FortiGate.
  - With O(addresses), the module returns the entries that contain at least a part of these addresses and networks. These entries include networks,
    ranges and entries that this collection did not create. The module also returns whether the FortiGate stops traffic from each address. An entry of
    a feed or group has no effect if no deny policy uses the feed or group, or if another policy accepts the traffic of the address first.
  - Nothing is written to the FortiGate.
extends_documentation_fragment:
  - secops.fortiview.blocking
  - secops.fortiview.fortigate.over_httpapi
  - secops.fortiview.attributes.actiongroup_fortigate
options:
  addresses:
    description: Addresses and networks to search for. By default, all entries are listed.
    type: list
    elements: str
    default: []
  hits:
    description:
      - Also return the counters of the deny policies that use the threat feeds and address groups, with one request for each policy.
      - A counter covers all addresses of a threat feed or address group together. Bans have no counter.
    type: bool
    default: false
  ticket:
    description: Also return the blocks with this ticket in RV(history), including blocks that have ended.
    type: str
seealso:
  - module: secops.fortiview.fortigate_block
"""

EXAMPLES = r"""
- name: List the blocks
  secops.fortiview.fortigate_block_info:
    access_token: "{{ fortigate_token }}"
  register: listed

- name: Show the addresses, and when their blocks end
  ansible.builtin.debug:
    msg: "{{ listed.blocks | secops.fortiview.to_table(columns=['address', 'method', 'expires', 'job_user']) }}"

- name: Check whether an address is blocked, and by which entry
  secops.fortiview.fortigate_block_info:
    access_token: "{{ fortigate_token }}"
    addresses: [203.0.113.77]
"""

RETURN = r"""
blocks:
  description:
    - The bans, and the entries of feeds and groups. C(ours) is true if the registry or a mark on the FortiGate shows that a run of this collection
      created the entry. C(blocked_at) is the start of the block, and C(expires) is its end, both in UTC. C(expires) is null if the block is permanent
      or if its end is not known. C(run_id), C(job_user), C(ticket) and C(approver) are those of the run that last changed the block.
    - With O(addresses), an entry also has C(asked), C(whole), C(stops) and C(stops_why). C(asked) is the requested address or network. C(whole) is
      true if the entry contains the whole of C(asked). C(stops) is true if the FortiGate stops traffic from this address, and null if this is not known.
      C(stops_why) has the reason if C(stops) is not true.
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
      job_user: ben
      ticket: CHG0030007
      approver: anna
      reasons: [brute force]
      threats: [FTP.Login.Brute.Force]
      verified: true
lists:
  description: Threat feeds, address groups and ban lists that were read.
  returned: success
  type: list
  elements: dict
  sample:
    - vdom: root
      method: ban
      list: ""
policies:
  description:
    - Enabled deny policies that use a threat feed or an address group, with their counters. The FortiGate does not report when the
      counters were last cleared. A counter of 0 therefore does not prove that the policy never denied anything.
    - C(hits), C(packets) and C(bytes) are null if the counter of the policy cannot be read. C(policyid) is also null if the policies of the VDOM
      cannot be read. C(why) has the reason. C(first_hit) and C(last_hit) are in UTC. C(others) lists the other address objects that the policy
      denies. The counters of the policy include their traffic. C(logs) is false if the policy does not log. FortiView then does not show the traffic
      that the policy denies.
  returned: when O(hits=true)
  type: list
  elements: dict
  sample:
    - vdom: root
      policyid: 9001
      name: soc-block-source
      lists: [{method: feed_push, list: soc-block}]
      sides: [source]
      others: []
      logs: true
      hits: 42
      packets: 42
      bytes: 2520
      first_hit: "2026-03-01T14:31:00Z"
      last_hit: "2026-03-01T15:02:00Z"
      why: ""
history:
  description:
    - Records of the registry about the blocks with O(ticket) on this FortiGate and in published files. There is one record for each address, run,
      VDOM, method and feed or group. The oldest record is first. Blocks that ended more than 90 days ago are omitted.
    - Times are in UTC. C(ended_at) is null and C(outcome) is empty while the block is open. C(outcome) is V(expired), V(removed), V(rolled_back),
      V(lost) or V(refused).
  returned: when O(ticket) is set
  type: list
  elements: dict
  sample:
    - address: 203.0.113.77
      vdom: root
      method: ban
      list: ""
      run_id: "4711"
      blocked_at: "2026-03-01T14:30:00Z"
      expires: "2026-03-01T18:30:00Z"
      ended_at: "2026-03-01T18:35:00Z"
      outcome: expired
      threats: [FTP.Login.Brute.Force]
elsewhere:
  description: Open blocks of the registry with O(ticket) on other FortiGates. Expired bans are omitted.
  returned: when O(ticket) is set
  type: list
  elements: dict
  sample: [{address: 203.0.113.77, host: fgt-branch, serial: FGT60FTK20000002}]
missing:
  description: Blocks in the registry that have no entry on the FortiGate.
  returned: success
  type: list
  elements: dict
  sample: []
notices:
  description: Notices for the reader of the result.
  returned: success
  type: list
  elements: str
  sample: []
host:
  description: Name of the FortiGate.
  returned: success
  type: str
  sample: fgt-hq
serial:
  description: Serial number of the FortiGate.
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

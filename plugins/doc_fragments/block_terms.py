# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options for the duration, the FortiGates, the ticket and the approver of blocks."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  ttl:
    description:
      - Duration of a block, from 60 seconds to 7 days, such as V(4h) or V(14400). V(0) is permanent and needs O(allow_permanent). The C(ttl) of a
        target has precedence.
      - A list such as V([1h, 1d, 7d]), or text such as V(1h, 1d, 7d), sets the duration of the first block of an address, of its second block, and
        so on. No duration can be shorter than the duration before it. The last duration is used for all further blocks. A block uses the next duration
        if the previous block has ended on all FortiGates. All FortiGates of a run use the same duration. A block that is extended before its end gets
        the same duration again.
      - The first duration applies again 90 days after the end of the last block of an address, or after O(state=absent) has unblocked the address.
        Each run needs its own O(run_id).
    type: raw
    default: 1h
  where:
    description:
      - V(everywhere) blocks each target on every FortiGate.
      - V(seen) blocks an offender only on the FortiGates in its C(devices), which contains serial numbers, host names or names in the inventory. The
        members of an HA cluster count as one FortiGate. On the other FortiGates of the run, the action is V(not seen), and C(why) names the
        FortiGates that logged the offender. An existing block on those other FortiGates remains and is not extended.
      - A target without C(devices), or with a device that is not a FortiGate of this run, is blocked everywhere. C(why) has the reason. Before the
        first block, all FortiGates of the run must be read with O(state=identified) or O(plan=true). The role
        P(secops.fortiview.fortigate_block#role) does this.
      - V(seen) cannot be combined with O(method=feed_file), because every FortiGate fetches the same file.
    type: str
    choices: [everywhere, seen]
    default: everywhere
  known_as:
    description: With O(where=seen), further names under which FortiAnalyzer logs this FortiGate, such as the C(FGHA…_CID) of a cluster.
    type: list
    elements: str
    default: []
  ticket:
    description:
      - Ticket or change for which the targets are blocked or unblocked, at most 100 characters. The ticket is recorded in the registry, in the audit
        log and in the comment of an address object, and M(secops.fortiview.fortigate_block_info) returns it.
      - The C(ticket) of a target has precedence.
    type: str
  approver:
    description: Person who approved the block or its removal, at most 100 characters. The name is recorded in the same places as O(ticket). The
      C(approver) of a target has precedence.
    type: str
"""

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options for the duration and the places of blocks, their ticket and their approver."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  ttl:
    description:
      - Duration of a block, 60 seconds to 7 days, such as V(4h) or V(14400). 0 is permanent and needs O(allow_permanent). The C(ttl) of a
        target has precedence.
      - A list such as V([1h, 1d, 7d]), or text such as V(1h, 1d, 7d), gives the duration of the first block of an address, of its second block, and
        so on. The last duration is used for all further blocks. A block uses the next duration if the previous block has ended on all FortiGates. All
        FortiGates of a run use the same duration. A block that is extended before its end keeps its duration.
      - An address starts at the first step again 90 days after its last block, and when it is unblocked by O(state=absent). O(run_id)
        must differ from run to run.
    type: raw
    default: 1h
  where:
    description:
      - V(everywhere) blocks each target on every FortiGate.
      - V(seen) blocks an offender on the FortiGates that its C(devices) name, by serial number, host name or name in the inventory. The
        members of an HA cluster count as one FortiGate. For the other FortiGates of the run, the action is C(not seen), and C(why) names the
        FortiGates that logged it. An existing block on these remains, and is not extended.
      - A target without C(devices), or with a device that is not a FortiGate of this run, is blocked everywhere. C(why) has the reason. All
        FortiGates must be read first, by O(state=identified) or O(plan=true), as the role does.
      - V(seen) cannot be combined with O(method=feed_file), because every FortiGate fetches the same file.
    type: str
    choices: [everywhere, seen]
    default: everywhere
  known_as:
    description: With O(where=seen), the further names under which FortiAnalyzer logs this FortiGate, such as the C(FGHA…_CID) of a cluster.
    type: list
    elements: str
    default: []
  ticket:
    description:
      - The ticket or change for which the targets are blocked or unblocked, at most 100 characters. It is recorded in the registry, in the audit log
        and in the comment of an address object, and M(secops.fortiview.fortigate_block_info) returns it.
      - The C(ticket) of a target has precedence.
    type: str
  approver:
    description: The approver, at most 100 characters. It is recorded in the same places as the ticket. The C(approver) of a target has precedence.
    type: str
"""

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
      - A list such as V([1h, 1d, 7d]), or text such as V(1h, 1d, 7d), has a step for each further block of the same address, and the last one
        for all that follow. A block uses the next step when the previous block has ended on all FortiGates. All FortiGates of a run
        use the same step, and a block that is extended before its end keeps its step.
      - An address starts at the first step again 90 days after its last block, and when it is unblocked by O(state=absent). O(run_id)
        must differ from run to run.
    type: raw
    default: 1h
  where:
    description:
      - V(everywhere) blocks each target on every FortiGate.
      - V(seen) blocks an offender on the FortiGates that its C(devices) name, by serial number, host name or name in the inventory. The
        members of an HA cluster count as one FortiGate. On the others of the run the action is C(not seen), and C(why) names those that have
        logged it. A block that is there already stays, and is not extended.
      - A target without C(devices), or with one that is not a FortiGate of this run, is blocked everywhere, and C(why) says so. All
        FortiGates must be read first, by O(state=identified) or O(plan=true), as the role does.
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
      - The ticket or change by which the targets are blocked or unblocked, at most 100 characters. It is in the registry, in the audit log,
        in the comment of an address object, and in what M(secops.fortiview.fortigate_block_info) returns.
      - The C(ticket) of a target has precedence.
    type: str
  approver:
    description: The approver, at most 100 characters, in the same places. The C(approver) of a target has precedence.
    type: str
"""

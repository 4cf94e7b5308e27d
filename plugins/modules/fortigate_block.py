#!/usr/bin/python

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: fortigate_block
short_description: Block addresses on a FortiGate, unblock them, and reconcile the blocks with the registry
version_added: 1.0.0
author:
  - secops.fortiview contributors (@secops)
description:
  - Checks the targets against the guardrails, and compares them with the current entries. The module writes once for each VDOM, verifies the
    change, and records the blocks in the registry. It rolls back changes that it cannot verify.
  - In check mode, the module sends only read requests, and returns the plan.
  - The module always runs where C(ansible-playbook) runs, because the audit log, published files and a SQLite registry are on that machine.
extends_documentation_fragment:
  - secops.fortiview.blocking
  - secops.fortiview.block_terms
  - secops.fortiview.guardrails
  - secops.fortiview.fortigate.over_httpapi
  - secops.fortiview.attributes.actiongroup_fortigate
options:
  state:
    description:
      - V(present) blocks the targets.
      - V(absent) unblocks the targets. With O(everything), it removes all blocks that this collection created. The module removes every entry that it
        can remove. If a target is still blocked, the task fails at the end and names the entry or policy that blocks the target. For up to 20 targets
        without an entry, the module also queries the FortiGate for a policy that still denies the target, for example a policy that denies a country.
        The module ignores policies that deny all addresses.
      - V(expired) removes expired blocks. The FortiGate itself removes expired bans.
      - V(reconciled) makes the blocks on the FortiGate match the registry. It removes expired blocks, and restores missing blocks for the rest of
        their time if the guardrails permit them. It also adds address objects with a mark of this collection to a registry that does not contain
        them, for example after the registry was lost. The task fails at the end if the blocks still differ from the registry, or if the guardrails
        now refuse an existing block. Unknown entries are not changed.
      - V(adopted) adds the entries of the targets to the registry if no run is known to have created them. With O(everything), it adds all unknown
        entries, except bans that an engine of the FortiGate has set. Bans and marked address objects keep their expiry time. Other entries expire
        after O(ttl). The FortiGate is not changed.
      - V(identified) reads the serial numbers and names of this FortiGate and of its HA members, at most once a day. O(where=seen) needs them for
        all FortiGates of the run. This state blocks nothing.
    type: str
    choices: [present, absent, expired, reconciled, adopted, identified]
    default: present
  targets:
    description:
      - A list of addresses or offenders, the whole result of P(secops.fortiview.offenders#filter), or text with addresses. An entry may also be a
        dictionary with C(address), C(reasons), C(threats), C(ttl), C(side), C(ticket) and C(approver). C(ip), C(reason) and C(evidence) are aliases
        of C(address), C(reasons) and C(threats).
      - The C(devices) of an offender are used with O(where=seen).
      - The C(victims) of an offender are the addresses that it attacked. With O(method=ban), the plan uses them to detect attacks on the FortiGate
        itself, which a ban does not stop. O(local_in_method) blocks such a target by another method.
      - C(side) is C(source), C(destination) or C(both). The default is C(source). With O(method=ban), a target with V(destination) is refused,
        because a ban does not stop traffic to an address. This refusal fails the task only if no target is accepted. For a target with V(both), a ban
        stops only traffic from the address, and a notice reports this.
      - Required for O(state=present), and for O(state=absent) and O(state=adopted) without O(everything=true). With an empty list and
        O(state=present), the module blocks nothing.
    type: raw
  plan:
    description:
      - With O(state=present) and O(state=reconciled), the module only reads and plans, and writes nothing to the FortiGate. In the registry, it
        stores the addresses that this FortiGate depends on, so that all FortiGates of the run protect these addresses. RV(pending) shows whether
        changes are necessary.
    type: bool
    default: false
  everything:
    description: Instead of O(targets), select all blocks that runs of this collection created (O(state=absent)), or all entries that no run is known
      to have created, except bans that an engine of the FortiGate has set (O(state=adopted)).
    type: bool
    default: false
  allow_shrink:
    description: Permit a run that removes more than half of the lines of a feed file.
    type: bool
    default: false
  allow_fmg_drift:
    description: Permit changes to the configuration of a FortiGate that a FortiManager manages. The next installation from the FortiManager reverts
      these changes.
    type: bool
    default: false
  force:
    description: With O(state=absent), also remove entries that no run is known to have created, and bans that an engine of the
      FortiGate, such as IPS, has set.
    type: bool
    default: false
  require_policy:
    description:
      - With V(feed_push) and V(addrgrp), fail if no deny policy of the VDOM uses the feed or group, or if another policy accepts the traffic of a
        target first, because the target would not be blocked.
      - If V(false), the target is written nevertheless, and its result is V(written, not in force).
    type: bool
    default: true
  verify:
    description: Whether to read the bans, the threat feed or the address group after a write until the change is visible. If V(false), the result is
      V(written, not verified).
    type: bool
    default: true
  verify_retries:
    description: Maximum number of further reads if the change is not visible at once.
    type: int
    default: 3
  verify_delay:
    description: Time between two reads, in seconds or with a unit.
    type: str
    default: 2s
  close_sessions:
    description:
      - Whether to close the open sessions of blocked addresses. The option has no effect on bans, which always close sessions.
      - One request closes the sessions from or to one address. A run therefore closes the sessions of at most 200 addresses in a VDOM, and starts with
        the offenders of a hunt. The sessions of networks are not closed. RV(sessions_open) lists the addresses whose sessions may still be open.
    type: bool
    default: true
  pardon:
    description: Time in which the offenders of a hunt are not blocked again after O(state=absent) has unblocked them, in seconds or with a unit, such
      as V(24h). The module treats a target without C(role) as entered by a person, and blocks it nevertheless.
    type: str
    default: 24h
  expired_by:
    description: With O(state=expired) and O(state=reconciled), the time to use instead of the current time, as C(YYYY-MM-DDTHH:MM:SSZ).
    type: str
  run_id:
    description: Identifier of the run in the registry, in the audit log and in comments on the FortiGate. The default is the id of the AWX job, or
      otherwise the start time and the process id of the run.
    type: str
  job_user:
    description: User who is responsible for the run. The default is the user of the AWX job, or otherwise the user of the shell.
    type: str
  audit_log:
    description: Absolute path of the audit log. For each address and VDOM, the module adds a JSON line that a SIEM can read.
    type: path
  inventory:
    description: Hosts whose addresses are protected. The default is all hosts of the inventory.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: Name in the inventory.
        type: str
        required: true
      addresses:
        description: Addresses or names of the host.
        type: list
        elements: str
        default: []
  fleet:
    description: FortiGates of this run. The default is all hosts of the play. A notice names FortiGates whose dependencies are not in the registry
      yet.
    type: list
    elements: str
    default: []
  batch:
    description:
      - The FortiGates of the current batch. The default is all hosts of the batch that have not failed.
      - Before the first write, the task waits at most 20 seconds until all FortiGates of the batch have been read. With C(strategy=free), other
        FortiGates may be read later than this one.
    type: list
    elements: str
    default: []
seealso:
  - module: secops.fortiview.fortigate_block_info
  - module: secops.fortiview.fortigate_block_policy
"""

EXAMPLES = r"""
- name: Block two addresses for four hours
  secops.fortiview.fortigate_block:
    access_token: "{{ fortigate_token }}"
    targets: [203.0.113.77, 203.0.113.78]
    ttl: 4h
    ticket: CHG0030007
    approver: anna
    never: [198.51.100.0/28]

- name: Block the offenders of a hunt with a threat feed, and skip targets that the guardrails refuse
  secops.fortiview.fortigate_block:
    access_token: "{{ fortigate_token }}"
    method: feed_push
    targets: "{{ threat_hunt_offenders }}"
    never: "{{ our_networks }}"
    on_protected: skip

- name: Block repeat offenders for longer each time
  secops.fortiview.fortigate_block:
    access_token: "{{ fortigate_token }}"
    targets: "{{ threat_hunt_offenders }}"
    ttl: [1h, 1d, 7d]
    never: "{{ our_networks }}"

- name: Read the serial numbers and names of all FortiGates of the play
  secops.fortiview.fortigate_block:
    access_token: "{{ fortigate_token }}"
    state: identified

- name: Block each offender on the FortiGates that have logged it
  secops.fortiview.fortigate_block:
    access_token: "{{ fortigate_token }}"
    targets: "{{ threat_hunt_offenders }}"
    where: seen
    never: "{{ our_networks }}"

- name: Unblock an address wherever a run has blocked it
  secops.fortiview.fortigate_block:
    access_token: "{{ fortigate_token }}"
    state: absent
    targets: [203.0.113.77]

- name: Remove expired blocks, and restore blocks that were lost in a reboot
  secops.fortiview.fortigate_block:
    access_token: "{{ fortigate_token }}"
    state: reconciled
    never: [198.51.100.0/28]
"""

RETURN = r"""
steps:
  description:
    - The action for each address in each VDOM. C(action) is V(add), V(extend), V(keep), V(banned by the FortiGate), V(pardoned),
      V(not seen), V(remove), V(restore), V(adopt), V(absent), V(blocked elsewhere) or V(refuse). C(why) explains the action. C(result) is the
      outcome of the action, such as V(blocked), V(published) or V(written, not verified). C(expires) is in UTC, and C(ttl) in seconds.
    - With O(method=feed_file), the C(result) is V(blocked) if the module has a connection to the FortiGate, the FortiGate has fetched the file,
      and a deny policy uses the feed. Otherwise, the C(result) is V(published), and RV(notices) has the reason. The module makes the FortiGate fetch
      the file and reads the feed, with up to O(verify_retries) further reads.
    - C(proof) shows how the module has verified that a block of this run is in force. V(lookup) is the policy lookup of the FortiGate for each interface to the
      internet, or for each internal interface if the target is a destination. V(order) is the order of the policies. The module uses the order if
      the lookup returns no policy, or an accepting policy below the deny policy. It also uses the order if there are more than 4 such
      interfaces, because it looks up only 4 of them. A notice then names the other interfaces. V(entry) is the ban that the FortiGate returns.
    - C(policy) is the ID of the policy that denies the traffic. Without a proof, the C(result) is V(written, not proven) if a policy may accept the
      traffic of the address first. It is V(written, not in force) if a policy accepts this traffic first or no policy denies it.
  returned: success, and failure after planning
  type: list
  elements: dict
  sample:
    - address: 203.0.113.77
      action: add
      vdom: root
      ttl: 14400
      expires: "2026-03-01T18:30:00Z"
      reasons: [brute force]
      threats: [FTP.Login.Brute.Force]
      ticket: CHG0030007
      approver: anna
      why: ""
      proof: entry
      policy: null
      result: blocked
refused:
  description: Targets that the guardrails refused. C(refusals) lists all reasons.
  returned: success, and failure after planning
  type: list
  elements: dict
  sample:
    - address: 8.8.8.8
      reasons: []
      threats: []
      ticket: ""
      approver: ""
      refusals: ["shared infrastructure: Google Public DNS (8.8.8.8)"]
notices:
  description: Notices for the reader of the plan.
  returned: success, and failure after planning
  type: list
  elements: str
  sample: []
sessions_open:
  description: Blocked addresses whose sessions may be open. A notice has the reason.
  returned: success, and failure after planning
  type: list
  elements: str
  sample: []
audit:
  description: Lines for the audit log.
  returned: success, and failure after planning
  type: list
  elements: dict
  sample: []
host:
  description: Name of the FortiGate.
  returned: success, and failure after planning
  type: str
  sample: fgt-hq
serial:
  description: Serial number of the FortiGate.
  returned: success, and failure after planning
  type: str
  sample: FGT60FTK00000001
run_id:
  description: Identifier of the run.
  returned: success, and failure after planning
  type: str
  sample: "4711"
method:
  description: Method of the run. Empty if the run used all methods.
  returned: success, and failure after planning
  type: str
  sample: ban
pending:
  description: Whether changes are necessary, with O(plan=true).
  returned: success, and failure after planning
  type: bool
  sample: true
dry_run:
  description: Whether nothing was written because of check mode.
  returned: success, and failure after planning
  type: bool
  sample: false
error:
  description:
    - Details of the error. C(rolled_back) is true if all changes were rolled back. C(left) lists the addresses that are still blocked. C(vdoms) lists
      the VDOMs in which these addresses are blocked.
  returned: failure
  type: dict
  sample: {kind: fortigate, rolled_back: true, left: []}
"""

from ansible_collections.secops.fortiview.plugins.module_utils._oldest_python import check_python


def main():
    # type: () -> None
    check_python()
    from ansible_collections.secops.fortiview.plugins.module_utils._glue.blocking import (
        block_arguments,
        fortigate_block,
    )
    from ansible_collections.secops.fortiview.plugins.module_utils._glue.fortigate_module import run_fortigate_module

    run_fortigate_module(block_arguments(), fortigate_block)


if __name__ == "__main__":
    main()

#!/usr/bin/python

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: fortigate_block
short_description: Block addresses on a FortiGate, unblock them, and keep the blocks equal to the registry
version_added: 1.0.0
author:
  - secops.fortiview contributors (@secops)
description:
  - Checks the targets against the guardrails, compares them with the current entries, writes once for each VDOM, verifies the change,
    records the blocks in the registry, and rolls back changes that it cannot verify.
  - In check mode, the module sends only read requests, and returns the plan.
  - Always runs on the machine that runs C(ansible-playbook), where the registry, the audit log and a published file are.
extends_documentation_fragment:
  - secops.fortiview.blocking
  - secops.fortiview.block_terms
  - secops.fortiview.fortigate.over_httpapi
  - secops.fortiview.attributes.actiongroup_fortigate
options:
  state:
    description:
      - V(present) blocks the targets.
      - V(absent) unblocks the targets, or all our blocks with O(everything). It removes all entries that it can remove. If a target is still blocked,
        it fails at the end and names the entry that blocks it. For up to 20 targets without an entry, it also queries the FortiGate whether a policy
        still denies them, for example a policy that denies a country. A policy that denies all addresses does not count.
      - V(expired) removes expired blocks. Bans end by themselves.
      - V(reconciled) makes the blocks of the FortiGate equal to the registry. It removes expired blocks, and restores missing blocks for the rest of
        their time and under all guardrails. If the registry was lost, it adds marked address objects to it again. It fails at the end if the blocks
        of the FortiGate still differ. Unknown entries are not changed.
      - V(adopted) adds the targets, or all unknown entries with O(everything), to the registry if no run is known to have blocked them. Bans and marked
        address objects keep their end. Other entries end after O(ttl). The FortiGate is not changed.
      - V(identified) reads the serial numbers and names of this FortiGate and of its HA members, once a day, for O(where=seen) on all
        FortiGates of the run. It blocks nothing.
    type: str
    choices: [present, absent, expired, reconciled, adopted, identified]
    default: present
  targets:
    description:
      - A list of addresses or offenders, the whole result of P(secops.fortiview.offenders#filter), or text with addresses. An entry may also be a
        dictionary with C(address), C(reasons), C(threats), C(ttl), C(side), C(ticket) and C(approver). C(ip), C(reason) and C(evidence) are aliases
        of the first three keys.
      - The C(devices) of an offender are used with O(where=seen).
      - The C(victims) of an offender are the addresses that it attacked. With O(method=ban), the plan uses them to detect attacks on the FortiGate
        itself, which a ban does not stop. O(local_in_method) blocks such a target by another method.
      - C(side) is C(source), C(destination) or C(both). The default is C(source). With O(method=ban) a destination is refused, because
        a ban does not stop traffic to it.
      - Required for O(state=present). With an empty list, the module does nothing.
    type: raw
  plan:
    description:
      - With O(state=present) and O(state=reconciled), read and plan, and write nothing to the FortiGate. The registry stores the addresses that this
        FortiGate depends on, so that they are protected on all FortiGates. RV(pending) shows whether changes are necessary.
    type: bool
    default: false
  everything:
    description: Select all blocks that runs of this collection made (O(state=absent)), or all unknown entries (O(state=adopted)), instead of
      O(targets).
    type: bool
    default: false
  never:
    description:
      - Your exclusion list of addresses and networks that are never blocked, not even as a part of a network. List your
        own public addresses, partners and scanners.
      - Required for O(state=present) and O(state=reconciled), because a lost list must not count as an empty list. V([])
        states that no address is excluded. Empty text is refused.
    type: list
    elements: str
  shared_infrastructure:
    description:
      - Refuse public DNS resolvers, root name servers, time servers and the published networks of the largest content networks and
        code hosts.
      - Before the first block of an address, the module also looks up its owner in the internet service database of one FortiGate, once a day.
        Content networks, mail and office clouds, code hosts, public resolvers and search engines are refused. Hosting clouds are
        blocked for 24 hours at most. A bad reputation, botnets and Tor are shown as reasons for the block.
      - Each lookup costs a request. A run with more than 200 addresses that were not looked up before therefore looks up none of them. A notice
        reports this. Only the built-in list then protects shared services.
    type: bool
    default: true
  shared_services:
    description: Further internet services to refuse, by their names on the FortiGate, such as V(Acme-*).
    type: list
    elements: str
    default: []
  allow_shared:
    description: Addresses and networks that may be blocked although they are shared infrastructure or a shared internet service.
    type: list
    elements: str
    default: []
  protect_infrastructure:
    description:
      - Protect this machine, every host of the inventory, O(infrastructure), and the dependencies of all FortiGates of the play, on each of
        these FortiGates. Dependencies are interfaces, virtual IPs, IP pools, VPN peers, DNS, NTP, RADIUS and log servers, trusted hosts, and
        administrators who are logged in.
      - The address from which this run connects is refused even with V(false).
    type: bool
    default: true
  infrastructure:
    description: Names and addresses of further servers to protect, such as FortiAnalyzer, FortiManager, AWX, syslog, DNS, NTP and AAA servers.
    type: list
    elements: str
    default: []
  on_unresolved:
    description: Whether the task fails or only adds a notice if an address that must be protected is not known.
    type: str
    choices: [fail, skip]
    default: fail
  on_protected:
    description:
      - Whether the task fails if a target is refused, or skips and records the target. If a list has at least 20 targets and more than 20 % of them
        are refused, the task fails in any case.
    type: str
    choices: [fail, skip]
    default: fail
  max_per_run:
    description: Maximum number of targets of one run, before and after the guardrails.
    type: int
    default: 50
  max_active:
    description: Maximum number of our blocks after the run, for each method, FortiGate and VDOM. The default is 1000, or 200 with O(method=addrgrp).
    type: int
  allow_networks:
    description: Also accept networks, up to /24 and /64. O(method=ban) never accepts networks.
    type: bool
    default: false
  allow_private:
    description: Also accept private addresses, unless they are protected.
    type: bool
    default: false
  allow_permanent:
    description: Permit O(ttl=0).
    type: bool
    default: false
  allow_shrink:
    description: Permit a feed file to lose more than half of its lines.
    type: bool
    default: false
  allow_fmg_drift:
    description: Permit changes of the configuration of a FortiGate that a FortiManager manages. The next install of the FortiManager reverts them.
    type: bool
    default: false
  force:
    description: With O(state=absent), also remove entries that no run is known to have made, and bans by the FortiGate's engines.
    type: bool
    default: false
  require_policy:
    description:
      - With V(feed_push) and V(addrgrp), fail if no policy of the VDOM denies by the feed or group, or if another policy accepts a target first,
        because the target would not be blocked.
      - If V(false), the target is written nevertheless, and its result is V(written, not in force).
    type: bool
    default: true
  verify:
    description: Read the bans, threat feed or address group again until the change is visible. If V(false), the result is V(written, not verified).
    type: bool
    default: true
  verify_retries:
    description: Number of further readings if the change is not visible at once.
    type: int
    default: 3
  verify_delay:
    description: Time between two readings, in seconds or with a unit.
    type: str
    default: 2s
  close_sessions:
    description:
      - With all methods except V(ban), close the open sessions of blocked addresses. A ban closes sessions by itself.
      - A request closes the sessions of one address. One run therefore closes the sessions of at most 200 addresses in a VDOM, and of hunted
        addresses first. RV(sessions_open) has the other addresses.
    type: bool
    default: true
  pardon:
    description: The time in which hunts do not block an address again after O(state=absent) unblocked it. A target without C(role) comes from a
      person, and is blocked nevertheless.
    type: str
    default: 24h
  expired_by:
    description: With O(state=expired) and O(state=reconciled), the time that is used as the current time, as C(YYYY-MM-DDTHH:MM:SSZ). The default is
      now.
    type: str
  run_id:
    description: Identifies the run in the registry, in the audit log and in comments. The default is the job id of AWX, otherwise the
      time.
    type: str
  job_user:
    description: The responsible user. The default is the user of the AWX job, or otherwise the user of the shell.
    type: str
  audit_log:
    description: Absolute path of the audit log. The module adds a JSON line for each address and VDOM, which a SIEM can read.
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
        description: Its addresses or names.
        type: list
        elements: str
        default: []
  fleet:
    description: FortiGates of this run. The default is all hosts of the play. A notice names FortiGates that are not in the registry yet.
    type: list
    elements: str
    default: []
  batch:
    description:
      - The FortiGates of the current batch. The default is all hosts of the batch that have not failed.
      - Before the first write, the task waits at most 20 seconds until all of them were read. This matters with C(strategy=free).
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

- name: Block repeated attackers for longer each time
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

- name: Remove expired blocks, and restore blocks that a reboot has lost
  secops.fortiview.fortigate_block:
    access_token: "{{ fortigate_token }}"
    state: reconciled
    never: [198.51.100.0/28]
"""

RETURN = r"""
steps:
  description:
    - The action for each address in each VDOM. C(action) is V(add), V(extend), V(keep), V(banned by the FortiGate), V(pardoned),
      V(not seen), V(remove), V(restore), V(adopt), V(absent), V(blocked elsewhere) or V(refuse). C(why) explains the action. C(result) is its
      outcome, such as V(blocked), V(published) or V(written, not verified). C(expires) is in UTC, and C(ttl) in seconds.
    - With O(method=feed_file), the result is V(blocked) if the FortiGate has a connection, has fetched the file and denies by it. Otherwise it is
      V(published), and RV(notices) has the reason. The module makes the FortiGate fetch the
      file, and reads its entries at most
      O(verify_retries) times.
    - C(proof) is the proof that a block of this run is in force. V(lookup) is the policy lookup of the FortiGate for each interface to the internet,
      or for an internal address if the target is a destination. If there are more than 4 such interfaces, some are not queried. The proof is then
      V(order), and a notice names these interfaces. V(order) is the order of the policies. V(entry) is the entry of a ban. C(policy) is the number of
      the policy that denies. Without a proof, the C(result) is V(written, not proven) if a policy may accept the address first, or V(written, not in
      force) if a policy does.
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
  description: Targets that the guardrails refused, with all C(refusals).
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
  description: The lines for the audit log.
  returned: success, and failure after planning
  type: list
  elements: dict
  sample: []
host:
  description: The FortiGate.
  returned: success, and failure after planning
  type: str
  sample: fgt-hq
serial:
  description: Its serial number.
  returned: success, and failure after planning
  type: str
  sample: FGT60FTK00000001
run_id:
  description: The run.
  returned: success, and failure after planning
  type: str
  sample: "4711"
method:
  description: The method, empty if all were used.
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
    - The error as data. C(rolled_back) is true if all changes were rolled back. C(left) are the addresses that are still blocked, and C(vdoms) the
      VDOMs in which they are blocked.
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

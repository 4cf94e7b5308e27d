#!/usr/bin/python

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: faz_threat_sources_info
short_description: Find the addresses behind threats on a FortiAnalyzer
version_added: 1.0.0
author:
  - secops.fortiview contributors (@secops)
description:
  - The view V(top-threats) tells what happened and how often, seldom who did it. This module takes threats and finds the
    addresses behind them, by the cheapest way that the appliance has, and says for each which way it took.
  - It names attackers and victims, on either side of the firewall, and decides nothing about blocking. That is what the
    filter P(secops.fortiview.offenders#filter) is for.
  - Masked columns and host names in the place of addresses are listed under RV(refused), never taken for addresses.
  - Rows about other threats than asked are left out with a warning.
extends_documentation_fragment:
  - secops.fortiview.connection
  - secops.fortiview.many
  - secops.fortiview.attributes
  - secops.fortiview.attributes.actiongroup_fortiview
  - secops.fortiview.attributes.idempotent_info
options:
  threats:
    description:
      - The threats. Each entry is a name as FortiAnalyzer writes it, a row of a threat view, a result of M(secops.fortiview.faz_fortiview_task),
        whose ADOM is then the one that is looked in, or what such a task registered.
      - A result that failed, was skipped or is not complete is an error.
    type: list
    elements: raw
  severities:
    description: Without O(threats), look for the sources of all threats of these severities.
    type: list
    elements: str
    choices: [critical, high, medium, low, info]
  adoms:
    description: Administrative domains to look in.
    type: list
    elements: str
    default: [root]
    aliases: [adom]
  device:
    description: Devices to ask about, as in M(secops.fortiview.faz_fortiview_task). The default is V(All_Devices).
    type: list
    elements: raw
  filter:
    description: A further filter for every query, in the appliance's own syntax. The module fails where the first way that
      can be asked does not know one of its fields.
    type: str
  time_range:
    description: Time range, in the forms of M(secops.fortiview.faz_fortiview_task).
    type: raw
    required: true
  timezone:
    description: Time zone for times without an offset, as an IANA name.
    type: str
  ways:
    description:
      - The ways to take, in this order, until each threat has an attacker, or a pair of addresses of which one is a victim.
      - V(rows) takes addresses that the given rows carry already. V(threat-src-dst) asks one view for all threats at once.
        V(source-threat) asks two views per threat, which tell the sides but not who met whom. V(logsearch) searches the
        logs per threat, which is dependable and slow. V(threat-detect-summary) adds compromised hosts, whatever their threat.
      - A way that the appliance does not have is passed over with a warning. Where it has none of them, and no address
        was found, the module fails.
    type: list
    elements: str
    choices: [rows, threat-src-dst, source-threat, logsearch, threat-detect-summary]
    default: [rows, threat-src-dst, source-threat, logsearch]
  max_tasks:
    description: Most tasks that this hunt may start on the appliance. O(severities) take one for each of O(adoms) alone.
    type: int
    default: 50
  max_rows:
    description: Most rows or log lines that one query may read.
    type: int
    default: 5000
  max_age:
    description:
      - Oldest reply that a result in O(threats) may be from, as seconds, or with a unit, such as V(30m), V(24h) or V(7d).
        A result that is older, or has no C(replied_at), is an error. V(0) takes any age.
      - Facts come out of a fact cache whatever their age. Rows without their result have no age, so pass the result.
    type: str
    default: 24h
requirements:
  - python >= 3.9 on the machine that runs the module, which is the controller unless the task is delegated
  - requests
seealso:
  - module: secops.fortiview.faz_fortiview_task
  - plugin: secops.fortiview.offenders
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Who is behind what was not blocked
  secops.fortiview.faz_threat_sources_info:
    threats:
      - "{{ found | combine({'rows': found.rows | selectattr('detected', 'gt', 0) | list}) }}"
    time_range: {last: 24h}
  register: hunt
  vars:
    found: "{{ ansible_facts.fortiview_top_threats }}"

- name: Candidates for a block, and why the others are not
  ansible.builtin.debug:
    msg: "{{ hunt.offenders | secops.fortiview.offenders(never=['198.51.100.0/24'], cap=50) }}"

- name: Sources of all critical threats of three ADOMs
  secops.fortiview.faz_threat_sources_info:
    severities: [critical]
    adoms: [root, Branch_Office, Data_Center]
    time_range: {last: 1h}
"""

RETURN = r"""
offenders:
  description: One entry per address and role, sorted by severity, incidents, sessions and address.
  returned: success
  type: list
  elements: dict
  contains:
    address:
      description: The address in canonical form.
      type: str
      sample: 198.51.100.9
    version:
      description: V(4) or V(6).
      type: int
      sample: 4
    side:
      description: Where the address stood, C(source), C(destination) or C(both). A ban on a FortiGate stops sources only.
      type: str
      returned: when told
    role:
      description: V(attacker) or V(victim). Left out where nothing tells; such an address is under RV(refused).
      type: str
      sample: attacker
    threats:
      description: Names of its threats.
      type: list
      elements: str
      sample: [SQL.Injection]
    severity:
      description: The worst severity of its threats, where known.
      type: str
      sample: critical
    incidents:
      description: Incidents, where known. The same holds for C(blocked), C(detected), C(sessions), C(bytes), C(bandwidth).
      type: int
      sample: 42
    victims:
      description: At most ten addresses that it attacked, where rows name them.
      type: list
      elements: str
      returned: when known
      sample: [203.0.113.10]
    devices:
      description: Firewalls that saw it.
      type: list
      elements: str
      sample: [FG100FTK20000001]
    adoms:
      description: Administrative domains in which it was seen.
      type: list
      elements: str
      sample: [root]
    method:
      description: The way by which it was found.
      type: str
      sample: threat-src-dst
    reasons:
      description: Its figures in words, for whoever has to sign.
      type: list
      elements: str
      sample: [severity critical, 42 incidents]
refused:
  description: The same for what is no address, or whose role nothing tells; C(reasons) says why.
  returned: success
  type: list
  elements: dict
missing:
  description: Threats for which no way found an address.
  returned: success
  type: list
  elements: dict
  sample: [{adom: root, threat: blocked-connection}]
ways:
  description: Which way found how many threats, in which ADOM.
  returned: success
  type: list
  elements: dict
  sample: [{adom: root, method: threat-src-dst, threats: 12}]
tasks_used:
  description: Number of tasks that were started on the appliance.
  returned: success
  type: int
  sample: 1
error:
  description: What went wrong, as data; see M(secops.fortiview.faz_fortiview_task).
  returned: failure
  type: dict
"""

from ansible_collections.secops.fortiview.plugins.module_utils._oldest_python import check_python


def main():
    # type: () -> None
    check_python()
    from ansible_collections.secops.fortiview.plugins.module_utils._glue.arguments import sources_arguments
    from ansible_collections.secops.fortiview.plugins.module_utils._glue.module import run_module
    from ansible_collections.secops.fortiview.plugins.module_utils._glue.operations import find

    run_module(sources_arguments(), find)


if __name__ == "__main__":
    main()

#!/usr/bin/python

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: faz_threat_sources_info
short_description: Find threats and the addresses behind them on a FortiAnalyzer
version_added: 1.0.0
author:
  - secops.fortiview contributors (@secops)
description:
  - The view V(top-threats) reports what happened and how often, but seldom the addresses. This module selects threats from this view, or
    uses the threats in O(threats). It finds the addresses behind the threats with the lookup methods in O(lookup_methods).
  - The module returns attackers in RV(offenders), and attacked hosts in RV(victims). The filter P(secops.fortiview.offenders#filter) selects
    the addresses that may be blocked.
  - If O(names), O(severities), O(outcome) or O(min_incidents) selects threats, the module reads up to O(max_threats) rows of the ranking,
    because these threats may be anywhere in the ranking. The module fails if no threat matches and the ranking of an ADOM may have further
    rows. It also fails if no threat matches and no row of a ranking has a value in a column that is needed for the selection.
  - Masked values, and host names in place of addresses, are listed in RV(refused) and are never used as addresses.
  - Rows about threats that were not requested are skipped with a warning.
extends_documentation_fragment:
  - secops.fortiview.connection
  - secops.fortiview.httpapi
  - secops.fortiview.many
  - secops.fortiview.attributes
  - secops.fortiview.attributes.actiongroup_fortiview
  - secops.fortiview.attributes.idempotent_info
options:
  threats:
    description:
      - Threats for which to find addresses. Without this option, the module selects threats from a ranking.
      - Each entry is a name as FortiAnalyzer writes it, a row of a threat view, a result of M(secops.fortiview.faz_fortiview_task),
        or the registered result of such a task. The threats of a result are searched in the ADOM of the result.
      - The module fails if a result has failed, was skipped or is not complete. It also fails if O(threats) is combined
        with O(threats_filter), O(names), O(severities), O(outcome) or O(min_incidents).
    type: list
    elements: raw
  view:
    description: View from which the module selects threats. Its rows need the column C(threat).
    type: str
    default: top-threats
  threats_filter:
    description: Filter for O(view), in the syntax of FortiAnalyzer.
    type: str
  names:
    description: Select only threats with these names, in upper or lower case. Names that are in no ranking are returned
      in RV(not_found), with a warning.
    type: list
    elements: str
  severities:
    description: 'Select only threats with these severities: V(critical), V(high), V(medium), V(low) or V(info), in upper
      or lower case.'
    type: list
    elements: str
  outcome:
    description:
      - V(any) selects threats with any outcome. V(unblocked) selects threats with at least one incident that was detected
        and not blocked. V(never_blocked) selects threats with at least one such incident and no blocked incident.
      - If the row of a threat does not contain a counter that is needed for the comparison, the module does not select
        the threat. A warning shows the number of these threats.
    type: str
    choices: [any, unblocked, never_blocked]
    default: any
  min_incidents:
    description: Select only threats with at least this number of incidents.
    type: int
    default: 0
  limit:
    description: Number of threats to read from the top of the ranking of each ADOM. The option has no effect if O(names),
      O(severities), O(outcome) or O(min_incidents) selects threats.
    type: raw
    default: 50
  max_threats:
    description: Maximum number of threats to read from the ranking of each ADOM. The option applies if O(names), O(severities),
      O(outcome) or O(min_incidents) selects threats.
    type: int
    default: 10000
  adoms:
    description: Administrative domains to query. V(all) selects the enabled ADOMs for FortiGates that the administrator
      may access.
    type: list
    elements: str
    default: [root]
    aliases: [adom]
  device:
    description: Devices to query, as in M(secops.fortiview.faz_fortiview_task). The default is V(All_Devices).
    type: list
    elements: raw
  filter:
    description: Further filter for every query that searches for addresses, in the syntax of FortiAnalyzer. The module
      fails if the first available lookup method does not support a column of this filter.
    type: str
  time_range:
    description: Time range, in the formats of M(secops.fortiview.faz_fortiview_task).
    type: raw
    required: true
  timezone:
    description: Time zone for times without an offset, as an IANA name.
    type: str
  lookup_methods:
    description:
      - Lookup methods to use. The module always uses the methods in the order of the choices. Each method searches only
        for threats without a result so far. A threat has a result if a row contains its attacker, or two addresses, one
        of which is a victim.
      - V(rows) uses addresses in the rows of the threats. V(threat-src-dst) queries one view for all threats of an ADOM
        at once. V(source-threat) queries a view of sources and a view of destinations for each threat, without pairing
        the addresses. V(logsearch) searches the logs of each threat, which is reliable but slow. V(threat-detect-summary)
        adds compromised hosts, regardless of their threat.
      - A lookup method that FortiAnalyzer does not have is skipped with a warning. If no method is available and no address
        was found, the module fails.
    type: list
    elements: str
    choices: [rows, threat-src-dst, source-threat, logsearch, threat-detect-summary]
    default: [rows, threat-src-dst, source-threat, logsearch]
  max_tasks:
    description: Maximum number of tasks that the search for addresses may start on FortiAnalyzer. The task that reads the
      ranking of an ADOM is not counted. If further tasks would be needed, the module does not search for the remaining
      threats, and adds a warning.
    type: int
    default: 50
  max_rows:
    description: Maximum number of rows or logs to read in each query for addresses.
    type: int
    default: 5000
  max_age:
    description:
      - Maximum age of a result in O(threats), as a number of seconds or with a unit, such as V(30m), V(24h) or V(7d). The
        module fails if a result is older or has no C(replied_at). V(0) accepts any age.
      - The module checks the age because a fact cache may return old facts. The age is part of the result and not of its
        rows, so pass the whole result.
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
- name: Find the addresses behind critical and high threats that were not blocked
  secops.fortiview.faz_threat_sources_info:
    severities: [critical, high]
    outcome: unblocked
    adoms: [root, Branch_Office]
    time_range: {last: 1h}
  register: hunt

- name: Show which addresses may be blocked, and why other addresses are refused
  ansible.builtin.debug:
    msg: "{{ (hunt.offenders + hunt.victims) | secops.fortiview.offenders(never=['198.51.100.0/24'], cap=50) }}"

- name: Find the addresses behind one threat
  secops.fortiview.faz_threat_sources_info:
    names: [Apache.Log4j.Error.Log.Remote.Code.Execution]
    time_range: {last: 24h}
"""

RETURN = r"""
threats:
  description: Rows of the threats that were selected, each with its C(adom). Empty with O(threats).
  returned: success
  type: list
  elements: dict
  sample: [{adom: root, threat: SQL.Injection, severity: critical, incidents: 42, detected: 40, blocked: 2}]
offenders:
  description: Attackers, one entry for each address, sorted by severity, incidents, sessions and address.
  returned: success
  type: list
  elements: dict
  contains:
    address:
      description: The address in canonical spelling.
      type: str
      sample: 198.51.100.9
    version:
      description: V(4) or V(6).
      type: int
      sample: 4
    side:
      description: Side of the connection on which the address was seen, C(source), C(destination) or C(both). A ban on a FortiGate stops only
        sources.
      type: str
      returned: when known
    role:
      description: V(attacker) in RV(offenders), and V(victim) in RV(victims). An address whose role is not known is in RV(refused).
      type: str
      sample: attacker
    threats:
      description: Names of the threats of the address.
      type: list
      elements: str
      sample: [SQL.Injection]
    severity:
      description: The worst severity of these threats, if known.
      type: str
      sample: critical
    incidents:
      description: Number of incidents, if known. The entry also has the counters C(blocked), C(detected), C(sessions), C(bytes) and C(bandwidth), if
        they are known.
      type: int
      sample: 42
    victims:
      description: Addresses that the offender attacked, if the rows contain them.
      type: list
      elements: str
      returned: when known
      sample: [203.0.113.10]
    devices:
      description: FortiGates that logged the address.
      type: list
      elements: str
      sample: [FG100FTK20000001]
    adoms:
      description: Administrative domains in which the address was seen.
      type: list
      elements: str
      sample: [root]
    method:
      description: Lookup method that found the address, or several methods separated by commas.
      type: str
      sample: threat-src-dst
    reasons:
      description: Severity and counters of the address as text, for the person who approves the block.
      type: list
      elements: str
      sample: [severity critical, 42 incidents]
victims:
  description: Victims, in the format of RV(offenders). Victims are hosts that were attacked, or that contacted or fetched something malicious.
  returned: success
  type: list
  elements: dict
  sample: [{address: 10.1.2.3, role: victim, threats: [SQL.Injection], incidents: 42}]
refused:
  description:
    - Values that cannot be used, in the format of RV(offenders), with the reasons in C(reasons). Examples are masked values, host names, addresses
      whose role is not known, and attackers that are victims in other rows.
  returned: success
  type: list
  elements: dict
missing:
  description: Threats for which no lookup method found an address.
  returned: success
  type: list
  elements: dict
  sample: [{adom: root, threat: blocked-connection}]
not_found:
  description: Entries of O(names) that are not the name of a threat in any ranking.
  returned: success
  type: list
  elements: str
  sample: []
time_range:
  description: The time range of all queries, as it was sent. V(null) if no query was sent.
  returned: success
  type: dict
  sample: {start: "2026-03-01 13:30:00", end: "2026-03-01 14:30:00", timezone: Europe/Berlin}
lookup_methods:
  description: Number of threats for which each lookup method found an address, in each ADOM.
  returned: success
  type: list
  elements: dict
  sample: [{adom: root, method: threat-src-dst, threats: 12}]
tasks_used:
  description: Number of tasks that the search for addresses started on FortiAnalyzer. The task that read the ranking of an ADOM is not counted.
  returned: success
  type: int
  sample: 1
error:
  description: Details of the error. See M(secops.fortiview.faz_fortiview_task).
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

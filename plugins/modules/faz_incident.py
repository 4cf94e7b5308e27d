#!/usr/bin/python

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: faz_incident
short_description: Create, change or close an incident in FortiAnalyzer
version_added: 1.0.0
author:
  - secops.fortiview contributors (@secops)
description:
  - Creates, changes or closes one incident of an ADOM, so that the SOC can read findings and actions in FortiAnalyzer. The module finds the incident
    by its name.
  - The module reads back what it has written, and fails if FortiAnalyzer has stored something else.
  - With O(alerts), the module adds a comment to the alerts that led to the incident. It acknowledges the alerts unless O(acknowledge_alerts=false).
  - The playbook C(secops.fortiview.respond) records its blocks with this module.
extends_documentation_fragment:
  - secops.fortiview.connection
  - secops.fortiview.httpapi
  - secops.fortiview.attributes
  - secops.fortiview.attributes.actiongroup_fortiview
  - secops.fortiview.attributes.writes_incident
options:
  state:
    description:
      - V(present) creates the incident if no incident of this O(name) is open or was created within O(window). Otherwise,
        the module changes the existing incident according to O(update).
      - V(closed) closes the incident if it is open. If there is no open incident, the module changes nothing.
    type: str
    choices: [present, closed]
    default: present
  adom:
    description: Administrative domain of the incident.
    type: str
    default: root
  name:
    description:
      - Name by which the module finds the incident. The name is also the first line of the description in FortiAnalyzer,
        because some releases do not store names.
      - The module reads all incidents of the ADOM. It fails if it cannot read the complete list, because it could otherwise
        create a second incident.
    type: str
    required: true
  window:
    description: Maximum age of a closed or cancelled incident of this O(name) that the module uses again, in seconds or
      with a unit, such as V(7d). The age is counted from the creation of the incident. An open incident is used regardless
      of its age.
    type: str
    default: 7d
  status:
    description:
      - Status of an incident that is not closed. The default for a new incident is V(analysis). By default, the status
        of an open incident is not changed.
      - A closed incident that is not older than O(window) is reopened if O(update) is V(always) or V(note). It then gets
        this status, or V(analysis) by default.
    type: str
    choices: [draft, analysis, response]
  severity:
    description: Severity of the incident. FortiAnalyzer supports only high, medium and low, so V(critical) is stored as
      high, and V(info) as low. The default for a new incident is medium.
    type: str
    choices: [critical, high, medium, low, info]
  category:
    description:
      - Category, such as C(CAT1). FortiAnalyzer defines the valid categories and refuses others. The error for a refused
        category lists the categories of the existing incidents of the ADOM.
      - The default for a new incident is C(CAT6).
    type: str
  endpoint:
    description: Name or address of the affected host. Required for a new incident.
    type: str
  description:
    description: Description of the event. FortiAnalyzer stores the name, this description and the notes as one text. With
      O(update=always), the module replaces the whole text if the stored description differs from this option, so earlier
      notes are lost.
    type: str
  note:
    description:
      - Text to add at the end of the description, unless the description already contains this text. With O(state=closed),
        the note is added when the incident is closed.
      - FortiAnalyzer stores at most 10000 characters of name, description and notes. Some releases store fewer. If the
        text is longer, the module omits the oldest notes first, then the end of O(note) and of O(description), and adds
        a remark. A shortened note is not added again.
    type: str
  update:
    description:
      - Changes to make to an existing incident with O(state=present).
      - V(always) changes all values that differ and adds O(note). V(note) only adds O(note). Both values reopen a closed
        incident. V(never) changes nothing.
    type: str
    choices: [always, note, never]
    default: always
  reporter:
    description: Name to record as the reporter of the incident, and as the user who last changed it.
    type: str
    default: ansible
  alerts:
    description: Identifiers of the alerts that led to the incident. When the incident is created or changed, the module
      adds O(alert_comment) to the alerts, and acknowledges them unless O(acknowledge_alerts=false).
    type: list
    elements: str
  acknowledge_alerts:
    description: Whether to acknowledge O(alerts).
    type: bool
    default: true
  alert_comment:
    description: Comment to add to O(alerts).
    type: str
requirements:
  - python >= 3.9 on the machine that runs the module, which is the controller unless the task is delegated
  - requests
notes:
  - The administrator needs read-write rights on incidents and event management, and C(rpc-permit read-write).
  - In addition to the login and the logout, a task sends one request for each 2000 incidents. It sends one more request to count the incidents if
    a page of the list is empty. It sends at least two more requests if it creates or changes an incident, and up to two more requests for O(alerts).
seealso:
  - module: secops.fortiview.faz_threat_sources_info
  - module: secops.fortiview.fortigate_block
"""

EXAMPLES = r"""
- name: Create an incident
  secops.fortiview.faz_incident:
    host: faz.example.com
    api_token: "{{ vault_faz_api_token }}"
    name: SSH brute force against the DMZ
    severity: critical
    category: CAT1
    endpoint: 10.1.100.20
    description: 203.0.113.77 was blocked on fgt-hq until 2026-03-01T18:30:00Z.
  register: made

- name: Add a note, and reopen the incident if it is closed
  secops.fortiview.faz_incident:
    name: SSH brute force against the DMZ
    note: 203.0.113.78 was blocked on fgt-hq until 2026-03-01T19:00:00Z.
    update: note

- name: Close the incident
  secops.fortiview.faz_incident:
    name: SSH brute force against the DMZ
    state: closed
    note: The blocks have ended. 42 incidents were blocked.
"""

RETURN = r"""
incident:
  description: The incident, as it was read back. In check mode, the incident as it would be after the change. Empty if there is no incident to close.
  returned: success
  type: dict
  contains:
    incid:
      description: ID of the incident. Empty for a new incident in check mode.
      type: str
      sample: IN00000042
    name:
      description: Name of the incident. Empty on releases that do not store names. The first line of the description is then the name.
      type: str
      sample: SSH brute force against the DMZ
    status:
      description: Status, which is V(draft), V(analysis), V(response), V(closed) or V(cancelled).
      type: str
      sample: analysis
    severity:
      description: Severity, which is V(high), V(medium) or V(low).
      type: str
      sample: high
    category:
      description: Category of the incident.
      type: str
      sample: CAT1
    endpoint:
      description: Name or address of the affected host.
      type: str
      sample: 10.1.100.20
    reporter:
      description: Reporter of the incident.
      type: str
      sample: ansible
    description:
      description: Description of the incident. The first line is the name.
      type: str
      sample: "SSH brute force against the DMZ\n203.0.113.77 was blocked on fgt-hq until 2026-03-01T18:30:00Z."
    created:
      description: Creation time, in seconds since the epoch. V(null) if FortiAnalyzer does not report it.
      type: float
      sample: 1772375400.0
alerts:
  description: The identifiers in O(alerts) if the task created or changed the incident, or would do so without check mode. Otherwise, the list is empty.
  returned: success
  type: list
  elements: str
  sample: []
error:
  description: Details of the error. See M(secops.fortiview.faz_fortiview_task).
  returned: failure
  type: dict
"""

from ansible_collections.secops.fortiview.plugins.module_utils._oldest_python import check_python


def main():
    # type: () -> None
    check_python()
    from ansible_collections.secops.fortiview.plugins.module_utils._glue.arguments import incident_arguments
    from ansible_collections.secops.fortiview.plugins.module_utils._glue.incidents import keep_incident
    from ansible_collections.secops.fortiview.plugins.module_utils._glue.module import run_module

    run_module(incident_arguments(), keep_incident)


if __name__ == "__main__":
    main()

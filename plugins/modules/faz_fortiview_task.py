#!/usr/bin/python

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: faz_fortiview_task
short_description: Submit FortiView queries to a FortiAnalyzer, and optionally wait for their rows
version_added: 1.0.0
author:
  - secops.fortiview contributors (@secops)
description:
  - FortiAnalyzer runs FortiView queries (top sources, top threats, indicators of compromise and every other view)
    only asynchronously. This module submits one or more queries and returns a ticket for each query.
    M(secops.fortiview.faz_fortiview_result) reads the rows of a ticket.
  - With O(wait=true), the module also polls the tasks, reads all rows, and deletes the tasks on FortiAnalyzer. It
    uses one session for all requests.
  - The module returns rows only after their task has completed.
extends_documentation_fragment:
  - secops.fortiview.connection
  - secops.fortiview.httpapi
  - secops.fortiview.query
  - secops.fortiview.many
  - secops.fortiview.on_error
  - secops.fortiview.query_facts
  - secops.fortiview.attributes
  - secops.fortiview.attributes.actiongroup_fortiview
  - secops.fortiview.attributes.not_idempotent
options:
  wait:
    description: Whether to wait for the rows and return them in RV(results). Otherwise, the module returns tickets without
      waiting. The tasks then stay on FortiAnalyzer until they are read or expire. They may expire after 15 minutes.
    type: bool
    default: false
requirements:
  - python >= 3.9 on the machine that runs the module, which is the controller unless the task is delegated
  - requests
seealso:
  - module: secops.fortiview.faz_fortiview_result
"""

EXAMPLES = r"""
- name: Query the top threats of the last 24 hours
  secops.fortiview.faz_fortiview_task:
    host: faz.example.com
    api_token: "{{ vault_faz_api_token }}"
    view: top-threats
    time_range: {last: 24h}
    wait: true
  register: threats

- name: Show the threats as a table
  ansible.builtin.debug:
    msg: "{{ threats | secops.fortiview.to_table(columns=['threat', 'severity', 'incidents']) }}"

- name: Show the names of the threats
  ansible.builtin.debug:
    msg: "{{ threats.rows | map(attribute='threat') }}"

- name: Query the 20 sources with the most bandwidth, with FAZ_HOST and FAZ_API_TOKEN in the environment
  secops.fortiview.faz_fortiview_task:
    view: top-sources
    limit: 20
    sort_by: bandwidth desc
    time_range: 24h
    wait: true

- name: Query the sources of one day in one ADOM
  secops.fortiview.faz_fortiview_task:
    view: top-sources
    adom: Branch_Office
    time_range: {start: "2025-11-09 00:00:00", end: "2025-11-09 23:59:59"}
    wait: true

- name: Show the addresses of the sources, from the fact
  ansible.builtin.debug:
    msg: "{{ ansible_facts.fortiview_top_sources.rows | map(attribute='srcip') }}"

- name: Query the indicators of compromise of one device
  secops.fortiview.faz_fortiview_task:
    view: ioc
    adom: Branch_Office
    device: [FGT60F3X17000001]
    time_range: {last: 24h}
    wait: true

- name: Query the same view in several ADOMs over one session
  secops.fortiview.faz_fortiview_task:
    view: top-threats
    adoms: [root, Branch_Office, Data_Center]
    time_range: 7d
    wait: true
    on_error: continue
  register: by_adom

- name: Submit a query whose rows a later job reads
  secops.fortiview.faz_fortiview_task:
    view: top-threats
    time_range: {last: 24h}
  register: submitted

- name: Write the ticket to a file
  ansible.builtin.copy:
    content: "{{ submitted.tasks | to_nice_json }}"
    dest: threat_tasks.json
    mode: "0600"
  delegate_to: localhost

- name: Query the events behind a compromised host
  secops.fortiview.faz_fortiview_task:
    view: threat-detect-drilldown-blacklist
    device_scope: {serial: FG100FTK20000001, vdom: root}
    filter: 'srcip=="10.1.2.3"'
    time_range: {last: 24h}
    wait: true
"""

RETURN = r"""
tasks:
  description:
    - One ticket for each submitted query. A ticket is plain data. Store it in a fact, a file or C(set_stats), and pass
      it to M(secops.fortiview.faz_fortiview_result) in another job. The module also sets the tickets as the fact
      C(fortiview_tasks).
    - On failure, the tickets of tasks that remain on FortiAnalyzer.
  returned: success, and on failure when tasks remain on FortiAnalyzer
  type: list
  elements: dict
  contains:
    name:
      description: Name of the query.
      type: str
      sample: top_threats
    adom:
      description: Administrative domain.
      type: str
      sample: root
    view:
      description: View, as it was requested.
      type: str
      sample: top-threats
    tid:
      description: Task id.
      type: int
      sample: 12460
    submitted_at:
      description: Time of the submission in UTC, by the clock of the machine that ran the module.
      type: str
      sample: "2026-03-02T09:00:00Z"
    time_range:
      description: The time range of the query, as it was sent.
      type: dict
      sample: {start: "2026-03-01 10:00:00", end: "2026-03-02 10:00:00", timezone: "Europe/Berlin"}
    request:
      description: The parameters as they were sent. The query can be submitted again with these parameters.
      type: dict
      sample: {url: /fortiview/adom/root/top-threats/run, apiver: 3}
    limit:
      description: Total number of requested rows. V(all) if all rows were requested. V(null) if the query has no limit.
      type: raw
      sample: 50
results:
  description:
    - One dictionary for each query, with O(wait=true). Otherwise, one dictionary for each query whose rows were in the
      reply to the submission.
    - Each result is also set as the fact C(fortiview_<name>). If all results together have more than 20000 rows, the
      facts have no rows, and C(msg) has the reason.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Name of the query.
      type: str
      sample: top_threats
    adom:
      description: Administrative domain.
      type: str
      sample: root
    view:
      description: View, as it was requested.
      type: str
      sample: top-threats
    tid:
      description: Task id. If a result has several pages, the task id of the first page.
      type: int
      sample: 12460
    status:
      description: V(done), or FortiAnalyzer's status of a task that is still running.
      type: str
      sample: done
    complete:
      description:
        - Whether RV(results[].rows) is the complete result. No rows are returned while the task runs.
        - The reply of a finished task may report a larger number of rows than it contains, as in the samples of
          Fortinet's documentation. The module then returns the rows with V(false) and a warning, and the fact has no
          rows.
      type: bool
      sample: true
    percentage:
      description: Progress of the task in percent. V(null) if FortiAnalyzer does not report it.
      type: float
      sample: 100.0
    total:
      description: Total number of rows that FortiAnalyzer reports. V(null) if FortiAnalyzer reports no number.
      type: int
      sample: 25
    returned:
      description: Number of rows.
      type: int
      sample: 1
    rows:
      description:
        - The rows in FortiAnalyzer's order, with every column that FortiAnalyzer sent. Known counters are numbers.
        - The names of the columns C(severity), C(incidents), C(blocked), C(detected), C(sessions), C(bytes),
          C(bandwidth), C(hostname) and C(devices) are the same in every release. A column is missing if FortiAnalyzer
          does not report its value. C(bytes) and C(bandwidth) are totals of the time range, in bytes.
      type: list
      elements: dict
      sample:
        - threat: Apache.Log4j.Error.Log.Remote.Code.Execution
          threattype: ips
          severity: critical
          incidents: 1523
          blocked: 1523
          detected: 0
          threatweight: 45690
          devices: [FG100FTK20000001]
    time_range:
      description:
        - The time range of the query, as it was sent. C(timezone) is V(null) if the time zone of FortiAnalyzer applies.
        - V(null) for a task that is known only by its id.
      type: dict
      sample: {start: "2026-03-01 10:00:00", end: "2026-03-02 10:00:00", timezone: "Europe/Berlin"}
    device:
      description: The devices of the query, as they were sent.
      type: list
      elements: dict
      sample: [{devid: All_Devices}]
    query:
      description:
        - The options of the query other than view, ADOM, device and time range.
        - V(null) for a task that is known only by its id.
      type: dict
      sample: {filter: "", sort_by: [{field: incidents, order: desc}], limit: 50, offset: 0, case_sensitive: false}
    elapsed:
      description: Seconds from the submission or the first read of the task to its last row.
      type: float
      sample: 1.284
    polls:
      description: Number of polls of the task.
      type: int
      sample: 4
    masked_fields:
      description: Columns that the administrator's profile masks. They contain pseudonyms instead of addresses or
        names.
      type: list
      elements: str
      sample: []
    warnings:
      description: Deviations from the original request, such as a fallback to another request format.
      type: list
      elements: str
      sample: []
    replied_at:
      description: Time of the last reply in UTC, by the clock of the machine that ran the module.
      type: str
      sample: "2026-03-02T09:00:01Z"
result:
  description: The only element of RV(results), if there was one query.
  returned: when there is exactly one result, which has at most 20000 rows
  type: dict
rows:
  description: The rows of RV(result).
  returned: when there is exactly one result, which is complete and has at most 20000 rows
  type: list
  elements: dict
failed_queries:
  description: Queries that failed, with O(on_error=continue).
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Name of the query.
      type: str
      sample: top_threats
    adom:
      description: Administrative domain.
      type: str
      sample: Branch_Office
    view:
      description: View, as it was requested.
      type: str
      sample: top-threats
    tid:
      description: Task id, if there is one.
      type: int
      sample: 12461
    msg:
      description: What failed and where, the reply of FortiAnalyzer, and the recommended next step.
      type: str
      sample: >-
        Reading the task of view top-threats, ADOM Branch_Office, task 12461 on faz.example.com failed: Invalid task ID
        (code -3). The task has expired, was already read, or belongs to another view or ADOM. Submit the query again,
        or read its ticket with on_gone=resubmit.
    error:
      description: Details of the error. See RV(error).
      type: dict
      sample: {kind: gone, code: -3, tid: 12461}
    task:
      description: Ticket of the task, if it can still be read later.
      type: dict
      sample: {view: top-threats, adom: Branch_Office, tid: 12461}
error:
  description: Details of the error.
  returned: failure
  type: dict
  contains:
    kind:
      description: >-
        Kind of the error. One of V(input), V(transport), V(tls), V(busy), V(protocol), V(garbled), V(api), V(auth), V(permission),
        V(gone), V(failed), V(timeout) and V(incomplete).
      type: str
      sample: timeout
    message:
      description: The message, as in C(msg).
      type: str
      sample: Reading the task failed.
    said:
      description: What FortiAnalyzer or the network reported, without control characters.
      type: str
      sample: Invalid task ID
    next_step:
      description: The recommended next step.
      type: str
      sample: Submit the query again.
    code:
      description: FortiAnalyzer's code, if it returned one.
      type: int
      sample: -3
    percentage:
      description: Progress of the task in percent when the error occurred, if it was known.
      type: float
      sample: 43.0
tid:
  description: Task id of the query that failed, if it has one.
  returned: failure
  type: int
  sample: 12461
"""

from ansible_collections.secops.fortiview.plugins.module_utils._oldest_python import check_python


def main():
    # type: () -> None
    check_python()
    from ansible_collections.secops.fortiview.plugins.module_utils._glue.arguments import task_arguments
    from ansible_collections.secops.fortiview.plugins.module_utils._glue.module import run_module
    from ansible_collections.secops.fortiview.plugins.module_utils._glue.operations import submit

    run_module(task_arguments(), submit)


if __name__ == "__main__":
    main()

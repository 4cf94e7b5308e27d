#!/usr/bin/python

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: faz_fortiview_result
short_description: Read the rows of FortiView tasks on a FortiAnalyzer by task id
version_added: 1.0.0
author:
  - secops.fortiview contributors (@secops)
description:
  - Reads the tasks that M(secops.fortiview.faz_fortiview_task) submitted, in the same play or in a later job. Identify
    the tasks by their tickets, or by ADOM, view and task id. The module waits for tasks that are still running, and
    returns rows only after their task has completed.
  - According to the documentation of FortiAnalyzer, tasks expire after 15 to 30 minutes. Some releases end a task when
    it is first read. A ticket contains the request of its task, so O(on_gone=resubmit) can submit the request again.
extends_documentation_fragment:
  - secops.fortiview.connection
  - secops.fortiview.httpapi
  - secops.fortiview.many
  - secops.fortiview.on_error
  - secops.fortiview.query_facts
  - secops.fortiview.attributes
  - secops.fortiview.attributes.actiongroup_fortiview
  - secops.fortiview.attributes.idempotent
options:
  tasks:
    description:
      - Tickets of M(secops.fortiview.faz_fortiview_task), or dictionaries with C(adom), C(view) and C(tid). C(task_id)
        is an alias of C(tid). A single ticket can also be given without a list.
      - Set this option instead of O(view) and O(tid), or in addition to them.
    type: list
    elements: dict
  adom:
    description: Administrative domain of O(tid). A task id is valid only in its ADOM and view.
    type: str
    default: root
  view:
    description: View of O(tid).
    type: str
  tid:
    description: Task id, or a list of task ids of one view.
    type: list
    elements: int
    aliases: [task_id]
  name:
    description: Name of the result of O(tid). The name of the fact is C(fortiview_<name>). The default is the name of the
      view with V(_) instead of V(-). This option cannot be combined with O(tasks).
    type: str
  wait:
    description: Whether to wait for a task that is still running. Otherwise, each task is polled once. The result of a
      task that is still running contains its percentage and no rows.
    type: bool
    default: true
  limit:
    description: Maximum number of rows to return for each task, starting at O(offset). The default is V(all).
    type: raw
  offset:
    description: Number of rows to skip at the start of each task.
    type: int
  on_gone:
    description: Action if FortiAnalyzer no longer has a task. V(fail) reports an error for the task. V(resubmit) submits
      the request in its ticket again.
    type: str
    choices: [fail, resubmit]
    default: fail
  delete:
    description: Whether to delete each task on FortiAnalyzer after it is read, which frees its slot. A deleted task cannot
      be read again.
    type: bool
    default: false
  raw:
    description: Whether to return FortiAnalyzer's unmodified replies in RV(results[].raw).
    type: bool
    default: false
requirements:
  - python >= 3.9 on the machine that runs the module, which is the controller unless the task is delegated
  - requests
seealso:
  - module: secops.fortiview.faz_fortiview_task
"""

EXAMPLES = r"""
- name: Read the rows of a task by its id
  secops.fortiview.faz_fortiview_result:
    host: faz.example.com
    api_token: "{{ vault_faz_api_token }}"
    adom: root
    view: top-threats
    tid: 12460
  register: threats

- name: Read the tasks whose tickets an earlier job wrote to a file
  secops.fortiview.faz_fortiview_result:
    tasks: "{{ lookup('ansible.builtin.file', 'threat_tasks.json') | from_json }}"
    on_gone: resubmit
  register: read

- name: Read several tasks, and continue if one of them fails
  secops.fortiview.faz_fortiview_result:
    tasks:
      - {adom: root, view: top-sources, task_id: 12450}
      - {adom: root, view: top-sources, tid: 12451}
      - {adom: root, view: top-sources, tid: 12452}
    on_error: continue
  register: batch

- name: Show which tasks failed
  ansible.builtin.debug:
    msg: "Task {{ item.tid }} failed: {{ item.error.said }}"
  loop: "{{ batch.failed_queries }}"

- name: Check whether tasks have completed, without waiting
  secops.fortiview.faz_fortiview_result:
    tasks: "{{ ansible_facts.fortiview_tasks }}"
    wait: false
  register: progress
"""

RETURN = r"""
results:
  description:
    - One dictionary for each task. Each result is also set as the fact C(fortiview_<name>). The fact has no rows if
      the result is not complete, or if all results together have more than 20000 rows.
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
    raw:
      description: FortiAnalyzer's replies in order, without the session id.
      type: list
      elements: dict
      returned: when O(raw=true)
result:
  description: The only element of RV(results), if one task was read.
  returned: when there is exactly one result, which has at most 20000 rows
  type: dict
rows:
  description: The rows of RV(result).
  returned: when there is exactly one result, which is complete and has at most 20000 rows
  type: list
  elements: dict
tasks:
  description:
    - The tickets of RV(results). A task that was submitted again has a new ticket.
    - On failure, the tickets of tasks that remain on FortiAnalyzer.
  returned: success, and on failure when tasks remain on FortiAnalyzer
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
    from ansible_collections.secops.fortiview.plugins.module_utils._glue.arguments import result_arguments
    from ansible_collections.secops.fortiview.plugins.module_utils._glue.module import run_module
    from ansible_collections.secops.fortiview.plugins.module_utils._glue.operations import read

    run_module(result_arguments(), read)


if __name__ == "__main__":
    main()

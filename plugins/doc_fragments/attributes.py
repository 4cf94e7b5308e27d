# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Attributes of the modules."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description: Can run in C(check_mode) and return the same result as without it.
    support: full
    details:
      - The query also runs in check mode, so that a dry run of a playbook that blocks finds the same threats. The
        module changes no configuration.
  diff_mode:
    description: Returns what has changed, or would change, in diff mode.
    support: none
    details:
      - The module changes nothing.
  platform:
    description: Platforms that can be queried.
    platforms: FortiAnalyzer
    support: full
  async:
    description: Can be used with C(async).
    support: full
    details:
      - With C(async), the task runs in a module process, without progress messages. Over
        P(ansible.netcommon.httpapi#connection), such a task needs the variable C(ansible_port).
"""

    ACTIONGROUP_FORTIVIEW = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/secops.fortiview.fortiview) in C(module_defaults) to set options for all modules of the
      group.
    support: full
    membership:
      - secops.fortiview.fortiview
"""

    ACTIONGROUP_FORTIGATE = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/secops.fortiview.fortigate) in C(module_defaults) to set options for all modules of the
      group.
    support: full
    membership:
      - secops.fortiview.fortigate
"""

    NOT_IDEMPOTENT = r"""
options: {}
attributes:
  idempotent:
    description: If the task runs twice in a row with the same options, the second run changes nothing.
    support: none
    details:
      - Each run submits a new query and gets a new task id. No configuration is changed.
"""

    IDEMPOTENT = r"""
options: {}
attributes:
  idempotent:
    description: If the task runs twice in a row with the same options, the second run changes nothing.
    support: full
    details:
      - Some releases end a task when it is first read. On all other releases, a task can be read again until it
        expires, or until a run with O(ignore:delete=true) has deleted it.
"""

    IDEMPOTENT_INFO = r"""
options: {}
attributes:
  idempotent:
    description: If the task runs twice in a row with the same options, the second run changes nothing.
    support: full
    details:
      - The module changes nothing. Logs that arrive late can add addresses to the result of a past time range.
"""

    WRITES_INCIDENT = r"""
options: {}
attributes:
  check_mode:
    description: Can run in C(check_mode) and return changed status prediction without modifying target.
    support: full
    details:
      - In check mode, the module reads the incidents and writes nothing. The C(incid) of a new incident is then empty.
  diff_mode:
    description: Returns what has changed, or would change, in diff mode.
    support: full
  idempotent:
    description: If the task runs twice in a row with the same options, the second run changes nothing.
    support: full
    details:
      - Two runs at the same time may each find no incident and create one. The next run then warns about the second
        incident.
"""

    IDEMPOTENT_LIST = r"""
options: {}
attributes:
  idempotent:
    description: If the task runs twice in a row with the same options, the second run changes nothing.
    support: full
    details:
      - The module changes nothing.
"""

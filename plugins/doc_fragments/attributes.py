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
      - The query is run in check mode too, so that a dry run of a remediation finds the same threats. Nothing is configured.
  diff_mode:
    description: Returns what has changed, or would change, in diff mode.
    support: none
    details:
      - Nothing is changed.
  platform:
    description: Platforms that can be queried.
    platforms: FortiAnalyzer
    support: full
  async:
    description: Can be used with C(async).
    support: full
    details:
      - With C(async) the task runs in a module process, without progress messages. Over P(ansible.netcommon.httpapi#connection)
        it then needs C(ansible_port).
"""

    ACTIONGROUP_FORTIVIEW = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/secops.fortiview.fortiview) in C(module_defaults) to set options for all modules of the group.
    support: full
    membership:
      - secops.fortiview.fortiview
"""

    ACTIONGROUP_FORTIGATE = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/secops.fortiview.fortigate) in C(module_defaults) to set options for all modules of the group.
    support: full
    membership:
      - secops.fortiview.fortigate
"""

    NOT_IDEMPOTENT = r"""
options: {}
attributes:
  idempotent:
    description: Does nothing when run twice in a row with the same options.
    support: none
    details:
      - Each run submits a new query and gets a new task id. No configuration is changed.
"""

    IDEMPOTENT = r"""
options: {}
attributes:
  idempotent:
    description: Does nothing when run twice in a row with the same options.
    support: full
    details:
      - A task can be read again until it expires, on releases that do not end it when it is first read.
"""

    IDEMPOTENT_INFO = r"""
options: {}
attributes:
  idempotent:
    description: Does nothing when run twice in a row with the same options.
    support: full
    details:
      - Nothing is changed. Late logs can add addresses to a past time range.
"""

    WRITES_INCIDENT = r"""
options: {}
attributes:
  check_mode:
    description: Can run in C(check_mode) and return the same result as without it.
    support: full
    details:
      - The incidents are read, and nothing is written. A new incident has no C(incid) then.
  diff_mode:
    description: Returns what has changed, or would change, in diff mode.
    support: full
  idempotent:
    description: Does nothing when run twice in a row with the same options.
    support: full
    details:
      - Two runs at the same time may both find no incident and create one each. The next run warns of it.
"""

    IDEMPOTENT_LIST = r"""
options: {}
attributes:
  idempotent:
    description: Does nothing when run twice in a row with the same options.
    support: full
    details:
      - Nothing is changed.
"""

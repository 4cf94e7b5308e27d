# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of many_arguments(). Written by tools/option_documentation.py from the texts in tools/option_texts.yml."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  wait_timeout:
    description:
      - Maximum time to wait for each task on FortiAnalyzer, including the wait for a free slot, as a number of seconds
        or with a unit, such as V(90s) or V(5m). If the Ansible task sets C(async) or C(timeout), the module reduces this
        time, so that the module ends before that limit.
      - If a task exceeds this time, M(secops.fortiview.faz_fortiview_task) and M(secops.fortiview.faz_fortiview_result)
        leave it on FortiAnalyzer. The error then contains its ticket. M(secops.fortiview.faz_threat_sources_info) deletes
        the task.
    type: str
    default: 5m
  max_concurrent:
    description: Maximum number of tasks that run on FortiAnalyzer at once. The module lowers the number while FortiAnalyzer
      has no free slot.
    type: int
    default: 4
"""

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
      - Time to wait for each task, including the wait for a free slot, as a number of seconds or with a unit, such as V(90s)
        or V(5m).
      - A task that exceeds this time stays on FortiAnalyzer, and the error contains its ticket.
    type: str
    default: 5m
  max_concurrent:
    description: Maximum number of tasks that run on FortiAnalyzer at once. The number is lowered automatically while FortiAnalyzer
      has no free slot.
    type: int
    default: 4
"""

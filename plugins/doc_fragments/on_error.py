# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of on_error_arguments(). Written by tools/option_documentation.py from the texts in tools/option_texts.yml."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  on_error:
    description: Action after an error in one query. With V(fail), the module fails at the first error. The error contains
      the tickets and results so far. With V(continue), the module completes the other queries and lists the errors in RV(failed_queries).
    type: str
    choices: [fail, continue]
    default: fail
"""

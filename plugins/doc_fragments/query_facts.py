# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Notes on the modules that set a fact for each query."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
notes:
  - A task without C(async) starts no module process if it uses P(ansible.netcommon.httpapi#connection), or a local connection without C(become).
    Such a task shows its progress with C(-v).
  - If a query fails, if its result is not complete, or if all results together have more than 20000 rows, the fact of
    the query has no rows. The fact then contains C(complete=false) and C(msg).
  - Ansible ignores the facts of a task that fails. If the login fails, or if a query fails with
    O(on_error=fail), the facts of the previous run therefore remain. With a fact cache, use O(on_error=continue), let the play fail afterwards if
    RV(failed_queries) is not empty, and check C(replied_at) of the facts.
options: {}
"""

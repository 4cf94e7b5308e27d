# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Notes on the modules that set a fact for each query."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
notes:
  - In a task on the controller itself (local connection, without C(async) and C(become)), no module process is
    started, and progress is shown with C(-v).
  - If a query fails, if its result is not complete, or if all results together have more than 20000 rows, the fact of
    the query has no rows. The fact then has C(complete=false) and C(msg).
  - Ansible ignores the facts of a task that fails. With O(on_error=fail), and if the login fails, the facts of the
    previous run therefore remain. With a fact cache, use O(on_error=continue), let the play fail afterwards if
    RV(failed_queries) is not empty, and check C(replied_at) of the facts.
options: {}
"""

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of many_arguments()."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  wait_timeout:
    description:
      - Seconds to wait for each task, waiting for a free slot included. A task that is late stays on the appliance, and
        the error carries its ticket.
    type: float
    default: 300
  max_concurrent:
    description:
      - How many tasks may run on the appliance at once. It is lowered by itself while the appliance has no free slot.
    type: int
    default: 4
"""

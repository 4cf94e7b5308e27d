# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The local connection under another name.

Our action plugins run in-process where the connection is `local`, and hand over to the module everywhere else. This is
an everywhere else that needs no second machine and no second user.
"""

from __future__ import annotations

from ansible.plugins.connection.local import Connection as LocalConnection

DOCUMENTATION = r"""
name: own_process
short_description: Run modules on this machine, each in a process of its own
description:
  - As the local connection.
author:
  - secops.fortiview contributors (@secops)
version_added: 1.0.0
extends_documentation_fragment:
  - connection_pipelining
"""


class Connection(LocalConnection):
    transport = "own_process"

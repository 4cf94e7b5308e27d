# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of modules that can run over a persistent connection."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
notes:
  - If the connection of the task is P(ansible.netcommon.httpapi#connection) with the network OS
    C(fortinet.fortianalyzer.fortianalyzer), the module uses this connection. O(api_token) and O(forticloud_access_token) are passed to the
    plugin of the connection. All other options of the connection, such as O(host), O(ca_path), O(request_timeout) and O(proxy), are refused.
    Environment variables are not used. Set the variables of the connection instead.
options: {}
"""

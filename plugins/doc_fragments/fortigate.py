# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of fortigate_arguments()."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  access_token:
    description:
      - Token of a REST API administrator of the FortiGate. The action group of C(fortinet.fortios) does not include this module, so set the
        token here. By default, the credentials of the connection are used.
    type: str
  vdom:
    description: VDOM of the bans or of the feed.
    type: str
    default: root
  never:
    description:
      - Addresses and networks that are never blocked. A target that is in one of these networks, or contains one of these addresses, is refused.
    type: list
    elements: str
    default: []
  allow_private:
    description: Also accept private addresses as targets. Other special addresses are always refused.
    type: bool
    default: false
  verify_retries:
    description: Maximum number of further reads if the change is not visible at once.
    type: int
    default: 3
  verify_delay:
    description: Time between two reads, in seconds or with a unit.
    type: str
    default: 2s
"""

    OVER_HTTPAPI = r"""
options: {}
requirements:
  - The collections C(fortinet.fortios) and C(ansible.netcommon), whose plugins the connection uses.
notes:
  - The host needs C(ansible_connection=ansible.netcommon.httpapi), C(ansible_network_os=fortinet.fortios.fortios),
    C(ansible_httpapi_use_ssl=true), C(ansible_httpapi_port=443), C(ansible_port) with the same value, and an empty C(ansible_user).
  - The default of C(ansible_httpapi_use_ssl) is V(false), which would send the token without encryption. The module fails unless this variable is
    V(true). With C(ansible_httpapi_validate_certs=false), the module adds a warning.
  - The task fails if a reply is an HTML page, has an empty body, redirects to a login page or contains C(status=error). The task also fails if a
    change cannot be read back.
attributes:
  check_mode:
    description: Can run in C(check_mode) and return changed status prediction without modifying target.
    support: full
    details:
      - In check mode, the module sends only read requests.
  diff_mode:
    description: Returns what has changed, or would change, in diff mode.
    support: full
  idempotent:
    description: If the task runs twice in a row with the same options, the second run changes nothing.
    support: full
  platform:
    description: Platforms that can be managed.
    platforms: FortiOS
    support: full
"""

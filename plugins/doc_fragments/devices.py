# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of devices_info_arguments(), in addition to those of the connection."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  adoms:
    description:
      - Administrative domains to query. The default is V(all), which selects all ADOMs that the administrator may access.
      - Set this option to the names of the ADOMs if the administrator is not permitted to list the ADOMs.
    type: list
    elements: str
  adom:
    description: An alternative to O(adoms). Only one of these two options can be set.
    type: list
    elements: str
  device_groups:
    description:
      - Whether to read the device groups of each ADOM, which needs one more request for each ADOM with devices.
      - This request is documented only in the API schema of the vendor. Set the option to V(false) if a release refuses the request.
    type: bool
    default: true
"""

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs faz_devices_info on the controller, without a module process. The module of the same name has the documentation."""

from __future__ import annotations

from ansible_collections.secops.fortiview.plugins.module_utils._glue.arguments import devices_info_arguments
from ansible_collections.secops.fortiview.plugins.module_utils._glue.device_manager import list_devices
from ansible_collections.secops.fortiview.plugins.plugin_utils._fortianalyzer_action import FortiViewAction


class ActionModule(FortiViewAction):
    arguments = devices_info_arguments()
    operation = staticmethod(list_devices)

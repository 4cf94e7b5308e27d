# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs faz_threat_sources_info on the controller, without a module process. The module of the same name has the documentation."""

from __future__ import annotations

from ansible_collections.secops.fortiview.plugins.module_utils._glue.arguments import sources_arguments
from ansible_collections.secops.fortiview.plugins.module_utils._glue.operations import find
from ansible_collections.secops.fortiview.plugins.plugin_utils._fortianalyzer_action import FortiViewAction


class ActionModule(FortiViewAction):
    arguments = sources_arguments()
    operation = staticmethod(find)

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs fortigate_block on the controller, without a module process. The module of the same name has the documentation."""

from __future__ import annotations

import typing as t

from ansible_collections.secops.fortiview.plugins.module_utils._glue.blocking import block_arguments, fortigate_block
from ansible_collections.secops.fortiview.plugins.plugin_utils._fortigate_action import BlockingAction


class ActionModule(BlockingAction):
    arguments: t.ClassVar = {"argument_spec": block_arguments()}
    operation = staticmethod(fortigate_block)

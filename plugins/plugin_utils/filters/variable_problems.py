# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter secops.fortiview.variable_problems; documented in variable_problems.yml."""

from __future__ import annotations

import typing as t

from ansible.parsing.dataloader import DataLoader
from ansible.utils.vars import load_extra_vars
from ansible_collections.secops.fortiview.plugins.module_utils._common.validation import texts
from ansible_collections.secops.fortiview.plugins.module_utils._common.variables import (
    playbook_problems,
    role_problems,
)
from ansible_collections.secops.fortiview.plugins.plugin_utils.filters._common import filter_plugin

CHANNELS = "notify_channels"


@filter_plugin
def variable_problems(
    known: t.Any, role: str = "", given: t.Any = (), adoms: t.Any = "", channels: t.Any = ()
) -> t.Any:
    names = texts("known", list(known))
    if role:
        return role_problems(role, texts("given", list(given)), names)
    # A filter can get the extra variables only from load_extra_vars.
    problems = playbook_problems(load_extra_vars(DataLoader()), names, adoms)
    if CHANNELS not in names:
        return problems
    # Only playbooks need this import. It is not at the top, because each host of a role calls this filter.
    from ansible_collections.secops.fortiview.plugins.module_utils._glue.notifying import channel_problems

    return problems + channel_problems(channels, CHANNELS)

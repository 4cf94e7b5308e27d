# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter secops.fortiview.widespread; documented in widespread.yml."""

from __future__ import annotations

import typing as t

from ansible_collections.secops.fortiview.plugins.module_utils._common.validation import flag
from ansible_collections.secops.fortiview.plugins.module_utils._insight import widespread as insight
from ansible_collections.secops.fortiview.plugins.plugin_utils.filters._common import filter_plugin


@filter_plugin
def widespread(results: t.Any, partial: t.Any = False, **options: t.Any) -> t.Any:
    return insight.widespread(results, partial=flag("partial", partial), **options)

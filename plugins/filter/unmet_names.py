# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter secops.fortiview.unmet_names; documented in unmet_names.yml."""

from __future__ import annotations

import typing as t

from ansible_collections.secops.fortiview.plugins.module_utils._common.validation import dicts, texts
from ansible_collections.secops.fortiview.plugins.module_utils._hunting.threats import unmet
from ansible_collections.secops.fortiview.plugins.plugin_utils._filters import Function, filter_plugin


@filter_plugin
def unmet_names(results: t.Any, names: t.Any, taken: t.Any) -> t.Any:
    return unmet(texts("names", names), dicts("results", results), dicts("taken", taken))


class FilterModule:
    def filters(self) -> dict[str, Function]:
        return {"unmet_names": unmet_names}

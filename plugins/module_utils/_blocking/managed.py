# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a FortiManager owns the configuration of a FortiGate."""

from __future__ import annotations

import typing as t


def managed_by_fortimanager(settings: t.Sequence[t.Mapping[str, t.Any]]) -> bool:
    """From system/central-management; FortiGate Cloud is no FortiManager."""
    return any(str(one.get("type", "")).lower() == "fortimanager" and one.get("fmg") for one in settings)

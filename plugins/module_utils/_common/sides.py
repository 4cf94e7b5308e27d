# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The side of a connection on which an address was seen."""

from __future__ import annotations

SOURCE, DESTINATION, BOTH = "source", "destination", "both"

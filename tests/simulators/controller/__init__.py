# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""As much of an automation controller as the modules of awx.awx need to set one up."""

from __future__ import annotations

from .simulator import Controller, Request

__all__ = ["Controller", "Request"]

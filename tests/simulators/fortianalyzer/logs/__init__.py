# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Raw logs, made from the same events as the FortiView rows (protocol_fortianalyzer.rst, "Log search")."""

from __future__ import annotations

from .fields import ALL_FIELDS
from .kinds import LOG_TYPES, LogType, find_log_type
from .lines import Line
from .ranking import LogRanking, log_rows

__all__ = ["ALL_FIELDS", "LOG_TYPES", "Line", "LogRanking", "LogType", "find_log_type", "log_rows"]

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Replaces pypa's get-pip.py, which ansible-test would download: pip comes from the Python installation."""

from __future__ import annotations

import subprocess
import sys

# In a separate process, because in this one ensurepip would leave pip's configuration switched off.
subprocess.check_call([sys.executable, "-m", "ensurepip"], stdout=subprocess.DEVNULL)

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The real requests, but the post whose number is in CRASH_AT crashes, with all that was to be sent in the text of its exception.

First in PYTHONPATH it is found in place of the real one, and makes itself that.
"""

from __future__ import annotations

import itertools
import os
import sys
import typing as t

FOLDER = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:] = [path for path in sys.path if os.path.abspath(path) != FOLDER]
del sys.modules["requests"]

import requests  # noqa: E402

real_post = requests.Session.post
numbers = itertools.count(1)


def post(self: requests.Session, *args: t.Any, **options: t.Any) -> t.Any:
    if str(next(numbers)) == os.environ.get("CRASH_AT"):
        raise RuntimeError(f"certainly a defect, with {args} and {options}")
    return real_post(self, *args, **options)


requests.Session.post = post  # type: ignore[assignment]

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An operation as one job of several that run at the same time, each in a process of its own."""

from __future__ import annotations

import time
import typing as t

from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import FortiViewError

from support.blocking import Data, Line, operate


def job(line: t.Sequence[str], options: Data, start: float, unreadable: int) -> Data:
    """Begins at `start`. After its first write so many reads fail, each after a moment in which the others go on."""
    send = Line(*line).sender()
    left = unreadable
    written = False

    def sent(url: str, method: str, params: dict[str, str], body: t.Optional[str]) -> tuple[int, str]:
        nonlocal left, written
        if method != "GET":
            written = True
        elif written and left:
            left -= 1
            time.sleep(0.15)
            return 500, "{}"
        return send(url, method, params, body)

    time.sleep(max(0.0, start - time.time()))
    try:
        found = operate(Line(*line), sent, **options)
    except FortiViewError as error:
        return {"failed": True, "said": str(error)}
    return {"failed": False, "steps": [[one["address"], one["action"], one["result"]] for one in found["steps"]]}

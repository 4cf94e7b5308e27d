# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Several hosts with one registry: the module fortigate_block in this process, over TLS or without any connection."""

from __future__ import annotations

import asyncio
import json
import typing as t
from pathlib import Path

from ansible_collections.secops.fortiview.plugins.module_utils._blocking.client import Send
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import FortiViewError

from simulators.fortigate import FortiGate, ManualClock, envelope
from simulators.fortigate.call import Answer, make_call
from simulators.fortigate.dispatch import dispatch
from simulators.fortigate.errors import ApiError
from support.blocking import PREPARED, Data, Line, operate

__all__ = ("METHODS", "PREPARED", "Blocking")

METHODS = ("ban", "feed_push", "addrgrp")


class Blocking:
    """Hosts of one inventory. `direct` is for FortiGates that were not started."""

    def __init__(self, folder: Path, clock: ManualClock, direct: bool = False) -> None:
        self.folder = folder
        self.clock = clock
        self.fortigates: dict[str, FortiGate] = {}
        self.run_id = "1"
        self._direct = direct
        self._senders: dict[str, Send] = {}

    def block(self, host: str, targets: t.Any, check_mode: bool = False, **options: t.Any) -> Data:
        """Raises FortiViewError."""
        given = {
            "protect_infrastructure": True,
            "targets": targets,
            "run_id": self.run_id,
            "registry": str(self.folder / "blocks.sqlite"),
            "fleet": list(self.fortigates),
            **options,
        }
        if host not in self._senders:
            box = self.fortigates[host]
            self._senders[host] = without_connection(box) if self._direct else Line.of(box).sender()
        line = Line("", "", "", host)
        return operate(line, self._senders[host], self.clock.now, self.clock.advance, check_mode, **given)

    def refusals(self, host: str, targets: t.Sequence[str], **options: t.Any) -> dict[str, list[str]]:
        """Why each of these is refused, by address; those that are not are left out. Nothing is written."""
        try:
            result = self.block(host, targets, check_mode=True, **{"on_protected": "skip", **options})
        except FortiViewError as error:
            result = error.outcome
        return {one["address"]: one["refusals"] for one in result["refused"]}


def without_connection(box: FortiGate) -> Send:
    """For many calls in a short time; with all rights, and without faults."""

    def send(url: str, method: str, params: dict[str, str], body: t.Optional[str]) -> tuple[int, str]:
        call = make_call(
            method,
            url[len("/api/v2/") :],
            "&".join(f"{key}={value}" for key, value in params.items()),
            json.loads(body) if body else None,
        )
        inside = box.state
        try:
            answer = dispatch(inside, call)
            found = answer if isinstance(answer, Answer) else asyncio.run(t.cast("t.Any", answer))
        except ApiError as error:
            return error.status, json.dumps(envelope.refusal(inside, call, error))
        return 200, json.dumps(envelope.success(inside, call, found))

    return send

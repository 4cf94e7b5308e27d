# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The operation of the module fortigate_block in-process, on simulated FortiGates: over TLS, or without any connection."""

from __future__ import annotations

import asyncio
import json
import typing as t
from pathlib import Path

import requests
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.client import FortiGate as Device
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import FortiViewError
from ansible_collections.secops.fortiview.plugins.module_utils._glue.blocking import block_arguments, fortigate_block
from ansible_collections.secops.fortiview.plugins.module_utils._glue.checking import checked
from ansible_collections.secops.fortiview.plugins.module_utils._glue.fortigate import Box

from simulators.fortigate import FortiGate, ManualClock, envelope
from simulators.fortigate.call import Answer, make_call
from simulators.fortigate.dispatch import dispatch
from simulators.fortigate.errors import BoxError

Send = t.Callable[[str, str, dict[str, str], t.Optional[str]], tuple[int, str]]
Data = dict[str, t.Any]
PREPARED = {"with_feed": True, "with_group": True, "with_policies": True}
METHODS = ("ban", "feed_push", "addrgrp")


class Blocking:
    """Hosts of one inventory with one registry. `direct` is for FortiGates that were not started."""

    def __init__(self, folder: Path, clock: ManualClock, direct: bool = False) -> None:
        self._direct = direct
        self.folder = folder
        self.clock = clock
        self.fortigates: dict[str, FortiGate] = {}
        self.run_id = "1"
        self._http = requests.Session()
        self._http.trust_env = False

    def close(self) -> None:
        self._http.close()

    def block(self, host: str, targets: t.Any, check_mode: bool = False, **options: t.Any) -> Data:
        """Raises FortiViewError."""
        given = {
            "host": host,
            "targets": targets,
            "never": [],
            "run_id": self.run_id,
            "registry": str(self.folder / "blocks.sqlite"),
            "verify_delay": 0,
            "fleet": list(self.fortigates),
            **options,
        }
        params, _secrets, problem = checked({"argument_spec": block_arguments()}, given)
        assert not problem, problem
        box = self.fortigates[host]
        device = Device(without_connection(box) if self._direct else self._sender(box), host, self.clock.advance)
        return fortigate_block(params, Box(device, check_mode, self.clock.now, self.clock.advance))

    def refusals(self, host: str, targets: t.Sequence[str], **options: t.Any) -> dict[str, list[str]]:
        """Why each of these is refused, by address; those that are not are left out. Nothing is written."""
        try:
            result = self.block(host, targets, check_mode=True, **{"on_protected": "skip", **options})
        except FortiViewError as error:
            result = error.outcome
        return {one["address"]: one["refusals"] for one in result["refused"]}

    def _sender(self, box: FortiGate) -> Send:
        def send(url: str, method: str, params: dict[str, str], body: t.Optional[str]) -> tuple[int, str]:
            query = _query(params)
            reply = self._http.request(
                method,
                f"{box.url}{url}?{query}",
                data=body,
                headers={"Authorization": f"Bearer {box.token}"},
                verify=box.ca_path,
                timeout=20,
            )
            return reply.status_code, reply.text

        return send


def without_connection(box: FortiGate) -> Send:
    """For many calls in a short time; with all rights, and without faults."""

    def send(url: str, method: str, params: dict[str, str], body: t.Optional[str]) -> tuple[int, str]:
        call = make_call(method, url[len("/api/v2/") :], _query(params), json.loads(body) if body else None)
        inside = box._box
        try:
            answer = dispatch(inside, call)
            found = answer if isinstance(answer, Answer) else asyncio.run(t.cast("t.Any", answer))
        except BoxError as error:
            return error.status, json.dumps(envelope.refusal(inside, call, error))
        return 200, json.dumps(envelope.success(inside, call, found))

    return send


def _query(params: t.Mapping[str, str]) -> str:
    return "&".join(f"{key}={value}" for key, value in params.items())

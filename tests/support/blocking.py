# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The operations of the module fortigate_block in this process, against a simulated FortiGate over TLS, and what is blocked afterwards."""

from __future__ import annotations

import contextlib
import itertools
import time
import typing as t
from pathlib import Path

import requests
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.client import FortiGate as Device
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.client import Send
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.registry.store import open_registry
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import FortiViewError
from ansible_collections.secops.fortiview.plugins.module_utils._glue.blocking import (
    block_arguments,
    fortigate_block,
    fortigate_block_info,
    info_arguments,
)
from ansible_collections.secops.fortiview.plugins.module_utils._glue.checking import checked
from ansible_collections.secops.fortiview.plugins.module_utils._glue.fortigate import HostContext
from ansible_collections.secops.fortiview.plugins.module_utils._glue.fortigate_connection import failure_of

from support import played

if t.TYPE_CHECKING:
    from simulators.fortigate import FortiGate, ManualClock

Data = dict[str, t.Any]
METHODS = ("ban", "feed_push", "addrgrp", "feed_file")
PREPARED = {"with_feed": True, "with_group": True, "with_policies": True}
# What an open claim may not be once a run has looked at its list.
UNSETTLED = ("attempted", "left")


class Line(t.NamedTuple):
    """How a FortiGate is reached; plain data, so that it can be handed to another process."""

    url: str
    ca_path: str
    token: str
    host: str

    @classmethod
    def of(cls, box: FortiGate, token: str = "") -> Line:
        return cls(box.url, box.ca_path, token or box.token, box.hostname)

    def sender(self) -> Send:
        """One connection for all requests, as the official plugin's process has none."""
        session = requests.Session()
        session.trust_env = False
        session.verify = self.ca_path
        session.headers["Authorization"] = f"Bearer {self.token}"

        def send(url: str, method: str, params: dict[str, str], body: t.Optional[str]) -> tuple[int, str]:
            query = "&".join(f"{key}={value}" for key, value in params.items())
            reply = session.request(method, f"{self.url}{url}?{query}", data=body, timeout=20)
            return reply.status_code, reply.text

        return send


def _usual(line: Line, **options: t.Any) -> Data:
    usual = {"never": [], "protect_infrastructure": False, "verify_delay": 0, "host": line.host, "run_id": "run"}
    return {**usual, "job_user": "soc", **options}


def operate(
    line: Line,
    send: t.Optional[Send] = None,
    now: t.Callable[[], float] = time.time,
    sleep: t.Callable[[float], t.Any] = time.sleep,
    check_mode: bool = False,
    **options: t.Any,
) -> Data:
    """One task with the module fortigate_block. Raises FortiViewError."""
    params, _secrets, problem = checked({"argument_spec": block_arguments()}, _usual(line, **options))
    assert not problem, problem
    device = Device(send or line.sender(), line.host, sleep)
    return fortigate_block(params, HostContext(device, check_mode, now, sleep))


class Ended(t.NamedTuple):
    """What a task returns, be it a failure."""

    result: Data
    failed: bool

    @property
    def said(self) -> str:
        return str(self.result.get("msg", ""))

    @property
    def changed(self) -> bool:
        return bool(self.result["changed"])


def attempt(line: Line, *how: t.Any, **options: t.Any) -> Ended:
    """As `operate`; an error is what the task then returns."""
    if played.WANTED:
        return _played({line.host: (line, options)}, [{}])[line.host]
    try:
        return Ended(operate(line, *how, **options), False)
    except FortiViewError as error:
        return Ended(failure_of(error), True)


def _played(hosts: t.Mapping[str, tuple[Line, Data]], steps: t.Sequence[Data]) -> dict[str, Ended]:
    given = {name: (line, _usual(line, **options)) for name, (line, options) in hosts.items()}
    return {name: Ended(result, bool(result["failed"])) for name, result in played.play(given, steps).items()}


def in_two_steps(hosts: t.Mapping[str, tuple[Line, Data]], **usual: t.Any) -> dict[str, Ended]:
    """What the role does with the FortiGates of a play: it plans on all of them, then it writes where something changes."""
    options: Data = {"protect_infrastructure": True, "fleet": list(hosts), "batch": list(hosts), **usual}
    if played.WANTED:
        options = {
            key: value for key, value in options.items() if key not in ("send", "now", "sleep", "fleet", "batch")
        }
        return _played({name: (line, {**options, **own}) for name, (line, own) in hosts.items()}, [{"plan": True}, {}])
    planned = {
        name: attempt(line, plan=True, **{**options, "host": name, **own}) for name, (line, own) in hosts.items()
    }
    return {
        name: attempt(hosts[name][0], **{**options, "host": name, **hosts[name][1]})
        if found.result.get("pending")
        else found
        for name, found in planned.items()
    }


def listed(
    line: Line,
    send: t.Optional[Send] = None,
    now: t.Callable[[], float] = time.time,
    sleep: t.Callable[[float], t.Any] = time.sleep,
    **options: t.Any,
) -> list[Data]:
    """What the module fortigate_block_info says is blocked. Raises FortiViewError."""
    return t.cast("list[Data]", info(line, send, now, sleep, **options)["blocks"])


def info(
    line: Line,
    send: t.Optional[Send] = None,
    now: t.Callable[[], float] = time.time,
    sleep: t.Callable[[float], t.Any] = time.sleep,
    **options: t.Any,
) -> Data:
    """The result of the module fortigate_block_info. Raises FortiViewError."""
    params, _secrets, problem = checked({"argument_spec": info_arguments()}, {"host": line.host, **options})
    assert not problem, problem
    device = Device(send or line.sender(), line.host, sleep)
    return fortigate_block_info(params, HostContext(device, False, now, sleep))


class State(t.NamedTuple):
    """Addresses that are on the list of a method, those that the registry has open claims for, and those of unsettled ones."""

    listed: set[str]
    claimed: set[str]
    unsettled: set[str]

    @property
    def problems(self) -> list[str]:
        found = []
        if self.listed - self.claimed:
            found.append(f"the registry does not know {sorted(self.listed - self.claimed)}")
        if self.claimed - self.listed:
            found.append(f"the registry says that {sorted(self.claimed - self.listed)} are blocked")
        if self.unsettled:
            found.append(f"nobody has looked whether {sorted(self.unsettled)} are blocked")
        return found


def on_list(box: FortiGate, method: str, file: t.Optional[Path] = None, vdom: str = "root") -> set[str]:
    """What the method's list on the FortiGate holds; of a group, members and objects outside of it."""
    if method == "ban":
        return {str(ban["ip_address"]) for ban in box.bans(vdom) if ban["source"] in ("Administrative", "Manual")}
    if method == "feed_push":
        return set(box.feed("soc-block", vdom))
    if method == "feed_file":
        return set(file.read_text().split()) if file is not None and file.exists() else set()
    names = [name for group in ("SOC-BLOCK", "SOC-BLOCK6") for name in box.members(group, vdom)]
    return {name.removeprefix("blk-").replace("_", ":") for name in names if name != "blk-placeholder"}


def orphans(box: FortiGate) -> set[str]:
    """Address objects of ours that are in no group."""
    tables = {"firewall/address": "SOC-BLOCK", "firewall/address6": "SOC-BLOCK6"}
    return {
        str(one["name"])
        for table, group in tables.items()
        for one in box.objects(table, "root")
        if one["name"].startswith("blk-") and one["name"] not in box.members(group, "root")
    }


def state(box: FortiGate, registry: str, method: str, now: float, file: t.Optional[Path] = None) -> State:
    """Claims of a ban whose time is over are settled by time alone."""
    with contextlib.closing(open_registry(registry)) as opened:
        claims = [one for one in opened.find() if one.place.method == method]
    alive = [one for one in claims if method != "ban" or one.expires_at is None or one.expires_at > now]
    unsettled = {one.address for one in alive if one.state in UNSETTLED}
    return State(on_list(box, method, file), {one.address for one in alive}, unsettled)


class Several:
    """FortiGates that each run works on one after the other, as the role does, and the registry that they share."""

    def __init__(self, boxes: t.Mapping[str, FortiGate], registry: str) -> None:
        self.boxes, self.registry = boxes, registry
        self.known_as: dict[str, list[str]] = {}
        self._lines = {name: Line.of(box) for name, box in boxes.items()}
        self._senders = {name: line.sender() for name, line in self._lines.items()}
        self._runs = itertools.count(1)

    def one(
        self, name: str, run_id: str, sleep: t.Optional[t.Callable[[float], t.Any]] = None, **options: t.Any
    ) -> Data:
        """A single task. Raises FortiViewError."""
        clock = t.cast("ManualClock", self.boxes[name].clock)
        usual = {
            "registry": self.registry,
            "run_id": run_id,
            "verify_retries": 0,
            "known_as": self.known_as.get(name, []),
        }
        return operate(
            self._lines[name], self._senders[name], clock.now, sleep or clock.advance, **{**usual, **options}
        )

    def line(self, name: str) -> Line:
        return self._lines[name]

    def block(self, only: t.Collection[str] = (), check_mode: bool = False, **options: t.Any) -> dict[str, Data]:
        """The entry point main, with a name of its own for the run. Raises FortiViewError."""
        names = [name for name in self.boxes if not only or name in only]
        run_id = f"run-{next(self._runs)}"
        given = {"fleet": names, "batch": names, "check_mode": check_mode, **options}
        for step in [{"state": "identified"}] * (options.get("where") == "seen") + [{"plan": True}]:
            for name in names:
                self.one(name, run_id, **step, **given)
        return {name: self.one(name, run_id, **given) for name in names}

    def each(self, state: str, **options: t.Any) -> dict[str, Data]:
        """Another state on all of them. Raises FortiViewError."""
        run_id = f"run-{next(self._runs)}"
        return {name: self.one(name, run_id, state=state, **options) for name in self.boxes}

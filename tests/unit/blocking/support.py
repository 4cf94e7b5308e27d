# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A simulated FortiGate in this process, with the registry and the clock of a run on it; and FortiGates whose replies a
test gives itself."""

from __future__ import annotations

import asyncio
import json
import typing as t

from ansible_collections.secops.fortiview.plugins.module_utils._blocking.client import FortiGate, Vdom
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.context import Context
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.options import Options, parse_options
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.registry.store import Registry

from simulators.common.clock import ManualClock
from simulators.fortigate import FortiGate as SimulatedFortiGate
from simulators.fortigate import Switches
from simulators.fortigate.call import Answer, make_call
from simulators.fortigate.configuring import Given, configure
from simulators.fortigate.dispatch import dispatch
from simulators.fortigate.envelope import refusal, success
from simulators.fortigate.errors import ApiError
from simulators.fortigate.state import FortiGateState
from support.random_fortigates import names

# 2026-03-01T14:30:00Z
NOW = 1772375400.0
HOST, SERIAL = "fgt-hq", "FG100FTK20000001"
ADDRESS, OTHER, SIX = "198.51.100.7", "203.0.113.77", "2001:db8:bad::7"
PREPARED = {"with_feed": True, "with_group": True, "with_policies": True}


def sender(state: FortiGateState) -> t.Callable[..., tuple[int, str]]:
    """What a connection to this FortiGate sends and gets, without a network and without rights."""

    def send(url: str, method: str, query: dict[str, str], body: t.Optional[str]) -> tuple[int, str]:
        text = "&".join(f"{key}={value}" for key, value in query.items())
        call = make_call(method, url[len("/api/v2/") :], text, None if body is None else json.loads(body))
        try:
            answer = dispatch(state, call)
            if not isinstance(answer, Answer):
                answer = asyncio.run(t.cast("t.Any", answer))
            return 200, json.dumps(success(state, call, answer))
        except ApiError as error:
            return error.status, json.dumps(refusal(state, call, error))

    return send


class Simulated:
    """One FortiGate. `writes` are method, path and body of what was sent beside reads, `reads` the paths of
    these, and `queries` their queries.
    `instead` has replies by "METHOD part-of-the-path", for calls that are not carried out: an HTTP status, a whole reply
    as text, or an exception. `unconfirmed` has an HTTP status for calls that are carried out nevertheless."""

    def __init__(self, registry: Registry, clock: ManualClock, **switches: t.Any) -> None:
        self.simulator = SimulatedFortiGate(Switches(**{**PREPARED, **switches}), clock, SERIAL, HOST)
        self.state = self.simulator.state
        self.clock, self.registry = clock, registry
        self.writes: list[tuple[str, str, t.Any]] = []
        self.reads: list[str] = []
        self.queries: list[dict[str, str]] = []
        self.instead: dict[str, t.Union[int, str, Exception]] = {}
        self.unconfirmed: dict[str, int] = {}
        self._reply = sender(self.state)
        self.device = FortiGate(self._send, HOST, clock.advance)

    def _send(self, url: str, method: str, query: dict[str, str], body: t.Optional[str]) -> tuple[int, str]:
        path = url[len("/api/v2/") :]
        if method == "GET":
            self.reads.append(path)
            self.queries.append(query)
        else:
            self.writes.append((method, path, None if body is None else json.loads(body)))
        reply = next((one for key, one in self.instead.items() if key in f"{method} {path}"), None)
        if isinstance(reply, Exception):
            raise reply
        if isinstance(reply, int):
            return reply, json.dumps({"status": "error", "http_status": reply, "vdom": query.get("vdom", "global")})
        if reply is not None:
            return 200, reply
        found = self._reply(url, method, query, body)
        status = next((one for key, one in self.unconfirmed.items() if key in f"{method} {path}"), 0)
        return (status, "") if status else found

    @property
    def context(self) -> Context:
        return Context(self.device, self.registry, self.clock.now, self.clock.advance)

    @property
    def vdom(self) -> Vdom:
        return self.device.vdom("root")

    def later(self, seconds: float) -> None:
        """Another run so many seconds later, which knows nothing of the tables that this one has read."""
        self.clock.advance(seconds)
        self.device.kept.clear()

    def made_with(self, **switches: t.Any) -> None:
        """As new, with other switches."""
        self.state.switches.update(switches)
        self.state.given = self.state.switches.copy()
        self.state.reset()

    def configure(self, path: str, given: Given, vdom: str = "root") -> None:
        """Configuration that another administrator writes."""
        configure(self.state, path, given, vdom)

    def policy(self, policyid: int, action: str, *sources: str, **more: t.Any) -> None:
        """A policy of another administrator, above all others."""
        everything = {key: names("all") for key in ("dstaddr", "dstaddr6")}
        anywhere = {"srcintf": names("any"), "dstintf": names("any"), "service": names("ALL"), "schedule": "always"}
        own = {"srcaddr": names(*sources), "srcaddr6": names("all") if "all" in sources else []}
        given = {
            "policyid": policyid,
            "name": "other",
            "action": action,
            "match-vip": "enable",
            **anywhere,
            **everything,
            **own,
            **more,
        }
        self.configure("firewall/policy", given)
        policies = self.state.config.objects("firewall/policy", "root")
        others = {key: one for key, one in policies.items() if key != policyid}
        first = policies[policyid]
        policies.clear()
        policies.update({policyid: first, **others})

    def ban(self, *addresses: str, source: str = "Administrative", seconds: int = 3600, vdom: str = "root") -> None:
        """Bans that others have made; 0 seconds are permanent."""
        now = self.state.device_time()
        ends = now + seconds if seconds else 0
        given = [{"ip_address": one, "source": source, "created": now, "expires": ends} for one in addresses]
        self.state.bans.seed(vdom, given, now)

    def push(self, *entries: str, vdom: str = "root") -> None:
        """Entries that others have put into the feed."""
        self.state.feeds.push(vdom, "soc-block", "add", list(entries), self.state.device_time())

    def banned(self, vdom: str = "root") -> list[str]:
        return [str(one["ip_address"]) for one in self.simulator.bans(vdom)]

    def feed(self, vdom: str = "root") -> list[str]:
        return self.simulator.feed("soc-block", vdom)

    def members(self, group: str = "SOC-BLOCK") -> list[str]:
        return self.simulator.members(group, "root")


def options(*targets: t.Any, **more: t.Any) -> Options:
    """Of a run with nothing to protect but itself, and without waiting for anything."""
    given = {
        "host": HOST, "run_id": "run", "job_user": "anna", "never": [], "targets": list(targets), "protect_infrastructure": False,
        "verify_retries": 0, "verify_delay": 0, **more,
    }  # fmt: skip
    return parse_options(given, targets=True, statement=False)


def scripted(reply: t.Callable[[str, str, t.Any], t.Any], version: str = "v7.4.8") -> FortiGate:
    """A FortiGate whose results a test gives by method, path and body: results, or an int for an HTTP status."""

    def send(url: str, method: str, query: dict[str, str], body: t.Optional[str]) -> tuple[int, str]:
        results = reply(method, url[len("/api/v2/") :], None if body is None else json.loads(body))
        status = results if isinstance(results, int) else 200
        said = {"status": "success" if status == 200 else "error", "http_status": status, "vdom": query.get("vdom")}
        return status, json.dumps({**said, "results": results, "serial": SERIAL, "version": version})

    return FortiGate(send, HOST, lambda _seconds: None)

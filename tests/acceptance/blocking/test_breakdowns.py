# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""FortiGates that answer for another VDOM, fail over, close connections or revoke a token, and a registry or audit log that breaks:
what is said is what is true."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.client import FortiGate as Device
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.client import FortiGateError
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.registry.records import Claim, RegistryError
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.registry.store import Registry, open_registry
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import FortiViewError

from simulators.fortigate import FortiGate, ManualClock
from support.blocking import PREPARED, Data, Line, on_list, operate, orphans, state
from support.servers import refused_port

START = 1_800_000_000.0
TARGETS = ["198.51.100.7", "203.0.113.77", "2001:db8:bad::7"]
ON_FORTIGATE = ("ban", "feed_push", "addrgrp")
WRITTEN, NOT_WRITTEN = "was rolled back", "could NOT be rolled back"


class Bench:
    def __init__(self, box: FortiGate, clock: ManualClock, folder: Path) -> None:
        self.box, self.clock, self.folder = box, clock, folder
        self.registry = str(folder / "blocks.sqlite")
        self.audit = folder / "audit.jsonl"

    def run(self, method: str, send: t.Any = None, **options: t.Any) -> Data:
        usual: Data = {"method": method, "registry": self.registry, "audit_log": str(self.audit), "targets": TARGETS}
        usual.update({"verify_retries": 1, "pardon": "0", **options})
        return operate(Line.of(self.box), send, self.clock.now, self.clock.advance, **usual)

    def claims(self) -> list[Claim]:
        with open_registry(self.registry) as registry:
            return registry.find()

    def problems(self, method: str) -> list[str]:
        return state(self.box, self.registry, method, self.clock.now()).problems

    def lines(self) -> list[Data]:
        return [json.loads(line) for line in self.audit.read_text().splitlines()] if self.audit.exists() else []


@pytest.fixture(scope="module")
def pair() -> t.Iterator[tuple[FortiGate, ManualClock]]:
    clock = ManualClock(START)
    with FortiGate(clock=clock) as box:
        yield box, clock


@pytest.fixture
def bench(pair: tuple[FortiGate, ManualClock], tmp_path: Path) -> t.Iterator[Bench]:
    box, clock = pair
    # A failover leaves another serial number.
    box.state.serial = box.serial
    box.switches.restore(type(box.switches)())
    box.reset()
    box.switches.update(PREPARED)
    yield Bench(box, clock, tmp_path)
    assert box.check() == []


def lying(bench: Bench, part: str, vdom: str = "guest") -> t.Any:
    """A FortiGate that carries out the writes with this part in another VDOM than asked, and says so in its reply."""
    send = Line.of(bench.box).sender()

    def sent(url: str, method: str, params: dict[str, str], body: t.Optional[str]) -> tuple[int, str]:
        wrong = {**params, "vdom": vdom} if method != "GET" and part in url else params
        return send(url, method, wrong, body)

    return sent


def test_what_is_written_in_another_vdom_is_reported_there_and_removed_by_the_next_unblock(bench: Bench) -> None:
    with pytest.raises(FortiGateError) as caught:
        bench.run("ban", lying(bench, "add_users"))
    assert on_list(bench.box, "ban", vdom="guest") == set(TARGETS) and on_list(bench.box, "ban") == set()
    error = caught.value
    assert error.context["rolled_back"] is False and error.context["vdoms"] == ["guest"]
    assert set(error.context["left"]) == set(TARGETS)
    assert NOT_WRITTEN in str(error) and WRITTEN not in str(error) and "guest" in str(error)
    assert {(one.place.vdom, one.state, one.address) for one in bench.claims()} == {
        ("guest", "left", address) for address in TARGETS
    }
    found = bench.run("ban", state="absent", run_id="undo")
    assert found["changed"] and on_list(bench.box, "ban", vdom="guest") == set() and bench.claims() == []


@pytest.mark.parametrize("method", ["feed_push", "addrgrp"])
def test_a_list_that_is_written_in_another_vdom(bench: Bench, method: str) -> None:
    part = "external-resource/dynamic" if method == "feed_push" else "firewall/addr"
    with pytest.raises(FortiGateError) as caught:
        bench.run(method, lying(bench, part))
    there = on_list(bench.box, method, vdom="guest")
    assert on_list(bench.box, method) == set()
    assert not there or caught.value.context["rolled_back"] is False, str(caught.value)
    assert {one.address for one in bench.claims()} >= there
    bench.run(method, state="absent", run_id="undo")
    assert on_list(bench.box, method, vdom="guest") == set()


def truthful(bench: Bench, method: str, error: t.Optional[FortiViewError]) -> None:
    """The message says one thing about the roll back, and it is so."""
    blocked = on_list(bench.box, method)
    if error is None:
        assert blocked == set(TARGETS)
        return
    said = str(error)
    assert not (WRITTEN in said and NOT_WRITTEN in said), said
    if error.context.get("rolled_back", True):
        assert blocked == set() and orphans(bench.box) == set(), said
    else:
        assert NOT_WRITTEN in said
        assert blocked <= set(error.context["left"]), said


@pytest.mark.parametrize("times", [1, 2, 99])
@pytest.mark.parametrize("method", ON_FORTIGATE)
def test_a_token_that_is_revoked_in_the_middle(bench: Bench, method: str, times: int) -> None:
    """After each number of calls. Afterwards, with a new token, the next run makes it right."""
    for after in range(25):
        bench.box.reset()
        bench.box.switches.update(PREPARED)
        bench.registry = str(bench.folder / f"{after}.sqlite")
        bench.box.fault("unauthorized", times=times, after=after)
        error = None
        try:
            bench.run(method)
        except FortiViewError as raised:
            error = raised
        bench.box.state.faults.clear()
        truthful(bench, method, error)
        bench.run(method, run_id="again")
        truthful(bench, method, None)
        assert bench.problems(method) == []


def failing_over(bench: Bench, send: t.Any, calls: list[t.Any], after: int) -> t.Callable[..., tuple[int, str]]:
    """As `send`; the other member answers from the call with this number on."""

    def sent(*call: t.Any) -> tuple[int, str]:
        calls.append(call)
        if len(calls) == after:
            bench.box.ha_failover()
            bench.box.state.serial = "FG100FTK20000002"
        return t.cast("tuple[int, str]", send(*call))

    return sent


@pytest.mark.parametrize("method", ON_FORTIGATE)
def test_a_failover_in_the_middle(bench: Bench, method: str) -> None:
    """The other member has another serial number, and no bans."""
    for after in range(1, 12):
        bench.box.state.serial = bench.box.serial
        bench.box.reset()
        bench.box.switches.update(PREPARED)
        bench.registry = str(bench.folder / f"{after}.sqlite")
        send = Line.of(bench.box).sender()
        calls: list[t.Any] = []

        error = None
        try:
            bench.run(method, failing_over(bench, send, calls, after))
        except FortiViewError as raised:
            error = raised
        if len(calls) < after:
            return
        truthful(bench, method, error)
        bench.run(method, run_id="again")
        truthful(bench, method, None)
        assert bench.problems(method) == []


@pytest.mark.parametrize("end", ["reset", "closed"])
@pytest.mark.parametrize("method", ON_FORTIGATE)
def test_an_idle_connection_is_opened_again_for_reads(bench: Bench, method: str, end: str) -> None:
    send = Line.of(bench.box).sender()
    bench.run(method, send)
    bench.box.switches.update({"keep_alive_seconds": 1.0 if end == "reset" else 0.05, "keep_alive_end": end})
    bench.clock.advance(120)
    assert not bench.run(method, send, run_id="again")["changed"]


class Closing:
    """What the official plugin raises where the FortiGate has closed the connection, before the n-th call."""

    def __init__(self, bench: Bench, when: int) -> None:
        self._send = Line.of(bench.box).sender()
        self._left = when
        self.methods: list[str] = []

    def __call__(self, url: str, method: str, params: dict[str, str], body: t.Optional[str]) -> tuple[int, str]:
        self._left -= 1
        if self._left == 0:
            self.methods.append(method)
            raise ConnectionResetError(104, "Connection reset by peer")
        return t.cast("tuple[int, str]", self._send(url, method, params, body))


@pytest.mark.parametrize("method", ON_FORTIGATE)
def test_a_connection_that_is_reset_before_any_call(bench: Bench, method: str) -> None:
    met = set()
    for when in range(1, 40):
        bench.box.reset()
        bench.box.switches.update(PREPARED)
        bench.registry = str(bench.folder / f"{when}.sqlite")
        closing, error = Closing(bench, when), None
        try:
            bench.run(method, closing)
        except FortiViewError as raised:
            error = raised
        truthful(bench, method, error)
        met.update(closing.methods)
        if closing.methods == ["GET"]:
            assert error is None, error
    assert met == {"GET", "POST"}


def test_a_read_is_sent_again_once(bench: Bench) -> None:
    calls: list[str] = []

    def closed(url: str, method: str, params: dict[str, str], body: t.Optional[str]) -> tuple[int, str]:
        calls.append(method)
        raise ConnectionResetError(104, "Connection reset by peer")

    for method in ("GET", "POST"):
        with pytest.raises(FortiGateError, match="reset by peer"):
            vdom = Device(closed, "fgt").vdom("root")
            _result = vdom.read("monitor/user/banned") if method == "GET" else vdom.write("POST", "monitor/user/x", {})
    assert calls == ["GET", "GET", "POST"]


@pytest.mark.parametrize("method", ON_FORTIGATE)
@pytest.mark.parametrize("given", [{}, {"state": "absent"}], ids=["block", "unblock"])
def test_without_its_audit_log_nothing_is_written(bench: Bench, method: str, given: Data) -> None:
    if given:
        bench.run(method)
    writes = len(bench.box.writes)
    with pytest.raises(FortiViewError, match="fortigate_block_audit_dest"):
        bench.run(method, run_id="again", audit_log=str(bench.folder / "missing" / "audit.jsonl"), **given)
    assert len(bench.box.writes) == writes and bench.problems(method) == []


@pytest.mark.parametrize("state_", ["present", "absent", "expired"])
@pytest.mark.parametrize("where", ["closed socket", "no socket", "unwritable", "damaged"])
def test_without_its_registry_nothing_is_sent(bench: Bench, where: str, state_: str) -> None:
    damaged = bench.folder / "damaged.sqlite"
    damaged.write_text("no database" * 100)
    registry = {
        "closed socket": f"postgresql://soc@127.0.0.1:{refused_port()}/blocks",
        "no socket": f"postgresql://soc@/blocks?host={bench.folder}",
        "unwritable": "/proc/blocks.sqlite",
        "damaged": str(damaged),
    }[where]
    with pytest.raises(RegistryError, match="registry") as caught:
        bench.run("ban", state=state_, registry=registry)
    assert caught.value.next_step
    assert list(bench.box.journal) == []


@pytest.mark.parametrize("method", ON_FORTIGATE)
def test_a_registry_that_is_lost_after_the_write(bench: Bench, method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The block is in force, so the audit log has it and the error says so; the next run takes it into the registry."""

    def lost(*_args: t.Any, **_more: t.Any) -> None:
        raise RegistryError("the server closed the connection")

    with monkeypatch.context() as patched:
        patched.setattr(Registry, "confirm", lost)
        with pytest.raises(RegistryError, match=r"in force.*next run") as caught:
            bench.run(method)
    assert on_list(bench.box, method) == set(TARGETS)
    assert {line["address"] for line in bench.lines() if line["result"] == "blocked"} == set(TARGETS)
    assert {one["address"] for one in caught.value.outcome["steps"]} == set(TARGETS)
    bench.run(method, run_id="again")
    assert bench.problems(method) == []


@pytest.mark.parametrize("method", ON_FORTIGATE)
def test_a_later_failure_of_the_same_run_keeps_what_it_has_blocked_before(bench: Bench, method: str) -> None:
    """A controller's job has one id, and may run the role twice."""
    bench.run(method, run_id="1001", ttl="3600")
    bench.clock.advance(60)
    verb, path = {
        "ban": ("POST", "add_users"),
        "feed_push": ("POST", "external-resource/dynamic"),
        "addrgrp": ("POST", "firewall/address?"),
    }[method]
    bench.box.fault("forbidden", method=verb, path=path)
    with pytest.raises(FortiGateError):
        bench.run(method, run_id="1001", ttl="14400", targets=[*TARGETS, "198.51.100.99"])
    assert on_list(bench.box, method) == set(TARGETS)
    assert bench.problems(method) == []
    bench.clock.advance(5 * 3600)
    bench.run(method, state="expired", run_id="expiry")
    assert on_list(bench.box, method) == set()


def test_who_may_block_one_vdom_may_list_unblock_and_expire(bench: Bench) -> None:
    """Two hosts of the inventory are one FortiGate, each with the token of its VDOM: neither meets the other's lists."""
    bench.box.switches.update({"vdom_admin_reads_global": False})
    usual: Data = {
        "registry": bench.registry,
        "vdom_token": True,
        "protect_infrastructure": True,
        "on_unresolved": "skip",
    }
    hosts = {
        vdom: Line.of(bench.box, token)._replace(host=f"fgt-{vdom}") for vdom, token in bench.box.vdom_tokens.items()
    }

    def run(vdom: str, **options: t.Any) -> Data:
        return operate(hosts[vdom], None, bench.clock.now, bench.clock.advance, vdoms=[vdom], **{**usual, **options})

    for vdom in hosts:
        run(vdom, targets=TARGETS, method="feed_push", run_id=f"feed-{vdom}")
        run(vdom, targets=TARGETS, method="ban", run_id=f"ban-{vdom}")
    assert all(on_list(bench.box, "feed_push", vdom=vdom) == set(TARGETS) for vdom in hosts)
    run("guest", state="absent", targets=TARGETS[:1], run_id="undo")
    assert on_list(bench.box, "ban", vdom="guest") == on_list(bench.box, "feed_push", vdom="guest") == set(TARGETS[1:])
    assert on_list(bench.box, "feed_push") == set(TARGETS)
    bench.clock.advance(3601)
    for vdom in hosts:
        run(vdom, state="expired", run_id="expiry")
        assert on_list(bench.box, "feed_push", vdom=vdom) == set()
    assert bench.problems("feed_push") == []


@pytest.mark.parametrize("odd", ["latin-1", "control"])
@pytest.mark.parametrize("method", ON_FORTIGATE)
def test_unclean_text_of_a_fortigate(bench: Bench, method: str, odd: str) -> None:
    bench.box.switches.update({"odd_text": {"alias": odd, "comment": odd}})
    bench.run(method, protect_infrastructure=True, on_unresolved="skip")
    assert on_list(bench.box, method) == set(TARGETS)
    bench.run(method, state="absent", run_id="undo")
    assert on_list(bench.box, method) == set()


@pytest.mark.parametrize("method", ON_FORTIGATE)
def test_text_that_nobody_needs_is_not_read(bench: Bench, method: str) -> None:
    """An alias with a quotation mark in it makes the whole reply unreadable where it is asked for."""
    bench.box.switches.update({"odd_text": {"alias": "quote"}})
    bench.run(method, protect_infrastructure=True, on_unresolved="skip")
    assert on_list(bench.box, method) == set(TARGETS)
    bench.run(method, state="absent", run_id="undo")
    assert on_list(bench.box, method) == set()


def test_a_reply_that_is_no_json_names_the_place() -> None:
    with pytest.raises(FortiGateError, match=r"not JSON at character [0-9]+"):
        Device(lambda *dummy: (200, '{"results": [{"alias": "a"b"}]}'), "fgt").vdom("root").read("monitor/user/banned")


@pytest.mark.parametrize("source", ["Administrative", "Manual"])
def test_whatever_a_fortigate_calls_a_ban_of_ours(bench: Bench, source: str) -> None:
    bench.box.switches.update({"ban_source": source})
    bench.run("ban")
    assert not bench.run("ban", run_id="again")["changed"]
    assert bench.run("ban", state="absent", run_id="undo")["changed"]
    assert on_list(bench.box, "ban") == set()


def test_a_word_that_nobody_knows_as_the_source_of_a_ban(bench: Bench) -> None:
    send = Line.of(bench.box).sender()

    def sent(*call: t.Any) -> tuple[int, str]:
        status, text = send(*call)
        return status, text.replace('"Administrative"', '"Operator (REST)"')

    bench.run("ban", sent)
    assert not bench.run("ban", sent, run_id="again")["changed"]
    assert bench.run("ban", sent, state="absent", run_id="undo")["changed"]
    assert on_list(bench.box, "ban") == set()


def test_a_feed_that_is_cut_off_in_silence_enforces_nothing(bench: Bench) -> None:
    bench.box.switches.update({"feed_cap": 2})
    with pytest.raises(FortiGateError, match="accepted_count 2 of 3") as caught:
        bench.run("feed_push")
    assert WRITTEN in str(caught.value) and on_list(bench.box, "feed_push") == set()
    assert bench.claims() == []


def test_objects_expire_by_their_comment_without_any_registry(bench: Bench) -> None:
    bench.run("addrgrp", ttl="60")
    bench.clock.advance(30)
    empty = str(bench.folder / "empty.sqlite")
    found = operate(
        Line.of(bench.box), None, bench.clock.now, state="expired", method="addrgrp", registry=empty, run_id="early"
    )
    assert not found["changed"] and on_list(bench.box, "addrgrp") == set(TARGETS)
    bench.clock.advance(31)
    found = operate(Line.of(bench.box), None, bench.clock.now, state="expired", registry=empty, run_id="expiry")
    assert {step["address"] for step in found["steps"]} == set(TARGETS)
    assert on_list(bench.box, "addrgrp") == orphans(bench.box) == set()


@pytest.mark.parametrize("operation", [{"state": "expired"}, {"state": "absent", "everything": True, "targets": []}])
def test_entries_that_nobody_knows_beside_ours_are_counted(bench: Bench, operation: Data) -> None:
    """With ours in the registry it is a notice; where nothing is ours, it is an error."""
    push = {"commands": [{"name": "soc-block", "command": "add", "entries": ["192.0.2.1", "192.0.2.2"]}]}
    path = "monitor/system/external-resource/dynamic?vdom=root"
    bench.box.other_administrator("POST", path, push)
    with pytest.raises(FortiViewError, match="2 entries of feed_push soc-block in VDOM root are not in the registry"):
        bench.run("feed_push", run_id="first", **{"targets": [], **operation})
    bench.run("feed_push", ttl="60")
    bench.clock.advance(61)
    found = bench.run("feed_push", run_id="second", **{"targets": [], **operation})
    assert any("2 entries of feed_push" in notice for notice in found["notices"])
    assert on_list(bench.box, "feed_push") == {"192.0.2.1", "192.0.2.2"}


@pytest.mark.parametrize(
    "fetches, switches, result",
    [
        (False, {}, "published"),
        (True, {}, "blocked"),
        (True, {"feed_cap": 2}, "published"),
        (True, {"denied": ["external-resource"]}, "published"),
    ],
)
def test_a_file_is_called_blocked_only_where_a_fortigate_has_it(
    bench: Bench, fetches: bool, switches: Data, result: str
) -> None:
    file = bench.folder / "feed.txt"
    bench.box.switches.update(switches)
    if fetches:
        source = {"name": "soc-block", "update-method": "feed", "resource": file.as_uri()}
        bench.box.configure("system/external-resource", [source])
    found = bench.run("feed_file", feed_file=str(file))
    assert {step["result"] for step in found["steps"]} == {result}
    assert {line["result"] for line in bench.lines()} == {result}
    assert set(file.read_text().split()) == set(TARGETS)


def test_without_a_stated_exclusion_list_nothing_is_sent(bench: Bench) -> None:
    """How empty text counts is shown in test_role.py."""
    with pytest.raises(FortiViewError, match="fortigate_block_never_extra"):
        bench.run("ban", never=None)
    assert list(bench.box.journal) == []

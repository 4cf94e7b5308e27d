# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The event source's own part: what is awaited, in which order, and how it ends."""

from __future__ import annotations

import asyncio
import json
import os
import pathlib
import runpy
import signal
import stat
import sys
import threading
import time
import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import (
    AuthenticationError,
    FortiViewError,
    InvalidInput,
    TransportError,
)
from ansible_collections.secops.fortiview.plugins.module_utils._glue import watching
from ansible_collections.secops.fortiview.plugins.module_utils._glue.stopping import take_signals_back
from unit.watch.support import answer_of, threat

from simulators.fortianalyzer import FortiAnalyzer, Switches

ROOT = pathlib.Path(__file__).resolve().parents[3]
# Through the link, as it is installed: run by its path, it finds the collection above itself.
FILE = ROOT / ".build/ansible_collections/secops/fortiview/extensions/eda/plugins/event_source/fortiview.py"
ACCESS = {"host": "faz.example.com", "username": "u", "password": "c4nary", "view": "top-threats", "initial": True}


class Queue:
    """Takes so many events, then waits for ever, as a full queue does."""

    def __init__(self, room: int = 1000) -> None:
        self.events: list[dict[str, t.Any]] = []
        self._room = room

    async def put(self, event: dict[str, t.Any]) -> None:
        if len(self.events) == self._room:
            await asyncio.sleep(3600)
        self.events.append(event)

    @property
    def names(self) -> list[str]:
        return [event["row"]["threat"] for event in self.events]


class ScriptedFortiAnalyzer:
    """Answers poll after poll with the given rows or errors, then says so by `asked_all`."""

    def __init__(self, *rounds: t.Union[list[str], FortiViewError]) -> None:
        self._rounds = list(rounds)
        self.polls = 0
        self.asked_all = threading.Event()

    def ask(self, queries: t.Sequence[t.Any]) -> list[t.Any]:
        self.polls += 1
        found = self._rounds[min(self.polls, len(self._rounds)) - 1]
        if self.polls > len(self._rounds):
            self.asked_all.set()
        if isinstance(found, FortiViewError):
            return [found.again() for dummy in queries]
        return [answer_of(query, [threat(name) for name in found]) for query in queries]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> t.Callable[..., None]:
    def run_source(queue: Queue, scripted: ScriptedFortiAnalyzer, **options: t.Any) -> None:
        """Until the appliance has answered all that it has, then cancelled."""
        main = runpy.run_path(str(FILE))["main"]

        class Watcher(watching.Watcher):
            pause = 0.0

            def __init__(self, args: t.Any, tell: t.Any) -> None:
                super().__init__(args, tell, ask=scripted.ask)

        monkeypatch.setitem(main.__globals__, "Watcher", Watcher)

        async def until_asked_all() -> None:
            source = asyncio.create_task(main(queue, {**ACCESS, **options}))
            asked = asyncio.create_task(asyncio.to_thread(scripted.asked_all.wait, 30))
            await asyncio.wait([source, asked], return_when=asyncio.FIRST_COMPLETED)
            scripted.asked_all.set()
            source.cancel()
            await source

        with pytest.raises(asyncio.CancelledError):
            asyncio.run(until_asked_all())

    return run_source


def test_each_thing_once(run: t.Callable[..., None]) -> None:
    queue = Queue()
    run(queue, ScriptedFortiAnalyzer(["A"], ["A", "B"], ["B", "A"], ["C"]))
    assert queue.names == ["A", "B", "C"]
    assert {event["host"] for event in queue.events} == {"faz.example.com"}
    assert "c4nary" not in json.dumps(queue.events)


def test_an_outage_ends_nothing(run: t.Callable[..., None]) -> None:
    queue, away = Queue(), TransportError("No connection")
    run(queue, ScriptedFortiAnalyzer(away, ["A"], away, away, ["A", "B"]))
    assert queue.names == ["A", "B"]


def test_a_refused_login_ends_it_after_one_try() -> None:
    main = runpy.run_path(str(FILE))["main"]
    with FortiAnalyzer() as faz:
        access = dict(ACCESS, host=faz.host, port=faz.port, ca_path=faz.ca_path, username=faz.username)
        with pytest.raises(FortiViewError) as caught:
            asyncio.run(main(Queue(), access))
        assert caught.value.kind == AuthenticationError.kind
        assert "c4nary" not in str(caught.value)
        assert len([entry for entry in faz.journal if "login" in (entry.url or "")]) == 1


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ({"host": "https://faz"}, "host"),
        ({"view": None}, "view"),
        ({"vieuw": "x"}, "vieuw"),
        ({"interval": "soon"}, "interval"),
        ({"time_range": {"last": "1h"}}, "time_range"),
        ({"api_token": "another"}, "more than one kind"),
        ({"wait_timeout": 0}, "wait_timeout"),
        ({"state_file": "/nowhere/state.json"}, "state_file"),
    ],
)
def test_wrong_options_are_refused(options: dict[str, t.Any], word: str) -> None:
    main = runpy.run_path(str(FILE))["main"]
    with pytest.raises(FortiViewError, match=word) as caught:
        asyncio.run(main(Queue(), {**ACCESS, **options}))
    assert caught.value.kind == InvalidInput.kind
    assert "c4nary" not in str(caught.value)


def test_a_restart_goes_on(run: t.Callable[..., None], tmp_path: pathlib.Path) -> None:
    path = tmp_path / "state.json"
    first, second = Queue(), Queue()
    run(first, ScriptedFortiAnalyzer(["A", "B"]), state_file=str(path))
    run(second, ScriptedFortiAnalyzer(["B", "A", "C"]), state_file=str(path))
    assert (first.names, second.names) == (["A", "B"], ["C"])
    files = sorted(tmp_path.iterdir())
    assert files == [path, tmp_path / "state.json~"]
    assert {stat.S_IMODE(one.stat().st_mode) for one in files} == {0o600}
    assert "c4nary" not in "".join(one.read_text() for one in files)


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, t.Any]]:
    """The states that were written, in order."""
    found: list[dict[str, t.Any]] = []
    write = watching.write_state

    def write_and_note(path: str, state: t.Any) -> None:
        found.append(json.loads(json.dumps(state)))
        write(path, state)

    monkeypatch.setattr(watching, "write_state", write_and_note)
    return found


def test_the_state_is_written_where_it_changed(
    run: t.Callable[..., None], tmp_path: pathlib.Path, written: list[dict[str, t.Any]]
) -> None:
    path = str(tmp_path / "state.json")
    run(Queue(), ScriptedFortiAnalyzer(["A"], ["A"], ["A"], ["A", "B"], ["A", "B"], ["A", "B"]), state_file=path)
    # Made at the start, the first row, the second, and at the end the time of the last answer.
    assert [len(state["known"]) for state in written] == [0, 1, 2, 2]
    assert written[3]["asked"]["top_threats"] > written[2]["asked"]["top_threats"]

    watching.Watcher(dict(ACCESS, state_file=path), print)
    assert len(written) == 4


def test_the_end_waits_for_a_write_that_runs(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cancelled while a thread writes; both would write the same file."""
    scripted = ScriptedFortiAnalyzer(["A"], ["A", "B"])
    watcher = watching.Watcher(dict(ACCESS, state_file=str(tmp_path / "state.json")), print, ask=scripted.ask)
    running = 0
    most = 0

    def slow(path: str, state: t.Any) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        begun.set()
        time.sleep(0.2)
        running -= 1

    monkeypatch.setattr(watching, "write_state", slow)
    begun = threading.Event()
    for dummy in range(2):
        this = watcher.poll()
        for finding in this.findings:
            watcher.reported(finding)
        watcher.ended(this)
        saver = threading.Thread(target=watcher.save)
        saver.start()
    assert begun.wait(30)
    watcher.end()
    saver.join()
    assert most == 1


def test_what_was_not_handed_over_comes_after_the_restart(run: t.Callable[..., None], tmp_path: pathlib.Path) -> None:
    path = str(tmp_path / "state.json")
    full, next_one = Queue(room=1), Queue()

    class FullQueue(Queue):
        async def put(self, event: dict[str, t.Any]) -> None:
            if self.events:
                scripted.asked_all.set()
            await full.put(event)
            self.events = full.events

    scripted = ScriptedFortiAnalyzer(["A", "B", "C"])
    run(FullQueue(), scripted, state_file=path)
    run(next_one, ScriptedFortiAnalyzer(["A", "B", "C"]), state_file=path)
    assert (full.names, next_one.names) == (["A"], ["B", "C"])


def test_cancelling_a_running_poll_logs_out() -> None:
    main = runpy.run_path(str(FILE))["main"]
    with FortiAnalyzer(Switches(task_seconds=600.0)) as faz:
        access = dict(
            ACCESS, host=faz.host, port=faz.port, ca_path=faz.ca_path, username=faz.username, password=faz.password
        )

        async def cancelled_while_polling() -> None:
            source = asyncio.create_task(main(Queue(), access))
            async with asyncio.timeout(30):
                while len(faz.fetches) < 2:
                    await asyncio.sleep(0.01)
            source.cancel()
            await source

        with pytest.raises(asyncio.CancelledError):
            asyncio.run(cancelled_while_polling())
        assert faz.open_sessions == []
        assert faz.live_tasks == []
        assert faz.check() == []


def test_a_task_that_is_late_does_not_stay() -> None:
    told: list[str] = []
    with FortiAnalyzer(Switches(task_seconds=600.0)) as faz:
        access = dict(
            ACCESS,
            host=faz.host,
            port=faz.port,
            ca_path=faz.ca_path,
            username=faz.username,
            password=faz.password,
            wait_timeout=2.0,
        )
        watching.Watcher(access, told.append).poll()
        assert faz.live_tasks == []
        assert faz.check() == []
    assert len(told) == 1 and "deleted" in told[0]


def test_the_same_name_elsewhere_is_not_taken() -> None:
    """Another source that put its own root on the path does not lend this one its modules."""
    assert "plugins.module_utils" not in sys.modules
    module = runpy.run_path(str(FILE))
    assert module["Watcher"] is watching.Watcher


def test_a_signal_reaches_its_handler_between_two_steps() -> None:
    """However many sources there are; and no task is in the midst of anything then."""
    called: list[t.Any] = []

    def handler(number: int, frame: object) -> None:
        try:
            task = asyncio.current_task()
        except RuntimeError:
            task = None
        called.append((number, frame, task))

    async def two_sources() -> None:
        loop = asyncio.get_running_loop()
        take_signals_back(loop)
        take_signals_back(loop)
        os.kill(os.getpid(), signal.SIGTERM)
        async with asyncio.timeout(30):
            while not called:
                await asyncio.sleep(0)

    before = signal.signal(signal.SIGTERM, handler)
    try:
        asyncio.run(two_sources())
    finally:
        signal.signal(signal.SIGTERM, before)
    assert called == [(signal.SIGTERM, None, None)]

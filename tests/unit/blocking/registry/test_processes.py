# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Several runs at once, each a process of its own, on one registry; and runs that are killed."""

from __future__ import annotations

import contextlib
import os
import pathlib
import signal
import subprocess
import sys
import time
import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.registry import engines
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.registry.records import RegistryError
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.registry.store import Registry, open_registry

from support.registries import FEED, Clock, claim

ROOT = pathlib.Path(__file__).resolve().parents[4]
START = """
import sys, time
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.registry import engines, store
from support.registries import FEED, claim
ADDRESSES = [f"203.0.113.{number}" for number in range(1, 101)]
where = sys.argv[1]
def say(word):
    print(word, flush=True)
"""
HOLD = """
with store.open_registry(where) as registry, registry.lock([FEED], 5, run_id="41"):
    registry.attempt([claim(run_id="41")])
    say("held")
    sys.stdin.read()
    registry.end(FEED, ["203.0.113.1"], "rolled_back", run_id="41")
say("released")
"""
# The run stops for good between two statements of one transaction.
HALF = """
registry = store.open_registry(where)
row = store._row(claim(run_id="41"))
with registry._engine.transaction():
    registry._engine.run_each(store.REPLACE, [store._row(claim(address, "41")) for address in ADDRESSES])
    say("half")
    sys.stdin.read()
"""
CROSSING = """
places = [FEED, FEED._replace(list="other")]
with store.open_registry(where) as registry:
    say("begun")
    for number in range(20):
        with registry.lock(places if sys.argv[2] == "1" else places[::-1], 60, run_id=sys.argv[2]):
            count = registry.answer("counter", "", 1e9) or 0
            registry.attempt([claim(address, sys.argv[2]) for address in ADDRESSES[:5]])
            registry.end(FEED, ADDRESSES[:5], "removed", sys.argv[2])
            registry.keep_answer("counter", "", count + 1)
say("done")
"""
OPENING = """
with store.open_registry(where) as registry:
    registry.attempt([claim(run_id=sys.argv[2])])
say("done")
"""
WRITING = """
engine = engines.connect(where)
engine.run("PRAGMA busy_timeout = 100")
try:
    with engine.transaction():
        say("written")
except engine.errors as exc:
    say(exc)
"""


@contextlib.contextmanager
def process(code: str, *arguments: str) -> t.Iterator[subprocess.Popen[str]]:
    env = {**os.environ, "PYTHONPATH": f"{ROOT / '.build'}:{ROOT / 'tests'}"}
    command = [sys.executable, "-c", START + code, *arguments]
    with subprocess.Popen(command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as started:
        try:
            yield started
        finally:
            started.kill()


def heard(started: subprocess.Popen[str]) -> str:
    assert started.stdout is not None
    return started.stdout.readline().strip()


def test_a_list_that_another_run_changes_is_waited_for(registry: Registry, where: str, clock: Clock) -> None:
    with process(HOLD, where) as holder:
        assert heard(holder) == "held"
        with pytest.raises(RegistryError) as caught, registry.lock([FEED], 3):
            pytest.fail("two runs change the same list")
        assert clock.time - 1_800_000_000 == pytest.approx(3)
        assert "run 41" in str(caught.value) and "feed_push soc-block, VDOM root on fgt-hq" in str(caught.value)
        with registry.lock([FEED._replace(list="other"), FEED._replace(vdom="guest")], 0):
            pass
        with pytest.raises(RegistryError), registry.lock([FEED._replace(host="renamed")], 0):
            pytest.fail("the serial number is the same")
        holder.communicate(timeout=10)
        with registry.lock([FEED], 0):
            assert registry.find() == []


def test_waiting_ends_when_the_other_run_does(where: str) -> None:
    with process(HOLD, where) as holder, open_registry(where, sleep=time.sleep) as registry:
        assert heard(holder) == "held"
        ending = []

        def sleep(seconds: float) -> None:
            if not ending:
                assert holder.stdin is not None
                holder.stdin.close()
                ending.append(True)
            time.sleep(seconds)

        with open_registry(where, sleep=sleep) as patient, patient.lock([FEED], 30, run_id="42"):
            assert ending and registry.find() == []


def test_a_killed_run_holds_no_lock_and_leaves_its_claims(registry: Registry, where: str) -> None:
    with process(HOLD, where) as holder:
        assert heard(holder) == "held"
        holder.send_signal(signal.SIGKILL)
        holder.wait(10)
        with open_registry(where) as other, other.lock([FEED], 10):
            assert other.standing(FEED) == {"203.0.113.1": [claim(run_id="41")]}


def test_the_roll_back_of_one_run_leaves_the_claim_of_the_other(registry: Registry, where: str) -> None:
    with process(HOLD, where) as holder:
        assert heard(holder) == "held"
        registry.attempt([claim(run_id="42")])
        assert [one.run_id for one in registry.standing(FEED)["203.0.113.1"]] == ["41", "42"]
        holder.communicate(timeout=10)
    assert registry.find() == [claim(run_id="42")]


def test_a_run_that_is_killed_between_two_statements_leaves_nothing_of_them(registry: Registry, where: str) -> None:
    with process(HALF, where) as half:
        assert heard(half) == "half"
        assert registry.find() == []
        half.send_signal(signal.SIGKILL)
        half.wait(10)
    registry.attempt([claim()])
    assert registry.find() == [claim()]


def test_an_error_between_two_statements_leaves_nothing_of_them(registry: Registry) -> None:
    registry.remember("FG1", "fgt-hq", [("203.0.113.1", "interface")])
    with pytest.raises(RegistryError):
        registry.remember("FG1", "fgt-hq", [("203.0.113.2", "DNS"), ("203.0.113.3", None)])  # type: ignore[list-item]
    assert [one.address for one in registry.remembered()] == ["203.0.113.1"]


def test_two_runs_that_lock_in_another_order_both_end(registry: Registry, where: str) -> None:
    with process(CROSSING, where, "1") as one, process(CROSSING, where, "2") as other:
        for run in (one, other):
            output, _none = run.communicate(timeout=60)
            assert output.split() == ["begun", "done"]
    with open_registry(where) as later:
        assert later.answer("counter", "", 1e9) == 40
        assert later.find() == []


def test_two_runs_may_open_a_new_registry_at_once(where: str) -> None:
    with contextlib.ExitStack() as stack:
        runs = [stack.enter_context(process(OPENING, where, str(number))) for number in range(4)]
        assert [run.communicate(timeout=60)[0] for run in runs] == ["done\n"] * 4
    with open_registry(where) as registry:
        assert sorted(one.run_id for one in registry.find()) == ["0", "1", "2", "3"]


def test_a_lock_is_released_after_an_error(registry: Registry) -> None:
    with pytest.raises(KeyError), registry.lock([FEED, FEED], 0):
        raise KeyError
    with registry.lock([FEED], 0), registry.lock([], 0):
        pass


@pytest.mark.postgresql
def test_a_connection_that_breaks_ends_the_run(postgresql_url: str) -> None:
    """And no other connection is made for it: the lock went with the first."""
    with open_registry(postgresql_url) as registry:
        with registry.lock([FEED], 0, run_id="41"), engines.Postgresql(postgresql_url) as other:
            other.rows(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = ?",
                ("fortiview, run 41",),
            )
            with pytest.raises(RegistryError):
                registry.attempt([claim()])
        with pytest.raises(RegistryError):
            registry.find()


def test_a_second_connection_of_a_process_keeps_the_locks_of_the_first(tmp_path: pathlib.Path) -> None:
    """The system drops all locks of a process on a file as soon as the process closes one descriptor of it."""
    where = str(tmp_path / "registry")
    with open_registry(where) as registry:
        with registry._engine.transaction():
            open_registry(where).close()
            with process(WRITING, where) as other:
                assert heard(other) == "database is locked"
        with process(WRITING, where) as other:
            assert heard(other) == "written"

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The event source between its awaits: options, state and connection of a watch."""

from __future__ import annotations

import pathlib
import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import (
    AuthenticationError,
    FortiViewError,
    InvalidInput,
    TransportError,
)
from ansible_collections.secops.fortiview.plugins.module_utils._glue import watching
from unit.watch.support import answer_of, threat

from simulators.fortianalyzer import FortiAnalyzer, Switches

ACCESS = {"host": "faz.example.com", "username": "u", "password": "c4nary", "view": "top-threats", "initial": True}


def watcher_of(*rounds: t.Union[list[str], FortiViewError], told: t.Any = print, **options: t.Any) -> watching.Watcher:
    """Each poll is answered with the next names of threats, or error."""
    left = list(rounds)

    def ask(queries: t.Sequence[t.Any]) -> list[t.Any]:
        found = left.pop(0)
        if isinstance(found, FortiViewError):
            return [found.again() for dummy in queries]
        return [answer_of(query, [threat(name) for name in found]) for query in queries]

    return watching.Watcher({**ACCESS, **options}, told, ask=ask)


def names(this: watching.Round) -> list[str]:
    return [finding.event["row"]["threat"] for finding in this.findings]


def test_a_finding_that_was_not_reported_comes_again() -> None:
    watcher = watcher_of(["A", "B"], ["A", "B"], ["A", "B"])
    first = watcher.poll()
    watcher.reported(first.findings[0])
    assert names(first) == ["A", "B"] and names(watcher.poll()) == ["B"]


def test_an_outage_makes_the_pause_longer_and_is_logged_without_the_password() -> None:
    told: list[str] = []
    away = TransportError("No connection")
    watcher = watcher_of(away, away, ["A"], told=told.append)
    pause = watcher.pause
    for dummy in range(2):
        assert watcher.poll().findings == []
    assert watcher.pause > pause and "No connection" in told[0] and "c4nary" not in str(told)
    assert names(watcher.poll()) == ["A"] and watcher.pause == pause


def test_a_refused_login_ends_the_watch() -> None:
    with pytest.raises(AuthenticationError, match=r"faz\.example\.com"):
        watcher_of(AuthenticationError("No")).poll()


def test_an_incomplete_answer_is_no_answer() -> None:
    """Rows that are missing in it would be reported as new by the next poll."""
    told: list[str] = []

    def ask(queries: t.Sequence[t.Any]) -> list[t.Any]:
        return [answer_of(query, [threat("A")])._replace(complete=False) for query in queries]

    this = watching.Watcher(ACCESS, told.append, ask=ask).poll()
    assert this.results == [None] and this.findings == [] and "not complete" in told[0]


def test_a_stopped_watch_sends_nothing() -> None:
    watcher = watching.Watcher({**ACCESS, "host": "127.0.0.1", "port": 1}, print)
    watcher.stop()
    with pytest.raises(watching.Stopped):
        watcher.poll()


def test_a_watch_goes_on_where_its_state_file_ended(tmp_path: pathlib.Path) -> None:
    path = str(tmp_path / "state.json")
    watcher = watcher_of(["A"], state_file=path)
    this = watcher.poll()
    watcher.reported(this.findings[0])
    watcher.ended(this)
    watcher.end()
    assert names(watcher_of(["A", "B"], state_file=path).poll()) == ["B"]


@pytest.mark.parametrize("never", [[], ["198.51.100.0/24", "2001:db8::1"], "198.51.100.7, 203.0.113.0/24"])
def test_an_exclusion_list_that_is_stated_is_taken(never: t.Any) -> None:
    watching.Watcher(dict(ACCESS, never=never), print)


@pytest.mark.parametrize(
    ("never", "words"),
    [
        (None, "Set it to the list of addresses"),
        ("", "Set it to the list of addresses"),
        (" ", "Set it to the list of addresses"),
        ("\n,\n", "Set it to the list of addresses"),
        (["198.51.100.0/33"], "198.51.100.0/33"),
        (["partner.example.com"], "partner.example.com"),
        ([None], "never"),
        ({"198.51.100.7": "scanner"}, "never"),
        (False, "never"),
    ],
)
def test_an_exclusion_list_that_says_nothing_is_refused(never: t.Any, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        watching.Watcher(dict(ACCESS, never=never), print)


def test_environment_and_text_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("HOST", "faz.example.com"), ("API_TOKEN", "key"), ("VALIDATE_CERTS", "no")):
        monkeypatch.setenv(f"FAZ_{name}", value)
    watcher = watching.Watcher({"view": "top-threats", "interval": "5", "limit": "7"}, print)
    assert watcher.pause == 5.0


def test_a_state_that_cannot_be_written_is_refused_at_the_start(tmp_path: pathlib.Path) -> None:
    path, other = tmp_path / "state.json", tmp_path / "state.json~"
    watching.Watcher(dict(ACCESS, state_file=str(path)), print)
    other.unlink()
    other.mkdir()
    with pytest.raises(InvalidInput, match="cannot be written"):
        watching.Watcher(dict(ACCESS, state_file=str(path)), print)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"version": 1}', "\x00" * 10])
def test_a_damaged_state_file_is_refused(tmp_path: pathlib.Path, text: str) -> None:
    path = tmp_path / "state.json"
    path.write_text(text)
    with pytest.raises(InvalidInput, match="Remove the file"):
        watching.Watcher(dict(ACCESS, state_file=str(path)), print)
    assert path.read_text() == text


def test_what_is_wrong_with_the_way_to_the_appliance_is_told_once() -> None:
    told: list[str] = []
    with FortiAnalyzer(Switches(task_seconds=0.0)) as faz:
        access = dict(
            ACCESS, host=faz.host, port=faz.port, validate_certs=False, username=faz.username, password=faz.password
        )
        watcher = watching.Watcher(access, told.append)
        faz.fault("error", url="/sys/logout", times=99, code=-1, message=f"{faz.password} is on fire")
        for dummy in range(3):
            watcher.poll()
    assert len(told) == 2
    assert [text for text in told if "certificate of FortiAnalyzer was not verified" in text]
    assert [text for text in told if f"Could not log out of the session on {faz.host} (******** is on fire)" in text]

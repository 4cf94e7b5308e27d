# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The blocks of an audit file as claims, once."""

from __future__ import annotations

import datetime
import json
import pathlib
import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.registry import importing
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.registry.records import Claim, Place
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.registry.store import open_registry

FEED = Place(serial="FG1", host="fgt-hq", vdom="root", method="feed_push", list="soc-block")
NOON = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.timezone.utc).timestamp()
PAST, FUTURE = "2026-03-01T13:00:00Z", "2999-03-01T12:00:00Z"


def line(ip: str = "203.0.113.1", result: str = "blocked", **more: t.Any) -> str:
    """As it was written by the role."""
    usual = {
        "time": "2026-03-01T12:00:00Z",
        "run_id": "42",
        "job_user": "soc",
        "host": "fgt-hq",
        "serial": "FG1",
        "vdom": "root",
        "method": "feed_push",
        "list": "soc-block",
        "ttl": 3600,
        "expires": PAST,
        "reason": "Sig.A",
        "evidence": "3 incidents",
        "before": None,
        "after": None,
    }
    return json.dumps({**usual, "ip": ip, "result": result, **more}) + "\n"


def standing(*lines: str) -> dict[str, Claim]:
    records, unreadable = importing.read(lines)
    assert unreadable == 0
    return {one.address: one for one in importing.claims_of(records, NOON + 7200)}


def test_a_block_becomes_a_claim() -> None:
    wanted = Claim(
        place=FEED,
        address="203.0.113.1",
        run_id="42",
        user="soc",
        claimed_at=NOON,
        expires_at=NOON + 3600,
        ttl=3600,
        reasons=("Sig.A", "3 incidents"),
        threats=(),
        state="active",
    )
    assert standing(line()) == {"203.0.113.1": wanted}


@pytest.mark.parametrize(
    ("results", "state"),
    [
        (["attempted"], "attempted"),
        (["attempted", "blocked"], "active"),
        (["blocked", "extended"], "active"),
        (["blocked", "left"], "left"),
        (["blocked", "unchanged"], "active"),
        (["blocked", "removed"], None),
        (["blocked", "expired"], None),
        (["attempted", "rolled_back"], None),
        (["blocked", "absent"], None),
        (["removed", "blocked"], "active"),
        (["refused"], None),
        (["foreign"], None),
    ],
)
def test_the_last_line_decides(results: list[str], state: t.Optional[str]) -> None:
    found = standing(*(line(result=result) for result in results))
    assert [one.state for one in found.values()] == ([state] if state else [])


def test_a_renamed_fortigate_and_a_failover_are_the_same() -> None:
    assert standing(line(), line(result="removed", host="renamed")) == {}
    assert standing(line(), line(result="removed", serial="FG9")) == {}
    assert standing(line(), line(result="removed", serial="FG9", host="other")) != {}
    assert standing(line(), line(result="removed", vdom="guest")) != {}


def test_a_file_is_one_whichever_host_wrote_it() -> None:
    of_file = {"method": "feed_file", "list": "/srv/block.txt", "vdom": "", "serial": ""}
    (found,) = standing(line(**of_file)).values()
    assert found.place == Place(serial="", host="", vdom="", method="feed_file", list="/srv/block.txt")
    assert standing(line(**of_file), line(**of_file, result="removed", host="fgt-branch")) == {}


def test_a_ban_ends_by_itself_and_the_others_do_not() -> None:
    ban = {"method": "ban", "list": ""}
    assert standing(line(**ban)) == {}
    assert set(standing(line(**ban, expires=FUTURE), line("203.0.113.2", **ban, expires=None, ttl=0))) == {
        "203.0.113.1",
        "203.0.113.2",
    }


@pytest.mark.parametrize(
    "broken",
    [
        "{",
        "[]",
        "7",
        "[" * 100_000,
        line(result="vanished"),
        line(expires="tomorrow"),
        line(time=None),
        line(serial=7),
        line(ip=None),  # type: ignore[arg-type]
        line(ttl="long"),
        json.dumps({"ip": "203.0.113.1", "result": "blocked"}),
    ],
)
def test_a_line_that_cannot_be_read_fails_the_import(
    broken: str, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    audit, registry = tmp_path / "audit.jsonl", str(tmp_path / "registry")
    audit.write_text(line() + broken.strip() + "\n\n")
    assert importing.main([str(audit), registry]) == 1
    assert f"1 line of {audit} could not be read" in capsys.readouterr().err
    with open_registry(registry) as opened:
        assert opened.find() == []
    assert importing.main([str(audit), registry, "--skip-unreadable"]) == 0
    assert (
        "Imported 1 claim. The registry already contained 0 other claims. 1 line could not be read."
        in capsys.readouterr().out
    )


def test_a_second_import_changes_nothing(
    where: str, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    audit = tmp_path / "audit.jsonl"
    audit.write_text(line(reason="a\0b", host="fgt-\ud800") + line("203.0.113.2") + line("203.0.113.3"))
    assert importing.main([str(audit), where]) == 0
    assert "Imported 3 claims" in capsys.readouterr().out
    with open_registry(where) as registry:
        registry.end(FEED, ["203.0.113.2"], "removed")
        registry.attempt([one._replace(state="unverified") for one in registry.find(["203.0.113.3"])])
        before = registry.find(), registry.history()
        assert importing.main([str(audit), where]) == 0
        assert (registry.find(), registry.history()) == before
    assert "Imported 0 claims. The registry already contained 3 other claims." in capsys.readouterr().out


def test_what_cannot_be_opened_is_said(tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert importing.main([str(tmp_path / "nothing"), str(tmp_path / "registry")]) == 1
    (tmp_path / "audit").write_text(line())
    assert importing.main([str(tmp_path / "audit"), "registry"]) == 1
    said = capsys.readouterr().err
    assert "No such file" in said and "fortigate_block_registry" in said

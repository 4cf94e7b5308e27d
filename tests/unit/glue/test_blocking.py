# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""fortigate_block and fortigate_block_info from their options: a published file needs no FortiGate, everything else does."""

from __future__ import annotations

import pathlib
import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import FortiViewError, InvalidInput
from ansible_collections.secops.fortiview.plugins.module_utils._glue.blocking import (
    block_arguments,
    fortigate_block,
    fortigate_block_info,
    info_arguments,
    registry_of,
)
from ansible_collections.secops.fortiview.plugins.module_utils._glue.fortigate import HostContext

from component.support import defaults

NOW = 1_800_000_000.0
Data = dict[str, t.Any]


def context(check: bool = False, now: float = NOW) -> HostContext:
    return HostContext(None, check, lambda: now, lambda dummy: None)


@pytest.fixture
def options(tmp_path: pathlib.Path) -> Data:
    """Of a file that a web server publishes."""
    return defaults(
        block_arguments(),
        method="feed_file",
        feed_file=str(tmp_path / "feed.txt"),
        registry=str(tmp_path / "blocks.sqlite"),
        audit_log=str(tmp_path / "audit.jsonl"),
        never=["192.0.2.0/24"],
        protect_infrastructure=False,
        require_policy=False,
        run_id="7",
        host="soar",
    )


def file_of(options: Data) -> str:
    path = pathlib.Path(options["feed_file"])
    return path.read_text() if path.exists() else ""


def test_a_published_file_is_written_and_its_addresses_are_listed(options: Data) -> None:
    found = fortigate_block({**options, "targets": ["198.51.100.7", "2001:db8::7"]}, context())
    assert found["changed"] and {one["address"] for one in found["steps"]} == {"198.51.100.7", "2001:db8::7"}
    assert "198.51.100.7" in file_of(options) and "2001:db8::7" in file_of(options)
    assert "198.51.100.7 until " in found["diff"]["after"] and found["diff"]["before"] == ""
    again = fortigate_block({**options, "targets": ["198.51.100.7"]}, context())
    assert not again["changed"] and again["diff"]["after"] == ""
    info = {key: options[key] for key in ("method", "feed_file", "registry", "host")}
    listed = fortigate_block_info(defaults(info_arguments(), **info), context())
    assert {one["address"] for one in listed["blocks"]} == {"198.51.100.7", "2001:db8::7"}
    assert listed["changed"] is False and listed["diff"] == {}


def test_check_mode_writes_neither_file_nor_log(options: Data) -> None:
    planned = fortigate_block({**options, "targets": ["198.51.100.7"]}, context(check=True))
    assert planned["changed"] and "198.51.100.7" in planned["diff"]["after"]
    assert file_of(options) == "" and not pathlib.Path(options["audit_log"]).exists()
    assert fortigate_block({**options, "targets": ["198.51.100.7"]}, context())["changed"]


def test_what_was_blocked_is_unblocked_and_expires(options: Data) -> None:
    fortigate_block({**options, "targets": ["198.51.100.7", "198.51.100.8"]}, context())
    gone = fortigate_block({**options, "state": "absent", "targets": ["198.51.100.7"]}, context())
    assert gone["changed"] and "198.51.100.7" in gone["diff"]["before"] and "198.51.100.7" not in file_of(options)
    early = fortigate_block({**options, "state": "expired"}, context(now=NOW + 3599))
    assert not early["changed"] and "198.51.100.8" in file_of(options)
    late = fortigate_block({**options, "state": "expired"}, context(now=NOW + 3601))
    assert late["changed"] and "198.51.100.8" not in file_of(options)


@pytest.mark.parametrize("target", ["192.0.2.7", "10.0.0.1", "127.0.0.1", "0.0.0.0/0"])
def test_a_protected_address_is_in_no_file(target: str, options: Data) -> None:
    with pytest.raises(FortiViewError, match=target):
        fortigate_block({**options, "targets": [target, "198.51.100.7"]}, context())
    assert file_of(options) == ""
    found = fortigate_block({**options, "targets": [target, "198.51.100.7"], "on_protected": "skip"}, context())
    assert [one["address"] for one in found["refused"]] == [target]
    assert target.partition("/")[0] not in file_of(options)


def test_a_block_needs_targets_and_a_stated_exclusion_list(options: Data) -> None:
    with pytest.raises(InvalidInput, match="targets is missing"):
        fortigate_block(options, context())
    with pytest.raises(InvalidInput, match="never"):
        fortigate_block({**options, "targets": ["198.51.100.7"], "never": None}, context())
    assert file_of(options) == ""
    # A plan blocks nobody.
    assert fortigate_block({**options, "targets": ["198.51.100.7"], "never": None}, context(check=True))["changed"]


@pytest.mark.parametrize("method", ["ban", "feed_push", "addrgrp"])
def test_other_methods_need_the_connection_of_a_fortigate(method: str, options: Data) -> None:
    with pytest.raises(InvalidInput, match="connection"):
        fortigate_block({**options, "method": method, "targets": ["198.51.100.7"]}, context())


def test_the_registry_is_a_file_of_the_user_unless_it_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "/state")
    assert registry_of({}) == "/state/secops.fortiview/blocks.sqlite" == registry_of({"registry": ""})
    assert registry_of({"registry": "postgresql://db/x"}) == "postgresql://db/x"
    monkeypatch.setenv("XDG_STATE_HOME", "")
    monkeypatch.setenv("HOME", "/home/soc")
    assert registry_of({"registry": None}) == "/home/soc/.local/state/secops.fortiview/blocks.sqlite"

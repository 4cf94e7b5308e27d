# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rows with text as an attacker wrote it: none is lost, and one warning says which query has it."""

from __future__ import annotations

import json
import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import FortiViewError, Garbled
from ansible_collections.secops.fortiview.plugins.module_utils._glue import watching

from component.support import Client
from simulators.fortianalyzer import FortiAnalyzer

# What is shown in place of what the appliance sends.
KINDS = {
    "latin-1": "\ufffd",
    "control": "\x1b\t",
    "nul": "\0",
    "half pair": "\ufffd",
    "odd escape": "\\x41",
}


def unclean(result: dict[str, t.Any]) -> list[str]:
    return [text for text in result["warnings"] if "invalid text" in text]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("column", ["threat", "threattype"])
def test_every_row_is_kept(client: Client, faz: FortiAnalyzer, dialect: str, kind: str, column: str) -> None:
    clean = client.ask(view="top-threats")["result"]
    # Both polls and the last reply have it.
    faz.switches.update({"odd_text": {column: kind}, "task_seconds": 3.0})
    result = client.ask(view="top-threats")["result"]
    assert result["complete"]
    assert result["rows"][1:] == clean["rows"][1:]
    half = len(clean["rows"][0][column]) // 2
    shown = clean["rows"][0][column][:half] + KINDS[kind] + clean["rows"][0][column][half:]
    assert result["rows"][0] == {**clean["rows"][0], column: shown}
    (said,) = unclean(result)
    assert "top-threats" in said and "ADOM root" in said
    assert unclean(clean) == []
    json.dumps(result, ensure_ascii=False).encode()


def test_each_query_with_it_says_so(client: Client, faz: FortiAnalyzer) -> None:
    faz.switches.odd_text = {"threat": "latin-1"}
    queries = [{"view": "top-threats", "adom": adom} for adom in ("root", "Branch_Office")] + [{"view": "top-sources"}]
    results = client.ask(queries=queries)["results"]
    assert [len(unclean(result)) for result in results] == [1, 1, 0]


def test_a_ticket_that_is_read_later(client: Client, faz: FortiAnalyzer) -> None:
    faz.switches.odd_text = {"threat": "latin-1"}
    tasks = client.submit(view="top-threats")["tasks"]
    result = client.read(tasks=tasks, raw=True, delete=True)["result"]
    assert result["rows"] and len(unclean(result)) == 1
    assert "\ufffd" in json.dumps(result["raw"], ensure_ascii=False)


def test_pages_of_a_long_ranking(client: Client, faz: FortiAnalyzer) -> None:
    faz.switches.update({"synthetic_rows": {"top-threats": 2500}, "odd_text": {"threat": "latin-1"}})
    result = client.ask(view="top-threats", limit=2500)["result"]
    assert (len(result["rows"]), result["complete"], len(unclean(result))) == (2500, True, 1)


def test_logs_with_it(client: Client, faz: FortiAnalyzer) -> None:
    faz.switches.update(
        {
            "missing_views": ["threat-src-dst", "source-threat", "destination-threat"],
            "odd_text": {"srccountry": "latin-1"},
        }
    )
    clean = client.find(threats=["Apache.Log4j.Error.Log.Remote.Code.Execution"])
    assert clean["offenders"]
    assert len(unclean(clean)) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_an_address_with_it_is_no_address(client: Client, faz: FortiAnalyzer, kind: str) -> None:
    threat = "Apache.Log4j.Error.Log.Remote.Code.Execution"
    clean = {one["address"] for one in client.find(threats=[threat])["offenders"]}
    faz.switches.odd_text = {"srcip": kind}
    found = client.find(threats=[threat])
    assert {one["address"] for one in found["offenders"]} <= clean
    assert len(unclean(found)) == 1


def test_a_threat_whose_name_is_lost_is_missing_and_it_is_said(client: Client, faz: FortiAnalyzer) -> None:
    found = client.find(threats=["Rechnung_M\ufffdrz.exe"])
    assert found["missing"] == [{"adom": "root", "threat": "Rechnung_M\ufffdrz.exe"}]
    assert any("could not be read" in text for text in found["warnings"])


def test_what_is_no_json_is_named_with_its_place(client: Client, faz: FortiAnalyzer, dialect: str) -> None:
    faz.switches.odd_text = {"threat": "quote"}
    with pytest.raises(Garbled, match=r"at byte \d+ of \d+") as caught:
        client.ask(view="top-threats")
    failure = caught.value.to_fail_json()
    assert failure["error"]["kind"] == "garbled" and failure["tasks"]
    assert "top-threats" in failure["msg"] and "filter" in failure["error"]["next_step"]
    assert faz.password not in failure["msg"]


def watcher(faz: FortiAnalyzer, told: list[str]) -> watching.Watcher:
    return watching.Watcher(
        {
            "host": faz.host,
            "port": faz.port,
            "ca_path": faz.ca_path,
            "username": faz.username,
            "password": faz.password,
            "view": "top-threats",
            "window": 86400.0,
            "initial": True,
        },
        told.append,
    )


def test_the_event_source_has_it_at_the_first_poll() -> None:
    told: list[str] = []
    with FortiAnalyzer() as faz:
        faz.switches.odd_text = {"threat": "latin-1"}
        watch = watcher(faz, told)
        this = watch.poll()
        watch.poll()
    assert "\ufffd" in this.findings[0].event["row"]["threat"]
    assert len([text for text in told if "invalid text" in text]) == 1


def test_a_garbled_reply_does_not_end_the_event_source() -> None:
    """Not even at the first poll, as what is no FortiAnalyzer does."""
    told: list[str] = []
    with FortiAnalyzer() as faz:
        faz.switches.odd_text = {"threat": "quote"}
        watch = watcher(faz, told)
        assert watch.poll().results == [None]
        faz.switches.odd_text = {}
        assert watch.poll().findings
        faz.fault("not_json", url="/sys/status")
        with pytest.raises(FortiViewError):
            watcher(faz, told).poll()
    assert "at byte" in told[0] and "again" in told[1]

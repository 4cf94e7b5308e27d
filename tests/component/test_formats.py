# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Request formats that differ by release: the right one is found, by one fallback each, and named.

See protocol_fortianalyzer.rst, "Differences between sources".
"""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import ApiError, FortiViewError

from component.support import Client
from simulators.fortianalyzer import FortiAnalyzer


@pytest.mark.parametrize("accepted", ["devid:All_Devices", "devname:All_Device", "devid:All_FortiGate"])
def test_all_devices_by_whatever_word(client: Client, faz: FortiAnalyzer, dialect: str, accepted: str) -> None:
    faz.switches.all_words = [accepted]
    result = client.ask(view="top-threats")["result"]
    assert result["rows"]
    assert result["device"] == [dict([accepted.split(":")])]
    assert len(result["warnings"]) == ["devid:All_Devices", "devname:All_Device", "devid:All_FortiGate"].index(accepted)
    assert faz.live_tasks == []


def test_all_devices_as_a_user_spelled_it(client: Client, faz: FortiAnalyzer) -> None:
    faz.switches.all_words = ["devid:All_Devices"]
    assert client.ask(view="top-threats", device=["All_Device"])["result"]["rows"]


def test_the_other_word_is_tried_when_a_ticket_is_read(client: Client, faz: FortiAnalyzer, dialect: str) -> None:
    faz.switches.all_words = ["devname:All_Device"]
    tickets = client.submit(view="top-threats")["tasks"]
    assert client.read(tasks=tickets)["result"]["rows"]


def test_an_unknown_device_is_an_empty_answer_with_a_warning(client: Client, faz: FortiAnalyzer, dialect: str) -> None:
    result = client.ask(view="top-threats", device=["no-such-firewall"])["result"]
    assert result["rows"] == []
    assert "The query was sent again with devid no-such-firewall" in result["warnings"][0]
    assert "does not have" in result["warnings"][1]
    assert [params.get("count-total") for params in faz.submits] == [None, True, True]


@pytest.mark.parametrize("device", ["FG100FTK20000001", "fgt-hq", "FG100FTK20000002[root]", "FG100FTK20000002[guest]"])
def test_one_device_by_serial_name_or_vdom(client: Client, faz: FortiAnalyzer, dialect: str, device: str) -> None:
    everything = client.ask(view="top-threats", time_range={"last": "7d"})["result"]
    one = client.ask(view="top-threats", time_range={"last": "7d"}, device=[device])["result"]
    assert one["rows"]
    assert sum(row["incidents"] for row in one["rows"]) < sum(row["incidents"] for row in everything["rows"])


@pytest.mark.parametrize("form", [None, "status"])
def test_a_task_path_that_is_refused_in_any_words_is_left_for_the_short_one(
    client: Client, faz: FortiAnalyzer, dialect: str, form: str | None
) -> None:
    faz.switches.update({"fetch_paths": "short", "unknown_path_form": form})
    result = client.ask(view="top-threats")["result"]
    assert result["rows"]
    assert any("task path" in text for text in result["warnings"])


def test_a_filter_field_under_its_other_name(client: Client, faz: FortiAnalyzer) -> None:
    faz.switches.rejected_filter_fields = {"top-threats": ["threat"]}
    name = client.ask(view="top-threats")["result"]["rows"][0]["threat"]
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    result = client.ask(view="top-threats", filter=f'threat=="{quoted}"')["result"]
    assert [row["threat"] for row in result["rows"]] == [name]
    assert faz.submits[-1]["filter"] == f'threat_s=="{quoted}"'
    assert "threat_s" in result["warnings"][0]


def test_a_field_that_has_no_other_name_is_an_error(client: Client, faz: FortiAnalyzer) -> None:
    with pytest.raises(ApiError) as caught:
        client.ask(view="top-sources", filter='dstport=="53"')
    assert "dstport" in str(caught.value)
    assert len(faz.submits) == 1


def test_a_sort_column_under_its_other_name(client: Client, faz: FortiAnalyzer) -> None:
    result = client.ask(view="top-sources", sort_by=[{"field": "bytes"}])["result"]
    assert faz.submits[-1]["sort-by"] == [{"field": "bandwidth", "order": "desc"}]
    assert "bandwidth" in result["warnings"][0]
    volumes = [row["bytes"] for row in result["rows"]]
    assert volumes == sorted(volumes, reverse=True)


def test_an_unknown_sort_column_is_an_error(client: Client, faz: FortiAnalyzer) -> None:
    with pytest.raises(ApiError, match="column"):
        client.ask(view="top-sources", sort_by=[{"field": "colour"}])


def test_a_lesson_is_learned_for_the_whole_run(client: Client, faz: FortiAnalyzer) -> None:
    faz.switches.update({"fetch_paths": "short", "dialect": "documented"})
    answer = client.ask(
        view="top-sources", queries=[{}, {"adom": "Branch_Office"}, {"adom": "Data_Center"}], max_concurrent=1
    )
    assert [bool(result["rows"]) for result in answer["results"]] == [True, True, True]
    assert sum("/run/" in fetch["url"] for fetch in faz.fetches) == 1


def test_times_with_an_offset_where_the_others_are_refused(client: Client, faz: FortiAnalyzer) -> None:
    faz.switches.update({"dialect": "documented", "time_forms": ["rfc3339"], "strict_time": True})
    result = client.ask(view="top-threats", time_range={"last": "24h"})["result"]
    assert faz.submits[-1]["time-range"]["start"] == "2025-11-10T12:00:00+00:00"
    assert result["time_range"]["start"] == "2025-11-10T12:00:00+00:00"
    assert "RFC 3339" in result["warnings"][0]


@pytest.mark.parametrize(
    "fault", [{"code": -1, "message": "Internal error"}, {"code": -32603, "message": "Internal error"}]
)
def test_a_passing_error_of_a_read_is_repeated(
    client: Client, faz: FortiAnalyzer, dialect: str, fault: dict[str, t.Any]
) -> None:
    faz.fault("error", method="get", url="/run/", times=2, **fault)
    assert client.ask(view="top-threats")["result"]["rows"]
    assert len(faz.submits) == 1


def test_masked_columns_are_told(client: Client, faz: FortiAnalyzer) -> None:
    faz.switches.masked_fields = ["srcip", "srcname"]
    result = client.ask(view="top-sources")["result"]
    assert result["masked_fields"] == ["srcip", "srcname"]
    assert "masks these columns, so they contain no real values: srcip, srcname." in result["warnings"][0]


def test_hostile_names_come_through_unchanged(client: Client, faz: FortiAnalyzer, dialect: str) -> None:
    rows = client.ask(view="top-threats", limit=1000, time_range={"last": "30d"})["result"]["rows"]
    names = {row["threat"] for row in rows}
    known = {event.threat for event in faz.events if event.threat}
    assert any("{{" in name for name in names) and any("<script>" in name for name in names)
    assert names <= known


def test_both_members_of_a_cluster(client: Client, faz: FortiAnalyzer) -> None:
    faz.switches.ha_pair = True
    alone = client.ask(view="top-threats", device=["FG100FTK20000001"], limit=1000)["result"]["rows"]
    standby = next(
        device.serial for device in faz.devices if device.serial not in ("FG100FTK20000001", "FG100FTK20000002")
    )
    both = client.ask(view="top-threats", device=["FG100FTK20000001", standby], limit=1000)["result"]["rows"]
    assert sum(row["incidents"] for row in both) >= sum(row["incidents"] for row in alone)


def test_an_appliance_that_answers_in_the_dialect_it_is_asked_in(client: Client, faz: FortiAnalyzer) -> None:
    faz.switches.dialect = "auto"
    assert client.ask(view="top-threats")["result"]["rows"][0]["level_s"]


def test_the_other_word_is_tried_for_a_part_of_a_task_too(client: Client, faz: FortiAnalyzer, dialect: str) -> None:
    faz.switches.all_words = ["devname:All_Device"]
    tickets = client.submit(view="top-threats")["tasks"]
    assert len(client.read(tasks=tickets, limit=5, offset=2)["result"]["rows"]) == 5


def test_a_misspelt_time_zone_is_refused(client: Client, faz: FortiAnalyzer) -> None:
    with pytest.raises(FortiViewError, match="IANA"):
        client.ask(view="top-threats", timezone="Europe/Berlim")
    assert faz.submits == []

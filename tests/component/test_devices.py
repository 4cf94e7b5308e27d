# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A named device under the key that FortiAnalyzer does not know it by: an empty success, which is not believed."""

from __future__ import annotations

import typing as t

import pytest

from component.scripted import Params, Scripted, live, threats

# As an appliance lists them: serial numbers and names that look like the other.
CHASSIS = {"devid": "F6KF31T000000001"}
CLUSTER = {"devid": "FGHA000000000001_CID"}
NAMED_LIKE_A_SERIAL = {"devname": "FGT60F3X17000001"}
NAMED_IN_LOWER_CASE = {"devname": "fgt60f3x17000001"}
SHORT_SERIAL = {"devid": "FGX-12"}
EMPTY = live(percentage=100, data=[])


class ScriptedFortiAnalyzer(Scripted):
    """Knows one device under one key each, and answers all others by no rows; `refuses` them aloud instead."""

    def __init__(self, *known: Params, refuses: bool = False, columns: bool = True) -> None:
        super().__init__(self._fetch)
        self.known = list(known)
        self.refuses = refuses
        self.columns = columns

    def submitted(self, params: Params) -> t.Any:
        if self.refuses and not any(device in self.known for device in params["device"]):
            return {"error": {"code": -1, "message": "None of the device(s) can be found under the adom"}}
        return super().submitted(params)

    def _fetch(self, params: Params, dummy: int) -> t.Any:
        asked = self.submits[int(str(params["url"]).rsplit("/", 1)[1]) - 1]
        rows = []
        for number, device in enumerate(self.known):
            if device in asked["device"]:
                (text,) = device.values()
                rows += [dict(row, **({"fortigate": text} if self.columns else {})) for row in threats(2, 10 * number)]
        return live(percentage=100, data=rows[: asked["limit"]])


@pytest.mark.parametrize("known", [CHASSIS, CLUSTER, NAMED_LIKE_A_SERIAL, NAMED_IN_LOWER_CASE, SHORT_SERIAL])
@pytest.mark.parametrize("refuses", [False, True])
def test_a_device_is_found_under_whichever_key(known: Params, refuses: bool) -> None:
    (text,) = known.values()
    answer = ScriptedFortiAnalyzer(known, refuses=refuses).ask(device=[text])
    assert len(answer.rows) == 2
    wrong = [text for text in answer.warnings if "The query was sent again with dev" in text]
    assert all("top-threats of ADOM root" in text for text in wrong)


@pytest.mark.parametrize("known", [CHASSIS, CLUSTER])
def test_a_serial_number_of_any_kind_costs_no_further_request(known: Params) -> None:
    box = ScriptedFortiAnalyzer(known)
    answer = box.ask(device=list(known.values()))
    assert (len(answer.rows), len(box.submits), answer.warnings) == (2, 1, [])


def test_an_explicit_key_is_sent_as_given_and_not_believed_either() -> None:
    box = ScriptedFortiAnalyzer(CHASSIS)
    answer = box.ask(device=[{"devname": "F6KF31T000000001"}])
    assert [params["device"] for params in box.submits] == [[{"devname": "F6KF31T000000001"}], [CHASSIS]]
    assert len(answer.rows) == 2


def test_no_rows_are_believed_after_both_keys_and_a_count() -> None:
    box = ScriptedFortiAnalyzer(CHASSIS)
    answer = box.ask(device=["FGT60F0000000009"])
    assert (answer.rows, answer.complete) == ([], True)
    assert len(box.submits) == 3
    assert [params.get("count-total") for params in box.submits] == [None, True, True]
    assert "no rows for devid FGT60F0000000009" in answer.warnings[-1]


def test_a_device_that_is_refused_under_both_keys_is_an_error() -> None:
    with pytest.raises(Exception, match="None of the device"):
        ScriptedFortiAnalyzer(CHASSIS, refuses=True).ask(device=["hq"])


def test_of_several_devices_each_is_found() -> None:
    """The rows of one device say nothing about the other."""
    other = {"devname": "FGT60F3X17000001"}
    box = ScriptedFortiAnalyzer(CHASSIS, other)
    answer = box.ask(device=["F6KF31T000000001", "FGT60F3X17000001"])
    assert {row["fortigate"] for row in answer.rows} == {"F6KF31T000000001", "FGT60F3X17000001"}
    assert any("FGT60F3X17000001" in text and "both" in text for text in answer.warnings)
    assert box.submits[1]["limit"] == 1


def test_several_devices_that_rows_name_cost_no_further_request() -> None:
    box = ScriptedFortiAnalyzer(CHASSIS, CLUSTER)
    assert len(box.ask(device=[*CHASSIS.values(), *CLUSTER.values()]).rows) == 4
    assert len(box.submits) == 1


def test_several_devices_whose_rows_name_none_cost_one_small_task() -> None:
    box = ScriptedFortiAnalyzer({"devname": "hq"}, {"devname": "branch"}, columns=False)
    answer = box.ask(device=["hq", "branch"])
    assert (len(answer.rows), len(box.submits)) == (4, 2)
    assert (answer.ticket.tid, answer.warnings) == (1, [])


def test_what_was_learned_of_a_device_holds_for_the_run() -> None:
    box = ScriptedFortiAnalyzer(NAMED_LIKE_A_SERIAL)
    result = box.task(
        device=["FGT60F3X17000001"],
        queries=[{"view": view} for view in ("top-threats", "top-sources", "policy-hits")],
        max_concurrent=1,
    )
    assert [entry["returned"] for entry in result["results"]] == [2, 2, 2]
    assert len(box.submits) == 4


def test_a_task_that_ended_too_early_is_no_sign_of_the_wrong_key() -> None:
    """The other key has no rows, and a count shows that the first answer was no whole one."""
    replies = iter(
        [
            EMPTY,
            EMPTY,
            live(**{"percentage": 100, "data": [], "total-count-all": 2}),
            live(percentage=100, data=threats(2)),
        ]
    )
    assert len(Scripted(lambda dummy, poll: next(replies)).ask().rows) == 2

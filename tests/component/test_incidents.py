# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Incidents against a simulator: one of each name, as it was asked for, or an error that says what to do."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import (
    ApiError,
    FortiViewError,
    Incomplete,
    InvalidInput,
    NotPermitted,
    NotVerified,
    ProtocolError,
    TransportError,
)
from ansible_collections.secops.fortiview.plugins.module_utils._glue.arguments import incident_arguments
from ansible_collections.secops.fortiview.plugins.module_utils._glue.incidents import keep_incident
from ansible_collections.secops.fortiview.plugins.module_utils._query.incidents import LONGEST_TEXT

from component.support import Client, defaults
from simulators.fortianalyzer import FortiAnalyzer

DEFAULTS = defaults(incident_arguments()["argument_spec"])
NAME = "SSH brute force"
GIVEN = {"name": NAME, "endpoint": "10.1.100.20", "severity": "critical", "category": "CAT1", "description": "blocked"}
DAY = 86400


def keep(client: Client, check: bool = False, **options: t.Any) -> dict[str, t.Any]:
    return keep_incident({**DEFAULTS, **client.connection, **GIVEN, **options}, client.context._replace(check=check))


def refusal(client: Client, kind: type[FortiViewError], **options: t.Any) -> FortiViewError:
    with pytest.raises(kind) as caught:
        keep(client, **options)
    return caught.value


def sent(faz: FortiAnalyzer) -> list[str]:
    """Methods and ends of the urls."""
    return [f"{entry.method} {(entry.url or '').rpartition('/')[2]}" for entry in faz.journal]


def writes(faz: FortiAnalyzer) -> list[str]:
    return [one for one in sent(faz) if not one.startswith(("get ", "exec "))]


def test_made_once_and_read_back(client: Client, faz: FortiAnalyzer, dialect: str) -> None:
    made = keep(client)
    (one,) = faz.incidents
    assert made["changed"] and made["incident"]["incid"] == one.incid and made["warnings"] == []
    assert one.fields["severity"] == "high" and one.fields["status"] == "analysis" and one.fields["name"] == NAME
    assert one.fields["description"] == f"{NAME}\nblocked" and one.fields["reporter"] == "ansible"
    assert sent(faz) == ["exec user", "get incidents", "get count", "add incident", "get incidents", "exec logout"]
    faz.journal.clear()
    again = keep(client)
    assert not again["changed"] and again["incident"] == made["incident"] and len(faz.incidents) == 1
    assert sent(faz) == ["exec user", "get incidents", "exec logout"]
    assert again["diff"]["before"] == again["diff"]["after"]


def test_check_mode_writes_nothing_and_shows_the_same(client: Client, faz: FortiAnalyzer) -> None:
    planned = keep(client, check=True)
    assert planned["changed"] and writes(faz) == [] and planned["diff"]["before"] == {}
    done = keep(client)
    assert {**done["diff"]["after"], "incid": ""} == planned["diff"]["after"]
    planned = keep(client, check=True, severity="low", note="more")
    assert planned["changed"] and faz.incidents[0].fields["severity"] == "high"
    done = keep(client, severity="low", note="more")
    assert done["diff"] == planned["diff"] and done["diff"]["before"]["severity"] == "high"
    assert not keep(client, check=True, severity="low", note="more")["changed"]


def test_what_differs_is_changed_and_what_an_analyst_set_is_left(client: Client, faz: FortiAnalyzer) -> None:
    keep(client)
    one = faz.incidents[0].fields
    one.update(status="response", severity="low")
    assert not keep(client, severity=None)["changed"]
    assert keep(client, category="CAT2", endpoint="10.1.100.21", description="blocked again")["changed"]
    assert (one["category"], one["endpoint"], one["severity"]) == ("CAT2", "10.1.100.21", "high")
    assert one["status"] == "response" and one["description"] == f"{NAME}\nblocked again"
    assert one["lastuser"] == "ansible"
    assert (
        keep(client, severity=None, category=None, endpoint=None)["changed"]
        and one["description"] == f"{NAME}\nblocked"
    )


def test_another_name_with_our_first_line_is_not_made_twice(client: Client, faz: FortiAnalyzer) -> None:
    """A release that sets names of its own, or a person who has renamed it."""
    keep(client)
    faz.incidents[0].fields["name"] = "Case 17"
    assert not keep(client)["changed"] and len(faz.incidents) == 1
    assert keep(client, note="more")["changed"] and len(faz.incidents) == 1
    assert keep(client, state="closed")["incident"]["status"] == "closed"


def test_notes_are_added_once(client: Client, faz: FortiAnalyzer) -> None:
    keep(client, note="first")
    for _run in range(2):
        keep(client, note="second\r\nline", update="note", severity="low")
    one = faz.incidents[0].fields
    assert one["description"] == f"{NAME}\nblocked\n\nfirst\n\nsecond\nline" and one["severity"] == "high"
    assert not keep(client, note="third", update="never", severity="low", status="draft")["changed"]


def test_a_description_that_grows_keeps_its_title_and_its_end(client: Client, faz: FortiAnalyzer) -> None:
    keep(client, note="x" * 6000)
    keep(client, note="y" * 6000, update="note")
    text = faz.incidents[0].fields["description"]
    assert len(text) <= LONGEST_TEXT and text.startswith(f"{NAME}\nblocked\n\n[older text")
    assert text.endswith("\n\n" + "y" * 6000)
    assert len(faz.incidents) == 1


@pytest.mark.parametrize("older", ["", "x" * 6000])
@pytest.mark.parametrize("length", [9850, 9900, 12000])
def test_a_note_that_is_too_long_is_written_once(client: Client, faz: FortiAnalyzer, length: int, older: str) -> None:
    """It keeps its beginning, which says what was done."""
    note = "".join(f"- 198.51.100.{number % 250}: blocked\n" for number in range(600))[:length].strip()
    keep(client, note=older)
    assert keep(client, note=note)["changed"]
    text = faz.incidents[0].fields["description"]
    assert len(text) <= LONGEST_TEXT and text.startswith(f"{NAME}\nblocked\n\n") and note[:9000] in text
    for update in ("always", "note"):
        assert not keep(client, note=note, update=update)["changed"], update
    assert faz.incidents[0].fields["description"] == text


def test_a_longer_note_that_begins_like_another_one_is_added(client: Client, faz: FortiAnalyzer) -> None:
    keep(client, note="first")
    assert keep(client, note="first and more")["changed"]
    keep(client, note="z" * 12000)
    assert keep(client, note="y" * 12000)["changed"]
    assert "y" * 9000 in faz.incidents[0].fields["description"]


@pytest.mark.parametrize("most", [800, 4000])
def test_a_release_that_cuts_descriptions_gets_one_that_fits(client: Client, faz: FortiAnalyzer, most: int) -> None:
    faz.switches.incident_text_max = most
    note = "".join(f"- 198.51.100.{number}: blocked\n" for number in range(200)).strip()
    assert keep(client, note=note)["changed"]
    text = faz.incidents[0].fields["description"]
    assert len(text) <= most and text.startswith(f"{NAME}\nblocked\n\n- 198.51.100.0") and "left out" in text
    writing = len(writes(faz))
    for update in ("always", "note"):
        again = keep(client, note=note, update=update)
        assert not again["changed"] and again["warnings"] == [] and len(writes(faz)) == writing, update
    assert keep(client, note="more")["changed"]
    text = faz.incidents[0].fields["description"]
    assert len(text) <= most and text.endswith("\n\nmore") and text.startswith(f"{NAME}\nblocked\n\n")
    assert not keep(client, note="more")["changed"]


def test_a_description_that_is_too_long_is_written_once(client: Client, faz: FortiAnalyzer) -> None:
    keep(client, description="d" * 12000)
    assert len(faz.incidents[0].fields["description"]) <= LONGEST_TEXT
    assert not keep(client, description="d" * 12000)["changed"]
    assert keep(client, description="e" * 12000)["changed"]


def test_closed_with_a_note_and_only_once(client: Client, faz: FortiAnalyzer) -> None:
    nothing = keep(client, state="closed", note="over")
    assert not nothing["changed"] and nothing["incident"] is None and faz.incidents == []
    keep(client)
    planned = keep(client, check=True, state="closed", note="over")
    assert planned["changed"] and faz.incidents[0].fields["status"] == "analysis"
    assert keep(client, state="closed", note="over")["incident"]["status"] == "closed"
    assert faz.incidents[0].fields["description"].endswith("\n\nover")
    assert not keep(client, state="closed", note="over again")["changed"]
    faz.incidents[0].fields["status"] = "cancelled"
    assert not keep(client, state="closed")["changed"]


def test_an_incident_that_is_over_is_opened_again_in_the_window(client: Client, faz: FortiAnalyzer) -> None:
    keep(client)
    keep(client, state="closed")
    assert not keep(client, update="never")["changed"]
    assert keep(client, note="again", update="note")["incident"]["status"] == "analysis"
    keep(client, state="closed")
    client.clock.advance(8 * DAY)
    assert keep(client)["changed"] and len(faz.incidents) == 2


def test_an_open_one_is_the_same_however_old(client: Client, faz: FortiAnalyzer) -> None:
    keep(client)
    client.clock.advance(60 * DAY)
    assert not keep(client)["changed"] and len(faz.incidents) == 1


def test_adoms_and_names_are_apart(client: Client, faz: FortiAnalyzer) -> None:
    faz.incidents.make("root", faz.clock.now(), name="Another")
    keep(client)
    keep(client, adom="Branch_Office")
    keep(client, name="SSH brute force 2")
    assert len(faz.incidents) == 4
    assert not keep(client, adom="Branch_Office")["changed"]


def test_of_several_the_oldest_open_one_counts(client: Client, faz: FortiAnalyzer) -> None:
    now = faz.clock.now()
    for ago, status in ((3, "closed"), (2, "draft"), (1, "analysis")):
        faz.incidents.make("root", now - ago * 3600, name=NAME, status=status)
    result = keep(client, note="seen", update="note")
    assert result["incident"]["incid"] == "IN00000002" and "IN00000003" in result["warnings"][0]
    assert len(faz.incidents) == 3


def test_a_release_that_does_not_keep_names(client: Client, faz: FortiAnalyzer) -> None:
    faz.switches.incident_names = False
    keep(client)
    assert not keep(client)["changed"] and len(faz.incidents) == 1
    assert keep(client, state="closed")["changed"]


@pytest.mark.parametrize("most", [None, 100, 300])
def test_one_of_many_is_found(client: Client, faz: FortiAnalyzer, most: t.Optional[int]) -> None:
    """Also where a release returns fewer rows than it was asked for."""
    keep(client)
    for number in range(2350):
        faz.incidents.make("root", faz.clock.now(), name=f"Other {number}")
    faz.switches.incident_rows_max = most
    assert not keep(client)["changed"]
    assert len(faz.incidents) == 2351


def test_no_second_one_because_of_a_list_that_is_not_understood(client: Client, faz: FortiAnalyzer) -> None:
    keep(client)
    for kind, expected in (("no_result", Incomplete), ("json_list", ProtocolError), ("error", ApiError)):
        faz.fault(kind, "get", "/incidents")
        assert refusal(client, expected).next_step, kind
    assert len(faz.incidents) == 1


@pytest.mark.parametrize("omitted", [False, True])
def test_an_empty_list_is_believed_where_the_count_agrees(client: Client, faz: FortiAnalyzer, omitted: bool) -> None:
    faz.switches.omit_result_when_empty = omitted
    assert keep(client)["changed"] and len(faz.incidents) == 1
    assert [one for one in sent(faz) if "exec" not in one] == [
        "get incidents",
        "get count",
        "add incident",
        "get incidents",
    ]


def test_an_empty_list_is_not_believed_against_the_count(client: Client, faz: FortiAnalyzer) -> None:
    keep(client)
    faz.switches.incident_rows_max = 0
    error = refusal(client, Incomplete)
    assert "listed incidents (0) differs from" in str(error) and error.next_step and len(faz.incidents) == 1


def test_an_empty_page_ends_a_list_that_has_as_many_as_are_counted(client: Client, faz: FortiAnalyzer) -> None:
    for number in range(10):
        faz.incidents.make("root", faz.clock.now(), name=f"Other {number}")
    assert keep(client)["changed"] and len(faz.incidents) == 11
    assert [one for one in sent(faz) if "exec" not in one][:3] == ["get incidents", "get incidents", "get count"]


def test_an_empty_list_is_asked_for_again_where_the_count_is_not_understood(client: Client, faz: FortiAnalyzer) -> None:
    """No manual has the reply of the count."""
    faz.fault("error", "get", "/incidents/count", times=99, code=-6, message="Invalid url")
    made = keep(client)
    assert made["changed"] and len(faz.incidents) == 1 and "number of incidents" in made["warnings"][0]
    assert not keep(client)["changed"]
    assert sent(faz).count("get count") == 1


def test_values_that_are_refused_are_named(client: Client, faz: FortiAnalyzer) -> None:
    faz.incidents.make("root", faz.clock.now(), category="CAT5")
    faz.switches.incident_categories = ["CAT5"]
    error = refusal(client, ApiError)
    assert "'category'" in str(error) and "Incidents of this ADOM use CAT5" in error.next_step
    assert len(faz.incidents) == 1


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ({"name": " "}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"name": "a" * 101}, "100"),
        ({"category": 'CAT1"'}, "category"),
        ({"endpoint": None}, "endpoint"),
        ({"adom": "../x"}, "adom"),
        ({"window": "soon"}, "window"),
        ({"state": "closed", "status": "draft"}, "status"),
    ],
)
def test_wrong_options(client: Client, faz: FortiAnalyzer, options: dict[str, t.Any], word: str) -> None:
    assert word in str(refusal(client, InvalidInput, **options))
    assert writes(faz) == []


def test_what_is_stored_otherwise_is_an_error(client: Client, faz: FortiAnalyzer) -> None:
    faz.switches.incident_text_max = 5
    warned = keep(client)
    assert "as sent" in warned["warnings"][0]
    faz.switches.incident_names = False
    assert "stored the name 'A nam'" in str(refusal(client, NotVerified, name="A name longer than the text"))


def test_an_update_that_changes_nothing_is_an_error(client: Client, faz: FortiAnalyzer) -> None:
    keep(client)
    faz.fault("status", "update", "/incident/", code=0, message="OK")
    error = refusal(client, NotVerified, state="closed")
    assert "status is 'analysis', not 'closed'" in str(error) and "IN00000001" in str(error)


@pytest.mark.parametrize("kind", ["cut_after", "truncated"])
def test_a_lost_reply_makes_no_second_one(client: Client, faz: FortiAnalyzer, kind: str) -> None:
    faz.fault(kind, "add", "/incident")
    assert keep(client)["changed"] and len(faz.incidents) == 1
    assert not keep(client)["changed"]


def test_a_write_that_was_not_done_is_an_error(client: Client, faz: FortiAnalyzer) -> None:
    faz.fault("http", "add", "/incident", status=500)
    assert "no incident of this name" in refusal(client, TransportError).next_step
    faz.fault("no_result", "add", "/incident")
    assert "no incident of this name" in refusal(client, ProtocolError).next_step
    assert faz.incidents == []


def test_busy_is_waited_for(client: Client, faz: FortiAnalyzer) -> None:
    faz.fault("http", "add", "/incident", times=2, status=503)
    assert keep(client)["changed"] and len(faz.incidents) == 1


@pytest.mark.parametrize(
    "switches", [{"incident_rights": False}, {"rpc_permit": "read"}, {"forbidden_adoms": ["root"]}]
)
def test_rights(client: Client, faz: FortiAnalyzer, switches: dict[str, t.Any]) -> None:
    faz.switches.update(switches)
    assert "read-write rights on incidents" in refusal(client, NotPermitted).next_step
    assert faz.incidents == []


def test_the_id_may_be_under_data(client: Client, faz: FortiAnalyzer) -> None:
    faz.switches.incident_id_place = "data"
    assert keep(client)["incident"]["incid"] == "IN00000001"


def test_alerts_are_marked_with_the_incident(client: Client, faz: FortiAnalyzer) -> None:
    alerts = ["202511101000000001", "202511101000000002"]
    assert keep(client, alerts=alerts, alert_comment="see the incident")["alerts"] == alerts
    assert "update ack" in sent(faz) and "update comment" in sent(faz)
    faz.journal.clear()
    assert keep(client, alerts=alerts, alert_comment="see the incident")["alerts"] == [] and writes(faz) == []
    keep(client, alerts=alerts, acknowledge_alerts=False, alert_comment="closed", state="closed")
    assert writes(faz) == ["update IN00000001", "update comment"]


def test_alerts_that_could_not_be_marked_are_left_to_a_person(client: Client, faz: FortiAnalyzer) -> None:
    """Because the next run changes nothing, and marks none."""
    faz.fault("error", "update", "/alerts/ack")
    error = refusal(client, ApiError, alerts=["202511101000000001"])
    assert len(faz.incidents) == 1 and "another run does not mark these alerts" in str(error.to_fail_json())
    assert keep(client, alerts=["202511101000000001"])["alerts"] == []


def test_hostile_text_stays_text(client: Client, faz: FortiAnalyzer) -> None:
    evil = "<script>alert(1)</script> {{ 6*7 }} \"x\" 'y' \\n ünïcødé"
    keep(client, name=evil, note=evil)
    assert not keep(client, name=evil, note=evil)["changed"]
    assert faz.incidents[0].fields["name"] == evil

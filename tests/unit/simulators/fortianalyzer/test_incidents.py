# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Incidents and what is done with alerts (protocol_fortianalyzer.rst, "Incidents", "Alerts")."""

from __future__ import annotations

import pytest

PLACE = "/incidentmgmt/adom/root"
GIVEN = {"reporter": "soc", "endpoint": "10.1.2.3", "category": "CAT3"}
HOUR = 3600


@pytest.fixture
def incidents(caller):
    class Incidents:
        def add(self, adom="root", **params):
            sent = {key: value for key, value in {**GIVEN, **params}.items() if value is not None}
            return caller.call("add", f"/incidentmgmt/adom/{adom}/incident", apiver=3, **sent)

        def update(self, incid, **params):
            return caller.call("update", f"{PLACE}/incident/{incid}", apiver=3, **params)

        def get(self, what="incidents", **params):
            return caller.call("get", f"{PLACE}/{what}", apiver=3, **params)

        def rows(self, **params):
            return self.get(**params)["result"]["data"]

    return Incidents()


def test_an_incident_is_made_changed_and_read_at_once(incidents):
    made = incidents.add(name="Attackers", severity="high", status="response", description="first\nsecond")
    assert "data" not in made["result"]
    incid = made["result"]["incid"]
    (row,) = incidents.rows(incids=[incid])
    assert row["name"] == "Attackers" and row["description"] == "first\nsecond" and row["lastrevision"] == "1"
    assert incidents.update(incid, status="closed", lastuser="soc")["result"]["status"]["code"] == 0
    (row,) = incidents.rows()
    assert (row["status"], row["severity"], row["lastrevision"]) == ("closed", "high", "2")
    assert incidents.update("IN00000099", status="closed")["result"]["status"]["code"] == -3


@pytest.mark.parametrize("name", ["reporter", "endpoint", "category"])
def test_what_is_required(incidents, name):
    assert f"{name} is required" in incidents.add(**{name: None})["error"]["message"]
    assert incidents.rows() == []


def test_values_are_those_of_the_enumerations(faz, incidents):
    faz.switches.incident_categories = ["CAT1", "CAT9"]
    for name, word in (("status", "open"), ("severity", "critical"), ("category", "CAT3")):
        said = incidents.add(**{"category": "CAT9", name: word})["error"]["message"]
        assert said == f"Invalid params: '{word}' is not a valid enum value for '{name}'"
    assert incidents.add(category="CAT9")["result"]["incid"]


def test_pages_filters_windows_and_levels(faz, incidents, caller):
    for number in range(60):
        faz.incidents.make("root", faz.anchor - number * HOUR, severity="high" if number % 2 else "low")
    faz.incidents.make("Branch_Office", faz.anchor)
    assert len(incidents.rows()) == 50 and len(incidents.rows(limit=2000)) == 60
    assert len(incidents.rows(limit=2000, filter="severity==high")) == 30
    assert len(incidents.rows(**{"time-range": caller.last(10), "limit": 2000})) == 11
    assert incidents.rows(limit=10, offset=55) == incidents.rows(limit=2000)[55:]
    assert "bigger than max value 2000" in incidents.get(limit=2001)["error"]["message"]
    assert "filter 'name' not supported" in incidents.get(filter='name=="x"')["error"]["message"]
    assert not {"severity", "status"} & set(incidents.rows(**{"detail-level": "extended"})[0])
    assert incidents.get("incidents/count")["result"]["data"] == [{"count": "60"}]
    stats = incidents.get("incident/stats", **{"stats-item": "severity"})["result"]["data"]
    assert {row["severity"]: row["count"] for row in stats} == {"high": "30", "low": "30"}
    assert "stats-item is required" in incidents.get("incident/stats")["error"]["message"]
    faz.switches.incident_rows_max = 20
    assert len(incidents.rows(limit=2000)) == 20


def test_releases_differ(faz, incidents):
    faz.switches.incident_names = False
    faz.switches.incident_id_place = "data"
    faz.switches.incident_text_max = 5
    incid = incidents.add(name="Attackers", description="long text")["result"]["data"]["incid"]
    (row,) = incidents.rows(incids=[incid])
    assert row["name"] == "" and row["description"] == "long "


def test_nothing_found(faz, incidents):
    assert incidents.rows() == []
    faz.switches.omit_result_when_empty = True
    assert "result" not in incidents.get()


@pytest.mark.parametrize(("permit", "allowed"), [("read-write", True), ("read", False), ("none", False)])
def test_writing_needs_the_right_to(faz, incidents, permit, allowed):
    incid = incidents.add()["result"]["incid"]
    faz.switches.rpc_permit = permit
    for reply in (incidents.add(), incidents.update(incid, status="closed")):
        assert (reply["result"]["status"]["code"] == 0) is allowed
    assert (incidents.get()["result"]["status"]["code"] == 0) is (permit != "none")


def test_rights_and_adoms(faz, incidents):
    faz.switches.forbidden_adoms = ["Branch_Office"]
    assert incidents.add("Branch_Office")["result"]["status"]["code"] == -11
    assert incidents.add("nowhere")["result"]["status"]["code"] == -3
    faz.switches.incident_rights = False
    assert incidents.get()["result"]["status"]["code"] == -11
    assert faz.incidents == []


def test_alerts_are_acknowledged_and_commented(faz, caller):
    place = "/eventmgmt/adom/root/alerts"
    first, second = (row["alertid"] for row in caller.call("get", place, apiver=3, limit=2)["result"]["data"])

    def update(word, **params):
        return caller.call("update", f"{place}/{word}", apiver=3, **{"update-by": "soc", **params})

    def row(alertid):
        rows = caller.call("get", place, apiver=3, limit=2000)["result"]["data"]
        return next((one["ackflag"], one["comment"]) for one in rows if one["alertid"] == alertid)

    assert update("ack", alertid=[first, "0"])["result"]["status"]["code"] == 0
    assert update("comment", alertid=[first, second], comment="see IN1")["result"]["status"]["code"] == 0
    assert row(first) == ("yes", "see IN1") and row(second) == ("no", "see IN1")
    update("unack", alertid=[first])
    assert row(first)[0] == "no"
    assert "alertid is required" in update("ack", alertid=first)["error"]["message"]
    assert "update-by is required" in update("ack", alertid=[first], **{"update-by": ""})["error"]["message"]
    assert "comment is required" in update("comment", alertid=[first])["error"]["message"]
    assert "Not supported method" in caller.call("add", f"{place}/ack", apiver=3)["error"]["message"]
    faz.switches.rpc_permit = "read"
    assert update("ack", alertid=[first])["result"]["status"]["code"] == -11

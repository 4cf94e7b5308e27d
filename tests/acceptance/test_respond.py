# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbooks respond and close_incident on two FortiGates and a FortiAnalyzer: one incident, and the truth in it."""

from __future__ import annotations

import re
import time
import typing as t
from contextlib import ExitStack
from pathlib import Path

import pytest

from simulators.fortianalyzer import FortiAnalyzer
from support.attacks import attack
from support.playbook_fleet import PlaybookFleet, fleet_of_fortianalyzer
from support.playbooks import Run
from support.receivers import PROXY, Receivers
from support.servers import refused_port

ATTACKER, ANOTHER = "203.0.114.77", "203.0.114.78"
PUBLISHED = "203.0.113.10"
TITLE = "Attackers blocked on FortiGates"
# Sending a notification is the only change of the run.
NOTIFIED = 1
HOSTILE = '{{ 6 * 7 }}<b>"x"\\n${jndi:ldap://x}'
RECAP = re.compile(r"^(\S+)\s+: ok=\d+\s+changed=(\d+)\s+unreachable=(\d+)\s+failed=(\d+)", re.M)
HOUR = 3600


class Site(t.NamedTuple):
    fleet: PlaybookFleet
    faz: FortiAnalyzer

    def play(self, name: str, *arguments: str, **given: t.Any) -> Run:
        return self.fleet.play(name, *arguments, **{"fortigate_block_on_protected": "skip", **given})

    def passes(self, address: str = ATTACKER) -> list[bool]:
        return [box.passes(address, PUBLISHED) for box in self.fleet.fortigates.values()]

    @property
    def description(self) -> str:
        (one,) = self.faz.incidents
        return str(one.fields["description"])

    def requests(self, of: str = "") -> int:
        return sum(of in (entry.url or "") for entry in self.faz.journal)

    def writes(self) -> int:
        written = sum(len(box.writes) for box in self.fleet.fortigates.values())
        return written + sum(
            entry.method == "update" or (entry.url or "").endswith("/incident") for entry in self.faz.journal
        )


@pytest.fixture
def site() -> t.Iterator[Site]:
    with fleet_of_fortianalyzer() as (fleet, faz):
        yield Site(fleet, faz)


@pytest.fixture
def receivers(site: Site, tmp_path: Path) -> t.Iterator[Receivers]:
    site.fleet.controller.environment.update(PROXY)
    with ExitStack() as stack:
        yield Receivers(tmp_path, stack)


def changed(run: Run) -> int:
    return sum(int(found[1]) for found in RECAP.findall(run.output))


def test_respond_twice_is_one_incident_and_nothing_more(site: Site) -> None:
    attack(site.faz, HOSTILE, ATTACKER)
    attack(site.faz, "SSH.Brute.Force", ANOTHER)
    planned = site.play("respond", "--check", "--diff")
    assert planned.code == 0 and site.faz.incidents == [] and site.passes() == [True, True], planned.output
    assert "not created in check mode" in planned.output and "to be blocked" in planned.flat

    first = site.play("respond", incident_category="CAT3")
    assert first.code == 0, first.output
    assert site.passes() == [False, False] and site.passes(ANOTHER) == [False, False]
    (one,) = site.faz.incidents
    fields = one.fields
    assert (fields["name"], fields["severity"], fields["status"], fields["category"]) == (
        TITLE,
        "high",
        "analysis",
        "CAT3",
    )
    assert fields["endpoint"] == "10.1.100.10" and fields["reporter"] == "ansible"
    for said in (f"- {ATTACKER} ({HOSTILE}): blocked on ", "2 addresses blocked, 2 FortiGates", " until 2"):
        assert said in site.description, site.description

    before, writes = site.description, site.writes()
    again = site.play("respond", incident_category="CAT3")
    assert again.code == 0 and changed(again) == 0, again.output
    assert site.description == before and site.writes() == writes
    assert not [one for one in again.results if one.task == "Send the notification" and one.status != "skipped"]


def test_one_notification_of_what_was_blocked_and_of_the_incident(site: Site, receivers: Receivers) -> None:
    attack(site.faz, HOSTILE, ATTACKER)
    webhook, slack, mail = receivers.webhooks(), receivers.webhooks(), receivers.mail()
    channels = [
        receivers.channel("webhook", webhook),
        receivers.channel("slack", slack),
        receivers.mailbox(mail),
    ]
    planned = site.play("respond", "--check", notify_channels=channels)
    assert planned.code == 0 and webhook.posted == [] and mail.mailed == [], planned.output

    first = site.play("respond", notify_channels=channels)
    assert first.code == 0 and site.passes() == [False, False], first.output
    (posted,) = webhook.posted
    body = posted.body
    assert body["title"] == f"{TITLE}: 1 address blocked" and body["level"] == "warning"
    (row,) = body["rows"]
    assert row["address"] == ATTACKER and row["threats"] == HOSTILE
    for host in site.fleet.fortigates:
        assert re.search(rf"^blocked on .*{host}.* until 2", row["state"]), row
    (one,) = site.faz.incidents
    facts = {fact["name"]: fact["value"] for fact in body["facts"]}
    assert facts["Addresses blocked"] == "1" and facts["Incident"] == f"{one.incid} in ADOM root", facts
    (mailed,) = mail.mailed
    assert one.incid in str(mailed.message["Subject"])
    text = mailed.message.get_content()
    assert f"{ATTACKER}: threats {HOSTILE}, state blocked on" in text and one.incid in text, text
    assert len(slack.posted) == 1 and one.incid in str(slack.posted[0].body)

    again = site.play("respond", notify_channels=channels)
    assert again.code == 0 and changed(again) == 0, again.output
    assert (len(webhook.posted), len(slack.posted), len(mail.mailed), len(site.faz.incidents)) == (1, 1, 1, 1)


@pytest.mark.parametrize("playbook", ["respond", "block_targets"])
def test_a_notification_that_fails_never_fails_a_block(site: Site, receivers: Receivers, playbook: str) -> None:
    attack(site.faz, "SSH.Brute.Force", ATTACKER)
    broken = receivers.webhooks((500, "out of order"))
    given = {"notify_channels": [receivers.channel("webhook", broken)]}
    if playbook == "block_targets":
        given.update(fortigate_block_targets=[ATTACKER], incident=True)
    run = site.play(playbook, **given)
    assert run.code == 0 and len(broken.posted) == 2, run.output
    assert (
        "was not delivered to webhook (127.0.0.1): HTTP 500: out of order. The notification was tried 2 times."
        in run.flat
    )
    assert "sEcReT" not in run.output
    (one,) = site.faz.incidents
    assert one.fields["status"] == "analysis" and site.passes() == [False, False]
    again = site.play(playbook, **given)
    assert again.code == 0 and changed(again) == 0 and len(broken.posted) == 2, again.output


def test_a_notification_says_that_there_is_no_incident(site: Site, receivers: Receivers) -> None:
    attack(site.faz, "SSH.Brute.Force", ATTACKER)
    webhook = receivers.webhooks()
    site.faz.switches.incident_rights = False
    channels = [receivers.channel("webhook", webhook)]
    run = site.play("respond", notify_channels=channels)
    assert run.code != 0 and site.passes() == [False, False], run.output
    (posted,) = webhook.posted
    facts = {fact["name"]: fact["value"] for fact in posted.body["facts"]}
    assert "Incident" not in facts and "No incident in ADOM root" in facts, facts
    assert posted.body["level"] == "critical" and posted.body["title"] == f"{TITLE}: 1 address blocked"
    again = site.play("respond", notify_channels=channels)
    assert again.code != 0 and changed(again) == NOTIFIED and len(webhook.posted) == 2, again.output


def test_what_is_blocked_later_is_added_to_the_same_incident(site: Site) -> None:
    attack(site.faz, "SSH.Brute.Force", ATTACKER)
    assert site.play("respond").code == 0
    site.faz.incidents[0].fields.update(status="response", severity="low")
    attack(site.faz, "FTP.Login.Brute.Force", ANOTHER)
    run = site.play("respond")
    assert run.code == 0 and changed(run) > 0, run.output
    (one,) = site.faz.incidents
    assert (one.fields["status"], one.fields["severity"]) == ("response", "low")
    assert f"- {ANOTHER} (FTP.Login.Brute.Force): blocked on" in site.description
    assert f"- {ATTACKER} (SSH.Brute.Force): blocked already on" in site.description


def test_an_incident_that_could_not_be_made_is_made_by_the_next_run(site: Site) -> None:
    attack(site.faz, "SSH.Brute.Force", ATTACKER)
    site.faz.switches.incident_rights = False
    run = site.play("respond")
    assert run.code != 0 and "read-write rights on incidents" in run.flat
    assert site.passes() == [False, False]
    site.faz.switches.incident_rights = True
    run = site.play("respond")
    assert run.code == 0 and changed(run) == 1, run.output
    assert f"- {ATTACKER} (SSH.Brute.Force): blocked already on" in site.description


def test_a_fortigate_that_failed_is_in_the_incident_and_in_each_notification(site: Site, receivers: Receivers) -> None:
    attack(site.faz, "SSH.Brute.Force", ATTACKER)
    hq, dmz = site.fleet.fortigates
    webhook = receivers.webhooks()
    channels = [receivers.channel("webhook", webhook)]
    failing = site.fleet.fortigates[dmz].fault("http", "POST", "user/banned/add_users", times=99, status=500)
    run = site.play("respond", notify_channels=channels)
    assert run.code != 0 and "1 of 2 FortiGates failed" in run.flat, run.output
    assert site.passes() == [False, True]
    assert f"- {ATTACKER} (SSH.Brute.Force): blocked on {hq} until" in site.description, site.description
    assert f"; not blocked on {dmz}" in site.description and f"Failed: {dmz}: " in site.description

    before = site.description
    again = site.play("respond", notify_channels=channels)
    assert again.code != 0 and changed(again) == NOTIFIED and site.description == before
    assert [one.body["title"] for one in webhook.posted] == [f"{TITLE}: 1 address blocked, 1 FortiGate failed"] * 2
    failing.place = "nothing"
    mended = site.play("respond", notify_channels=channels)
    assert mended.code == 0 and site.passes() == [False, False], mended.output
    assert f"blocked on {dmz} until" in site.description.rpartition("\n\n")[2], site.description


def test_nothing_blocked_because_a_fortigate_is_off(site: Site) -> None:
    attack(site.faz, "SSH.Brute.Force", ATTACKER)
    hq, dmz = site.fleet.fortigates
    site.fleet.off[dmz] = refused_port()
    run = site.play("respond")
    assert run.code != 0 and site.passes() == [True, True], run.output
    for said in ("0 addresses blocked", f"- {ATTACKER} (SSH.Brute.Force): not blocked on {hq}", f"Failed: {dmz}: "):
        assert said in site.description, site.description


def test_no_offenders_is_no_incident(site: Site) -> None:
    run = site.play("respond")
    assert run.code == 0 and "There are no offenders to block." in run.output and site.faz.incidents == []
    assert site.requests("incidentmgmt") == 0


def test_at_most_four_requests_more(site: Site) -> None:
    """Than block_offenders, with an API key. A login of a user and the logout come to it."""
    attack(site.faz, "SSH.Brute.Force", ATTACKER)
    environment = site.fleet.controller.environment
    for name in ("FAZ_USERNAME", "FAZ_PASSWORD"):
        del environment[name]
    environment["FAZ_API_TOKEN"] = site.faz.api_token
    assert site.play("block_offenders").code == 0
    usual = site.requests()
    assert usual and site.faz.incidents == []
    # A fourth one counts the incidents of an ADOM that lists none.
    for others, expected in ((0, 4), (0, 1), (1, 3)):
        if others:
            site.faz.incidents.clear()
            site.faz.incidents.make("root", time.time(), name="Another")
        site.faz.journal.clear()
        run = site.play("respond")
        assert run.code == 0, run.output
        assert site.requests() - usual == site.requests("incidentmgmt") == expected


def test_targets_after_an_approval(site: Site) -> None:
    """In another ADOM, which the offender names."""
    target = {"address": ATTACKER, "adoms": ["Branch_Office"], "severity": "medium", "threats": ["Mirai.Botnet"]}
    for _run in range(2):
        run = site.play(
            "block_targets", fortigate_block_targets=[target, ANOTHER], incident=True, incident_name="CHG 7"
        )
        assert run.code == 0, run.output
    assert changed(run) == 0
    assert [(one.adom, one.fields["name"], one.fields["severity"]) for one in site.faz.incidents] == [
        ("Branch_Office", "CHG 7", "medium"),
        ("root", "CHG 7", "medium"),
    ]


@pytest.mark.parametrize("method", ["ban", "feed_push"])
def test_closed_when_the_blocks_have_ended(site: Site, method: str) -> None:
    """Two hours after a block of an hour, in which it has stopped five incidents."""
    hq, dmz = site.fleet.fortigates
    for host in (hq, dmz):
        begun = {"method": method, "ttl": "1h", "ticket": TITLE, "now": lambda: time.time() - 2 * HOUR}
        site.fleet.block(host, ATTACKER, **begun)
    made = site.faz.incidents.make("root", time.time() - 2 * HOUR, name=TITLE, status="analysis", description=TITLE)
    attack(site.faz, HOSTILE, ATTACKER, ago=int(1.5 * HOUR), incidents=5)
    site.faz.events.of("root")[-1].blocked = True
    attack(site.faz, HOSTILE, ATTACKER, ago=600, incidents=9)
    if method == "ban":
        for box in site.fleet.fortigates.values():
            box.reboot()

    site.fleet.off[dmz] = refused_port()
    run = site.play("close_incident")
    assert (
        run.code != 0
        and f"because not all FortiGates were read. Not read: {dmz}" in run.flat
        and made.fields["status"] == "analysis"
    ), run.output
    del site.fleet.off[dmz]

    planned = site.play("close_incident", "--check")
    assert planned.code == 0 and made.fields["status"] == "analysis", planned.output
    run = site.play("close_incident")
    assert run.code == 0, run.output
    assert made.fields["status"] == "closed" and site.passes() == [True, True]
    assert f"- {ATTACKER}: 5 blocked, 0 detected" in site.description, site.description
    assert "Effect of the blocks of" in run.output

    site.faz.journal.clear()
    again = site.play("close_incident")
    assert again.code == 0 and changed(again) == 0 and site.requests("fortiview") == 0, again.output


def test_it_stays_open_while_something_is_blocked(site: Site) -> None:
    attack(site.faz, "SSH.Brute.Force", ATTACKER)
    assert site.play("respond").code == 0
    run = site.play("close_incident")
    assert run.code == 0 and changed(run) == 0 and f"Still blocked: {ATTACKER}" in run.flat, run.output
    assert site.faz.incidents[0].fields["status"] == "analysis"

    assert site.play("unblock", fortigate_block_targets=[ATTACKER]).code == 0
    run = site.play("close_incident")
    assert run.code == 0 and site.faz.incidents[0].fields["status"] == "closed", run.output
    # It is not blocked again, because a person has unblocked it.
    run = site.play("respond")
    assert run.code == 0 and changed(run) == 0 and len(site.faz.incidents) == 1, run.output


def test_it_stays_open_for_a_fortigate_that_the_run_leaves_out(site: Site) -> None:
    hq, dmz = site.fleet.fortigates
    ended = {"method": "ban", "ttl": "1h", "ticket": TITLE, "now": lambda: time.time() - 2 * HOUR}
    site.fleet.block(hq, ATTACKER, **ended)
    site.fleet.fortigates[hq].reboot()
    site.fleet.block(dmz, ATTACKER, method="ban", ttl="1h", ticket=TITLE)
    made = site.faz.incidents.make("root", time.time() - 2 * HOUR, name=TITLE, status="analysis", description=TITLE)
    run = site.play("close_incident", "--limit", hq)
    assert (
        run.code != 0
        and f"because not all FortiGates were read. Not read: {dmz}" in run.flat
        and made.fields["status"] == "analysis"
    ), run.output
    assert "Run the playbook without --limit" in run.flat


def test_closed_after_a_fortigate_was_taken_out_of_the_inventory(site: Site) -> None:
    """Its feed can be read no more, and an entry of a feed does not end by itself."""
    hq, dmz = site.fleet.fortigates
    begun = {"method": "feed_push", "ttl": "1h", "ticket": TITLE, "now": lambda: time.time() - 2 * HOUR}
    for host in (hq, dmz):
        site.fleet.block(host, ATTACKER, **begun)
    made = site.faz.incidents.make("root", time.time() - 2 * HOUR, name=TITLE, status="analysis", description=TITLE)
    removed = site.fleet.fortigates.pop(dmz)
    run = site.play("close_incident")
    assert (
        run.code != 0
        and f"because not all FortiGates were read. Not read: {dmz}. " in run.flat
        and made.fields["status"] == "analysis"
    ), run.output
    assert "If a FortiGate no longer exists, add it to removed_fortigates" in run.flat, run.output
    run = site.play("close_incident", removed_fortigates=dmz)
    assert run.code == 0 and made.fields["status"] == "closed", run.output
    assert removed.writes


def test_an_address_that_another_ticket_blocks_holds_the_incident_open(site: Site) -> None:
    attack(site.faz, "SSH.Brute.Force", ATTACKER)
    attack(site.faz, "FTP.Login.Brute.Force", ANOTHER)
    hq, dmz = site.fleet.fortigates
    for host in (hq, dmz):
        site.fleet.block(host, ANOTHER, method="ban", ttl="7d", ticket="CHG8")
    assert site.play("respond").code == 0
    assert f"- {ANOTHER} (FTP.Login.Brute.Force): blocked already on" in site.description
    assert site.play("unblock", fortigate_block_targets=[ATTACKER]).code == 0
    run = site.play("close_incident")
    assert run.code == 0 and changed(run) == 0 and f"Still blocked: {ANOTHER}" in run.flat, run.output
    assert site.faz.incidents[0].fields["status"] == "analysis"
    assert site.play("unblock", fortigate_block_targets=[ANOTHER]).code == 0
    run = site.play("close_incident")
    assert run.code == 0 and site.faz.incidents[0].fields["status"] == "closed", run.output


def test_an_incident_without_blocks_in_the_registry_is_left(site: Site) -> None:
    made = site.faz.incidents.make("root", time.time(), name=TITLE, status="analysis")
    run = site.play("close_incident")
    assert run.code == 0 and "The registry has no block" in run.flat and made.fields["status"] == "analysis", run.output

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every number of the page of executive_report, counted again from the simulator's event log and from what the FortiGates hold.

Nothing here goes through the code of the collection.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import json
import re
import typing as t
from collections import Counter, defaultdict
from contextlib import ExitStack
from zoneinfo import ZoneInfo

import pytest

from simulators.fortianalyzer import FortiAnalyzer
from simulators.fortianalyzer.events import Event
from simulators.fortigate import FortiGate
from support.page import Page, number
from support.playbook_fleet import PlaybookFleet
from support.playbooks import Controller, Run

ADOMS = ("root", "Branch_Office", "Data_Center")
# As FortiAnalyzer knows them.
SERIALS = {"fgt-hq": "FG100FTK20000001", "fgt-branch": "FGT60F3X17000001"}
SEVERE = ("critical", "high")
WORDS = {1: "low", 2: "medium", 3: "high", 4: "critical"}
MINUS = "\u2212"

Threat = tuple[str, str]


class Log:
    """Sums over the events of threats of a window, by ADOM, as far as they had arrived at `now`."""

    def __init__(self, faz: FortiAnalyzer, start: float, end: float, now: float) -> None:
        self.events = [
            event
            for adom in ADOMS
            for event in faz.events.of(adom)
            if event.threat and start <= event.time <= end and event.itime <= now
        ]
        self.incidents: Counter[Threat] = Counter()
        self.blocked: Counter[Threat] = Counter()
        self.detected: Counter[Threat] = Counter()
        level: dict[Threat, int] = defaultdict(int)
        for event in self.events:
            place = (event.adom, event.threat)
            self.incidents[place] += event.incidents
            self.blocked[place] += event.incidents if event.blocked else 0
            self.detected[place] += 0 if event.blocked else event.incidents
            level[place] = max(level[place], event.level)
        self.severity = {place: WORDS[found] for place, found in level.items()}

    @property
    def open(self) -> list[Threat]:
        return [one for one, word in self.severity.items() if word in SEVERE and self.detected[one]]

    @property
    def severe(self) -> int:
        return sum(self.detected[one] for one in self.open)

    def through(self, severity: str) -> set[str]:
        return {name for (adom, name) in self.open if self.severity[adom, name] == severity}

    def of(self, counter: t.Mapping[Threat, int], adom: str = "") -> int:
        return sum(count for (where, dummy), count in counter.items() if adom in ("", where))

    def attackers(self) -> dict[tuple[str, str, str], list[Event]]:
        """By ADOM, threat and address. What comes from outside attacks; of what goes out, only the master of a botnet is known to be bad."""
        found: dict[tuple[str, str, str], list[Event]] = defaultdict(list)
        for event in self.events:
            address = attacker_of(event)
            if address:
                found[event.adom, event.threat, address].append(event)
        return found


def attacker_of(event: Event) -> str:
    botnet = "botnet" in event.threat.lower().split(".")
    if event.direction == "incoming":
        return "" if botnet else event.srcip
    return event.dstip if botnet and is_ours(event.srcip) and is_address(event.dstip) else ""


def is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def is_ours(text: str) -> bool:
    return text.startswith("10.")


def through(events: t.Iterable[Event]) -> int:
    return sum(event.incidents for event in events if not event.blocked)


class Scene(t.NamedTuple):
    """The run of the report, what it has written, and what was so."""

    run: Run
    page: Page
    data: dict[str, t.Any]
    now: Log
    before: Log
    kept: str
    failed: str
    start: float
    end: float
    until: float


def attackers_to_block(faz: FortiAnalyzer) -> list[str]:
    """Those with most incidents in Branch_Office in the last hours, whom one of the FortiGates has logged."""
    since = faz.clock.now() - 20 * 3600
    seen = [
        event
        for event in faz.events.of("Branch_Office")
        if since < event.time < faz.clock.now() - 60 and event.level >= 3 and not event.blocked
    ]
    counted = Counter(attacker_of(event) for event in seen if "." in attacker_of(event) and not is_kept_free(event))
    return [address for address, dummy in counted.most_common(2)]


def is_kept_free(event: Event) -> bool:
    """On the exclusion list of the fleet, or contacted, which a ban does not stop."""
    return event.direction != "incoming" or event.srcip.startswith("192.0.2.")


@pytest.fixture
def scene(controller: Controller, faz: FortiAnalyzer) -> t.Iterator[Scene]:
    with ExitStack() as stack:
        boxes = {name: stack.enter_context(FortiGate(serial=serial, hostname=name)) for name, serial in SERIALS.items()}
        fleet = PlaybookFleet(controller, boxes)
        audit = str(controller.folder / "audit.jsonl")
        kept, failed = attackers_to_block(faz)
        blocked = fleet.play("block_targets", fortigate_block_targets=[kept, failed], fortigate_block_audit_dest=audit)
        assert blocked.code == 0, blocked.output
        boxes["fgt-branch"].fault("device_error", method="POST", path="user/banned/clear_users", times=99)
        unblocked = fleet.play("unblock", fortigate_block_targets=[failed], fortigate_block_audit_dest=audit)
        assert unblocked.code != 0 and "1 of 2 FortiGates failed: fgt-branch" in unblocked.flat
        held = {name: {ban["ip_address"] for ban in box.bans()} for name, box in boxes.items()}
        assert held == {"fgt-hq": {kept}, "fgt-branch": {kept, failed}}

        run = controller.playbook(
            "secops.fortiview.executive_report", "-e", f"days=1 adoms={','.join(ADOMS)} audit={audit}"
        )
        assert run.code == 0, run.output
        folder = controller.folder / "report"
        data = json.loads((folder / "report.json").read_text())
        start, end = window_of(data)
        page = Page((folder / "report.html").read_text())
        logs = (Log(faz, start, end, end), Log(faz, start - 86400, start, end))
        until = min(ban["expires"] for box in boxes.values() for ban in box.bans() if ban["ip_address"] == kept)
        yield Scene(run, page, data, *logs, kept, failed, start, end, until)


def window_of(data: dict[str, t.Any]) -> tuple[float, float]:
    asked = next(one["time_range"] for one in data["results"] if one["view"] == "top-threats")
    zone = ZoneInfo(asked["timezone"])
    ends = (dt.datetime.fromisoformat(asked[key]).replace(tzinfo=zone) for key in ("start", "end"))
    start, end = (moment.timestamp() for moment in ends)
    return start, end


def test_every_number_of_the_page(scene: Scene) -> None:
    check_the_verdict(scene)
    check_what_is_named(scene)
    check_the_tiles(scene)
    check_what_needs_attention(scene)
    check_who_attacked(scene)
    check_the_timeline(scene)
    check_what_changed(scene)
    check_where(scene)
    check_the_blocks(scene)
    check_the_tables(scene)


def undecided(scene: Scene) -> set[str]:
    """All addresses by which something severe got through, but for the one that is blocked on every device that has logged it."""
    found = set()
    for (adom, threat, address), events in scene.now.attackers().items():
        if (adom, threat) in scene.now.open and through(events):
            logged = {event.devid for event in events}
            if address != scene.kept or not logged <= set(SERIALS.values()):
                found.add(address)
    return found


def check_the_verdict(scene: Scene) -> None:
    log = scene.now
    names = {name for dummy, name in log.open}
    addresses = {
        address
        for (adom, threat, address), events in log.attackers().items()
        if (adom, threat) in log.open and through(events)
    }
    known: Counter[Threat] = Counter()
    for (adom, threat, dummy), events in log.attackers().items():
        known[adom, threat] += through(events)
    nameless = {one[1] for one in log.open if known[one] < log.detected[one]}
    text = " ".join(scene.page.lines)
    assert "Action needed" in text
    before = f"(24 hours before: {scene.before.severe:,}; {change(log.severe, scene.before.severe)})"
    assert (
        f"{len(names)} critical and high threats got through in {log.severe:,} incidents {before},"
        f" from at least {len(addresses)} attacking addresses."
    ) in text
    found = re.search(
        r"1 address is blocked on 2 FortiGates: (\S+) \(earliest known end: ([^)]+)\); 1 address could not be changed on 1 FortiGate\.",
        text,
    )
    assert found and found[1] == scene.kept
    zone = ZoneInfo(next(one["time_range"]["timezone"] for one in scene.data["results"]))
    assert abs(dt.datetime.fromisoformat(found[2]).replace(tzinfo=zone).timestamp() - scene.until) < 5
    # The blocked one is not decided where a device without a block of it has logged it, nor the one that one FortiGate still blocks.
    wanted = undecided(scene)
    assert wanted <= addresses
    held = len(wanted & {scene.kept})
    blocked = len(addresses) - len(wanted)
    some = f"Of the {len(addresses)} attacking addresses, {blocked} is blocked and {len(wanted)} need a decision"
    decide = some if blocked else f"All {len(addresses)} attacking addresses need a decision"
    assert (
        f"{decide} ({f'{held} blocked, but not on every FortiGate or without effect' if held else 'none is known to be blocked'}); "
        in text
    )
    assert f"; for {len(nameless)} of the {len(names)} threats, some or all attackers are not known." in text
    rest = log.of(log.detected) - log.severe
    assert (
        f"Of the {log.of(log.detected):,} incidents that got through, {log.severe:,} belong to the {len(names)} critical and high"
        f" threats that need attention, and {rest:,} belong to threats of another severity."
    ) in text
    unknown = sum(event.incidents for event in log.events if not attacker_of(event))
    share = f"{100 * unknown / log.of(log.incidents):.0f} %"
    assert (
        f"does not show which address attacked in {unknown:,} of {log.of(log.incidents):,} incidents ({share})." in text
    )


def check_what_is_named(scene: Scene) -> None:
    log, named = scene.now, {term: texts[0] for term, texts in scene.page.tiles.items() if texts}
    by_name: Counter[str] = Counter()
    by_address: Counter[str] = Counter()
    for adom, name in log.open:
        by_name[name] += log.detected[adom, name]
    for (adom, threat, address), events in log.attackers().items():
        if (adom, threat) in log.open:
            by_address[address] += through(events)
    worst = {name: min(SEVERE.index(log.severity[one]) for one in log.open if one[1] == name) for name in by_name}
    ranked = list(dict.fromkeys(name for dummy, name in sorted(log.open, key=lambda place: urgency(log, place))))
    said = [f"{name} ({SEVERE[worst[name]]}, {by_name[name]:,} incident" for name in ranked[:3]]
    places = [named["Worst threats"].index(one) for one in said]
    assert places == sorted(places) and f"{len(ranked) - 3} more" in named["Worst threats"]
    wanted = undecided(scene)
    busiest = min(wanted, key=lambda address: (-by_address[address], address))
    said = f"{len(wanted)} addresses, first {busiest} ({by_address[busiest]:,} of these incidents in "
    assert named["Block or accept"].startswith(said)
    connected = {
        (place[0], host)
        for place in log.open
        for host, events in hosts_of(log, place).items()
        if events[0].direction == "outgoing"
    }
    adoms, hosts = {adom for adom, dummy in connected}, {host for dummy, host in connected}
    found = re.match(
        r"([0-9]+) hosts: (\S+), (\S+), (\S+) and ([0-9]+) more in (\S+)(?: and (\S+)( more ADOMs)?)?, all in attention.csv. They made the",
        named["Check first"],
    )
    assert found and {*found.groups()[1:4]} <= hosts and int(found[1]) == len(hosts) == int(found[5]) + 3
    assert int(found[7]) == len(adoms) - 1 if found[8] else {found[6], found[7]} - {None} == adoms
    last = max(event.time for event in log.events if not event.blocked)
    start, end = last - last % 3600, min(last - last % 3600 + 3600, scene.end)
    zone = ZoneInfo(next(one["time_range"]["timezone"] for one in scene.data["results"]))
    count = sum(event.incidents for event in log.events if not event.blocked and event.time >= start)
    begin, until = (f"{dt.datetime.fromtimestamp(one, zone):%Y-%m-%d %H:%M:%S}" for one in (start, end))
    incidents = f"{count:,} incident{'' if count == 1 else 's'} of any severity got through from {begin} to "
    assert named["Last got through"].startswith(incidents)
    assert ("so more may follow" in named["Last got through"]) is (end == scene.end)
    assert until[11:] in named["Last got through"]


def urgency(log: Log, place: Threat) -> tuple[int, bool, int, str, str]:
    """Within a severity, first what has no known attacker or was connected to by hosts of ours."""
    known = any(through(events) for key, events in log.attackers().items() if key[:2] == (place[0], place[1]))
    connected = any(events[0].direction == "outgoing" for events in hosts_of(log, place).values())
    return SEVERE.index(log.severity[place]), known and not connected, -log.detected[place], place[1], place[0]


def hosts_of(log: Log, place: Threat) -> dict[str, list[Event]]:
    """Addresses on our side by which something got through: the target of an attack from outside, the source of what went to an address outside."""
    found: dict[str, list[Event]] = defaultdict(list)
    for event in log.events:
        if (event.adom, event.threat) != place or event.blocked or not is_address(event.dstip):
            continue
        if event.direction == "outgoing" and is_ours(event.srcip):
            found[event.srcip].append(event)
        elif event.direction == "incoming" and attacker_of(event):
            found[event.dstip].append(event)
    return found


def change(now: int, then: int) -> str:
    if now == then:
        return "no change"
    sign = "+" if now > then else MINUS
    if then < 10:
        return f"{sign}{abs(now - then):,}"
    share = 100 * abs(now - then) / then
    return f"{sign}{'under 1' if share < 1 else f'{share:.0f}'} %" if not 99 < share < 100 else f"{sign}over 99 %"


def check_the_tiles(scene: Scene) -> None:
    log, before, tiles = scene.now, scene.before, scene.page.tiles
    incidents, stopped, passed = (log.of(one) for one in (log.incidents, log.blocked, log.detected))
    names = {name for dummy, name in log.incidents}
    critical = {name for (adom, name), word in log.severity.items() if word == "critical"}
    vs = "vs 24 hours before"
    assert tiles["Incidents"] == [
        f"{incidents:,}",
        f"of {len(names)} threats",
        f"{change(incidents, before.of(before.incidents))} {vs}",
    ]
    high = len(log.through("high"))
    also = f"; {high} high also got through" if high else ""
    assert tiles["Critical got through"] == [
        str(len(log.through("critical"))),
        f"of {len(critical)} critical threats{also}",
        f"{change(len(log.through('critical')), len(before.through('critical')))} {vs}",
    ]
    assert tiles["Incidents blocked"][:2] == [f"{100 * stopped / incidents:.0f} %", f"{stopped:,} incidents"]
    share = round(100 * stopped / incidents) - round(100 * before.of(before.blocked) / before.of(before.incidents))
    sign = "+" if share > 0 else MINUS if share < 0 else ""
    assert tiles["Incidents blocked"][2] == f"{sign}{abs(share)} point{'' if abs(share) == 1 else 's'} {vs}"
    through_names = {name for (dummy, name), count in log.detected.items() if count}
    assert tiles["Got through"] == [
        f"{passed:,}",
        f"incidents of {len(through_names)} threats",
        f"{change(passed, before.of(before.detected))} {vs}",
    ]
    new = names - {name for dummy, name in before.incidents}
    assert tiles["New threats"][0] == str(len(new))
    if new:
        open_ = {name for name in new if name in through_names}
        assert any(tiles["New threats"][1].startswith(name[:40]) for name in open_ or new)
        assert ("got through" in tiles["New threats"][1]) is bool(open_)
    assert tiles["Addresses blocked"] == ["1", "1 failed, 0 refused"]


def check_what_needs_attention(scene: Scene) -> None:
    log, rows = scene.now, scene.page.tables["attention-entries"]
    shown = {(row["ADOM"], plain(row["Threat"])): row for row in rows}
    assert set(shown) == {(adom, plain(name)) for adom, name in log.open} and len(rows) == len(log.open)
    attackers = log.attackers()
    for adom, name in log.open:
        row = shown[adom, plain(name)]
        assert number(row["Got through"]) == log.detected[adom, name]
        assert row["Severity"] == log.severity[adom, name]
        behind = {
            address: through(events)
            for (where, threat, address), events in attackers.items()
            if (where, threat) == (adom, name) and through(events)
        }
        assert count_in(row["Attackers"]) == len(behind)
        top = sorted(behind, key=lambda address: (-behind[address], address))[:1]
        assert row["Attackers"].startswith(*top or ["not known"])
        hosts = hosts_of(log, (adom, name))
        assert count_in(row["Our hosts"]) == len(hosts)
        arrows = {host for host, seen in hosts.items() if seen[0].direction == "outgoing"}
        assert ("\u2192" in row["Our hosts"]) is bool(arrows)
        if not behind:
            assert row["Block"] == "attacker not known"
        elif not behind.keys() & {scene.kept, scene.failed}:
            others = "; others not known" if sum(behind.values()) < log.detected[adom, name] else ""
            assert row["Block"] == f"not blocked by us{others}"


def plain(name: str) -> str:
    """As cells have it after the comma rule of the reader, shortened, with hidden signs written out."""
    text = name.replace("\u202e", "[U+202E]").replace(",", ", ").replace("  ", " ")
    return text if len(name) <= 120 else f"{name[:119]}…"


def count_in(cell: str) -> int:
    """Addresses that are named, and how many more there are."""
    if cell in ("-", "not known"):
        return 0
    return sum(int(one.split()[0]) if one.endswith(" more") else 1 for one in cell.split(", "))


def check_who_attacked(scene: Scene) -> None:
    log = scene.now
    rows = {row["Address"]: row for row in scene.page.tables["attacker-entries"]}
    by_address: dict[str, list[Event]] = defaultdict(list)
    for (dummy, dummy2, address), events in log.attackers().items():
        by_address[address] += events
    assert set(rows) == set(by_address)
    for address, events in by_address.items():
        assert number(rows[address]["Incidents"]) == sum(event.incidents for event in events)
        assert number(rows[address]["Got through"]) == through(events)
        assert rows[address]["ADOMs"] == ", ".join(sorted({event.adom for event in events}))
        assert count_in(rows[address]["Threats"]) == len({event.threat for event in events})
    assert rows[scene.failed]["Block"].startswith("unblocked; failed on fgt-branch")
    assert rows[scene.kept]["Block"].startswith("blocked on fgt-branch, fgt-hq")


def check_the_timeline(scene: Scene) -> None:
    wanted: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    for event in scene.now.events:
        bucket = wanted[event.time - event.time % 3600]
        bucket[0] += event.incidents
        bucket[1] += event.incidents if event.blocked else 0
        bucket[2] += 0 if event.blocked else event.incidents
    rows = scene.page.tables["timeline"]
    zone = ZoneInfo(next(one["time_range"]["timezone"] for one in scene.data["results"]))
    blocked = []
    for row in rows:
        start = int(dt.datetime.fromisoformat(row["From"]).replace(tzinfo=zone).timestamp())
        shown = [number(row[title]) for title in ("Incidents", "Blocked", "Got through")]
        partial = start < scene.start or start % 3600 != 0 or start + 3600 > scene.end
        assert ("(partial)" in row["Until"]) is partial
        start -= start % 3600
        assert shown == wanted.pop(start, [0, 0, 0]), row
        blocked += [row["Addresses blocked"]] if row["Addresses blocked"] != "-" else []
    assert wanted == {} and len(rows) in (24, 25)
    # Both were blocked some seconds before the report was made, perhaps around a full hour.
    assert sum(map(int, blocked)) in (2, 3, 4) and len(blocked) in (1, 2)


def check_what_changed(scene: Scene) -> None:
    now, then = (
        {name: sum(count for (dummy, one), count in log.incidents.items() if one == name) for name in names}
        for log in (scene.now, scene.before)
        for names in [{one for dummy, one in log.incidents}]
    )
    tally = Counter(proof_of(then.get(name), now.get(name)) for name in {*now, *then})
    text = " ".join(scene.page.lines)
    for word in ("new", "rising", "gone", "falling", "steady"):
        assert f" {tally[word]} {word} " in text, word
    rows = {row["Threat"]: row for row in scene.page.tables["trend-entries"]}
    assert set(rows) == {plain(name) for name in {*now, *then}}
    for name in {*now, *then}:
        row = rows[plain(name)]
        assert row["Change"].split()[1] == proof_of(then.get(name), now.get(name))
        for title, figures in (("24 hours before", then), ("last 24 hours", now)):
            assert row[title] == f"{figures[name]:,}".replace(",", ", ") if name in figures else row[title] == "-"


def proof_of(then: t.Optional[int], now: t.Optional[int]) -> str:
    if not now or not then:
        return "new" if now else "gone"
    if now == then or abs(now - then) * 100 < then * 20:
        return "steady"
    return "rising" if now > then else "falling"


def check_where(scene: Scene) -> None:
    log, before = scene.now, scene.before
    rows = {row["ADOM"]: row for row in scene.page.tables["adoms-compared"]}
    assert set(rows) == set(ADOMS)
    for adom, row in rows.items():
        incidents, stopped, passed = (log.of(one, adom) for one in (log.incidents, log.blocked, log.detected))
        assert (number(row["Incidents"]), number(row["Got through"])) == (incidents, passed)
        assert row["Blocked"] == f"{100 * stopped / incidents:.0f} %"
        critical = [one for one in log.open if one[0] == adom and log.severity[one] == "critical"]
        assert number(row["Critical threats that got through"]) == len(critical)
        assert row["Change"] == change(incidents, before.of(before.incidents, adom))
    by_devices: Counter[str] = Counter()
    passed_by: Counter[str] = Counter()
    grouped: dict[tuple[str, ...], list[Event]] = defaultdict(list)
    for event in log.events:
        grouped[event.adom, event.threat, event.srcip, event.dstip].append(event)
    for events in grouped.values():
        devices = ", ".join(sorted({event.devid for event in events}))
        by_devices[devices] += sum(event.incidents for event in events)
        passed_by[devices] += through(events)
    shown = {row["FortiGate"]: row for row in scene.page.tables["fortigates"]}
    assert {devices: number(row["Incidents"]) for devices, row in shown.items()} == by_devices
    assert all(number(row["Got through"]) == passed_by[devices] for devices, row in shown.items())
    text = " ".join(scene.page.lines)
    for word in ("critical", "high", "medium", "low"):
        incidents = sum(count for one, count in log.incidents.items() if log.severity[one] == word)
        assert f"{word} {incidents:,}" in text


def check_the_blocks(scene: Scene) -> None:
    tables = scene.page.tables
    assert {row["Address"]: row["FortiGates"] for row in tables["blocks-blocked"]} == {
        scene.kept: "fgt-branch/root, fgt-hq/root"
    }
    assert [row["FortiGates"] for row in tables["blocks-failed"]] == ["fgt-branch/root"]
    assert [row["FortiGates"] for row in tables["blocks-unblocked"]] == ["fgt-hq/root"]


def check_the_tables(scene: Scene) -> None:
    log = scene.now
    for adom in ADOMS:
        rows = {row["Threat"]: row for row in scene.page.tables[f"threats_{adom}"]}
        assert set(rows) == {plain(name) for where, name in log.incidents if where == adom}
        for (where, name), count in log.incidents.items():
            if where == adom:
                row = rows[plain(name)]
                assert number(row["Incidents"]) == count
                assert (number(row["Blocked"]), number(row["Got through"])) == (
                    log.blocked[where, name],
                    log.detected[where, name],
                )


def test_rankings_take_the_place_of_a_view_that_is_missing(controller: Controller, faz: FortiAnalyzer) -> None:
    faz.switches.update({"missing_views": ["threat-line"]})
    run = controller.playbook("secops.fortiview.executive_report", "-e", "days=1")
    assert run.code == 0, run.output
    page = Page((controller.folder / "report" / "report.html").read_text())
    rows = page.tables["timeline"]
    assert len(rows) == 6
    # Each part begins where the one before ends, and an event at that second is in both.
    total = sum(number(row["Incidents"]) for row in rows)
    assert 0 <= total - number(page.tiles["Incidents"][0]) <= 30

    refused = controller.playbook("secops.fortiview.executive_report", "-e", "days=1 timeline_queries=5")
    assert refused.code != 0 and "threat-line" in refused.flat
    page = Page((controller.folder / "report" / "report.html").read_text())
    assert "timeline" not in page.tables and "1 query failed." in " ".join(page.lines)

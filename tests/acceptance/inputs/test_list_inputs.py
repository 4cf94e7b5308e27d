# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists as command lines, INI inventories and text areas give them: asked as they were meant, or refused with the right form."""

from __future__ import annotations

import csv
import json
import typing as t
from pathlib import Path

import pytest

from simulators.fortianalyzer import FortiAnalyzer
from support.playbooks import LOCAL, Controller, Run

ROOT = Path(__file__).resolve().parents[3]
HQ, DMZ = "fgt-hq", "fgt-dmz"
BOTH = [HQ, DMZ]
# As `-e NAME=TEXT` takes it, which is split at blanks like a command line.
ON_COMMAND_LINES = {
    "json": f'["{HQ}","{DMZ}"]',
    "yaml": f"[{HQ},{DMZ}]",
    "commas": f"{HQ},{DMZ}",
    "semicolons": f"{HQ};{DMZ};",
}
IN_TEXT_AREAS = {
    "lines": f"{HQ}\n{DMZ}\n",
    "windows": f" {HQ} \r\n\r\n{DMZ}\r\n",
    "block": f"- {HQ}\n- {DMZ}",
    "json on lines": f'[\n  "{HQ}",\n  "{DMZ}"\n]',
}
NO_LISTS = {
    "unfinished": f'["{HQ}","{DMZ}"',
    "dictionary": f'{{"{HQ}": [1]}}',
    "quoted": f'"{HQ}","{DMZ}"',
    "within brackets": f"{DMZ}[root,guest]",
    "nested": f'[["{HQ}"],"{DMZ}"]',
    "half a block": f"- {HQ}\n{DMZ}",
}
THREAT = "blocked-connection"
ROLE = "secops.fortiview.threat_hunt : "
HUNT = {"name": "Hunt", "ansible.builtin.include_role": {"name": "secops.fortiview.threat_hunt"}}


def sent_devices(faz: FortiAnalyzer) -> list[list[str]]:
    """The names of each device selection that was sent, each once: several devices are asked for under both keys."""
    sent = [tuple(name for one in params["device"] for name in one.values()) for params in faz.submits]
    return [list(names) for names in dict.fromkeys(sent)]


def sent_adoms(faz: FortiAnalyzer) -> list[str]:
    return list(dict.fromkeys(params["url"].split("/")[3] for params in faz.submits))


def top_threats(controller: Controller, *arguments: str) -> Run:
    return controller.playbook("secops.fortiview.top_threats", "-e", "last=24h", *arguments)


def hunt(controller: Controller, *arguments: str, **variables: t.Any) -> Run:
    given = json.dumps({"threat_hunt_time_range": {"last": "24h"}, "threat_hunt_lookup_methods": [], **variables})
    return controller.tasks([HUNT], "-e", given, *arguments)


@pytest.mark.parametrize("text", ON_COMMAND_LINES.values(), ids=ON_COMMAND_LINES)
def test_a_list_on_the_command_line(controller: Controller, faz: FortiAnalyzer, text: str) -> None:
    run = top_threats(controller, "-e", f"device={text}")
    assert run.code == 0, run.output
    assert sent_devices(faz) == [BOTH]
    assert run.of("Query FortiAnalyzer")["results"][0]["returned"] > 0


@pytest.mark.parametrize("text", IN_TEXT_AREAS.values(), ids=IN_TEXT_AREAS)
def test_a_list_of_a_text_area(controller: Controller, faz: FortiAnalyzer, text: str) -> None:
    run = top_threats(controller, "-e", json.dumps({"device": text}))
    assert run.code == 0, run.output
    assert sent_devices(faz) == [BOTH]


@pytest.mark.parametrize("text", NO_LISTS.values(), ids=NO_LISTS)
def test_what_is_no_list_is_refused_with_the_right_form(controller: Controller, faz: FortiAnalyzer, text: str) -> None:
    # Core 2.16 makes lists and dictionaries of text, so that their own errors are seen there.
    run = top_threats(controller, "-e", json.dumps({"device": text}))
    assert run.code != 0
    assert "device" in run.said
    assert faz.submits == []
    if not text.startswith("{"):
        assert 'Give device as a list such as ["a", "b"]' in run.said


@pytest.mark.parametrize("text", ON_COMMAND_LINES.values(), ids=ON_COMMAND_LINES)
def test_a_list_in_an_ini_inventory(controller: Controller, faz: FortiAnalyzer, text: str) -> None:
    variables = {
        "device": text,
        "threat_hunt_device": text,
        "threat_hunt_adoms": "[root]",
        "threat_hunt_severities": "[critical,low]",
    }
    lines = "".join(f"{name}={value}\n" for name, value in variables.items())
    inventory = controller.write("hosts.ini", f"{LOCAL}\n[all:vars]\n{lines}")
    ask = {
        "name": "Ask",
        "secops.fortiview.faz_fortiview_task": {
            "view": "top-threats",
            "device": "{{ device }}",
            "time_range": {"last": "24h"},
            "wait": True,
        },
    }
    judged = controller.tasks([ask, HUNT], "-i", str(inventory), variables={"threat_hunt_lookup_methods": []})
    assert judged.code == 0, judged.output
    assert sent_devices(faz) == [BOTH] and sent_adoms(faz) == ["root"]
    assert {
        row["severity"]
        for row in judged.of(f"{ROLE}Decide which addresses are offenders")["ansible_facts"]["threat_hunt_threats"]
    } <= {
        "critical",
        "low",
    }


def test_a_module_process_reads_lists_like_the_action_plugin(controller: Controller, faz: FortiAnalyzer) -> None:
    ask = {
        "secops.fortiview.faz_fortiview_task": {"queries": "{{ text }}", "time_range": {"last": "24h"}, "wait": True}
    }
    play = {"hosts": "localhost", "connection": "own_process", "gather_facts": False, "tasks": [ask]}

    def run(text: str) -> Run:
        plugins = str(ROOT / "tests/integration/targets/setup_own_process/connection_plugins")
        # A connection of a host counts more than that of a play.
        inventory = controller.write("own.ini", "localhost ansible_python_interpreter={{ansible_playbook_python}}\n")
        given = json.dumps({"text": text})
        return controller.play([play], "-i", str(inventory), "-e", given, ANSIBLE_CONNECTION_PLUGINS=plugins)

    done = run('[{"view": "top-threats", "device": "[\\"fgt-hq\\",\\"fgt-dmz\\"]"}]')
    assert done.code == 0, done.output
    assert sent_devices(faz) == [BOTH]
    faz.reset()
    done = run("view=top-threats,device=fgt-hq")
    assert done.code != 0 and "queries must be a list of dictionaries" in done.said
    done = run('[{"view": "top-threats", "device": "[\\"fgt-hq\\",\\"fgt-dmz\\""}]')
    assert done.code != 0 and "queries entry 1: device is text that cannot be read as a list" in done.said
    assert faz.submits == []


@pytest.mark.parametrize("text", ["[root, Branch_Office]", "root\nBranch_Office\n", "root; Branch_Office"])
def test_playbooks_of_several_adoms(controller: Controller, faz: FortiAnalyzer, text: str) -> None:
    run = controller.playbook("secops.fortiview.widespread_threats", "-e", json.dumps({"adoms": text}))
    assert run.code == 0, run.output
    assert sent_adoms(faz) == ["root", "Branch_Office"]


@pytest.mark.parametrize(
    "text", ["threat,incidents", "[threat, incidents]", '["threat","incidents"]', "threat\nincidents\n"]
)
def test_columns_of_a_csv_file(controller: Controller, faz: FortiAnalyzer, text: str) -> None:
    given = json.dumps({"columns": text, "csv_file": str(controller.folder / "threats.csv"), "limit": 5, "bom": False})
    run = controller.playbook("secops.fortiview.csv_export", "-e", given)
    assert run.code == 0, run.output
    lines = list(csv.reader((controller.folder / "threats.csv").read_text().splitlines()))
    assert lines[0] == ["threat", "incidents"] and len(lines) == 6 and all(line[0] for line in lines[1:])


def test_a_column_that_no_row_has(controller: Controller, faz: FortiAnalyzer) -> None:
    given = json.dumps({"columns": "threat,severety", "csv_file": str(controller.folder / "threats.csv"), "limit": 5})
    run = controller.playbook("secops.fortiview.csv_export", "-e", given)
    assert run.code != 0 and "no row has the column severety" in run.said
    assert "The columns are threat" in run.said or ", severity" in run.said
    assert not (controller.folder / "threats.csv").exists()
    rows = [{"srcip": "203.0.113.10"}]
    show = {
        "name": "Show",
        "ansible.builtin.debug": {"msg": "{{ rows | secops.fortiview.to_table(title='T', columns=columns) }}"},
    }
    columns = [{"title": "Address", "field": "srcip"}, {"title": "Bytes", "field": "bytes"}]
    run = controller.tasks([show], variables={"rows": rows, "columns": columns})
    assert run.code != 0 and "no row has the column bytes" in run.flat and "srcip" in run.flat
    columns[1]["optional"] = True
    assert controller.tasks([show], variables={"rows": rows, "columns": columns}).code == 0


@pytest.mark.parametrize(
    "names", [f"{THREAT}\nNo.Such.Threat\n", f'["{THREAT}", "No.Such.Threat"]', [THREAT, "No.Such.Threat"]]
)
def test_names_that_are_not_found_are_said(controller: Controller, faz: FortiAnalyzer, names: object) -> None:
    inventory = controller.write("hosts.ini", f"{LOCAL}\n[fortigates]\nfgt-hq ansible_connection=local\n")
    given = json.dumps({"names": names, "outcome": "any", "severities": "low", "last": "24h", "min_incidents": 10**6})
    run = controller.playbook("secops.fortiview.block_offenders", "-i", str(inventory), "-e", given, "--check")
    assert run.code == 0, run.output
    facts = run.of(f"{ROLE}Decide which addresses are offenders")["ansible_facts"]
    assert {row["threat"] for row in facts["threat_hunt_threats"]} == {THREAT}
    assert run.of(f"{ROLE}Decide which addresses are offenders")["ansible_facts"]["threat_hunt_not_found"] == [
        "No.Such.Threat"
    ]
    assert "No threat in the ranking has this name: No.Such.Threat." in run.flat


def test_nothing_was_found_and_the_names_are_said(controller: Controller, faz: FortiAnalyzer) -> None:
    run = hunt(controller, threat_hunt_names=f"{THREAT.upper()}; No.Such.Threat", threat_hunt_severities="critical")
    assert run.code == 0, run.output
    warnings = run.of(f"{ROLE}Decide which addresses are offenders")["ansible_facts"]["threat_hunt_warnings"]
    assert "No threat in the ranking has this name: No.Such.Threat." in warnings
    assert (
        f"Skipped the named threat whose severity, outcome or number of incidents does not match: {THREAT.upper()}."
        in warnings
    )


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("threat_hunt_adoms", '["root"'),
        ("threat_hunt_names", '["a", "b"'),
        ("threat_hunt_never", "[203.0.113.0/24"),
        ("threat_hunt_roles", "- attacker\nvictim"),
        ("threat_hunt_severities", '"critical","high"'),
        ("threat_hunt_lookup_methods", "rows, [logsearch"),
    ],
)
def test_a_role_names_the_variable_that_it_cannot_read(
    controller: Controller, faz: FortiAnalyzer, variable: str, text: str
) -> None:
    run = hunt(controller, **{variable: text})
    assert run.code != 0
    assert (
        f"{variable} is text that cannot be read as a list" in run.flat
        and f'Give {variable} as a list such as ["a", "b"]' in run.flat
    )
    assert faz.submits == []


def test_what_hunts_have_handed_on_as_text_counts_each_of_them(controller: Controller, faz: FortiAnalyzer) -> None:
    offenders = json.dumps([{"address": f"203.0.113.{number}"} for number in range(1, 12)])
    # As core 2.19 and later leave text.
    given = json.dumps({"threat_hunt_offenders_7": f" {offenders}"})
    run = controller.playbook("secops.fortiview.approval_gate", "-e", given)
    assert run.code != 0 and "Addresses to block: 11. The limit approval_above is 10." in run.flat


@pytest.mark.parametrize("targets", ["\n".join, json.dumps, "; ".join, " ".join])
def test_a_block_reads_targets_and_exclusions(controller: Controller, targets: t.Callable[[list[str]], str]) -> None:
    """Into a file, which needs no FortiGate."""
    addresses = [f"203.0.113.{number}" for number in range(1, 7)]
    given = {
        "fortigate_block_targets": targets(addresses),
        "fortigate_block_never_extra": "198.51.100.0/24\n203.0.113.6\n",
        "fortigate_block_infra": '["192.0.2.9"]',
        "fortigate_block_vdoms": "[root]",
        "fortigate_block_on_protected": "skip",
        "fortigate_block_method": "feed_file",
        "fortigate_block_feed_file": str(controller.folder / "feed.txt"),
        "fortigate_block_audit_dest": str(controller.folder / "audit.jsonl"),
        "fortigate_block_registry": str(controller.folder / "blocks.sqlite"),
    }
    block = {"ansible.builtin.include_role": {"name": "secops.fortiview.fortigate_block"}}
    run = controller.tasks([block], "-e", json.dumps(given))
    assert run.code == 0, run.output
    assert (controller.folder / "feed.txt").read_text().split() == addresses[:-1]
    given["fortigate_block_never_extra"] = "[198.51.100.0/24, 203.0.113.6"
    run = controller.tasks([block], "-e", json.dumps(given))
    assert run.code != 0 and "never is text that cannot be read as a list" in run.flat


def test_a_report_takes_the_records_of_an_audit_as_text(controller: Controller, faz: FortiAnalyzer) -> None:
    record = {
        "time": "2026-03-02T09:00:00Z",
        "run_id": "r",
        "host": "h",
        "serial": "S",
        "vdom": "root",
        "method": "feed_push",
        "list": "soc-block",
        "address": "203.0.113.7",
        "result": "blocked",
        "expires": None,
        "reasons": [],
        "threats": [],
    }
    given = {
        "threat_report_audit": f" {json.dumps([record])}",
        "threat_report_formats": "json\ncsv\n",
        "threat_report_dest": str(controller.folder / "report"),
    }
    report = {"ansible.builtin.include_role": {"name": "secops.fortiview.threat_report"}}
    run = controller.tasks([report], "-e", json.dumps(given))
    assert run.code == 0, run.output
    written = json.loads((controller.folder / "report" / "report.json").read_text())
    assert [one["address"] for one in written["blocks"]["addresses"]] == ["203.0.113.7"]


@pytest.mark.parametrize("text", [HQ, f"[{HQ}]", f"- {HQ}", f"{HQ}\n"])
def test_one_device(controller: Controller, faz: FortiAnalyzer, text: str) -> None:
    run = controller.playbook("secops.fortiview.one_device", "-e", json.dumps({"device": text}))
    assert run.code == 0, run.output
    assert sent_devices(faz) == [BOTH[:1]]
    run = controller.playbook("secops.fortiview.one_device", "-e", json.dumps({"device": f"{HQ}, {DMZ}"}))
    assert run.code != 0 and "one device" in run.said

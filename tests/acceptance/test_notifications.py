# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Notifications of playbooks, as receivers on this machine get them: webhooks over HTTPS and mail over SMTP."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import typing as t
from contextlib import ExitStack
from pathlib import Path

import pypdf
import pytest

from browser.hostile import NAMES
from simulators.fortianalyzer import FortiAnalyzer
from simulators.fortigate import FortiGate
from support.channel_formats import check_slack, check_teams
from support.playbook_fleet import PlaybookFleet
from support.playbooks import Controller, Run
from support.receivers import HOST, PROXY, SECRET, Receivers
from support.servers import refused_port

TARGET = "203.0.113.77"
ROOT = Path(__file__).resolve().parents[2]
NOTIFY = ROOT / "playbooks" / "tasks" / "notify.yml"
PRINT_PAGE = ROOT / "roles" / "threat_report" / "files" / "print_page.py"
Data = dict[str, t.Any]


@pytest.fixture
def receivers(tmp_path: Path) -> t.Iterator[Receivers]:
    with ExitStack() as stack:
        yield Receivers(tmp_path, stack)


def fact_of(run: Run, task: str) -> list[Data]:
    found: list[Data] = run.of(task)["ansible_facts"]["fortiview_notifications"]
    return found


def without_secrets(run: Run) -> None:
    assert "sEcReT" not in run.output and "T00000000" not in run.output and "pass of soc" not in run.output
    recorded = json.dumps([one.result for one in run.results])
    assert "sEcReT" not in recorded and "pass of soc" not in recorded


def test_a_report_arrives_in_every_channel_with_its_pdf(controller: Controller, receivers: Receivers) -> None:
    slack, teams, webhook = receivers.webhooks(), receivers.webhooks((202, "")), receivers.webhooks()
    mail = receivers.mail()
    channels = [
        receivers.channel("slack", slack),
        receivers.channel("teams", teams),
        receivers.channel("webhook", webhook),
        receivers.mailbox(mail),
    ]
    given = {
        "adoms": ["root", "Branch_Office"],
        "days": 1,
        "notify_channels": channels,
        "threat_report_link": "https://reports.example.com/",
    }
    run = controller.playbook("secops.fortiview.executive_report", "-vvv", "-e", json.dumps(given), **PROXY)
    assert run.code == 0, run.output
    without_secrets(run)
    task = "secops.fortiview.threat_report : Send the notification"
    assert [one["sent"] for one in fact_of(run, task)] == [True] * 4

    report = json.loads((controller.folder / "report" / "report.json").read_text())
    (data,) = (one.body for one in webhook.posted)
    said = " ".join(report["verdict"]["sentences"])
    assert data["title"] == "Threat report of the last 24 hours" and data["text"].startswith(f"{said} Check first: ")
    assert data["text"].endswith(" ".join(report["verdict"]["doubts"]))
    assert data["level"] == "critical" and data["link"] == "https://reports.example.com/"
    rows = [row for result in report["results"] if result["view"] == "top-threats" for row in result["rows"]]
    urgent = {row["threat"] for row in rows if row["severity"] in ("critical", "high") and row["detected"] > 0}
    assert {row["threat"] for row in data["rows"]} == urgent and urgent
    check_slack(slack.posted[0].body)
    check_teams(teams.posted[0].body)

    (mailed,) = mail.mailed
    assert mailed.secret and mailed.recipients == ["ciso@example.com", "soc@example.com"]
    figures = {fact["name"]: fact["value"] for fact in data["facts"]}
    assert f"Incidents {figures['Incidents']}" in str(mailed.message["Subject"])
    body, attached = mailed.message.iter_parts()
    text = body.get_content()  # type: ignore[attr-defined]
    assert not text.startswith("#") and "|--" not in text and "**" not in text and data["text"][:40] in text
    assert attached.get_filename() == "report.pdf"
    pages = pypdf.PdfReader(io.BytesIO(attached.get_content())).pages  # type: ignore[attr-defined]
    assert len(pages) >= 1 and "Threat report of the last 24 hours" in pages[0].extract_text()


def test_a_report_is_reported_once(controller: Controller, receivers: Receivers) -> None:
    webhook = receivers.webhooks()
    rows = [{"threat": name, "severity": "high", "incidents": 2, "blocked": 1, "detected": 1} for name in NAMES]
    result = {"name": "t", "view": "top-threats", "adom": "root", "complete": True, "total": len(rows), "rows": rows}
    role = {
        "name": "Report",
        "ansible.builtin.include_role": {"name": "secops.fortiview.threat_report"},
        "vars": {
            "threat_report_results": [result],
            "threat_report_dest": str(controller.folder / "out"),
            "threat_report_notify": [receivers.channel("webhook", webhook)],
        },
    }
    play = controller.write("hostile.json", json.dumps({"given": role["vars"]}))
    role["vars"] = {name: f"{{{{ (lookup('file', '{play}') | from_json).given.{name} }}}}" for name in role["vars"]}  # type: ignore[attr-defined]
    for changed, arguments in ((0, ["--check"]), (1, []), (1, [])):
        run = controller.tasks([role], *arguments, **PROXY)
        assert run.code == 0, run.output
        assert len(webhook.posted) == changed
    shown = [row["threat"] for row in webhook.posted[0].body["rows"]]
    assert "{{ lookup('pipe','id') }}" in shown and "uid=" not in str(webhook.posted)


def test_a_receiver_that_fails_is_a_warning(controller: Controller, receivers: Receivers) -> None:
    broken, fine = receivers.webhooks((503, "no {path}")), receivers.webhooks()
    channels = [receivers.channel("webhook", broken), receivers.channel("slack", fine)]
    given = {"report_dest": "out", "limit": 3, "notify_channels": channels}
    run = controller.playbook("secops.fortiview.daily_summary", "-vvv", "-e", json.dumps(given), **PROXY)
    assert run.code == 0, run.output
    assert len(broken.posted) == 2 and len(fine.posted) == 1
    assert f"The notification was not delivered to webhook ({HOST}): HTTP 503: no ********" in run.flat
    assert "The notification was tried 2 times." in run.flat
    without_secrets(run)
    assert [one["sent"] for one in fact_of(run, "secops.fortiview.threat_report : Send the notification")] == [
        False,
        True,
    ]


def test_a_wrong_channel_is_refused_before_a_query(controller: Controller, faz: FortiAnalyzer) -> None:
    for given, said in (
        ({"notify_channels": [{"channel": "slak", "url": f"https://x{SECRET}"}]}, "not 'slak'"),
        ({"notify_channel": []}, "Did you mean notify_channels"),
        ({"notify_channels": [{"channel": "slack", "url": f"https://x{SECRET}"}]}, "Set report_dest"),
    ):
        run = controller.playbook("secops.fortiview.daily_summary", "-vvv", "-e", json.dumps(given))
        assert run.code != 0 and said in run.said
        assert "sEcReT" not in run.said
    assert faz.submits == []


@pytest.fixture
def fleet(controller: Controller) -> t.Iterator[PlaybookFleet]:
    with ExitStack() as stack:
        names = ("fgt-hq", "fgt-branch")
        yield PlaybookFleet(
            controller, {name: stack.enter_context(FortiGate(serial=f"FG-{name}", hostname=name)) for name in names}
        )


def test_blocks_are_notified_of_and_never_fail_for_it(fleet: PlaybookFleet, receivers: Receivers) -> None:
    webhook, broken = receivers.webhooks(), receivers.webhooks((500, "out of order"))
    channels = [receivers.channel("webhook", broken), receivers.channel("webhook", webhook)]
    given = {
        "notify_channels": channels,
        "fortigate_block_targets": [TARGET, "192.0.2.130"],
        "fortigate_block_on_protected": "skip",
    }
    fleet.controller.environment.update(PROXY)
    checked = fleet.play("block_targets", "--check", **given)
    assert checked.code == 0 and webhook.posted == [], checked.output
    run = fleet.play("block_targets", **given)
    assert run.code == 0, run.output
    assert all(not one.passes(TARGET, "203.0.113.10") for one in fleet.fortigates.values())
    assert len(broken.posted) == 2 and "was not delivered to webhook" in run.flat
    (posted,) = webhook.posted
    assert posted.body["title"] == "Blocks" and posted.body["level"] == "warning"
    facts = {one["name"]: one["value"] for one in posted.body["facts"]}
    assert facts == {"blocked": 1, "refused": 1}
    blocked, refused = posted.body["rows"]
    assert (blocked["address"], blocked["fortigates"]) == (TARGET, "fgt-branch, fgt-hq")
    assert (refused["address"], refused["action"]) == ("192.0.2.130", "refused")

    # Nothing to do is nothing to say; a FortiGate that does not answer is said, and the run fails for it as before.
    webhook.posted.clear()
    run = fleet.play("reconcile_blocks", notify_channels=channels[1:])
    assert run.code == 0 and webhook.posted == [], run.output
    fleet.off = {"fgt-hq": refused_port()}
    run = fleet.play("reconcile_blocks", notify_channels=channels[1:])
    assert run.code != 0 and len(webhook.posted) == 1, run.output
    (posted,) = webhook.posted
    assert posted.body["level"] == "critical" and "fgt-hq: " in posted.body["text"]
    assert {"name": "FortiGates failed", "value": 1} in posted.body["facts"]


def test_the_task_file_takes_whatever_comes(controller: Controller, receivers: Receivers) -> None:
    webhook = receivers.webhooks()
    channels = [receivers.channel("webhook", webhook)]
    hostile = controller.write(
        "hostile.json", json.dumps({"title": NAMES[0], "rows": [{"threat": one} for one in NAMES]})
    )

    def notify(name: str, **more: t.Any) -> Data:
        return {"name": name, "ansible.builtin.include_tasks": str(NOTIFY), "vars": more}

    read = f"{{{{ lookup('file', '{hostile}') | from_json }}}}"
    run = controller.tasks(
        [
            notify("nobody", notification={"title": "x"}),
            notify("as text", notification={"title": "as text"}, notify_channels=json.dumps(channels)),
            notify("hostile", notification=read, notify_channels=channels),
            notify("no title", notification={"level": "info"}, notify_channels=channels),
            notify("no channel", notification={"title": "x"}, notify_channels=[{"channel": "pigeon"}]),
            notify("undefined", notification="{{ nothing_of_this_name }}", notify_channels=channels),
            {"name": "The rest of the play", "ansible.builtin.debug": {"var": "fortiview_notifications"}},
        ],
        **PROXY,
    )
    assert run.code == 0, run.output
    assert [one.body["title"] for one in webhook.posted] == ["as text", NAMES[0]]
    assert "{{ lookup('pipe','id') }}" in [row["threat"] for row in webhook.posted[1].body["rows"]]
    assert run.flat.count("Warning: the notification was not sent") >= 3
    (kept,) = run.of("The rest of the play")["fortiview_notifications"]
    assert kept["sent"] is False and "nothing_of_this_name" in kept["msg"]


@pytest.mark.parametrize(
    ("program", "code", "said"),
    [("", 0, ""), ("exit 3", 1, "chromium failed with exit code 3"), ("exit 0", 1, "chromium wrote no PDF")],
)
def test_a_page_that_cannot_be_printed(tmp_path: Path, program: str, code: int, said: str) -> None:
    """Without a program nothing is printed. The PDF of an earlier report never stays."""
    (tmp_path / "report.html").write_text("x")
    (tmp_path / "report.pdf").write_text("old")
    if program:
        (tmp_path / "chromium").write_text(f"#!/bin/sh\n{program}\n")
        (tmp_path / "chromium").chmod(0o755)
    # Beside this Python there may be a WeasyPrint.
    (tmp_path / "python").symlink_to(sys.executable)
    command = [
        str(tmp_path / "python"),
        str(PRINT_PAGE),
        str(tmp_path / "report.html"),
        str(tmp_path / "report.pdf"),
        "0640",
    ]
    done = subprocess.run(command, capture_output=True, text=True, env={"PATH": str(tmp_path)}, check=False)
    assert (done.returncode, done.stdout) == (code, "") and said in done.stderr
    assert not (tmp_path / "report.pdf").exists()
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".threat_report")] == []

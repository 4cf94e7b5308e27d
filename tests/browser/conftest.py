# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pages that the role made of the simulator's data and of hostile names, and a browser that looks at them."""

from __future__ import annotations

import base64
import datetime as dt
import json
import os
import subprocess
import typing as t
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

from simulators.fortianalyzer import FortiAnalyzer
from support.playbooks import access

from .hostile import NAMES

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SCREENSHOTS = ROOT / ".build" / "screenshots"
OPTIONS = (
    "headless=new no-sandbox disable-gpu disable-quic no-first-run disable-background-networking disable-component-update"
    " disable-sync disable-dev-shm-usage hide-scrollbars"
)


class Browser:
    """Chromium, with the few things that selenium does not do by itself."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver = driver

    def open(self, page: Path, scheme: str = "light", width: int = 1280, media: str = "") -> None:
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": media, "features": features})
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        self.requests()
        self.driver.get(page.as_uri())

    def run(self, script: str, *arguments: t.Any) -> t.Any:
        return self.driver.execute_script(script, *arguments)

    def requests(self) -> list[str]:
        """Addresses of everything that was asked for since the last call, but for what the page's policy held back."""
        messages = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
        wanted = {
            message["params"]["requestId"]: message["params"]["request"]["url"]
            for message in messages
            if message["method"] == "Network.requestWillBeSent"
        }
        for message in messages:
            if message["method"] == "Network.loadingFailed" and message["params"].get("blockedReason") == "csp":
                wanted.pop(message["params"]["requestId"], None)
        return list(wanted.values())

    def screenshot(self, name: str, height: int = 1500) -> Path:
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        width = self.run("return innerWidth")
        clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
        self.run("document.activeElement.blur()")
        shot = self.driver.execute_cdp_cmd("Page.captureScreenshot", {"captureBeyondViewport": True, "clip": clip})
        path = SCREENSHOTS / f"{name}.png"
        path.write_bytes(base64.b64decode(shot["data"]))
        return path


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> t.Iterator[Browser]:
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for option in OPTIONS.split():
        options.add_argument(f"--{option}")
    options.add_argument(f"--user-data-dir={tmp_path_factory.mktemp('profile')}")
    options.set_capability("goog:loggingPrefs", {"performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
    try:
        yield Browser(driver)
    finally:
        driver.quit()


@pytest.fixture(scope="session")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with the folders real and hostile."""
    folder = tmp_path_factory.mktemp("reports")
    variables = folder / "variables.json"
    with FortiAnalyzer() as box:
        now = dt.datetime.fromtimestamp(box.clock.now(), dt.timezone.utc).replace(microsecond=0)
        audit = folder / "audit.jsonl"
        audit.write_text(
            "".join(json.dumps(line) + "\n" for line in audit_lines(now, ("SQL.Injection", "Mirai.Botnet")))
        )
        given = {"dest": str(folder), "audit": str(audit), "hostile": hostile_variables(now)}
        variables.write_text(json.dumps(given))
        environment = {
            **os.environ,
            **access(box),
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
        }
        playbook = HERE / "report.yml"
        command = ["ansible-playbook", str(playbook), "-e", f"variables={variables}"]
        played = subprocess.run(command, capture_output=True, text=True, env=environment, check=False, cwd=folder)
    if played.returncode:
        pytest.fail(f"the playbook failed:\n{played.stdout[-6000:]}\n{played.stderr[-2000:]}")
    return folder


def audit_lines(now: dt.datetime, evidence: t.Sequence[str]) -> list[dict[str, t.Any]]:
    """Lines as the role fortigate_block writes them."""
    stamp = "%Y-%m-%dT%H:%M:%SZ"
    outcomes = [
        ("198.51.100.7", "blocked", None),
        ("198.51.100.12", "blocked", None),
        ("203.0.113.9", "refused", ["on the exclusion list (203.0.113.0/28)"]),
        ("10.1.1.20", "refused", ["private address"]),
    ]
    return [
        {
            "time": (now - dt.timedelta(hours=2)).strftime(stamp),
            "run_id": "42",
            "host": host,
            "serial": f"FG-{host}",
            "vdom": "root",
            "method": "ban",
            "list": "quarantine",
            "address": ip,
            "ttl": 3600,
            "expires": (now + dt.timedelta(hours=1)).strftime(stamp) if result == "blocked" else None,
            "reasons": ["severity critical", "42 incidents", "12 detected"],
            "threats": list(evidence),
            "result": result,
            **({"refusals": refusals} if refusals else {}),
        }
        for ip, result, refusals in outcomes
        for host in ("fgt-hq", "fgt-branch")
    ]


def hostile_variables(now: dt.datetime) -> dict[str, t.Any]:
    """Results, periods and audit in which every text is a hostile name."""

    def result(name: str, adom: str, factor: int) -> dict[str, t.Any]:
        rows = [
            {
                "threat": hostile,
                "threattype": hostile,
                "severity": "high",
                "incidents": factor * (100 - place),
                "blocked": factor * 7,
                "detected": factor * (93 - place),
            }
            for place, hostile in enumerate(NAMES)
        ]
        return {
            "name": name,
            "adom": adom,
            "view": "top-threats",
            "complete": True,
            "total": len(rows),
            "rows": rows,
            "time_range": {"start": NAMES[0], "end": NAMES[1], "timezone": NAMES[2]},
            "device": [{"devid": hostile} for hostile in NAMES],
            "query": {"filter": NAMES[3], "sort_by": [{"field": NAMES[4], "order": "desc"}], "limit": 100, "offset": 0},
            "warnings": list(NAMES),
        }

    sources = [
        {"srcip": hostile, "hostname": hostile, "f_user": hostile, "sessions": 9 - place, "bytes": 5000}
        for place, hostile in enumerate(NAMES[:9])
    ]
    return {
        "title": NAMES[1],
        "results": [
            *[result(f"r{place}", adom, 1) for place, adom in enumerate(NAMES[:9])],
            {**result("sources", NAMES[0], 1), "view": "top-sources", "rows": sources},
            {**result("other", NAMES[0], 1), "view": NAMES[6], "rows": [{"app": one, "sessions": 1} for one in NAMES]},
        ],
        "attackers": [
            {
                **result("pairs", adom, 1),
                "view": "threat-src-dst",
                "rows": [
                    {
                        "threat": hostile,
                        "srcip": f"198.51.100.{place}",
                        "dstip": "10.1.1.1",
                        "country": hostile,
                        "mitre_technique": f"{hostile} T1190",
                        "incidents": 2,
                        "detected": 1,
                        "blocked": 1,
                        "devices": [hostile, adom],
                    }
                    for place, hostile in enumerate(NAMES)
                ],
            }
            for adom in NAMES[:9]
        ],
        "timeline": [
            {
                **result("line", adom, 1),
                "view": "threat-line",
                "rows": [
                    {"time": 1772323200 + 3600 * place, "incidents": place, "blocked": hostile, "detected": 5}
                    for place, hostile in enumerate(NAMES)
                ]
                + [{"time": hostile, "incidents": 1} for hostile in NAMES],
            }
            for adom in NAMES[:3]
        ],
        "periods": [
            {**result(NAMES[2], "root", 1), "time_range": None},
            {**result(NAMES[3], "root", 2), "time_range": None},
        ],
        "audit": [
            {
                **line,
                "address": f"{line['address']} {hostile}",
                "host": hostile,
                "threats": [hostile],
                "reasons": [hostile],
                "expires": hostile,
            }
            for line in audit_lines(now, [])
            for hostile in NAMES[:5]
        ],
    }

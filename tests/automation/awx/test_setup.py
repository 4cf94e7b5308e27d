# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""playbooks/awx_setup.yml with the real modules of awx.awx, against a simulated controller: what it has afterwards."""

from __future__ import annotations

import json
import re
import subprocess
import typing as t
from pathlib import Path

import pytest

from automation.awx.support import REGISTRY, Data, controller_data, named, play
from simulators.controller import Controller

SITE: Data = {
    "fortiview_organization": "Security",
    "fortiview_project_url": "https://git.example.com/fortiview.git",
    "fortiview_execution_environment_image": "registry.example.com/fortiview-ee:1.0.0",
    "fortiview_faz_host": "faz.example.com",
    "fortiview_faz_api_token": "faz-token-of-the-test",
    "fortiview_faz_ca_certificate": "-----BEGIN CERTIFICATE-----\n...\n-----END CERTIFICATE-----\n",
    "fortiview_fortigate_token": "fortigate-token-of-the-test",
    "fortiview_fortigates": [
        {"name": "fgt-hq", "address": "192.0.2.1"},
        {"name": "fgt-branch", "address": "192.0.2.2", "port": 10443},
    ],
    "fortiview_adoms": ["root", "Branch_Office"],
    "fortiview_never": ["198.51.100.0/24"],
    "fortiview_registry": REGISTRY,
    "fortiview_registry_password": "registry-password-of-the-test",
    "fortiview_notification_url": "https://news.example.com/hook",
}
# Some forty modules, twice; on a machine with other work that takes minutes.
pytestmark = pytest.mark.timeout(600)
SECRETS = ("faz-token-of-the-test", "fortigate-token-of-the-test", "registry-password-of-the-test")


def set_up(controller: Controller, home: Path, site: Data) -> subprocess.CompletedProcess[str]:
    return play(
        "secops.fortiview.awx_setup",
        home,
        site,
        CONTROLLER_HOST=controller.url,
        CONTROLLER_USERNAME=controller.username,
        CONTROLLER_PASSWORD=controller.password,
        SSL_CERT_FILE=controller.ca_path,
    )


class Outcome(t.NamedTuple):
    controller: Controller
    first: subprocess.CompletedProcess[str]
    second: subprocess.CompletedProcess[str]
    first_writes: int
    data: Data


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> t.Iterator[Outcome]:
    home = tmp_path_factory.mktemp("setup")
    with Controller() as controller:
        first = set_up(controller, home, SITE)
        assert first.returncode == 0, first.stdout + first.stderr
        writes = len(controller.writes)
        second = set_up(controller, home, SITE)
        assert second.returncode == 0, second.stdout + second.stderr
        yield Outcome(controller, first, second, writes, controller_data(home, SITE))


def test_the_second_run_writes_nothing(outcome: Outcome) -> None:
    assert outcome.first_writes > 50
    assert [(one.method, one.path) for one in outcome.controller.writes[outcome.first_writes :]] == []
    recap = re.search(r"localhost .* changed=(\d+) .* failed=(\d+)", outcome.second.stdout)
    assert recap and recap.groups() == ("0", "0")


def test_nothing_was_refused_on_the_way(outcome: Outcome) -> None:
    assert [one for one in outcome.controller.requests if one.status >= 400] == []
    assert outcome.controller.open_tokens == 0


def test_no_secret_is_printed(outcome: Outcome) -> None:
    printed = outcome.first.stdout + outcome.first.stderr + outcome.second.stdout + outcome.second.stderr
    assert not [secret for secret in (*SECRETS, outcome.controller.password) if secret in printed]


def test_credentials_hold_what_their_types_ask_for(outcome: Outcome) -> None:
    faz = outcome.controller.named("credentials", "FortiAnalyzer")
    kind = outcome.controller.store.get("credential_types", faz["credential_type"])
    assert kind["name"] == "FortiAnalyzer API token"
    assert faz["inputs"] == {
        "host": "faz.example.com",
        "port": "443",
        "api_token": "faz-token-of-the-test",
        "ca_certificate": SITE["fortiview_faz_ca_certificate"],
    }
    assert outcome.controller.named("credentials", "FortiGates")["inputs"] == {"token": "fortigate-token-of-the-test"}
    registry = outcome.controller.named("credentials", "FortiView registry")["inputs"]
    assert registry == {"password": "registry-password-of-the-test"}


def test_every_credential_type_keeps_its_secrets_and_injects_them_where_they_are_read(outcome: Outcome) -> None:
    injected = {}
    for kind in outcome.controller.store.all("credential_types"):
        assert {one["id"] for one in kind["inputs"]["fields"] if one.get("secret")} in (
            {"api_token"},
            {"password"},
            {"token"},
        )
        injected[kind["name"]] = {*kind["injectors"].get("env", {}), *kind["injectors"].get("extra_vars", {})}
    common = {"FAZ_HOST", "FAZ_PORT", "FAZ_CA_PATH", "FAZ_VALIDATE_CERTS"}
    assert injected == {
        "FortiAnalyzer API token": common | {"FAZ_API_TOKEN"},
        "FortiAnalyzer password": common | {"FAZ_USERNAME", "FAZ_PASSWORD"},
        "FortiGate API token": {"fortigate_token", "ansible_httpapi_ca_path"},
        "FortiView registry": {"PGPASSWORD", "PGSSLROOTCERT"},
    }


def test_job_templates_have_their_surveys_and_variables(outcome: Outcome) -> None:
    store = outcome.controller.store
    for wanted in outcome.data["controller_templates"]:
        found = outcome.controller.named("job_templates", wanted["name"])
        assert found.get("survey_spec") == wanted.get("survey_spec"), wanted["name"]
        assert found["survey_enabled"] is ("survey_spec" in wanted)
        assert json.loads(found["extra_vars"] or "{}") == wanted.get("extra_vars", {})
        assert found["playbook"] == wanted["playbook"] and found["job_type"] == wanted["job_type"]
        assert store.get("inventories", found["inventory"])["name"] == wanted["inventory"]
        linked = outcome.controller.linked("job_templates", wanted["name"], "credentials")
        assert sorted(linked) == sorted(wanted["credentials"])
    dry_run = outcome.controller.named("job_templates", "FortiView dry run")
    assert dry_run["job_type"] == "check"
    assert "198.51.100.0/24" in dry_run["extra_vars"]
    assert len(store.all("job_templates")) == len(outcome.data["controller_templates"])


def test_the_workflow_asks_above_the_limit_and_not_below(outcome: Outcome) -> None:
    edges = {
        (item["identifier"], how): outcome.controller.linked(
            "workflow_job_template_nodes", item["identifier"], f"{how}_nodes"
        )
        for item in outcome.controller.store.all("workflow_job_template_nodes")
        for how in ("success", "failure", "always")
    }
    assert {edge: to for edge, to in edges.items() if to} == {
        ("hunt", "success"): ["gate"],
        ("gate", "success"): ["block"],
        ("gate", "failure"): ["approval"],
        ("approval", "success"): ["block"],
        ("block", "always"): ["report"],
    }
    node = outcome.controller.named("workflow_job_template_nodes", "approval")
    approval = outcome.controller.store.get("workflow_approval_templates", node["unified_job_template"])
    assert approval["timeout"] == 14400
    workflow = "FortiView hunt and block"
    for when in ("error", "approvals"):
        told = outcome.controller.linked("workflow_job_templates", workflow, f"notification_templates_{when}")
        assert told == ["FortiView webhook"]


def test_blocking_is_not_scheduled_until_somebody_says_so(outcome: Outcome) -> None:
    enabled = {item["name"]: item["enabled"] for item in outcome.controller.store.all("schedules")}
    assert enabled == {
        "FortiView hunt and block, hourly": False,
        "FortiView close incident, hourly": True,
        "FortiView reconcile blocks, every 15 minutes": True,
        "FortiView block effect, weekly": True,
        "FortiView daily report, in the morning": True,
    }


def test_inventories_have_every_line_that_the_connection_needs(outcome: Outcome) -> None:
    group = json.loads(outcome.controller.named("groups", "fortigates")["variables"])
    assert group["ansible_port"] == "{{ ansible_httpapi_port }}" and group["ansible_user"] == ""
    branch = json.loads(outcome.controller.named("hosts", "fgt-branch")["variables"])
    assert branch == {"ansible_host": "192.0.2.2", "ansible_httpapi_port": 10443}
    assert outcome.controller.linked("groups", "fortianalyzer_adoms", "hosts") == ["root", "Branch_Office"]


def test_a_password_makes_a_credential_of_the_other_type(tmp_path: Path) -> None:
    site = {name: value for name, value in SITE.items() if "api_token" not in name}
    data = controller_data(tmp_path, {**site, "fortiview_faz_username": "u", "fortiview_faz_password": "p"})
    faz = named(data["controller_credentials"], "FortiAnalyzer")
    assert faz["credential_type"] == "FortiAnalyzer password"
    assert {"username", "password"} < set(faz["inputs"]) and "api_token" not in faz["inputs"]


def test_without_credentials_nothing_is_asked(tmp_path: Path) -> None:
    with Controller() as controller:
        run = set_up(controller, tmp_path, {"fortiview_faz_host": "faz.example.com"})
        assert run.returncode != 0 and "FAZ_API_TOKEN" in run.stdout
        assert controller.requests == []


@pytest.mark.parametrize(
    ("variable", "advice"),
    [
        ("fortiview_never", "Set fortiview_never to your exclusion list"),
        ("fortiview_registry", "fortiview_registry must be the URL"),
    ],
)
def test_without_a_stated_exclusion_list_and_registry_nothing_is_asked(
    tmp_path: Path, variable: str, advice: str
) -> None:
    with Controller() as controller:
        run = set_up(controller, tmp_path, {name: value for name, value in SITE.items() if name != variable})
        assert run.returncode != 0 and advice in run.stdout
        assert controller.requests == []


@pytest.mark.parametrize(
    ("registry", "advice"),
    [
        ("", "fortiview_registry must be the URL"),
        ("blocks.sqlite", "fortiview_registry must be the URL"),
        ("postgresql://fortiview:s3cret-c4nary@db.example.com/fortiview", "Remove the password from the URL"),
        ("postgresql://db.example.com/fortiview?user=f&password=s3cret-c4nary", "Remove the password from the URL"),
    ],
    ids=["empty", "relative", "password", "password as a parameter"],
)
def test_a_registry_that_jobs_cannot_share_or_that_has_a_password_is_refused(
    tmp_path: Path, registry: str, advice: str
) -> None:
    with Controller() as controller:
        run = set_up(controller, tmp_path, {**SITE, "fortiview_registry": registry})
        assert run.returncode != 0 and advice in run.stdout
        assert "s3cret-c4nary" not in run.stdout + run.stderr
        assert controller.requests == []

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The image: ansible-builder makes its context, finds what the collection needs, and with no more than that a playbook runs."""

from __future__ import annotations

import re
from importlib.metadata import version

import pytest
import yaml

from automation.awx.image import Image, access, strip, tool
from automation.awx.support import PATTERN, ROOT
from simulators.fortianalyzer import FortiAnalyzer, Switches

pytestmark = pytest.mark.timeout(400)
NAVIGATOR = ROOT / "ansible-navigator.yml"
PLAYBOOK = "secops.fortiview.top_threats"


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Image:
    return Image(tmp_path_factory.mktemp("image"), PATTERN / "exec_env" / "execution-environment.yml")


@pytest.fixture(scope="module")
def requirements(image: Image) -> list[str]:
    return image.requirements()


def test_the_context_is_made(image: Image) -> None:
    made, collections = image.context()
    assert image.definition["images"]["base_image"]["name"] in made
    names = {one["name"] for one in collections[1:]}
    assert names == {"ansible.netcommon", "fortinet.fortianalyzer", "fortinet.fortios"}


def test_what_is_found_is_what_the_collection_says(requirements: list[str]) -> None:
    expected = ["requests", "psycopg[binary]", "stix2"]
    assert requirements == expected == strip((ROOT / "meta" / "ee-requirements.txt").read_text())


def test_a_playbook_runs_with_no_more_than_that(image: Image, requirements: list[str]) -> None:
    folder = image.packages("venv", f"ansible-core=={version('ansible-core')}", *requirements)
    with FortiAnalyzer(Switches(task_seconds=0.1)) as faz:
        env = image.environment(folder, **access(faz))
        printed = tool(folder / "ansible-playbook", PLAYBOOK, "-e", "limit=5", cwd=image.place, env=env)
        assert "Top threats by incidents" in printed and "Complete: 5 rows" in printed
        assert faz.check() == []


def test_ansible_navigator_takes_its_settings(image: Image, requirements: list[str]) -> None:
    """Without a container engine the playbook runs on this machine, with the settings of the file all the same."""
    packages = [f"ansible-core=={version('ansible-core')}", "ansible-navigator==26.10.0", *requirements]
    folder = image.packages("navigator", *packages)
    project = image.place / "project"
    project.mkdir()
    (project / NAVIGATOR.name).write_text(NAVIGATOR.read_text())
    with FortiAnalyzer(Switches(task_seconds=0.1)) as faz:
        env = image.environment(folder, **access(faz))
        run = ["run", PLAYBOOK, "--execution-environment", "false", "-e", "limit=5"]
        printed = tool(folder / "ansible-navigator", *run, cwd=project, env=env)
        assert "Complete: 5 rows" in printed
        assert faz.api_token not in printed
    assert [path.name for path in project.iterdir()] == [NAVIGATOR.name]


def test_ansible_navigator_passes_on_all_that_modules_read() -> None:
    settings = yaml.safe_load(NAVIGATOR.read_text())["ansible-navigator"]["execution-environment"]
    read = set(re.findall(r"E\((FAZ_\w+)\)", (ROOT / "plugins/doc_fragments/connection.py").read_text()))
    assert read and {*read, "FORTIGATE_TOKEN", "PGPASSWORD"} == set(settings["environment-variables"]["pass"])
    assert settings["image"] in (PATTERN / "exec_env" / "execution-environment.yml").read_text()

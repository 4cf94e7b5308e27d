# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Job templates started as a controller starts them, with ansible-runner: from the data alone, one private folder for each job."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import stat
import subprocess
import tempfile
import typing as t
from pathlib import Path

import yaml
from jinja2.sandbox import ImmutableSandboxedEnvironment

from automation.awx.support import ROOT, TOOLS, Data, environment, named
from simulators.controller import surveys
from simulators.controller.errors import Refused

Slice = tuple[int, int]
WHOLE: Slice = (1, 1)
USER = "operator"


class Unsafe(yaml.SafeDumper):
    """Writes every text with the tag !unsafe, as a controller does with all that is no template's own."""

    def represent_data(self, data: t.Any) -> yaml.Node:
        return self.represent_scalar("!unsafe", data) if isinstance(data, str) else super().represent_data(data)


@dataclasses.dataclass
class Job:
    """A job that has ended."""

    number: int
    folder: Path
    returncode: int

    @property
    def stdout(self) -> str:
        return (self._artifacts / "stdout").read_text()

    @property
    def successful(self) -> bool:
        return (self._artifacts / "status").read_text() == "successful"

    @property
    def artifacts(self) -> Data:
        """What set_stats has left, from the last event."""
        found = [
            event["event_data"].get("artifact_data", {})
            for event in self.events
            if event["event"] == "playbook_on_stats"
        ]
        return dict(found[-1]) if found else {}

    @property
    def events(self) -> list[Data]:
        files = (self._artifacts / "job_events").glob("*-*.json")
        return sorted((json.loads(file.read_text()) for file in files), key=lambda event: int(event["counter"]))

    @property
    def hosts_changed(self) -> set[str]:
        stats = [event for event in self.events if event["event"] == "playbook_on_stats"]
        return set(stats[-1]["event_data"]["changed"])

    @property
    def _artifacts(self) -> Path:
        return self.folder / "artifacts" / str(self.number)


class Launcher:
    """Starts the templates of `data`. Folders have short names: the path of a socket may not be long."""

    def __init__(self, data: Data) -> None:
        self.data = data
        self.home = Path(tempfile.mkdtemp(prefix="awx"))
        self._numbers = 0

    def close(self) -> None:
        shutil.rmtree(self.home, ignore_errors=True)

    def template(self, name: str) -> Data:
        return named(self.data["controller_templates"], name)

    def run(self, name: str, answers: Data | None = None, artifacts: Data | None = None, **how: t.Any) -> Job:
        process, number, folder = self.start(name, answers, artifacts, **how)
        try:
            output, _none = process.communicate(timeout=280)
        finally:
            process.kill()
        assert (folder / "artifacts" / str(number) / "rc").exists(), output
        return Job(number, folder, process.returncode)

    def start(
        self,
        name: str,
        answers: Data | None = None,
        artifacts: Data | None = None,
        part: Slice = WHOLE,
        limit: str = "",
        **more: str,
    ) -> tuple[subprocess.Popen[str], int, Path]:
        """ansible-runner on its way; `more` goes into the environment. Raises Refused for answers that a controller does not take."""
        template = self.template(name)
        problems = surveys.problems(template.get("survey_spec", {}), answers or {}, complete=False)
        if problems:
            raise Refused(400, {"variables_needed_to_start": problems})
        self._numbers += 1
        number = 1000 + self._numbers
        folder = self.home / str(number)
        for part_of in ("env", "inventory", "project"):
            (folder / part_of).mkdir(parents=True)
        for tree in ("playbooks", "extensions/patterns"):
            shutil.copytree(ROOT / tree, folder / "project" / tree)
        (folder / "cp").mkdir(mode=0o700)
        envvars, arguments = self._inject(template, folder)
        arguments = ["-u", "root", *(["--check"] if template["job_type"] == "check" else []), *arguments]
        if limit:
            arguments += ["-l", limit]
        if template.get("verbosity"):
            arguments.append("-" + "v" * template["verbosity"])
        write_script(folder / "inventory" / "hosts", script_data(self.data, template["inventory"], part))
        variables = {
            **template.get("extra_vars", {}),
            **survey_defaults(template.get("survey_spec", {})),
            **(artifacts or {}),
            **(answers or {}),
            **meta_variables(number, template),
        }
        write_variables(folder / "env" / "extravars", variables, template.get("extra_vars", {}))
        (folder / "env" / "cmdline").write_text(" ".join(arguments))
        envvars.update(JOB_ID=str(number), INVENTORY_ID="1", ANSIBLE_RETRY_FILES_ENABLED="False", **more)
        (folder / "env" / "envvars").write_text(yaml.safe_dump(envvars))
        process = subprocess.Popen(
            [str(TOOLS / "ansible-runner"), "run", str(folder), "-p", template["playbook"], "--ident", str(number)],
            env=environment(self.home),
            cwd=self.home,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return process, number, folder

    def _inject(self, template: Data, folder: Path) -> tuple[Data, list[str]]:
        """What the credentials' types put into the environment and onto the command line."""
        envvars: Data = {}
        arguments: list[str] = []
        for name in template["credentials"]:
            credential = named(self.data["controller_credentials"], name)
            kind = named(self.data["controller_credential_types"], credential["credential_type"])
            assert set(kind["inputs"]["required"]) <= set(credential["inputs"]), name
            env, variables = inject(kind, credential["inputs"], folder / "env")
            envvars.update(env)
            if variables:
                file = private_file(folder / "env", yaml.dump(variables, Dumper=Unsafe))
                arguments += ["-e", f"@{file}"]
        return envvars, arguments


def inject(kind: Data, inputs: Data, folder: Path) -> tuple[Data, Data]:
    """Environment and extra variables of a credential: its type's templates, with what was entered."""
    jinja = ImmutableSandboxedEnvironment()
    booleans = {one["id"]: False for one in kind["inputs"]["fields"] if one["type"] == "boolean"}
    namespace = {**booleans, **{name: value for name, value in inputs.items() if value != ""}}
    files = {}
    for label, template in kind["injectors"].get("file", {}).items():
        files[label.partition(".")[2]] = str(private_file(folder, jinja.from_string(template).render(namespace)))
    namespace["tower"] = {"filename": files}
    env, variables = (
        {
            name: jinja.from_string(template).render(namespace)
            for name, template in kind["injectors"].get(what, {}).items()
        }
        for what in ("env", "extra_vars")
    )
    return env, variables


def survey_defaults(survey: Data) -> Data:
    """Those that a controller fills in where nobody is asked: not every type's."""
    found = {}
    for question in survey.get("spec", []):
        default = question.get("default")
        if default is None or question["type"] == "multiselect":
            continue
        if question["type"] == "multiplechoice" and default not in question["choices"]:
            continue
        if question["type"] == "integer" and not isinstance(default, int):
            continue
        found[question["variable"]] = default
    return found


def meta_variables(number: int, template: Data) -> Data:
    told = {"job_id": number, "job_launch_type": "manual", "user_name": USER, "job_template_name": template["name"]}
    return {f"{prefix}_{name}": value for prefix in ("awx", "tower") for name, value in told.items()}


def script_data(data: Data, inventory: str, part: Slice) -> Data:
    """An inventory as a controller's script prints it; a slice has each n-th of its hosts, by name."""
    found: Data = {"all": {"vars": named(data["controller_inventories"], inventory).get("variables", {})}}
    hosts = sorted(
        (host for host in data["controller_hosts"] if host["inventory"] == inventory),
        key=lambda host: str(host["name"]),
    )[part[0] - 1 :: part[1]]
    here = [host["name"] for host in hosts]
    groups = [group for group in data["controller_groups"] if group["inventory"] == inventory]
    for group in groups:
        members = [name for name in group["hosts"] if name in here]
        found[group["name"]] = {"hosts": members, "vars": group.get("variables", {})}
    found["all"]["children"] = [group["name"] for group in groups]
    ids = {
        host["name"]: {"remote_tower_id": 100 + index, "remote_tower_enabled": "true"}
        for index, host in enumerate(hosts)
    }
    found["_meta"] = {"hostvars": {host["name"]: {**host.get("variables", {}), **ids[host["name"]]} for host in hosts}}
    return found


def write_script(file: Path, data: Data) -> None:
    file.write_text(f"#!/usr/bin/env python3\nprint({json.dumps(data)!r})\n")
    file.chmod(stat.S_IRWXU)


def write_variables(file: Path, variables: Data, trusted: Data) -> None:
    """What stands in the template as it is may be a template of Jinja; nothing else may."""
    with file.open("w") as stream:
        for name, value in variables.items():
            own = name in trusted and trusted[name] == value
            yaml.dump({name: value}, stream, Dumper=yaml.SafeDumper if own else Unsafe, default_flow_style=False)


def private_file(folder: Path, text: str) -> Path:
    handle, path = tempfile.mkstemp(dir=folder)
    with os.fdopen(handle, "w") as stream:
        stream.write(text)
    return Path(path)

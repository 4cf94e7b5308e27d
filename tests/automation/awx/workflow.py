# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A workflow of the data, node by node as a controller goes through it."""

from __future__ import annotations

import typing as t

from automation.awx.launch import Job, Launcher
from automation.awx.support import Data

WAYS = ("success", "failure", "always")


class Walk:
    """What ran, in order, and how each node ended: successful, failed, or for an approval what was decided."""

    def __init__(self, launcher: Launcher, workflow: Data) -> None:
        self._launcher = launcher
        self._nodes = {node["identifier"]: node for node in workflow["simplified_workflow_nodes"]}
        self.jobs: dict[str, Job] = {}
        self.outcomes: dict[str, str] = {}

    @property
    def first(self) -> str:
        """The node that no other leads to."""
        reached = {name for node in self._nodes.values() for way in WAYS for name in node.get(f"{way}_nodes", [])}
        (root,) = set(self._nodes) - reached
        return root

    def go(
        self, answers: Data, approve: bool, without: t.Collection[str] = (), ended: t.Mapping[str, Job] | None = None
    ) -> None:
        """All nodes, each with what those before it have handed on. Those in `without` are not started, and those in `ended` not
        again."""
        self.jobs = dict(ended or {})
        self._run(self.first, answers, approve, {}, without)

    def _run(self, name: str, answers: Data, approve: bool, artifacts: Data, without: t.Collection[str]) -> None:
        if name in without:
            return
        node = self._nodes[name]
        if "approval_node" in node:
            good = approve
            self.outcomes[name] = "approved" if approve else "denied"
        else:
            # A workflow's own variables count more than what jobs hand on, and the surveys of its jobs do not filter them.
            job = self.jobs.get(name) or self._launcher.run(
                node["unified_job_template"], artifacts={**artifacts, **answers}
            )
            self.jobs[name] = job
            good = job.successful
            self.outcomes[name] = "successful" if good else "failed"
            artifacts = {**artifacts, **job.artifacts}
        for way in ("success" if good else "failure", "always"):
            for following in node.get(f"{way}_nodes", []):
                if following not in self.outcomes:
                    self._run(following, answers, approve, artifacts, without)

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ten addresses blocked on one, ten and fifty FortiGates by the role, against the role at an earlier commit.

The environment variable BEFORE names the commit, SIZES the numbers of FortiGates.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tarfile
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path
from typing import Any

import yaml

from simulators.fortigate import FortiGate

from .playbooks import ROOT, Runner
from .report import Failed, Figure, Report

# The last commit at which tasks of the role, filters and scripts blocked.
BEFORE = "b4e5ee8"
ADDRESSES = [f"203.0.114.{number}" for number in range(1, 11)]
PARTS = ("plugins", "meta", "roles", "galaxy.yml")
# At most this share of the time before, for each FortiGate.
MOST = 1 / 3
# Requests to one VDOM in a run that changes nothing, but for those by which the official connection logs in and out.
MOST_REQUESTS = 6
_LOGIN = re.compile(r"system/status|/logout|authentication")


def run(directory: Path) -> Report:
    sizes = [int(text) for text in os.environ.get("SIZES", "1 10").split()]
    trees = {"before": _tree(directory / "before", True), "after": _tree(directory / "after", False)}
    figures: list[Figure] = []
    with ExitStack() as stack:
        boxes = [stack.enter_context(FortiGate(serial=f"FGT{number:07d}")) for number in range(max(sizes))]
        for tree in trees.values():
            _played(directory, tree, boxes[:1], [])  # cold files
        start = {name: Runner(directory).start_up(tree, 3) for name, tree in trees.items()}
        for size in sizes:
            seconds: dict[str, list[float]] = {}
            for name, tree in trees.items():
                for box in boxes[:size]:
                    box.reset()
                (directory / f"{name}.sqlite").unlink(missing_ok=True)
                (directory / "audit.jsonl").unlink(missing_ok=True)
                first = _played(directory, tree, boxes[:size], ADDRESSES)
                before = [len(box.journal) for box in boxes[:size]]
                again = _played(directory, tree, boxes[:size], ADDRESSES)
                sent = max(requests_to(box, skipped) for box, skipped in zip(boxes, before))
                _check(boxes[:size])
                seconds[name] = [(first - start[name]) / size, (again - start[name]) / size]
            for number, what in enumerate(("first block", "run that changes nothing")):
                old, new = seconds["before"][number], seconds["after"][number]
                where = f"{size} FortiGates" if size > 1 else "1 FortiGate"
                figures += [
                    Figure(f"{where}, {what}: each, before", old),
                    Figure(f"{where}, {what}: each, now", new),
                    Figure(f"{where}, {what}: now / before", new / old, "", MOST),
                ]
            figures.append(
                Figure("requests to one FortiGate in a run that changes nothing", sent, "requests", MOST_REQUESTS)
            )
    return Report(f"{len(ADDRESSES)} addresses blocked by the role, without the start of the playbook", figures)


def _tree(directory: Path, before: bool) -> Path:
    """The collection as it is, or as it was, beside the official ones."""
    collection = directory / "ansible_collections" / "secops" / "fortiview"
    collection.mkdir(parents=True)
    if before:
        commit = os.environ.get("BEFORE", BEFORE)
        packed = subprocess.run(["git", "archive", commit, *PARTS], cwd=ROOT, capture_output=True, check=False)
        if packed.returncode:
            raise Failed(f"the commit {commit} is not there: {packed.stderr.decode()}")
        with tarfile.open(fileobj=BytesIO(packed.stdout)) as archive:
            archive.extractall(collection, filter="data")
    else:
        for part in PARTS:
            source = ROOT / part
            if source.is_dir():
                shutil.copytree(source, collection / part, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, collection)
    for namespace in ("ansible", "fortinet"):
        (directory / "ansible_collections" / namespace).symlink_to(ROOT / ".build" / "ansible_collections" / namespace)
    return directory


def current_tree(directory: Path) -> Path:
    return _tree(directory, False)


def _played(directory: Path, tree: Path, boxes: list[FortiGate], addresses: list[str]) -> float:
    hosts = {
        f"fgt-{number:02d}": {
            "ansible_host": box.host,
            "ansible_httpapi_port": box.port,
            "ansible_port": box.port,
            "ansible_httpapi_ca_path": str(box.ca_path),
            "fortigate_token": box.token,
        }
        for number, box in enumerate(boxes)
    }
    variables: dict[str, Any] = {
        "ansible_connection": "ansible.netcommon.httpapi",
        "ansible_network_os": "fortinet.fortios.fortios",
        "ansible_httpapi_use_ssl": True,
        "ansible_httpapi_use_proxy": False,
        "ansible_user": "",
        "ansible_python_interpreter": "{{ ansible_playbook_python }}",
    }
    inventory = directory / "inventory.yml"
    inventory.write_text(yaml.safe_dump({"fortigates": {"hosts": hosts, "vars": variables}}))
    given = {
        "fortigate_block_targets": addresses,
        "fortigate_block_never_extra": [],
        "fortigate_block_registry": str(directory / f"{tree.name}.sqlite"),
        "fortigate_block_audit_dest": str(directory / "audit.jsonl"),
    }
    runner = Runner(directory)
    return runner.seconds("blocking_fleet", tree, given, "-i", str(inventory), "-f", "10")


def requests_to(box: FortiGate, skipped: int) -> int:
    return sum(1 for entry in list(box.journal)[skipped:] if not _LOGIN.search(entry.path))


def _check(boxes: list[FortiGate]) -> None:
    for box in boxes:
        if {ban["ip_address"] for ban in box.bans()} != set(ADDRESSES):
            raise Failed("not all addresses are banned")

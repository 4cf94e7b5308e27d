# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write the outputs of commands into guides: guides.py GUIDE...

Each block of the language console has commands after "$ ", all of a guide run in one empty folder. Below each command
is its output, for ansible-playbook only the reports of its tasks.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

BLOCK = re.compile(r"(?ms)^```console\n(.*?)^```$")
# The report of a task, in YAML, up to the next line that is not a part of it.
MESSAGE = re.compile(r"(?m)^    (?:msg|fortigate_block_listed):(?: [|>]-?)?(.*\n(?:(?:    .*)?\n)*)")
DATA = re.compile(r" {8}\w+: \w+\n")
LONGEST = 150
# A run that is to end with an error.
MAY_FAIL = ("batch_results",)
# The line below the heads of a table, and how many of its rows are shown.
RULE = re.compile(r" *-+(?:  -+)+")
ROWS = 12


def reported(output: str) -> str:
    """What tasks report, without what is around it, and without mere data where there is anything else."""
    found = [match[1].strip("\n") for match in MESSAGE.finditer(output)]
    return "\n\n".join([part for part in found if not DATA.match(part)] or found)


def trimmed(lines: list[str]) -> list[str]:
    """Shorten long tables."""
    kept: list[str] = []
    row = None
    for line in lines:
        row = 0 if RULE.fullmatch(line) else None if row is None or not line.strip() else row + 1
        if row is None or row <= ROWS:
            kept.append(line)
        elif row == ROWS + 1:
            kept.append(f"{line[: len(line) - len(line.lstrip())]}…")
    return kept


def run(command: str, folder: str) -> str:
    done = subprocess.run(["bash", "-c", command], cwd=folder, capture_output=True, text=True, check=False)
    output = reported(done.stdout) if "ansible-playbook" in command else done.stdout
    if not output.strip() or (done.returncode and not any(name in command for name in MAY_FAIL)):
        raise SystemExit(f"{command} failed, or reported nothing:\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
    lines = [line.rstrip().replace(folder, "…")[:LONGEST] for line in output.strip("\n").splitlines()]
    return "\n".join(trimmed(lines))


def filled(text: str, folder: str) -> str:
    def block(match: re.Match[str]) -> str:
        commands = [line[2:] for line in match[1].splitlines() if line.startswith("$ ")]
        parts = [f"$ {command}\n{run(command, folder)}\n" for command in commands]
        return "```console\n" + "\n".join(parts) + "```"

    return BLOCK.sub(block, text)


def main(guides: list[str]) -> None:
    for name in guides:
        guide = Path(name)
        with tempfile.TemporaryDirectory() as folder:
            if "FORTIGATES_INVENTORY" in os.environ:
                Path(folder, "inventory.yml").symlink_to(Path(os.environ["FORTIGATES_INVENTORY"]).resolve())
            guide.write_text(filled(guide.read_text(encoding="utf-8"), folder), encoding="utf-8")
        print(name)


if __name__ == "__main__":
    main(sys.argv[1:])

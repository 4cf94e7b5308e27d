# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes the outputs of commands into documentation pages: guides.py PAGE...

A comment before a code block marks the block. All commands of a page run in one temporary folder.

    .. file NAME            the block is written to the file NAME in the folder
    .. output of a run      the block has commands after "$ ", and the output below each command. The output of ansible-playbook
                            is the messages of its tasks. If there are no messages, it is the recap
    .. output of a run from "LINE"      as above, but the output begins with this line
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

BLOCK = re.compile(
    r'(?m)^\.\. (?:file (?P<file>\S+)|output of a run(?: from "(?P<since>.+)")?)\n\n'
    r"\.\. code-block:: \S+\n\n(?P<text>(?:(?:    .*)?\n)+)"
)
# The message of a task in YAML, up to the first line that is not a part of it.
MESSAGE = re.compile(r"(?m)^    (?:msg|fortigate_block_listed):(?: [|>]-?)?(.*\n(?:(?:    .*)?\n)*)")
DATA = re.compile(r" {8}\w+: \w+\n")
LONGEST = 140
# Playbooks that may end with an error.
MAY_FAIL = ("batch_results",)
# The line below the header of a table, and the number of rows of a table that are shown.
RULE = re.compile(r" *-+(?:  -+)+")
ROWS = 5


def reported(output: str) -> str:
    """The messages of tasks, or the recap if there are no messages. A message without text, which has only data, is used
    only if there is no other message."""
    found = [match[1].strip("\n") for match in MESSAGE.finditer(output)]
    # If there is no recap, the command itself has filtered the output.
    rest = output[max(output.find("PLAY RECAP"), 0) :]
    return "\n\n".join([textwrap.dedent(part) for part in found if not DATA.match(part)] or found or [rest])


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


def run(command: str, folder: str, since: str | None) -> str:
    done = subprocess.run(["bash", "-c", command], cwd=folder, capture_output=True, text=True, check=False)
    output = reported(done.stdout) if "ansible-playbook" in command else done.stdout
    if not output.strip() or (done.returncode and not any(name in command for name in MAY_FAIL)):
        raise SystemExit(
            f"The command {command} failed or printed nothing:\n{done.stdout[-3000:]}{done.stderr[-3000:]}"
        )
    lines = [line.replace(folder, "…")[:LONGEST].rstrip() for line in output.strip("\n").splitlines()]
    if since:
        lines = ["…", *lines[lines.index(since) :]]
    return "\n".join(trimmed(lines))


def filled(text: str, folder: str) -> str:
    def block(match: re.Match[str]) -> str:
        inner = textwrap.dedent(match["text"]).strip("\n")
        if match["file"]:
            place = Path(folder, match["file"])
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(inner + "\n", encoding="utf-8")
            return match[0]
        # A command may continue on the next line.
        commands = re.findall(r"(?m)^\$ ((?:.*\\\n)*.*)$", inner)
        parts = [f"$ {command}\n{run(command, folder, match['since'])}" for command in commands]
        head = match[0][: match.start("text") - match.start()]
        return head + textwrap.indent("\n\n".join(parts), "    ") + "\n\n"

    return BLOCK.sub(block, text)


def main(pages: list[str]) -> None:
    for name in pages:
        page = Path(name)
        with tempfile.TemporaryDirectory() as folder:
            if "GUIDES_INVENTORY" in os.environ:
                shutil.copy(os.environ["GUIDES_INVENTORY"], Path(folder, "inventory.yml"))
            text = filled(page.read_text(encoding="utf-8"), folder)
            page.write_text(text.rstrip("\n") + "\n", encoding="utf-8")
        print(name)


if __name__ == "__main__":
    main(sys.argv[1:])

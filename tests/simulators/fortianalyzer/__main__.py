# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a simulated FortiAnalyzer until Ctrl-C; DIRECTORY/settings.json has its address and credentials."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..common import command
from .simulator import FortiAnalyzer
from .switches import Switches

SETTINGS = ("host", "port", "ca_path", "username", "password", "api_token", "cloud_token", "anchor")


def main() -> None:
    parser = command.parser("simulators.fortianalyzer", __doc__)
    parser.add_argument("--anchor", type=float, help="epoch seconds that the event log is relative to")
    switches = Switches()

    def make(arguments: argparse.Namespace, directory: Path) -> FortiAnalyzer:
        return FortiAnalyzer(switches, port=arguments.port, anchor=arguments.anchor, directory=directory)

    command.run(parser.parse_args(), switches, make, SETTINGS)


if __name__ == "__main__":
    main()

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a simulated FortiGate until Ctrl-C; DIRECTORY/settings.json has its address and credentials."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from ..common import command
from ..common.clock import ManualClock
from .simulator import HOSTNAME, SERIAL, FortiGate
from .switches import Switches

SETTINGS = (
    *("host", "port", "ca_path", "username", "password", "token", "read_only_token", "vdom_tokens"),
    *("serial", "hostname"),
)


def main() -> None:
    parser = command.parser("simulators.fortigate", __doc__)
    parser.add_argument("--serial", default=SERIAL, help="serial number, from which token and password follow")
    parser.add_argument("--hostname", default=HOSTNAME)
    parser.add_argument(
        "--manual-clock", type=float, nargs="?", const=time.time(), metavar="EPOCH",
        help="time stands still at EPOCH (now by default) until POST /_simulator/clock moves it",
    )  # fmt: skip
    switches = Switches()

    def make(arguments: argparse.Namespace, directory: Path) -> FortiGate:
        return FortiGate(
            switches,
            clock=None if arguments.manual_clock is None else ManualClock(arguments.manual_clock),
            serial=arguments.serial,
            hostname=arguments.hostname,
            port=arguments.port,
            directory=directory,
        )

    command.run(parser.parse_args(), switches, make, SETTINGS)


if __name__ == "__main__":
    main()

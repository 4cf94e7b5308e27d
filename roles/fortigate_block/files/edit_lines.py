# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Add addresses to a published list and take others off it: edit_lines.py FILE < {"add", "remove", "allow_shrink"}

Several jobs edit one file at the same time, and FortiGates fetch it meanwhile: it is read and replaced as one piece under a lock.
Prints {"added", "removed", "lines"}. The list is sorted, one canonical address a line, so that the same list is always the same file.
"""

from __future__ import annotations

import ipaddress
import json
import os
import sys
import tempfile

from locking import lock


def canonical(line: str) -> str:
    """The spelling that the plan knows. Raises ValueError for a line that is no address: such a file is not ours to publish."""
    network = ipaddress.ip_network(line)
    mapped = getattr(network.network_address, "ipv4_mapped", None)
    if mapped is not None and network.prefixlen >= 96:
        network = ipaddress.ip_network((mapped, network.prefixlen - 96))
    return str(network.network_address) if network.prefixlen == network.max_prefixlen else str(network)


def order(line: str) -> tuple[int, int, int]:
    network = ipaddress.ip_network(line)
    return network.version, int(network.network_address), network.prefixlen


def read(path: str) -> set[str]:
    try:
        with open(path, encoding="ascii") as file:
            return {canonical(line.strip()) for line in file if line.strip()}
    except FileNotFoundError:
        return set()


def replace(path: str, lines: list[str]) -> None:
    """Never half of it under its name."""
    handle, draft = tempfile.mkstemp(dir=os.path.dirname(path), prefix=".fortigate-block-")
    try:
        with open(handle, "w", encoding="ascii", newline="\n") as file:
            file.writelines(f"{line}\n" for line in lines)
            file.flush()
            os.fchmod(file.fileno(), 0o644)
            os.fsync(file.fileno())
        os.replace(draft, path)
    except BaseException:
        os.unlink(draft)
        raise


def main() -> None:
    path = os.path.expanduser(sys.argv[1])
    asked = json.load(sys.stdin)
    with open(f"{path}.lock", "w", encoding="ascii") as file:
        lock(file)
        before = read(path)
        added, removed = set(asked["add"]) - before, set(asked["remove"]) & before
        after = (before | added) - removed
        if removed and not asked["allow_shrink"] and 2 * len(after) < len(before):
            sys.exit(f"{path} would shrink from {len(before)} to {len(after)} lines, which needs allow_shrink")
        if added or removed:
            replace(path, sorted(after, key=order))
        lines = sorted(read(path), key=order)
    told = {"added": sorted(added, key=order), "removed": sorted(removed, key=order), "lines": lines}
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()

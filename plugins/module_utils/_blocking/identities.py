# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads the identities under which FortiAnalyzer may know a FortiGate: the serial numbers and host names of all members
of its cluster (protocol_fortigate.rst, "HA members").

The identities are read from the FortiGate once a day, and stored in the registry for the other FortiGates of a run.
"""

from __future__ import annotations

import re
import typing as t

from .._common.errors import printable
from .client import FortiGateError, Object, Vdom
from .context import Context
from .options import Options

PEERS, STATUS = "monitor/system/ha-peer", "monitor/system/status"
KIND, DAY = "identity", 86400.0
# HTTP statuses for a request that this FortiGate does not support, or that the token has no permission for.
NO_ANSWER = (400, 403, 404, 405, 424, 500)
NOT_FOUND = 404
# The name of a device on FortiAnalyzer may end with a VDOM in brackets.
_VDOM = re.compile(r"\[[^\[\]]*\]$")


class Identity(t.NamedTuple):
    """`names` are serial numbers and names in the format that `name_of_device` returns."""

    host: str
    names: frozenset[str]


class Kept(t.NamedTuple):
    """The identities of one FortiGate in the registry. `unknown` are messages about parts that could not be read.
    `known_as` are the names that the user has given."""

    serial: str
    names: list[str]
    unknown: list[str]
    read_at: float
    known_as: list[str]
    run_id: str


def identity(host: str, names: t.Iterable[str]) -> Identity:
    return Identity(host, frozenset(filter(None, map(name_of_device, (host, *names)))))


def name_of_device(device: str) -> str:
    return _VDOM.sub("", device.strip()).strip().casefold()


def learn(options: Options, context: Context) -> Kept:
    """Store the identities of this FortiGate in the registry, for this run. They are read from the FortiGate only if
    the registry has no identities for this serial number from the last day. Raises FortiViewError."""
    registry, now = context.registry, context.now()
    kept = registry.answer(KIND, options.host, DAY)
    found = Kept(**kept) if isinstance(kept, dict) else None
    # After a failover, another member with another serial number answers, so the names are read again.
    if found is None or context.serial not in ("", found.serial) or not 0 <= now - found.read_at < DAY:
        names, unknown = _read(context.vdom(options.vdoms[0]))
        found = Kept(serial=context.serial, names=names, unknown=unknown, read_at=now, known_as=[], run_id="")
    found = found._replace(known_as=list(options.known_as), run_id=options.run_id)
    if found._asdict() != kept:
        registry.keep_answer(KIND, options.host, found._asdict())
    return found


def known(options: Options, context: Context) -> dict[str, Identity]:
    """The identities by host name, for every FortiGate whose identities this run has stored. Raises RegistryError."""
    answers = context.registry.answers(KIND, sorted({options.host, *options.fleet, *options.batch}), DAY)
    found = {host: Kept(**kept) for host, kept in answers.items() if isinstance(kept, dict)}
    return {
        host: identity(host, [kept.serial, *kept.names, *kept.known_as])
        for host, kept in found.items()
        if kept.run_id == options.run_id
    }


def _read(vdom: Vdom) -> tuple[list[str], list[str]]:
    """The serial numbers and names of the members, and messages about parts that could not be read. Raises
    FortiGateError."""
    peers, unknown = _asked(vdom, PEERS, "HA members")
    names = [printable(one.get(key) or "", 60) for one in peers for key in ("serial_no", "hostname")]
    if not all(one.get("serial_no") for one in peers):
        unknown.append(
            f"{vdom.fortigate.name} lists HA members without their serial numbers, so offenders that were logged "
            "under an unknown name of this FortiGate are blocked everywhere"
        )
    if vdom.fortigate.serial not in names:
        status, more = _asked(vdom, STATUS, "host name")
        names += [printable(one.get("hostname") or "", 60) for one in status]
        unknown += more
    return list(dict.fromkeys(filter(None, names))), unknown


def _asked(vdom: Vdom, path: str, what: str) -> tuple[list[Object], list[str]]:
    try:
        return vdom.objects(path), []
    except FortiGateError as error:
        status = error.context.get("http_status")
        if status not in NO_ANSWER:
            raise
        # Older releases answer HTTP 404 if there is no cluster. This is not a gap.
        said = (
            f"{vdom.fortigate.name} does not show its {what} ({error.said}), so offenders that were logged "
            "under an unknown name of this FortiGate are blocked everywhere"
        )
        return [], [] if (path, status) == (PEERS, NOT_FOUND) else [said]

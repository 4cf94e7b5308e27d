# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decides where an offender is blocked: on all FortiGates of a run, or only on the FortiGates that have logged it."""

from __future__ import annotations

import typing as t

from .._common.errors import InvalidInput, printable
from .._common.naming import agree
from . import identities
from .context import Context
from .identities import Identity, identity, name_of_device
from .options import SEEN, Options
from .planning import ADD, EXTEND, Step
from .protection import PAUSE, TURNS
from .targets import Target

A_FILE = (
    "fortigate_block_where=seen cannot be used with the method feed_file, because every FortiGate fetches the same file"
)
MOST_NAMED = 3


class Seen:
    """Decides for each target whether it is blocked on this FortiGate. Raises InvalidInput for the method feed_file,
    which blocks on all FortiGates."""

    def __init__(self, options: Options, context: Context) -> None:
        self._options = options
        self._context = context
        self._is_asked = options.where == SEEN
        self._here = identity(options.host, [])
        self._fleet: list[Identity] = [self._here]
        self.notices: list[str] = []
        if self._is_asked and options.method_or_default == "feed_file":
            raise InvalidInput(A_FILE)

    def learn(self, wait: bool = False) -> None:
        """Read the identities of this FortiGate, and from the registry those of the other FortiGates of this run. With
        `wait`, wait for a limited time until the other identities are stored. Raises FortiViewError."""
        if not self._is_asked:
            return
        self.notices = identities.learn(self._options, self._context).unknown
        known = identities.known(self._options, self._context)
        others = set(self._options.batch) - {self._options.host}
        for _turn in range(TURNS if wait else 0):
            if others <= set(known):
                break
            self._context.sleep(PAUSE)
            known = identities.known(self._options, self._context)
        self._here = known.get(self._options.host, self._here)
        self._fleet = [self._here, *(known[host] for host in self._options.fleet if host in known)]

    def left_out(self, targets: t.Iterable[Target]) -> dict[str, str]:
        """The reasons why targets are not blocked on this FortiGate, by address."""
        found = {one.address: self._judged(one) for one in targets} if self._is_asked else {}
        return {address: why for address, (here, why) in found.items() if not here}

    def explained(self, step: Step) -> Step:
        """The step with the reason why its target is blocked everywhere, if there is such a reason."""
        why = self._judged(step.target)[1] if self._is_asked and step.action in (ADD, EXTEND) else ""
        return step._replace(why="; ".join(filter(None, (step.why, why))))

    def _judged(self, target: Target) -> tuple[bool, str]:
        return judge_place(target.devices, self._here, self._fleet)


def identify(options: Options, context: Context, dry_run: bool) -> dict[str, t.Any]:
    """Store the identities of this FortiGate for the other FortiGates of the run. Raises FortiViewError."""
    if options.method_or_default == "feed_file":
        raise InvalidInput(A_FILE)
    found = identities.learn(options, context)
    return {
        "changed": False,
        "pending": False,
        "host": options.host,
        "serial": found.serial,
        "run_id": options.run_id,
        "method": options.method,
        "dry_run": dry_run,
        "steps": [],
        "refused": [],
        "notices": found.unknown,
        "sessions_open": [],
        "audit": [],
    }


def judge_place(devices: t.Sequence[str], here: Identity, fleet: t.Sequence[Identity]) -> tuple[bool, str]:
    """Whether a target that these devices have logged is blocked here, and why. `fleet` are the known FortiGates of the
    run."""
    if not devices:
        return True, "blocked everywhere, because the devices that logged it are not known"
    by_device = {device: [one.host for one in fleet if name_of_device(device) in one.names] for device in devices}
    strange = [printable(device, 60) for device, hosts in by_device.items() if not hosts]
    if strange:
        are = agree(len(strange), "is not a FortiGate", "are not FortiGates")
        return (
            True,
            f"blocked everywhere, because it was logged by {_list(strange)}, which {are} that this run has read",
        )
    hosts = sorted({host for found in by_device.values() for host in found})
    return (True, "") if here.host in hosts else (False, f"logged only by {_list(hosts)}")


def _list(names: t.Sequence[str]) -> str:
    if len(names) > MOST_NAMED:
        return f"{', '.join(names[:MOST_NAMED])} and {len(names) - MOST_NAMED} more"
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Chooses the method for each target. If `fortigate_block_local_in_method` is set, targets that attacked the FortiGate
itself get this method, which is a feed or a group. All other targets get the usual method."""

from __future__ import annotations

import typing as t

from .._common.errors import InvalidInput
from . import attacked
from .context import Context, method_of
from .guardrails import Reasoned
from .methods.base import Method
from .options import Options
from .registry.records import Place
from .targets import Target

UNPROTECTED = (
    "fortigate_block_local_in_method needs fortigate_block_protect_infra=true, because otherwise the run does not read "
    "the addresses of the FortiGate itself. Nothing was sent"
)


class ChosenMethods:
    """The methods of one run. `usual` is the method for all targets except the attackers of the FortiGate itself, and
    `local_in` is the method for these attackers, None if none was chosen. `attackers` are the addresses of the
    attackers. Raises InvalidInput if the options do not permit finding the attackers."""

    def __init__(self, options: Options, context: Context) -> None:
        if options.local_in_method and not options.protect_infrastructure:
            raise InvalidInput(UNPROTECTED)

        def method(name: str) -> Method:
            return method_of(name, options.lists, options, context)

        self._options = options
        self.usual = method(options.method_or_default)
        self.local_in = method(options.local_in_method) if options.local_in_method else None
        self.attackers: t.AbstractSet[str] = frozenset()

    @property
    def all(self) -> list[Method]:
        return [self.usual, *([self.local_in] if self.local_in else [])]

    @property
    def used(self) -> list[Method]:
        return [one for one in self.all if one is self.usual or self.attackers]

    @property
    def matter(self) -> bool:
        """Whether the addresses at which this FortiGate itself answers are needed."""
        return self.local_in is not None and any(one.victims for one in self._options.targets)

    def choose(self, own: t.Sequence[Reasoned]) -> None:
        """Find the attackers. `own` are the addresses at which this FortiGate itself answers."""
        self.attackers = attacked.attackers(self._options.targets, own)

    def targets_of(self, method: Method, accepted: t.Iterable[Target]) -> list[Target]:
        return [one for one in accepted if (one.address in self.attackers) == (method is not self.usual)]

    def places(self, serial: str, vdoms: t.Iterable[str]) -> list[Place]:
        names = list(vdoms)
        return [
            Place(serial=serial, host=self._options.host, vdom=name, method=one.name, list=one.list_name)
            for one in self.used
            for name in names
        ]

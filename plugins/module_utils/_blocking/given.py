# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The addresses that a module was given, judged before anything is sent."""

from __future__ import annotations

import typing as t

from .._common.addresses import Network, objections, parse_never, parse_target, text_of
from .._common.errors import InvalidInput


class Rules(t.NamedTuple):
    never: tuple[Network, ...] = ()
    allow_private: bool = False
    allow_networks: bool = False


def rules_of(params: t.Mapping[str, t.Any]) -> Rules:
    return Rules(
        tuple(parse_never(params.get("never"))),
        bool(params.get("allow_private")),
        bool(params.get("allow_networks")),
    )


def parse_targets(values: t.Sequence[object], rules: Rules) -> list[str]:
    """Canonical texts without doubles, in order. Raises InvalidInput that names every refused one with its reason."""
    wanted: dict[str, None] = {}
    refused = []
    for value in values:
        network = parse_target(value)
        why = ["no address"] if network is None else objections(network, *rules)
        if why or network is None:
            refused.append(f"{value!r} ({', '.join(why)})")
        else:
            wanted[text_of(network)] = None
    if refused:
        raise InvalidInput(f"These are not blocked: {', '.join(refused)}. Nothing was sent")
    return list(wanted)

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finds the protected addresses of this run. A run also protects the addresses that other FortiGates depend on."""

from __future__ import annotations

import typing as t

from .._common.addresses import networks_of, parse_never
from .._common.errors import InvalidInput
from .._common.naming import agree
from . import controller
from .client import FortiGate, FortiGateError
from .context import Context
from .dependencies import INTERFACE, VIP, Dependencies, api_sessions, read_dependencies
from .guardrails import Reasoned
from .options import Options
from .registry.records import Remembered

# The dependencies of a FortiGate are read once in a run. This is the maximum age of dependencies that another step of
# the run has read, in seconds.
FRESH = 900.0
# How long the last known dependencies of a FortiGate remain protected, in seconds.
REMEMBERED = 30 * 86400.0
KIND = "dependencies"
# How many times the run checks whether the other hosts of the play were read, and the seconds between two checks.
TURNS, PAUSE = 40, 0.5
UNKNOWN = "The registry has no dependencies of"


class Protection(t.NamedTuple):
    """`own` are the protected addresses at which this FortiGate itself answers."""

    protected: tuple[Reasoned, ...]
    notices: list[str]
    own: tuple[Reasoned, ...] = ()


def protection(options: Options, context: Context, wait: bool = False) -> Protection:
    """The protected addresses. With `wait`, the run waits for a limited time until the other hosts of the play were
    read, because with `strategy: free` they may be read later.

    Raises FortiGateError and RegistryError, and InvalidInput if a protected address is not known and `on_unresolved`
    is "fail".
    """
    if not options.protect_infrastructure:
        return _of_this_run(context, options)
    found = controller.gather(options.inventory, options.infrastructure)
    addresses, unknown = list(found.addresses), list(found.unresolved)
    if context.fortigate is not None:
        unknown += _learn(options, context, context.fortigate)
    if wait:
        _wait_for_others(options, context)
    remembered = _remembered(context)
    addresses += _said(remembered)
    notices = [
        f"Inventory host {name} is not protected, because it has no known address: set ansible_host, if the host has an address"
        for name in found.unnamed
    ]
    missing = sorted(set(options.fleet) - {options.host} - {one.host for one in remembered})
    if missing:
        notices.append(
            f"{UNKNOWN} {', '.join(missing)}, so this run does not protect addresses that only "
            f"{agree(len(missing), 'this host depends', 'these hosts depend')} on"
        )
    if unknown and options.on_unresolved == "fail":
        raise InvalidInput(
            f"Nothing was written, because some protected addresses are not known: {'; '.join(unknown)}. Add the "
            "addresses to fortigate_block_infra, or set fortigate_block_on_unresolved to skip"
        )
    notices += [
        f"Some addresses may not be protected, because they are not known: {one}. Add them to fortigate_block_infra"
        for one in unknown
    ]
    return Protection(tuple(_networks(addresses)), notices, known_own(options, context))


def known_own(options: Options, context: Context) -> tuple[Reasoned, ...]:
    """The addresses at which this FortiGate itself answers, from the registry. Nothing is read from the FortiGate."""
    here = [
        one for one in _remembered(context) if one.host == options.host or (one.serial and one.serial == context.serial)
    ]
    answering = [(one.address, one.reason) for one in here if one.reason.startswith((f"{INTERFACE} ", f"{VIP} "))]
    return tuple(_networks(answering))


def known_to_registry(options: Options, context: Context) -> tuple[Reasoned, ...]:
    """The protected addresses in the registry. No request is sent."""
    return tuple(_networks(_said(_remembered(context)))) if options.protect_infrastructure else ()


def _remembered(context: Context) -> list[Remembered]:
    return [one for one in context.registry.remembered() if one.seen_at >= context.now() - REMEMBERED]


def _said(remembered: t.Iterable[Remembered]) -> list[tuple[str, str]]:
    """The addresses with their reasons, sorted so that every FortiGate of the run reports the same reason."""
    named = sorted((one.host or one.serial, one.address, one.reason) for one in remembered)
    return [(address, f"{reason} on {host}") for host, address, reason in named]


def _of_this_run(context: Context, options: Options) -> Protection:
    """The addresses from which this run connects. They are protected even if no other protection is on, because a
    blocked controller could not remove the block."""
    addresses = [(address, "this controller") for address in controller.own_addresses()]
    if context.fortigate is None:
        return Protection(tuple(_networks(addresses)), [])
    whole = context.vdom(options.vdoms[0]) if options.vdom_token else context.fortigate.whole()
    try:
        addresses += api_sessions(whole)
    except FortiGateError as error:
        if error.context.get("http_status") is None:
            raise
        notice = (
            f"The API sessions of the FortiGate could not be read ({error.said}), so the address that the FortiGate logs for this run may not "
            "be protected. If it is not a local address of the controller, for example because of NAT, add it to fortigate_block_infra"
        )
        return Protection(tuple(_networks(addresses)), [notice])
    return Protection(tuple(_networks(addresses)), [])


def _wait_for_others(options: Options, context: Context) -> None:
    """Wait until the registry has the dependencies of the other hosts of this play. After the last check, the run
    continues, and `protection` reports the missing hosts."""
    others = set(options.batch) - {options.host}
    for _turn in range(TURNS):
        if others <= {one.host for one in context.registry.remembered()}:
            return
        context.sleep(PAUSE)


def _learn(options: Options, context: Context, fortigate: FortiGate) -> list[str]:
    """Store the dependencies of this FortiGate in the registry. Returns the dependencies with unknown addresses."""
    registry = context.registry
    # The key contains the run, because connected users change quickly and must be read in each run.
    key = "/".join((fortigate.serial or options.host, options.run_id, *options.vdoms))
    kept = registry.answer(KIND, key, FRESH)
    if isinstance(kept, list):
        return [str(one) for one in kept]
    unknown: dict[str, None] = {}
    for vdom, read in read_dependencies(fortigate, options.vdoms, options.vdom_token).items():
        addresses, unresolved = _resolved(read)
        registry.remember(fortigate.serial, options.host, addresses, vdom)
        unknown.update(dict.fromkeys(unresolved))
    registry.keep_answer(KIND, key, list(unknown))
    return list(unknown)


def _resolved(read: Dependencies) -> tuple[list[tuple[str, str]], list[str]]:
    """The addresses of the dependencies, and the dependencies with unknown addresses. This machine resolves the names,
    because the FortiGate probably resolves them to the same addresses."""
    addresses, unknown = dict(read.addresses), list(read.unknown)
    for name, reason in read.names.items():
        try:
            found = controller.resolved(name)
        except InvalidInput:
            found = []
        for address in found:
            addresses.setdefault(address, f"{reason}, {name}")
        if not found:
            unknown.append(f"{reason} {name}: this machine cannot resolve the name")
    return list(addresses.items()), unknown


def _networks(addresses: t.Iterable[tuple[str, str]]) -> t.Iterator[Reasoned]:
    seen = set()
    for address, reason in addresses:
        for network in networks_of(address) or parse_never([address]):
            if network not in seen:
                seen.add(network)
                yield network, reason

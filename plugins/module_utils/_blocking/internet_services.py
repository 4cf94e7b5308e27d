# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Looks up the owner of an address in the internet service database of a FortiGate (protocol_fortigate.rst, "Internet
services").

One FortiGate of the run is queried for each new address. The registry keeps the result for a day, for the other
FortiGates. If a run has more than MOST_ASKED new addresses, none of them is looked up, and a notice reports this.
"""

from __future__ import annotations

import typing as t

from .._common.addresses import Network, is_host, overlapping, parse_target
from .._common.errors import printable
from .._common.naming import agree, listed, noun_for
from .client import NOT_FOUND, FortiGateError, Vdom, WrongVdom
from .context import LOCK_TIMEOUT, Context
from .guardrails import Reasoned
from .options import Options
from .planning import ADD, EXTEND, Step
from .registry.records import Place
from .rights import to_give
from .service_names import ABUSED, HOSTING, SHARED, kind_of, names_by_kind
from .shared_infrastructure import shared_networks
from .targets import Target

KIND, REFUSED_KIND = "internet services", "internet services refused"
# Times in seconds: how long a result is valid, how long a block of a hosting cloud may last, and how long a FortiGate
# is not queried again after a refusal.
DAY, LONGEST_HOSTING, REFUSED_FOR = 86400.0, 86400, 900.0
# Two of the five levels of reputation. They mean known malicious addresses and high-risk addresses.
BAD_REPUTATION = (1, 2)
REPUTATION, MATCH = "monitor/firewall/internet-service-reputation", "monitor/firewall/internet-service-match"
# HTTP statuses for a request format that the FortiGate does not support. It may support another request format.
UNKNOWN_REQUEST = (400, NOT_FOUND, 405, 424, 500)
# The maximum number of new addresses that one run looks up. A request covers only one address, so a feed with thousands
# of addresses would take minutes on every FortiGate.
MOST_ASKED = 200
ALONE = "Only the built-in list of shared infrastructure protects shared services in this run"
UNASKED = (
    "The owners of {} new addresses are not known, because a run with more than "
    f"{MOST_ASKED} new addresses does not look up any of them in the internet service database. {ALONE}. Block the new addresses in runs of "
    f"at most {MOST_ASKED} addresses, or add protected addresses to fortigate_block_never_extra"
)
CURES = {
    401: "check fortigate_token",
    403: to_give("monitor/firewall/internet-service"),
    NOT_FOUND: "this release has no such lookup",
    424: "check the FortiGuard subscription and the update of the internet service database (execute update-now)",
}


class Service(t.NamedTuple):
    """One service at an address. `reputation` is 0 if it is not known."""

    name: str
    reputation: int
    botnet: bool


class Asked(t.NamedTuple):
    """The result of a lookup: the services, or the reason why there is no result."""

    services: list[Service]
    refusal: str = ""


class InternetServices:
    """The known owners of the targets of one run."""

    def __init__(self, options: Options, context: Context) -> None:
        self._options = options
        self._context = context
        self._known: dict[str, list[Service]] = {}
        self._unanswered: dict[str, str] = {}
        self._unasked: set[str] = set()
        self._form = 0

    def learn(self, steps: t.Iterable[Step]) -> bool:
        """Look up the owners of the addresses to write. Returns whether the owner of at least one new address is now
        known. Raises RegistryError."""
        if not self._options.shared_infrastructure:
            return False
        targets = {one.address: one.target for one in steps if one.action in (ADD, EXTEND)}
        wanted = {key: one for key, one in targets.items() if not self._is_settled(key)}
        missing = self._recalled(wanted)
        if len(missing) > MOST_ASKED:
            self._unasked.update(missing)
        elif missing and self._context.fortigate is not None:
            # Other FortiGates of the run, which plan at the same time, wait for these results instead of sending the
            # same requests.
            with self._context.registry.lock(
                [Place(serial="", host="", vdom="", method=KIND, list="")], LOCK_TIMEOUT, self._options.run_id
            ):
                self._ask(self._recalled(missing))
        return bool(set(wanted) & set(self._known))

    def _is_settled(self, address: str) -> bool:
        return address in self._known or address in self._unanswered or address in self._unasked

    @property
    def shared(self) -> tuple[Reasoned, ...]:
        """Addresses of shared services, which are refused, with the names of these services."""
        found = [(address, self._names(address, SHARED)) for address in self._known]
        return tuple((_network(address), f"{names} (internet service database)") for address, names in found if names)

    @property
    def notices(self) -> list[str]:
        by_refusal: dict[str, list[str]] = {}
        for address, refusal in self._unanswered.items():
            by_refusal.setdefault(refusal, []).append(address)
        found = [
            f"The {noun_for(len(addresses), 'owner')} of {listed(addresses)} {agree(len(addresses))} not known: {refusal}. {ALONE}"
            for refusal, addresses in by_refusal.items()
        ]
        if self._unasked:
            found.append(UNASKED.format(len(self._unasked)))
        return found

    def notices_of(self, steps: t.Iterable[Step]) -> list[str]:
        """Notices about addresses of hosting clouds that the steps add or extend."""
        found = dict.fromkeys(
            one.address for one in steps if one.action in (ADD, EXTEND) and self._is_hosting(one.target)
        )
        return [
            f"{address} belongs to the hosting cloud {self._names(address, HOSTING)}. The customer of the address may change, so a block lasts at most 24h"
            for address in found
        ]

    def described(self, target: Target) -> Target:
        """The target with the reasons that the internet service database gives. A block of a hosting cloud lasts at
        most a day."""
        target = target._replace(reasons=tuple(dict.fromkeys((*target.reasons, *self._reasons(target.address)))))
        if not self._is_hosting(target):
            return target
        ttl = self._ttl(target)
        return target._replace(ttl=min(ttl, LONGEST_HOSTING) if ttl else LONGEST_HOSTING)

    def explained(self, step: Step) -> Step:
        """The step with a note about the owner of its address."""
        why = self._why(step.target) if step.action in (ADD, EXTEND) else ""
        return step._replace(why="; ".join(filter(None, (step.why, why))))

    def _why(self, target: Target) -> str:
        address = target.address
        reported = []
        if self._is_permitted(target):
            names = [name for network, name in shared_networks() if _meets(target.network, network)]
            names = list(dict.fromkeys([*filter(None, [self._names(address, SHARED)]), *names]))
            if names:
                reported.append(f"{', '.join(names)}, permitted by fortigate_block_allow_shared")
        if self._is_hosting(target):
            reported.append(f"hosting cloud {self._names(address, HOSTING)}, whose blocks last at most 24h")
        return "; ".join([*reported, *self._reasons(address)])

    def _ttl(self, target: Target) -> int:
        return self._options.ttl if target.ttl is None else target.ttl

    def _is_hosting(self, target: Target) -> bool:
        return bool(self._names(target.address, HOSTING)) and not self._is_permitted(target)

    def _is_permitted(self, target: Target) -> bool:
        network = target.network
        return network is not None and any(
            one.version == network.version and network.subnet_of(one)  # type: ignore[arg-type]
            for one in self._options.allow_shared
        )

    def _names(self, address: str, kind: str) -> str:
        names = [one.name for one in self._known.get(address, ())]
        return ", ".join(names_by_kind(names, self._options.shared_services)[kind])

    def _reasons(self, address: str) -> list[str]:
        return list(dict.fromkeys(filter(None, map(_reason, self._known.get(address, ())))))

    def _recalled(self, wanted: t.Mapping[str, Target]) -> dict[str, Target]:
        """Read the results from the registry. Returns the addresses without a result."""
        kept = self._context.registry.answers(KIND, list(wanted), DAY)
        for address, services in kept.items():
            if isinstance(services, list):
                self._known[address] = [Service(str(one[0]), int(one[1]), bool(one[2])) for one in services]
        return {address: one for address, one in wanted.items() if address not in self._known}

    def _ask(self, targets: t.Mapping[str, Target]) -> None:
        answers: dict[str, list[Service]] = {}
        for address, target in targets.items():
            asked = self._asked(t.cast("Network", target.network))
            if asked.refusal:
                self._unanswered[address] = asked.refusal
            else:
                answers[address] = asked.services
        self._known.update(answers)
        self._context.registry.keep_answers(KIND, answers)

    def _asked(self, network: Network) -> Asked:
        """Look up an address. If the FortiGate has recently refused a lookup of this IP version, nothing is sent,
        because the FortiGate would probably refuse this lookup as well."""
        registry = self._context.registry
        key = f"{self._context.serial or self._options.host}/{network.version}"
        refused = registry.answer(REFUSED_KIND, key, REFUSED_FOR)
        if isinstance(refused, str):
            return Asked([], refused)
        asked = self._answer(network)
        if asked.refusal:
            registry.keep_answer(REFUSED_KIND, key, asked.refusal)
        return asked

    def _answer(self, network: Network) -> Asked:
        """Look up an address with the first request format that this FortiGate supports. This format is tried first for
        the next address."""
        vdom = self._context.vdom(self._options.vdoms[0])
        asked = Asked([])
        requests = _requests(network)
        for number in range(self._form, len(requests)):
            path, query = requests[number]
            if path == REPUTATION and not is_host(network):
                continue
            try:
                services = _read(vdom, path, query)
            except WrongVdom:
                raise
            except FortiGateError as error:
                asked = Asked([], _refusal(vdom, error))
                if error.context.get("http_status") not in UNKNOWN_REQUEST:
                    break
                continue
            self._form = number if is_host(network) else self._form
            return Asked(services)
        return asked


def _requests(network: Network) -> list[tuple[str, dict[str, str]]]:
    """The requests to try, in their order. The reputation request returns all needed data, but only for single
    addresses. The two match requests have the parameters of newer and of older releases."""
    address, family = str(network.network_address), {"is_ipv6": "true" if network.version == 6 else "false"}
    newer = {"ipv6_prefix": str(network.prefixlen)} if network.version == 6 else {"ipv4_mask": str(network.netmask)}
    return [
        (REPUTATION, {"ip": address, **family}),
        (MATCH, {"ip": address, **family, **newer}),
        (MATCH, {"ip": address, "mask": str(network.netmask)}),
    ]


def _read(vdom: Vdom, path: str, query: dict[str, str]) -> list[Service]:
    """Read the services at an address. Raises FortiGateError, also for a service without a name."""
    found = vdom.objects(path, **query)
    if any(not isinstance(one.get("name"), str) or not one["name"] for one in found):
        raise vdom.doubt("GET", path, "the reply has services without a name")
    return [
        Service(printable(one["name"], 80), _level(one.get("reputation")), bool(one.get("botnet_id"))) for one in found
    ]


def _level(reputation: object) -> int:
    if isinstance(reputation, t.Mapping):
        reputation = next((reputation[key] for key in ("level", "reputation") if key in reputation), 0)
    try:
        return int(str(reputation))
    except ValueError:
        return 0


def _refusal(vdom: Vdom, error: FortiGateError) -> str:
    cure = CURES.get(t.cast("int", error.context.get("http_status")), error.next_step.rstrip("."))
    return f"the lookup in the internet service database of {vdom.fortigate.name} failed ({error.said}; {cure})"


def _reason(service: Service) -> str:
    said = [
        "a botnet" if service.botnet else "",
        f"reputation {service.reputation} of 5" if service.reputation in BAD_REPUTATION else "",
    ]
    said = [one for one in said if one]
    if not said and kind_of(service.name) != ABUSED:
        return ""
    return f"{', '.join([service.name, *said])} (internet service database)"


def _network(address: str) -> Network:
    return t.cast("Network", parse_target(address))


def _meets(target: t.Optional[Network], network: Network) -> bool:
    return target is not None and overlapping(target, [network]) is not None

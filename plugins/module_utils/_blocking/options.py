# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads the options of an operation. Invalid values, such as a name that would alter a URL, are refused before any
request is sent."""

from __future__ import annotations

import os
import re
import typing as t

from .._common.addresses import Network, parse_never
from .._common.clock_text import parse_time
from .._common.durations import parse_duration, parse_seconds
from .._common.errors import InvalidInput
from .._common.validation import count, entries, flag, texts
from .changes import Verification
from .registry.records import UNKNOWN_USER
from .targets import Target, parse_ladder, parse_note, parse_targets

METHODS = ("ban", "feed_push", "feed_file", "addrgrp")
# Methods with a feed or group by which a local-in policy can deny.
LOCAL_IN_METHODS = ("feed_push", "addrgrp")
# Default maximum number of our blocks in a place. The second number is for address groups.
MOST_ACTIVE, MOST_OBJECTS = 1000, 200
NAME = re.compile(r"[A-Za-z0-9_-]{1,35}")
VDOM = re.compile(r"[A-Za-z0-9_-]{1,31}")
RUN = re.compile(r"[A-Za-z0-9._-]{1,40}")
ON_PROBLEM = ("fail", "skip")
EVERYWHERE, SEEN = "everywhere", "seen"
NO_STATEMENT = (
    "fortigate_block_never_extra (the option never) is not set. Set it to the addresses that must never be blocked, such as your own public "
    "addresses, partners and scanners. To exclude no address, set it to []. Empty text is treated as not set. Nothing was sent"
)
Params = t.Mapping[str, t.Any]


class Lists(t.NamedTuple):
    """The names of the feed and the groups on a FortiGate, and the path of the published file."""

    feed: str = "soc-block"
    feed_file: str = ""
    group: str = "SOC-BLOCK"
    group6: str = "SOC-BLOCK6"


class Options(t.NamedTuple):
    """`method` is empty if no method was chosen. `local_in_method` is empty if attackers of the FortiGate itself have
    no separate method. `stated` means that an exclusion list was given. With `plan`, the run only plans, and stores
    what it has read in the registry. `vdom_token` means that tokens are limited to VDOMs. `ladder` has the durations of
    the first and each further block of an address; 0 is permanent. `known_as` are names of this FortiGate on a
    FortiAnalyzer. Times are in seconds."""

    host: str
    run_id: str
    user: str
    method: str
    vdoms: tuple[str, ...]
    lists: Lists
    local_in_method: str = ""
    targets: tuple[Target, ...] = ()
    where: str = EVERYWHERE
    known_as: tuple[str, ...] = ()
    ticket: str = ""
    approver: str = ""
    ladder: tuple[int, ...] = (3600,)
    never: tuple[Network, ...] = ()
    stated: bool = True
    allow_shared: tuple[Network, ...] = ()
    shared_infrastructure: bool = True
    shared_services: tuple[str, ...] = ()
    protect_infrastructure: bool = True
    infrastructure: tuple[str, ...] = ()
    on_unresolved: str = "fail"
    on_protected: str = "fail"
    vdom_token: bool = False
    max_per_run: int = 50
    max_active: int = 0
    allow_networks: bool = False
    allow_private: bool = False
    allow_shrink: bool = False
    allow_fmg_drift: bool = False
    force: bool = False
    everything: bool = False
    require_policy: bool = True
    plan: bool = False
    verify: bool = True
    verification: Verification = Verification()
    close_sessions: bool = True
    pardon: int = 86400
    expired_by: t.Optional[float] = None
    audit_log: str = ""
    inventory: t.Mapping[str, tuple[str, ...]] = {}
    fleet: tuple[str, ...] = ()
    batch: tuple[str, ...] = ()

    @property
    def method_or_default(self) -> str:
        return self.method or "ban"

    @property
    def ttl(self) -> int:
        """The duration of the first block of an address, in seconds."""
        return self.ladder[0]

    def most_active(self, method: str) -> int:
        """Maximum number of our blocks in a place of this method."""
        return self.max_active or (MOST_OBJECTS if method == "addrgrp" else MOST_ACTIVE)


def parse_options(params: Params, targets: bool, statement: bool) -> Options:
    """Read the options. With `targets`, the targets are also read. With `statement`, an exclusion list is required.
    Raises InvalidInput."""
    # This is one function, because it is only a list with an entry for each option.
    method = str(params.get("method") or "")
    if method not in ("", *METHODS):
        raise InvalidInput(f"method must be {', '.join(METHODS[:-1])} or {METHODS[-1]}, not {method[:40]!r}")
    stated = _is_stated(params.get("never"))
    if statement and not stated:
        raise InvalidInput(NO_STATEMENT)
    permanent = flag("allow_permanent", params.get("allow_permanent"))
    verify = flag("verify", params.get("verify", True))
    retries = count("verify_retries", params.get("verify_retries", 3), 0)
    expired_by = params.get("expired_by")
    return Options(
        host=str(params.get("host") or ""),
        run_id=_run_id(params.get("run_id")),
        user=str(params.get("job_user") or UNKNOWN_USER),
        method=method,
        vdoms=parse_vdoms(params.get("vdoms")),
        lists=parse_lists(params, method),
        # Only a ban does not stop attacks on the FortiGate itself, so only bans need this second method.
        local_in_method=_one_of("local_in_method", params.get("local_in_method"), ("", *LOCAL_IN_METHODS))
        if method in ("", "ban")
        else "",
        targets=tuple(_parse_targets(params, permanent)) if targets else (),
        where=_one_of("where", params.get("where"), (EVERYWHERE, SEEN)),
        known_as=tuple(texts("known_as", params.get("known_as"))),
        ticket=parse_note("ticket", params.get("ticket")),
        approver=parse_note("approver", params.get("approver")),
        ladder=parse_ladder(params.get("ttl", 3600), permanent),
        never=tuple(parse_never(texts("never", params.get("never"), blanks=True))),
        stated=stated,
        allow_shared=tuple(parse_never(texts("allow_shared", params.get("allow_shared"), blanks=True))),
        shared_infrastructure=flag("shared_infrastructure", params.get("shared_infrastructure", True)),
        shared_services=tuple(texts("shared_services", params.get("shared_services"), blanks=True)),
        protect_infrastructure=flag("protect_infrastructure", params.get("protect_infrastructure", True)),
        infrastructure=tuple(
            str(one) for one in entries("infrastructure", params.get("infrastructure"), blanks=True) if one
        ),
        on_unresolved=_one_of("on_unresolved", params.get("on_unresolved"), ON_PROBLEM),
        on_protected=_one_of("on_protected", params.get("on_protected"), ON_PROBLEM),
        vdom_token=flag("vdom_token", params.get("vdom_token")) or bool(params.get("vdom_tokens")),
        max_per_run=count("max_per_run", params.get("max_per_run", 50), 1),
        max_active=count("max_active", params.get("max_active") or 0, 0),
        allow_networks=flag("allow_networks", params.get("allow_networks")) and method not in ("", "ban"),
        allow_private=flag("allow_private", params.get("allow_private")),
        allow_shrink=flag("allow_shrink", params.get("allow_shrink")),
        allow_fmg_drift=flag("allow_fmg_drift", params.get("allow_fmg_drift")),
        force=flag("force", params.get("force")),
        everything=flag("everything", params.get("everything")),
        require_policy=flag("require_policy", params.get("require_policy", True)),
        plan=flag("plan", params.get("plan")),
        verify=verify,
        verification=Verification(retries if verify else 0, _seconds("verify_delay", params.get("verify_delay", 2))),
        close_sessions=flag("close_sessions", params.get("close_sessions", True)),
        pardon=parse_duration("pardon", params.get("pardon", 86400)),
        expired_by=_time("expired_by", expired_by) if expired_by else None,
        audit_log=_path("audit_log", params.get("audit_log")),
        inventory={str(one["name"]): tuple(one.get("addresses") or ()) for one in params.get("inventory") or ()},
        fleet=tuple(params.get("fleet") or ()),
        batch=tuple(params.get("batch") or ()),
    )


def _is_stated(never: t.Any) -> bool:
    """Whether an exclusion list was given, even an empty one. A list with only blank entries does not count, because
    its addresses were probably lost."""
    if isinstance(never, str):
        return bool(never.strip())
    return never is not None and (not never or any(str(one).strip() for one in never))


def _parse_targets(params: Params, permanent: bool) -> t.Iterator[Target]:
    """The targets. A target without a ticket or an approver gets the one of the run. Raises InvalidInput."""
    notes = {option: parse_note(option, params.get(option)) for option in ("ticket", "approver")}
    for one in parse_targets(params.get("targets"), permanent):
        yield one._replace(ticket=one.ticket or notes["ticket"], approver=one.approver or notes["approver"])


def parse_lists(params: Params, method: str) -> Lists:
    """The names of the feed and the groups, and the path of the file. Raises InvalidInput."""
    usual = Lists()
    names = {key: str(params.get(key) or getattr(usual, key)) for key in ("feed", "group", "group6")}
    for key, name in names.items():
        if not NAME.fullmatch(name):
            raise InvalidInput(f"{key} must have 1 to 35 letters, digits, '_' and '-', not {name[:60]!r}")
    path = _path("feed_file", params.get("feed_file"))
    if method == "feed_file" and not path:
        raise InvalidInput(
            "The method feed_file needs the option feed_file: set it to the absolute path of a file on the controller"
        )
    return Lists(feed_file=path, **names)


def parse_vdoms(value: object) -> tuple[str, ...]:
    """The VDOMs of the run. Raises InvalidInput."""
    found = tuple(dict.fromkeys(texts("vdoms", value if value is not None else ["root"], blanks=True)))
    if not found:
        raise InvalidInput("vdoms must contain at least one VDOM")
    for name in found:
        if not VDOM.fullmatch(name):
            raise InvalidInput(f"a name in vdoms must have 1 to 31 letters, digits, '_' and '-', not {name[:60]!r}")
    if "global" in found:
        raise InvalidInput('vdoms contains "global", which is not a VDOM. Set vdoms to the names of VDOMs')
    return found


def _run_id(value: object) -> str:
    text = str(value or "")
    if not RUN.fullmatch(text):
        raise InvalidInput("run_id must have 1 to 40 letters, digits, '.', '_' and '-'")
    return text


def _path(option: str, value: object) -> str:
    text = os.path.expanduser(str(value or ""))
    if text and (not text.startswith("/") or text.endswith("/")):
        raise InvalidInput(f"{option} must be the absolute path of a file on the controller, not {text[:80]!r}")
    return text


def _one_of(option: str, value: object, known: t.Sequence[str]) -> str:
    text = str(value or known[0])
    if text not in known:
        raise InvalidInput(f"{option} must be {' or '.join(known)}, not {text[:40]!r}")
    return text


def _seconds(option: str, value: object) -> float:
    seconds = parse_seconds(option, value)
    if seconds > 3600:
        raise InvalidInput(f"{option} must be at most 3600 seconds, not {str(value)[:40]!r}")
    return seconds


def _time(option: str, value: object) -> float:
    try:
        return parse_time(value)
    except ValueError:
        raise InvalidInput(f"{option} must be a time such as 2026-03-01T14:30:00Z, not {str(value)[:40]!r}") from None

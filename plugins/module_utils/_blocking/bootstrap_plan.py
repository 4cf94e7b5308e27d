# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plans the corrections that blocking by a feed or an address group needs. The objects are the feed or group itself,
and the deny policies that use this feed or group (protocol_fortigate.rst, "Deny policies").

The same functions plan the writes and verify them, because the plan after the writes must be empty.
"""

from __future__ import annotations

import ipaddress
import re
import typing as t

from .._common.errors import InvalidInput
from .corrections import Correction, Names, Obj, Right, differing, named, names_in, object_corrections, shown
from .methods.marks import PLACEHOLDER
from .options import Lists
from .packets import narrowed_by
from .policies import COLUMNS, LOCAL_IN, LOCAL_IN_COLUMNS, LOCAL_IN_FEEDS

FEEDS, POLICIES = "cmdb/system/external-resource", "cmdb/firewall/policy"
# A feed is never read with all attributes, because one of them is a password.
FEED_COLUMNS = "name|type|status|update-method|resource|refresh-rate|username|server-identity-check"
POLICY_COLUMNS = f"{COLUMNS}|name|logtraffic"
# The first release with push feeds, and the first release with several interfaces in a local-in policy.
PUSH_FEEDS, MANY_INTERFACES = (7, 2, 1), (7, 4, 2)


class Wanted(t.NamedTuple):
    """`source`, `destination` and `local_in` are numbers of policies. `local_in` is 0 if no local-in policy is wanted.
    `resource`, `username`, `password` and `refresh` (in minutes) are for a feed that the FortiGate fetches."""

    method: str
    vdoms: tuple[str, ...] = ("root",)
    lists: Lists = Lists()
    source: int = 9001
    destination: int = 9002
    local_in: int = 0
    persistency: str = ""
    resource: str = ""
    username: str = ""
    password: str = ""
    refresh: int = 1
    allow_fmg_drift: bool = False

    @property
    def list4(self) -> str:
        return self.lists.group if self.method == "addrgrp" else self.lists.feed

    @property
    def list6(self) -> str:
        return self.lists.group6 if self.method == "addrgrp" else self.lists.feed


class Found(t.NamedTuple):
    """The tables of one VDOM by path. `version` is the release, empty if the FortiGate does not report it."""

    vdom: str
    version: str
    tables: t.Mapping[str, t.Sequence[Obj]]


class Family(t.NamedTuple):
    """The names of the tables, the attribute and the type of address objects of one IP version. `placeholder` is the
    address of the placeholder object, which no host has."""

    six: str
    attribute: str
    kind: str
    placeholder: str

    @property
    def objects(self) -> str:
        return f"cmdb/firewall/address{self.six}"

    @property
    def groups(self) -> str:
        return f"cmdb/firewall/addrgrp{self.six}"


FAMILIES = (Family("", "subnet", "ipmask", "192.0.2.255/32"), Family("6", "ip6", "ipprefix", "100::/128"))


def tables_of(wanted: Wanted) -> dict[str, dict[str, str]]:
    """The query of each table that must be read, by the path of the table."""
    if wanted.method == "ban":
        return {}
    tables: dict[str, dict[str, str]] = {}
    if wanted.method == "addrgrp":
        for family, group in zip(FAMILIES, (wanted.list4, wanted.list6)):
            columns = f"name|type|{family.attribute}"
            tables[family.objects] = {"filter": f"name=={PLACEHOLDER}", "format": columns}
            tables[family.groups] = {"filter": f"name=={group}", "format": "name|member"}
    else:
        tables[FEEDS] = {"filter": f"name=={wanted.lists.feed}", "format": FEED_COLUMNS}
    tables[POLICIES] = {"format": POLICY_COLUMNS}
    if wanted.local_in:
        tables.update({path: {"format": LOCAL_IN_COLUMNS} for path in LOCAL_IN})
    return tables


def corrections_of(wanted: Wanted, found: Found) -> list[Correction]:
    """The corrections in the order in which they can be written. Raises InvalidInput if another owner uses one of the
    names or IDs, or if the release does not have a required feature."""
    if wanted.method == "ban":
        return []
    corrections = _groups(wanted, found) if wanted.method == "addrgrp" else _feed(wanted, found)
    corrections += _policies(wanted, found) + _order(wanted, found)
    if wanted.local_in:
        for kind, path, name in zip(("local_in_policy", "local_in_policy6"), LOCAL_IN, (wanted.list4, wanted.list6)):
            corrections += _local_in(wanted, found, kind, path, name)
    return corrections


def warnings_of(wanted: Wanted, found: Found) -> list[str]:
    """Warnings about weak points of the blocks that this module does not correct."""
    return [*_unverified_certificate(wanted, found), *_overtaken_local_in(wanted, found)]


def _unverified_certificate(wanted: Wanted, found: Found) -> list[str]:
    """A warning if the FortiGate fetches the feed without verifying the certificate of the server, because the release
    cannot verify it."""
    there = named(found.tables.get(FEEDS, ()), wanted.lists.feed) if wanted.method == "feed_file" else None
    if there is None or "server-identity-check" in there:
        return []
    return [
        f"In VDOM {found.vdom}, the FortiGate does not verify the server certificate of feed {wanted.lists.feed}, because the attribute "
        "server-identity-check needs FortiOS 7.2.4 or later."
    ]


def _overtaken_local_in(wanted: Wanted, found: Found) -> list[str]:
    """Warnings about local-in policies above ours that do not deny. Such policies are few and permit access for
    administrators, so this module does not move our policy."""
    above = []
    for path in LOCAL_IN if wanted.local_in and wanted.method != "ban" else ():
        for one in found.tables[path]:
            if str(one.get("policyid")) == str(wanted.local_in):
                break
            if one.get("action") != "deny" and one.get("status") != "disable":
                where = f"{path.rpartition('/')[2]} {shown(one.get('policyid'))}"
                above.append(
                    f"In VDOM {found.vdom}, {where} is above policy {wanted.local_in} and does not deny, so traffic that "
                    f"it accepts is not blocked. To block this traffic too, move policy {wanted.local_in} above {where}."
                )
    return above


def _groups(wanted: Wanted, found: Found) -> list[Correction]:
    """Corrections for missing groups and their placeholder. An existing group is not written, because a write replaces
    all members of the group."""
    corrections = []
    for family, group in zip(FAMILIES, (wanted.list4, wanted.list6)):
        there = named(found.tables[family.groups], group)
        if there is not None:
            if "all" in names_in(there.get("member")):
                raise InvalidInput(
                    f"Address group {group} in VDOM {found.vdom} has the member all, so a deny policy that uses "
                    "this group would deny all traffic. Remove the member, or set another name in "
                    f"fortigate_block_group{family.six}. Nothing was written"
                )
            continue
        placeholder = named(found.tables[family.objects], PLACEHOLDER)
        if placeholder is None:
            right: Right = {"type": family.kind, family.attribute: family.placeholder}
            extra = {"comment": "Keeps the group from being empty"}
            corrections += object_corrections(
                found.vdom, f"address{family.six}", family.objects, PLACEHOLDER, None, right, extra
            )
        elif _network(placeholder.get(family.attribute)) != ipaddress.ip_network(family.placeholder):
            raise InvalidInput(
                f"Address object {PLACEHOLDER} in VDOM {found.vdom} does not have the address {family.placeholder}. As a member "
                f"of group {group}, the object would block its address. Rename the object. Nothing was written"
            )
        corrections += object_corrections(
            found.vdom, f"group{family.six}", family.groups, group, None, {"member": Names(PLACEHOLDER)}
        )
    return corrections


def _feed(wanted: Wanted, found: Found) -> list[Correction]:
    name = wanted.lists.feed
    there = named(found.tables[FEEDS], name)
    pushed = wanted.method == "feed_push"
    _refuse_other_feed(name, there, pushed, found.vdom)
    right: dict[str, t.Union[str, int, Names]] = {"type": "address", "status": "enable"}
    if pushed:
        right["update-method"] = "push"
    else:
        right.update({"resource": wanted.resource, "refresh-rate": wanted.refresh})
        if there is None or "server-identity-check" in there:
            right["server-identity-check"] = "full"
        if wanted.username:
            right["username"] = wanted.username
    # A FortiGate returns the password encrypted, so the password cannot be compared. It is sent only together with
    # attributes that are wrong.
    secret = {"username": wanted.username, "password": wanted.password} if wanted.password and not pushed else {}
    corrections = object_corrections(found.vdom, "feed", FEEDS, name, there, right, always=secret)
    if corrections and name.startswith("g-"):
        raise InvalidInput(
            f"The name of feed {name} begins with g-, which is the prefix for feeds of the whole FortiGate. This module "
            "writes only feeds of VDOMs. Set another name in fortigate_block_feed. Nothing was written"
        )
    if corrections and pushed:
        _require(found, PUSH_FEEDS, "push feeds (method feed_push)", "the method feed_file or addrgrp")
    return corrections


def _refuse_other_feed(name: str, there: t.Optional[Obj], pushed: bool, vdom: str) -> None:
    """Raise InvalidInput if the external resource with this name has another type or update method. A resource of
    another type has another purpose, and a change of the update method would empty the feed. Releases without push
    feeds have no update method."""
    if there is None:
        return
    if there.get("type") != "address":
        said = f"of type {shown(there.get('type'))}"
    elif there.get("update-method") not in (("push",) if pushed else ("feed", None)):
        said = "that the FortiGate fetches" if pushed else f"with update-method {shown(there.get('update-method'))}"
    else:
        return
    raise InvalidInput(
        f"VDOM {vdom} already has a threat feed {name} {said}. Set another name in fortigate_block_feed, or delete this feed. "
        "Nothing was written"
    )


def _policies(wanted: Wanted, found: Found) -> list[Correction]:
    policies = found.tables[POLICIES]
    corrections = []
    for policyid, title, ours, other in (
        (wanted.source, "secops-block-source", "src", "dst"),
        (wanted.destination, "secops-block-destination", "dst", "src"),
    ):
        right: Right = {
            "srcintf": Names("any"), "dstintf": Names("any"),
            f"{ours}addr": Names(wanted.list4, keep=True), f"{ours}addr6": Names(wanted.list6, keep=True),
            f"{other}addr": Names("all"), f"{other}addr6": Names("all"),
            "action": "deny", "service": Names("ALL"), "schedule": "always", "logtraffic": "all",
            # Without match-vip, traffic to published servers passes.
            "match-vip": "enable", "status": "enable",
        }  # fmt: skip
        there = _own(wanted, found, "policy", policies, policyid, right)
        taken = {str(one.get("name")) for one in policies if str(one.get("policyid")) != str(policyid)}
        name = f"{title}-{policyid}" if title in taken else title
        corrections += object_corrections(found.vdom, "policy", POLICIES, policyid, there, right, {"name": name})
    return corrections


def _order(wanted: Wanted, found: Found) -> list[Correction]:
    """Corrections that move our policies above the first policy that does not deny. Other deny policies may stay above
    ours."""
    ours = [str(wanted.source), str(wanted.destination)]
    order = [(str(one.get("policyid")), one.get("action")) for one in found.tables[POLICIES]]
    first = next((policyid for policyid, action in order if policyid not in ours and action != "deny"), None)
    if first is None:
        return []
    known = [policyid for policyid, dummy in order]
    above = known[: known.index(first)]
    what = f"not above policy {first}, which does not deny"
    return [
        Correction(
            vdom=found.vdom, kind="policy_order", name=policyid, what=what, method="PUT", path=f"{POLICIES}/{policyid}", body=None,
            query={"action": "move", "before": first},
            before={"position": f"below policy {first}"} if policyid in known else {}, after={"position": f"above policy {first}"},
        )
        for policyid in ours
        if policyid not in above
    ]  # fmt: skip


def _local_in(wanted: Wanted, found: Found, kind: str, path: str, name: str) -> list[Correction]:
    right: Right = {
        "srcaddr": Names(name, keep=True), "dstaddr": Names("all"), "service": Names("ALL"),
        "action": "deny", "schedule": "always", "status": "enable",
    }  # fmt: skip
    there = _own(wanted, found, kind, found.tables[path], wanted.local_in, right)
    if there is not None and not differing(there, right):
        return []
    if wanted.method != "addrgrp":
        _require(found, LOCAL_IN_FEEDS, "feeds in local-in policies", "the method addrgrp, or local_in=false")
    release = _require(found, (0, 0, 0), "local-in policies (local_in)", "local_in=false")
    interface: t.Any = [{"name": "any"}] if release >= MANY_INTERFACES else "any"
    return object_corrections(found.vdom, kind, path, wanted.local_in, there, right, {"intf": interface})


def _own(
    wanted: Wanted, found: Found, kind: str, policies: t.Sequence[Obj], policyid: int, right: Right
) -> t.Optional[Obj]:
    """The policy with our ID, if it exists. Raises InvalidInput if it clearly belongs to another owner."""
    there = next((one for one in policies if str(one.get("policyid")) == str(policyid)), None)
    if there is not None and _is_foreign(there, wanted, right):
        option = "local_in_policy" if kind.startswith("local") else "source_policy or destination_policy"
        raise InvalidInput(
            f"VDOM {found.vdom} already has {kind.replace('_', ' ')} {policyid}, which belongs to another owner. Set "
            f"another number in {option}. Nothing was written"
        )
    return there


def _is_foreign(there: Obj, wanted: Wanted, right: Right) -> bool:
    """Whether the policy belongs to another owner, because with our feed or group it would deny too much or too little.

    A policy that does not deny, or that has `all` or a negated attribute, is not ours. A policy for some users or
    internet services would deny too little. A policy that also names other objects must already be as wide as ours,
    because our corrections would deny more traffic of these objects.
    """
    ours = [key for key, want in right.items() if isinstance(want, Names) and want.keep]
    names = {name for key in ours for name in names_in(there.get(key))}
    special = [key for key, value in there.items() if key.endswith(("-negate", "-only")) and value == "enable"]
    widened = set(differing(there, right)) - {*ours, "logtraffic"} if names - set(wanted.lists) else set()
    return there.get("action") != "deny" or "all" in names or bool(special or narrowed_by(there) or widened)


def _require(found: Found, least: tuple[int, int, int], feature: str, instead: str) -> tuple[int, ...]:
    """The release of the FortiGate. Raises InvalidInput if the release is older than `least`, or not known."""
    known = re.match(r"v?(\d+)\.(\d+)\.(\d+)", found.version)
    if known is None:
        raise InvalidInput(
            f"The FortiGate does not report its release, but {feature} depend on the release. Check the access profile of "
            f"fortigate_token, or use {instead}. Nothing was written"
        )
    release = tuple(int(number) for number in known.groups())
    if release < least:
        raise InvalidInput(
            f"The FortiGate runs {shown(found.version)}, but {feature} need FortiOS {'.'.join(map(str, least))} or later. Use {instead}. "
            "Nothing was written"
        )
    return release


def _network(text: object) -> object:
    """The network in a text such as "192.0.2.255 255.255.255.255" or "100::/128". None for other texts."""
    try:
        return ipaddress.ip_network("/".join(str(text).split()))
    except ValueError:
        return None

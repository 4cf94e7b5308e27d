# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists and deny policies on a FortiGate: all of them in force, or an error that names what is missing."""

from __future__ import annotations

import json
import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.client import FortiGateError
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import FortiViewError, InvalidInput
from ansible_collections.secops.fortiview.plugins.module_utils._glue.blocking_policy import (
    fortigate_block_policy,
    policy_arguments,
)
from ansible_collections.secops.fortiview.plugins.module_utils._glue.fortigate import HostContext, feed
from ansible_collections.secops.fortiview.plugins.module_utils._glue.fortigate_connection import failure_of

from component.fortigate_support import FortiGateClient
from simulators.fortigate import FortiGate, ManualClock

START = 1762862400.0
ATTACKER, ATTACKER6, OTHER = "198.51.100.7", "2001:db8:bad::7", "198.51.100.99"
SERVER, INSIDE, INSIDE6 = "203.0.113.10", "10.1.1.20", "2001:db8:10::20"
PASSWORD = "s3cret-of-the-feed"
PULLED = {
    "method": "feed_file",
    "feed_url": "https://feeds.example.com/blocked.txt",
    "feed_username": "fortigate",
    "feed_password": PASSWORD,
}
DEFAULTS = {name: option.get("default") for name, option in policy_arguments().items()}
FAULTS = (
    "unauthorized forbidden forbidden_html not_json empty status_error redirect not_found not_allowed bad_attribute table_full duplicate "
    "device_error too_many cut_before cut_after"
).split()
# One of each sort: refused as a page, refused by a false success, refused by the device, carried out without a reply.
FEW_FAULTS = ("forbidden_html", "status_error", "table_full", "cut_after")
# Every write of a run with a group and local-in policies, as a part of its path.
WRITES = {
    "addrgrp": ("firewall/address?", "firewall/addrgrp?", "firewall/addrgrp6?", "firewall/policy?", "action=move"),
    "feed_push": ("external-resource?", "firewall/policy?", "action=move", "local-in-policy?", "local-in-policy6?"),
}


class Client(FortiGateClient):
    """Lists and policies."""

    def run(self, **options: t.Any) -> dict[str, t.Any]:
        return fortigate_block_policy({**DEFAULTS, **options}, self.target())

    def push(self, *entries: str, vdom: str = "root") -> None:
        options = {"vdom": vdom, "never": [], "allow_private": False, "verify_retries": 0, "verify_delay": 0}
        wanted = {**options, "name": "soc-block", "entries": list(entries), "state": "present", "allow_networks": False}
        feed(wanted, HostContext(self.device, False, self.clock.now, self.clock.advance))

    def write(self, method: str, path: str, body: dict[str, t.Any]) -> None:
        self.device.vdom("root").write(method, f"cmdb/{path}", body)

    def policies(self, vdom: str = "root") -> list[int]:
        return [one["policyid"] for one in self.box.objects("firewall/policy", vdom)]

    def policy(self, number: int, path: str = "firewall/policy") -> dict[str, t.Any]:
        return next(one for one in self.box.objects(path) if one["policyid"] == number)


@pytest.fixture(scope="module")
def pair() -> t.Iterator[tuple[FortiGate, ManualClock]]:
    clock = ManualClock(START)
    with FortiGate(clock=clock, serial="FG100FTK20000001") as box:
        yield box, clock


@pytest.fixture
def client(pair: tuple[FortiGate, ManualClock]) -> t.Iterator[Client]:
    box, clock = pair
    box.reset()
    yield Client(box, clock)
    assert box.check() == []


def names(*given: str) -> list[dict[str, str]]:
    return [{"name": name} for name in given]


def kinds(result: dict[str, t.Any]) -> list[str]:
    return [one["kind"] for one in result["missing"]]


def test_a_push_feed_blocks_from_and_to_its_entries(client: Client) -> None:
    result = client.run()
    assert kinds(result) == ["feed", "policy", "policy", "policy_order", "policy_order"]
    assert result["changed"] and result["warnings"] == []
    client.push(ATTACKER, ATTACKER6)
    box = client.box
    assert not box.passes(ATTACKER, SERVER), "published servers need match-vip"
    assert not box.passes(INSIDE, ATTACKER) and not box.passes(INSIDE6, ATTACKER6)
    assert box.passes(OTHER, SERVER) and box.passes(INSIDE, OTHER) and box.passes(INSIDE6, "2001:db8:bad::8")
    assert client.policies()[:2] == [9001, 9002]


def test_groups_block_from_and_to_their_members(client: Client) -> None:
    result = client.run(method="addrgrp")
    assert set(kinds(result)) == {"address", "address6", "group", "group6", "policy", "policy_order"}
    client.write("POST", "firewall/address", {"name": "blk-a", "type": "ipmask", "subnet": f"{ATTACKER}/32"})
    client.write("POST", "firewall/addrgrp/SOC-BLOCK/member", {"name": "blk-a"})
    client.write("POST", "firewall/address6", {"name": "blk-b", "type": "ipprefix", "ip6": f"{ATTACKER6}/128"})
    client.write("POST", "firewall/addrgrp6/SOC-BLOCK6/member", {"name": "blk-b"})
    assert not client.box.passes(ATTACKER, SERVER) and not client.box.passes(INSIDE, ATTACKER)
    assert not client.box.passes(INSIDE6, ATTACKER6)
    assert client.box.passes(OTHER, SERVER) and client.box.passes(INSIDE, OTHER)


@pytest.mark.parametrize("options", [{}, {"method": "addrgrp"}, PULLED, {"method": "ban"}], ids=str)
def test_the_second_run_writes_nothing(client: Client, options: dict[str, t.Any]) -> None:
    options = {"ban_persistency": "all", "local_in": True, "vdoms": ["root", "guest"], **options}
    assert client.run(**options)["changed"]
    before = len(client.box.writes)
    result = client.run(**options)
    assert (result["changed"], result["missing"], result["diff"]) == (False, [], {"before": "", "after": ""})
    assert len(client.box.writes) == before


@pytest.mark.parametrize("options", [{}, {"method": "addrgrp"}, PULLED, {"method": "ban"}], ids=str)
def test_check_mode_plans_what_a_run_writes(client: Client, options: dict[str, t.Any]) -> None:
    options = {"ban_persistency": "all", "local_in": True, "vdoms": ["root", "guest"], **options}
    client.check_mode = True
    planned = client.run(**options)
    assert client.box.writes == []
    client.check_mode = False
    assert client.run(**options) == planned
    assert len(client.box.writes) == len(planned["missing"])


def test_a_ban_needs_nothing_but_its_persistency(client: Client) -> None:
    assert client.run(method="ban")["changed"] is False
    assert kinds(client.run(method="ban", ban_persistency="permanent-only")) == ["ban_persistency"]
    assert client.box.objects("firewall/global")[0]["banned-ip-persistency"] == "permanent-only"
    client.box.seed_bans([{"ip_address": ATTACKER, "source": "Administrative", "expires": 0}])
    client.box.reboot()
    assert [one["ip_address"] for one in client.box.bans()] == [ATTACKER]


def test_ban_persistency_of_an_old_release_is_an_error(client: Client) -> None:
    client.box.switches.version = "v7.0.17"
    with pytest.raises(FortiGateError, match=r"7\.2\.1"):
        client.run(method="ban", ban_persistency="all")
    assert client.box.writes == []


def test_two_vdoms(client: Client) -> None:
    result = client.run(vdoms=["root", "guest"])
    assert {one["vdom"] for one in result["missing"]} == {"root", "guest"}
    client.push(ATTACKER, vdom="guest")
    assert not client.box.passes("10.2.1.20", ATTACKER, vdom="guest") and client.box.passes(INSIDE, ATTACKER)
    assert client.policies("guest")[:2] == client.policies("root")[:2] == [9001, 9002]


def test_a_vdom_that_is_refused_keeps_the_other_one_unwritten(client: Client) -> None:
    with pytest.raises(FortiGateError, match="VDOM elsewhere"):
        client.run(vdoms=["root", "elsewhere"])
    assert client.box.writes == []


def test_members_of_a_group_survive(client: Client) -> None:
    client.box.switches.update({"with_group": True})
    client.write("POST", "firewall/address", {"name": "blk-a", "type": "ipmask", "subnet": f"{ATTACKER}/32"})
    client.write("POST", "firewall/addrgrp/SOC-BLOCK/member", {"name": "blk-a"})
    assert set(kinds(client.run(method="addrgrp"))) == {"policy", "policy_order"}
    assert client.box.members("SOC-BLOCK") == ["blk-placeholder", "blk-a"]
    assert not client.box.passes(ATTACKER, SERVER)


def test_a_feed_and_a_group_share_the_policies(client: Client) -> None:
    client.run()
    result = client.run(method="addrgrp")
    assert [one["what"] for one in result["missing"] if one["kind"] == "policy"] == [
        "srcaddr does not contain SOC-BLOCK; srcaddr6 does not contain SOC-BLOCK6",
        "dstaddr does not contain SOC-BLOCK; dstaddr6 does not contain SOC-BLOCK6",
    ]
    assert [one["name"] for one in client.policy(9001)["srcaddr"]] == ["soc-block", "SOC-BLOCK"]
    client.push(ATTACKER)
    assert not client.box.passes(ATTACKER, SERVER)


@pytest.mark.parametrize("wrong", [{"status": "disable"}, {"match-vip": "disable"}, {"service": names("DNS")}], ids=str)
def test_only_what_is_wrong_is_written(client: Client, wrong: dict[str, t.Any]) -> None:
    client.run()
    client.push(ATTACKER)
    client.write("PUT", "firewall/policy/9001", wrong)
    assert client.box.passes(ATTACKER, SERVER)
    before = len(client.box.writes)
    assert kinds(client.run()) == ["policy"]
    assert [entry.body for entry in client.box.writes[before:]] == [
        {key: names("ALL") if key == "service" else "enable" for key in wrong}
    ]
    assert not client.box.passes(ATTACKER, SERVER)


def test_a_policy_that_slid_down_is_moved(client: Client) -> None:
    client.run()
    client.push(ATTACKER)
    client.device.vdom("root").write("PUT", "cmdb/firewall/policy/9001", action="move", after="2")
    assert client.box.passes(ATTACKER, SERVER)
    result = client.run()
    assert result["missing"] == [
        {"vdom": "root", "kind": "policy_order", "name": "9001", "what": "not above policy 1, which does not deny"}
    ]
    assert not client.box.passes(ATTACKER, SERVER)


FOREIGN: list[dict[str, t.Any]] = [
    {"action": "accept"},
    {"srcaddr": names("all")},
    {"srcaddr-negate": "enable"},
    {"service-negate": "enable"},
    {"srcaddr": names("partner"), "dstaddr": names("partner")},
    {"srcaddr": names("partner"), "status": "disable"},
]


@pytest.mark.parametrize("foreign", FOREIGN, ids=str)
def test_a_policy_of_somebody_else_is_refused(client: Client, foreign: dict[str, t.Any]) -> None:
    """In the second VDOM, and the first one stays as it is too."""
    guest = client.device.vdom("guest")
    guest.write("POST", "cmdb/firewall/address", {"name": "partner", "type": "ipmask", "subnet": "192.0.2.64/26"})
    policy = {
        "policyid": 9001, "srcintf": names("any"), "dstintf": names("any"), "srcaddr": names("none"), "dstaddr": names("all"),
        "srcaddr6": names("none"), "dstaddr6": names("all"), "action": "deny", "service": names("ALL"), "schedule": "always",
        **foreign,
    }  # fmt: skip
    guest.write("POST", "cmdb/firewall/policy", policy)
    before = len(client.box.writes)
    with pytest.raises(InvalidInput, match=r"VDOM guest already has policy 9001.* source_policy"):
        client.run(vdoms=["root", "guest"])
    assert len(client.box.writes) == before


def test_a_feed_of_another_kind_is_refused(client: Client) -> None:
    client.run(**PULLED)
    before = len(client.box.writes)
    with pytest.raises(InvalidInput, match="that the FortiGate fetches"):
        client.run()
    assert len(client.box.writes) == before


def test_a_managed_fortigate_is_refused_unless_allowed(client: Client) -> None:
    client.box.switches.managed_by = "192.0.2.9"
    for client.check_mode in (True, False):
        with pytest.raises(InvalidInput, match="allow_fmg_drift"):
            client.run()
    assert client.box.writes == []
    assert client.run(allow_fmg_drift=True)["changed"]
    # Where nothing is written, nothing is refused.
    assert not client.run()["changed"]


@pytest.mark.parametrize("kind", FAULTS)
def test_a_management_that_cannot_be_read_is_not_none(client: Client, kind: str) -> None:
    client.box.switches.managed_by = "192.0.2.9"
    client.box.fault(kind, method="GET", path="central-management", times=99)
    with pytest.raises(FortiGateError):
        client.run()
    assert client.box.writes == []


@pytest.mark.parametrize(
    "version, interface",
    [("v7.2.4", "any"), ("v7.4.0", "any"), ("v7.4.1", "any"), ("v7.4.2", ["any"]), ("v8.0.0", ["any"])],
)
def test_local_in_policies_protect_the_fortigate(client: Client, version: str, interface: t.Any) -> None:
    client.box.switches.version = version
    result = client.run(local_in=True)
    assert kinds(result)[-2:] == ["local_in_policy", "local_in_policy6"]
    client.push(ATTACKER, ATTACKER6)
    assert not client.box.passes(ATTACKER, "203.0.113.1", to_fortigate=True)
    assert not client.box.passes(ATTACKER6, "2001:db8:1::1", to_fortigate=True)
    assert client.box.passes(OTHER, "203.0.113.1", to_fortigate=True)
    written = client.policy(9001, "firewall/local-in-policy")["intf"]
    assert (written if isinstance(written, str) else [one["name"] for one in written]) == interface


@pytest.mark.parametrize("version", ["v7.0.17", "v7.2.1", "v7.2.3", ""])
def test_feeds_in_local_in_policies_of_old_releases_are_refused(client: Client, version: str) -> None:
    client.box.switches.version = version
    with pytest.raises(InvalidInput, match="local_in=false"):
        client.run(**PULLED, local_in=True)
    assert client.box.writes == []


@pytest.mark.parametrize("version", ["v7.0.17", "v7.2.0", ""])
def test_push_feeds_of_old_releases_are_refused(client: Client, version: str) -> None:
    client.box.switches.version = version
    with pytest.raises(InvalidInput, match="push feeds"):
        client.run()
    assert client.box.writes == []
    assert client.run(method="addrgrp")["changed"]


@pytest.mark.parametrize("version", ["v6.4.9", "v7.0.17"])
def test_groups_in_local_in_policies_of_old_releases(client: Client, version: str) -> None:
    client.box.switches.version = version
    client.run(method="addrgrp", local_in=True)
    assert client.policy(9001, "firewall/local-in-policy")["intf"] == "any"


def test_a_local_in_policy_of_somebody_else_is_refused(client: Client) -> None:
    policy = {
        "policyid": 9001, "intf": names("any"), "srcaddr": names("all"), "dstaddr": names("all"), "service": names("SSH"),
        "schedule": "always", "action": "accept",
    }  # fmt: skip
    client.write("POST", "firewall/local-in-policy", policy)
    with pytest.raises(InvalidInput, match="local_in_policy"):
        client.run(local_in=True)
    assert len(client.box.writes) == 1


@pytest.mark.parametrize(
    "method, path, kind",
    [
        (method, path, kind)
        for method, paths in WRITES.items()
        for path in paths
        for kind in (FAULTS if (method, path) == ("feed_push", "firewall/policy?") else FEW_FAULTS)
    ],
)
def test_a_faulty_write_is_verified_or_an_error_that_names_what_is_missing(
    client: Client, method: str, path: str, kind: str
) -> None:
    options = {"method": method, "local_in": method == "feed_push"}
    client.check_mode = True
    planned = client.run(**options)["missing"]
    client.check_mode = False
    client.box.fault(kind, method="PUT" if path == "action=move" else "POST", path=path)
    try:
        result = client.run(**options)
    except FortiGateError as error:
        missing = error.context["missing"]
        client.check_mode = True
        assert client.run(**options)["missing"] == missing, "the error names what is missing"
        assert all(one["kind"].replace("_", " ") in str(error) and one["name"] in str(error) for one in missing)
        assert " on fgt-hq failed: " in str(error)
        assert failure_of(error)["changed"] is (missing != planned)
        client.check_mode = False
        client.run(**options)
    else:
        # The reply was lost, and the write took effect: only the last one of a run.
        assert result["warnings"]
    assert not client.run(**options)["changed"]


@pytest.mark.parametrize("path", ["external-resource", "firewall/policy", "local-in-policy6", "firewall/global"])
@pytest.mark.parametrize("kind", ["not_found", "too_many", *FEW_FAULTS])
def test_a_state_that_cannot_be_read_is_not_an_empty_one(client: Client, kind: str, path: str) -> None:
    client.box.fault(kind, method="GET", path=path, times=99)
    with pytest.raises(FortiViewError):
        client.run(local_in=True, ban_persistency="all")
    assert client.box.writes == []


def test_a_state_that_cannot_be_read_back_is_an_error(client: Client) -> None:
    client.box.fault("forbidden_html", method="GET", path="external-resource", after=1, times=99)
    with pytest.raises(FortiGateError, match="cannot be read back") as caught:
        client.run()
    assert caught.value.context["rolled_back"] is False and len(caught.value.context["missing"]) == 5


@pytest.mark.parametrize("swallowed", ["external-resource", "firewall/policy", "action=move"])
def test_a_success_that_did_nothing_is_an_error(client: Client, swallowed: str) -> None:
    send = client.send

    def lying(url: str, method: str, params: dict[str, str], body: t.Optional[str]) -> tuple[int, str]:
        if method != "GET" and swallowed in f"{url}?{'&'.join(f'{key}={value}' for key, value in params.items())}":
            return 200, json.dumps({"status": "success", "http_status": 200, "vdom": params["vdom"]})
        return send(url, method, params, body)

    client.send = lying  # type: ignore[method-assign]
    with pytest.raises(FortiGateError, match=r"Missing or wrong when read back: .*9001"):
        client.run()


def test_a_last_reply_about_another_vdom_is_an_error(client: Client) -> None:
    """Nothing is missing then, and the write may have been carried out in the other VDOM too."""
    send = client.send

    def elsewhere(url: str, method: str, params: dict[str, str], body: t.Optional[str]) -> tuple[int, str]:
        status, text = send(url, method, params, body)
        last = params.get("action") == "move" and url.endswith("9002")
        return status, json.dumps({**json.loads(text), **({"vdom": "guest"} if last else {})})

    client.send = elsewhere  # type: ignore[method-assign]
    with pytest.raises(FortiGateError, match="VDOM 'guest'") as caught:
        client.run()
    assert caught.value.context["missing"] == [] and caught.value.context["rolled_back"] is False


def test_a_management_without_a_type_is_not_none(client: Client) -> None:
    send = client.send

    def silent(url: str, method: str, params: dict[str, str], body: t.Optional[str]) -> tuple[int, str]:
        status, text = send(url, method, params, body)
        reply = json.loads(text)
        return status, json.dumps({**reply, "results": {}} if "central-management" in url else reply)

    client.send = silent  # type: ignore[method-assign]
    with pytest.raises(FortiGateError, match="does not say whether a FortiManager"):
        client.run()
    assert client.box.writes == []


def test_a_fetched_feed_and_its_password(client: Client) -> None:
    """The password goes into the body of the connector and nowhere else; it is not read, and does not make a change."""
    result = client.run(**PULLED)
    again = client.run(**{**PULLED, "feed_password": "another one"})
    changed = client.run(**PULLED, feed_refresh=5)
    assert (again["changed"], kinds(changed)) == (False, ["feed"])
    assert changed["missing"][0]["what"] == "refresh-rate is 1, not 5"
    bodies = [entry.body for entry in client.box.writes if PASSWORD in json.dumps(entry.body)]
    assert [body["username"] for body in bodies] == ["fortigate", "fortigate"]
    assert PASSWORD not in json.dumps([result, again, changed]) and "ENC" not in json.dumps([result, again, changed])
    reads = [entry for entry in client.box.journal if "external-resource" in entry.path and entry.http_method == "GET"]
    assert reads and all("format=" in entry.query and "password" not in entry.query for entry in reads)
    there = client.box.objects("system/external-resource")[0]
    assert (there["resource"], there["server-identity-check"]) == (PULLED["feed_url"], "full")


def test_an_error_has_no_password(client: Client) -> None:
    client.box.fault("bad_attribute", method="POST", path="external-resource", text=f"bad value {PASSWORD}")
    with pytest.raises(FortiGateError) as caught:
        client.run(**PULLED)
    assert PASSWORD not in json.dumps(caught.value.to_fail_json())


def test_credentials_in_a_url_of_somebody_else_are_not_shown(client: Client) -> None:
    body = {"name": "soc-block", "type": "address", "resource": "https://user:hidden@old.example.com/x?key=hidden"}
    client.write("POST", "system/external-resource", body)
    result = client.run(**PULLED)
    assert "hidden" not in json.dumps(result) and "https://old.example.com/x" in result["diff"]["before"]


def test_the_diff_shows_what_changes(client: Client) -> None:
    assert (
        "root/firewall/policy/9001:\n  policyid: 9001\n  name: secops-block-source\n" in client.run()["diff"]["after"]
    )
    client.write("PUT", "firewall/policy/9001", {"status": "disable"})
    assert client.run()["diff"] == {
        "before": "root/firewall/policy/9001:\n  status: disable\n",
        "after": "root/firewall/policy/9001:\n  status: enable\n",
    }


REFUSED: list[dict[str, t.Any]] = [
    {"vdoms": []},
    {"vdoms": ["global"]},
    {"vdoms": ["root/../x"]},
    {"feed": "a feed"},
    {"feed": "x" * 36},
    {"feed": "g-soc-block"},
    {"group": "a/b"},
    {"group6": "a,b"},
    {"source_policy": 0},
    {"source_policy": 2**32},
    {"source_policy": 9002},
    {"local_in": True, "local_in_policy": -1},
    {"method": "feed_file"},
    {"method": "feed_file", "feed_url": "http://feeds.example.com/x"},
    {"method": "feed_file", "feed_url": "https://"},
    {"method": "feed_file", "feed_url": "https://[x/"},
    {"method": "feed_file", "feed_url": f"https://user:{PASSWORD}@feeds.example.com/x"},
    {"method": "feed_file", "feed_url": f"https://feeds.example.com/{PASSWORD}\n"},
    {**PULLED, "feed_username": ""},
    {**PULLED, "feed_refresh": 0},
]


@pytest.mark.parametrize("options", REFUSED, ids=[str(number) for number in range(len(REFUSED))])
def test_options_are_checked_before_anything_is_written(client: Client, options: dict[str, t.Any]) -> None:
    with pytest.raises(InvalidInput) as caught:
        client.run(**options)
    assert client.box.writes == [] and PASSWORD not in str(caught.value)


def test_a_group_or_placeholder_that_would_block_everything_is_refused(client: Client) -> None:
    client.write("POST", "firewall/address", {"name": "blk-placeholder", "type": "ipmask", "subnet": "0.0.0.0/0"})
    with pytest.raises(InvalidInput, match="blk-placeholder"):
        client.run(method="addrgrp")
    client.write("POST", "firewall/addrgrp", {"name": "SOC-BLOCK", "member": names("all")})
    with pytest.raises(InvalidInput, match="member all"):
        client.run(method="addrgrp")
    assert len(client.box.writes) == 2


def test_a_host_without_a_connection_is_refused() -> None:
    with pytest.raises(InvalidInput, match="no connection"):
        fortigate_block_policy(DEFAULTS, HostContext(None, False))

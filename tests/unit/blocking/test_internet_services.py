# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whose an address is by the database of a FortiGate, and of how many new ones it is asked."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.client import FortiGate
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.context import Context
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.internet_services import (
    MOST_ASKED,
    InternetServices,
)
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.options import Lists, Options
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.planning import ADD, KEEP, Step
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.registry.store import open_registry
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.targets import Target, parse_targets
from unit.blocking.support import ADDRESS, SIX, Simulated, options


class Asked(t.NamedTuple):
    services: InternetServices
    addresses: list[str]

    def learn(self, count: int, action: str = ADD) -> bool:
        targets = parse_targets([f"198.51.{number // 250}.{number % 250 + 1}" for number in range(count)])
        return self.services.learn([Step(action, one.address, "root", one) for one in targets])


@pytest.fixture
def asked(tmp_path: Path) -> t.Iterator[Asked]:
    addresses: list[str] = []

    def send(_url: str, _method: str, query: dict[str, str], _body: t.Optional[str]) -> tuple[int, str]:
        addresses.append(query["ip"])
        return 200, json.dumps({"status": "success", "vdom": "root", "results": []})

    options = Options(host="fgt", run_id="1", user="soc", method="feed_push", vdoms=("root",), lists=Lists())
    with open_registry(str(tmp_path / "blocks.sqlite")) as registry:
        yield Asked(InternetServices(options, Context(FortiGate(send, "fgt"), registry)), addresses)


def test_each_of_as_many_as_permitted_once(asked: Asked) -> None:
    assert asked.learn(MOST_ASKED)
    assert len(asked.addresses) == len(set(asked.addresses)) == MOST_ASKED and asked.services.notices == []


def test_none_of_more(asked: Asked) -> None:
    assert not asked.learn(MOST_ASKED + 1)
    # The run plans again under the lock of its lists.
    assert not asked.learn(MOST_ASKED + 1)
    assert asked.addresses == []
    (notice,) = asked.services.notices
    assert f"{MOST_ASKED + 1} new addresses" in notice and f"at most {MOST_ASKED} addresses" in notice


def test_what_is_known_or_not_written_does_not_count(asked: Asked) -> None:
    asked.learn(MOST_ASKED)
    asked.learn(MOST_ASKED + 1)
    assert len(asked.addresses) == MOST_ASKED + 1
    asked.learn(5 * MOST_ASKED, KEEP)
    assert len(asked.addresses) == MOST_ASKED + 1 and asked.services.notices == []


NAMES = {"Microsoft-Office365": 3, "OVHcloud-OVHcloud": 3, "Tor-Exit.Node": 1, "Nobody-Knows.This": 5}


def learned(fortigate: Simulated, name: str, **more: t.Any) -> tuple[InternetServices, Target]:
    service = {"id": 1, "name": name, "reputation": NAMES[name]}
    fortigate.state.switches.update({"internet_services": {f"{ADDRESS}/32": [service], f"{SIX}/128": [service]}})
    given = options(ADDRESS, **more)
    found = InternetServices(given, fortigate.context)
    found.learn([Step(ADD, ADDRESS, "root", given.targets[0])])
    return found, given.targets[0]


def test_a_service_that_many_share_is_refused_by_its_name(fortigate: Simulated) -> None:
    found, target = learned(fortigate, "Microsoft-Office365")
    ((network, reason),) = found.shared
    assert str(network) == f"{ADDRESS}/32" and "Microsoft-Office365" in reason
    permitted, target = learned(fortigate, "Microsoft-Office365", allow_shared=[ADDRESS])
    assert "permitted by fortigate_block_allow_shared" in permitted.explained(Step(ADD, ADDRESS, "root", target)).why


@pytest.mark.parametrize("ttl, lasts", [(None, 3600), (600, 600), (604800, 86400), (0, 86400)])
def test_a_rented_address_is_blocked_for_a_day_at_most(fortigate: Simulated, ttl: t.Optional[int], lasts: int) -> None:
    found, target = learned(fortigate, "OVHcloud-OVHcloud")
    assert found.described(target._replace(ttl=ttl)).ttl == lasts and found.shared == ()
    assert "hosting cloud" in found.notices_of([Step(ADD, ADDRESS, "root", target)])[0]


def test_a_bad_reputation_is_a_reason_and_an_unknown_service_is_none(fortigate: Simulated) -> None:
    found, target = learned(fortigate, "Tor-Exit.Node")
    assert found.described(target).reasons == ("Tor-Exit.Node, reputation 1 of 5 (internet service database)",)
    assert found.shared == () and found.described(target).ttl is None
    fortigate.later(86401)
    found, target = learned(fortigate, "Nobody-Knows.This")
    assert found.described(target) == target


def test_the_answer_is_kept_for_the_other_fortigates(fortigate: Simulated) -> None:
    learned(fortigate, "Microsoft-Office365")
    fortigate.reads.clear()
    assert len(learned(fortigate, "Microsoft-Office365")[0].shared) == 1 and fortigate.reads == []
    fortigate.later(86401)
    learned(fortigate, "Microsoft-Office365")
    assert fortigate.reads


@pytest.mark.parametrize("status", [401, 403, 500])
def test_an_owner_that_cannot_be_read_is_told_and_not_taken_for_none(fortigate: Simulated, status: int) -> None:
    fortigate.instead["GET monitor/firewall/internet-service"] = status
    found, _target = learned(fortigate, "Microsoft-Office365")
    (said,) = found.notices
    assert said.startswith(f"The owner of {ADDRESS} is not known") and f"HTTP {status}" in said


def test_a_service_without_a_name_is_no_answer(fortigate: Simulated) -> None:
    fortigate.instead["GET monitor/firewall/internet-service"] = (
        '{"status": "success", "vdom": "root", "results": [{"id": 7}]}'
    )
    found, _target = learned(fortigate, "Microsoft-Office365")
    assert "services without a name" in found.notices[0] and found.shared == ()


def test_an_older_release_is_asked_in_its_own_way(fortigate: Simulated) -> None:
    fortigate.instead["GET monitor/firewall/internet-service-reputation"] = 404
    found, _target = learned(fortigate, "Microsoft-Office365")
    assert len(found.shared) == 1 and found.notices == []


def test_without_the_option_nothing_is_asked(fortigate: Simulated) -> None:
    found, _target = learned(fortigate, "Microsoft-Office365", shared_infrastructure=False)
    assert found.shared == () and fortigate.reads == []


@pytest.mark.parametrize(
    "reputation, bad", [(1, True), ("2", True), ({"level": 1}, True), (3, False), ({}, False), ("unknown", False)]
)
def test_a_reputation_in_each_form(fortigate: Simulated, reputation: t.Any, bad: bool) -> None:
    reply = {"status": "success", "vdom": "root", "results": [{"name": "Nobody-Knows.This", "reputation": reputation}]}
    fortigate.instead["GET monitor/firewall/internet-service"] = json.dumps(reply)
    found, target = learned(fortigate, "Nobody-Knows.This")
    assert bool(found.described(target).reasons) == bad

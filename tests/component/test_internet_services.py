# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Looks up the owner of an address in the internet service database of a FortiGate."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.internet_services import MOST_ASKED
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import FortiViewError

from simulators.fortigate import FortiGate, ManualClock
from support.hosts import PREPARED, Blocking

CDN, CLOUD, TOR, PLAIN, INSIDE = "198.51.100.21", "198.51.100.22", "198.51.100.23", "198.51.100.24", "203.0.113.10"
SIX = "2001:db8:bad::21"
SERVICES: dict[str, t.Any] = {
    f"{CDN}/32": [{"id": 1, "name": "Cloudflare-CDN", "reputation": 5}],
    f"{SIX}/128": [{"id": 1, "name": "Cloudflare-CDN", "reputation": 5}],
    f"{CLOUD}/32": [{"id": 2, "name": "Amazon-AWS", "reputation": 3}, {"id": 3, "name": "Amazon-Web"}],
    f"{TOR}/32": [{"id": 4, "name": "Tor-Exit.Node", "reputation": 2, "botnet_id": 7}],
}
DAY = 86400


@pytest.fixture
def run(pair: tuple[FortiGate, FortiGate, ManualClock], tmp_path: t.Any) -> t.Iterator[Blocking]:
    one, two, clock = pair
    found = Blocking(tmp_path, clock)
    found.fortigates = {"fgt-1": one, "fgt-2": two}
    for box in (one, two):
        box.reset()
        box.switches.update({**PREPARED, "internet_services": SERVICES})
    yield found
    assert one.check() == two.check() == []


def asked(box: FortiGate) -> list[str]:
    return [entry.path for entry in box.journal if "internet-service" in entry.path]


def steps(result: dict[str, t.Any]) -> dict[str, dict[str, t.Any]]:
    return {one["address"]: one for one in result["steps"]}


@pytest.mark.parametrize("method", ["ban", "feed_push", "addrgrp"])
def test_a_shared_service_is_refused_by_its_name(run: Blocking, method: str) -> None:
    with pytest.raises(FortiViewError, match=f"{CDN}.*Cloudflare-CDN"):
        run.block("fgt-1", [PLAIN, CDN, SIX], method=method)
    assert run.fortigates["fgt-1"].writes == []
    result = run.block("fgt-1", [PLAIN, CDN, SIX], method=method, on_protected="skip")
    assert {one["address"] for one in result["refused"]} == {CDN, SIX}
    assert run.fortigates["fgt-1"].passes(CDN, INSIDE) and not run.fortigates["fgt-1"].passes(PLAIN, INSIDE)


def test_a_hosting_cloud_is_blocked_for_a_day_at_most(run: Blocking) -> None:
    result = run.block("fgt-1", [CLOUD, PLAIN], ttl="7d")
    found = steps(result)
    assert (found[CLOUD]["ttl"], found[PLAIN]["ttl"]) == (DAY, 7 * DAY)
    assert "Amazon-AWS" in found[CLOUD]["why"] and "at most 24h" in found[CLOUD]["why"] and found[PLAIN]["why"] == ""
    assert any(CLOUD in notice and "Amazon-AWS" in notice for notice in result["notices"])
    again = run.block("fgt-1", [CLOUD, PLAIN], ttl="7d")
    assert not again["changed"]
    assert run.block("fgt-2", [CLOUD], ttl=600)["steps"][0]["ttl"] == 600
    assert run.block("fgt-2", [CLOUD], ttl=0, allow_permanent=True)["steps"][0]["ttl"] == DAY


def test_what_speaks_for_a_block_is_shown(run: Blocking) -> None:
    step = steps(run.block("fgt-1", [{"address": TOR, "reasons": ["12 incidents"]}]))[TOR]
    assert step["reasons"][0] == "12 incidents"
    for said in ("Tor-Exit.Node", "botnet", "reputation 2"):
        assert said in step["why"] and said in step["reasons"][1]


def test_an_exception_wins_and_is_shown(run: Blocking) -> None:
    step = steps(run.block("fgt-1", [CDN, CLOUD, "9.9.9.9"], allow_shared=["198.51.100.0/24", "9.9.9.9"], ttl="7d"))
    assert "Cloudflare-CDN, permitted by fortigate_block_allow_shared" in step[CDN]["why"]
    assert "Quad9 DNS, permitted" in step["9.9.9.9"]["why"]
    assert step[CLOUD]["ttl"] == 7 * DAY


def test_names_of_ones_own(run: Blocking) -> None:
    with pytest.raises(FortiViewError, match=r"Tor-Exit\.Node"):
        run.block("fgt-1", [TOR], shared_services=["tor-*"])


def test_one_request_for_each_new_address_and_none_elsewhere(run: Blocking) -> None:
    run.block("fgt-1", [PLAIN, TOR, CLOUD], plan=True)
    run.block("fgt-2", [PLAIN, TOR, CLOUD], plan=True)
    run.block("fgt-1", [PLAIN, TOR, CLOUD])
    run.block("fgt-2", [PLAIN, TOR, CLOUD])
    one, two = run.fortigates.values()
    assert len(asked(one)) == 3 and asked(two) == []
    run.clock.advance(600)
    run.block("fgt-2", [PLAIN, CLOUD, "198.51.100.99"])
    assert len(asked(two)) == 1
    run.clock.advance(DAY + 1)
    run.block("fgt-2", [PLAIN])
    assert len(asked(two)) == 2


def test_nothing_is_asked_of_what_is_blocked_or_refused(run: Blocking) -> None:
    run.block("fgt-1", [PLAIN])
    before = len(asked(run.fortigates["fgt-1"]))
    run.block("fgt-1", [PLAIN, "127.0.0.1"], on_protected="skip")
    assert len(asked(run.fortigates["fgt-1"])) == before


@pytest.mark.parametrize(
    "how, said",
    [
        ({"internet_service_lookup": "failed_dependency"}, "424"),
        ({"denied": ["internet-service"]}, "fwgrp"),
        ({"denied": ["internet-service"], "forbidden_form": "html"}, "fwgrp"),
        ({"missing": ["internet-service"]}, "release"),
    ],
)
def test_no_answer_is_one_notice_and_the_builtin_list_stands(run: Blocking, how: dict[str, t.Any], said: str) -> None:
    box = run.fortigates["fgt-1"]
    box.switches.update(how)
    targets = [PLAIN, CDN, TOR]
    run.block("fgt-1", targets, plan=True)
    result = run.block("fgt-1", targets)
    (notice,) = [one for one in result["notices"] if "internet service database" in one]
    assert said in notice and all(one in notice for one in targets)
    assert 1 <= len(asked(box)) <= 3
    assert "9.9.9.9" in run.refusals("fgt-1", ["9.9.9.9"])


def test_another_fortigate_answers_where_one_does_not(run: Blocking) -> None:
    run.fortigates["fgt-1"].switches.update({"denied": ["internet-service"]})
    run.block("fgt-1", [PLAIN, CDN], plan=True)
    assert CDN in run.refusals("fgt-2", [PLAIN, CDN])
    assert CDN in run.refusals("fgt-1", [PLAIN, CDN])


@pytest.mark.parametrize("form", ["older", "newer"])
def test_both_forms_of_the_question(run: Blocking, form: str) -> None:
    box = run.fortigates["fgt-1"]
    box.switches.update({"internet_service_parameters": form})
    box.fault("not_found", path="internet-service-reputation", times=9)
    assert CDN in run.refusals("fgt-1", [PLAIN, CDN, TOR])
    refused = run.refusals("fgt-1", ["198.51.100.0/25"], method="feed_push", allow_networks=True)
    assert any("Cloudflare-CDN" in why for why in refused["198.51.100.0/25"])


@pytest.mark.parametrize("kind", ["not_json", "empty", "status_error", "unauthorized", "truncated"])
def test_what_is_no_list_of_services_is_no_answer(run: Blocking, kind: str) -> None:
    run.fortigates["fgt-1"].fault(kind, path="firewall/internet-service", times=9)
    result = run.block("fgt-1", [PLAIN])
    assert any("internet service database" in one for one in result["notices"])


def test_a_service_without_a_name_is_no_answer(run: Blocking) -> None:
    run.fortigates["fgt-1"].switches.internet_services = {f"{PLAIN}/32": [{"id": 9, "name": ""}]}
    assert any("services without a name" in one for one in run.block("fgt-1", [PLAIN])["notices"])


def test_it_can_be_turned_off(run: Blocking) -> None:
    run.block("fgt-1", [CDN], shared_infrastructure=False)
    assert asked(run.fortigates["fgt-1"]) == []


MANY = [f"198.51.{number // 250}.{number % 250 + 1}" for number in range(MOST_ASKED + 1)]


def unasked(result: dict[str, t.Any]) -> list[str]:
    return [one for one in result["notices"] if "internet service database" in one]


def test_so_many_new_addresses_are_not_asked_about_one_by_one(run: Blocking) -> None:
    box = run.fortigates["fgt-1"]
    result = run.block("fgt-1", [*MANY, "9.9.9.9"], max_per_run=1000, on_protected="skip")
    assert asked(box) == []
    (notice,) = unasked(result)
    assert (
        f"{len(MANY)} new addresses" in notice and "built-in list" in notice and "fortigate_block_never_extra" in notice
    )
    assert [one["address"] for one in result["refused"]] == ["9.9.9.9"]
    assert {ban["ip_address"] for ban in box.bans()} == set(MANY)
    # As the notice says.
    result = run.block("fgt-2", MANY[1:], max_per_run=1000)
    assert len(asked(run.fortigates["fgt-2"])) == MOST_ASKED and unasked(result) == []


def test_what_is_known_already_counts_in_a_run_of_many_too(run: Blocking) -> None:
    run.block("fgt-1", [CDN, PLAIN], on_protected="skip")
    before = len(asked(run.fortigates["fgt-1"]))
    result = run.block("fgt-1", [*MANY, CDN, PLAIN], max_per_run=1000, on_protected="skip")
    assert [one["address"] for one in result["refused"]] == [CDN]
    assert len(unasked(result)) == 1 and len(asked(run.fortigates["fgt-1"])) == before

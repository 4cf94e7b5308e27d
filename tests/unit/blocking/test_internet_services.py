# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Of how many new addresses a FortiGate is asked whose they are."""

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
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.targets import parse_targets


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

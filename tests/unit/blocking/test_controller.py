# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The addresses of this machine and of the inventory."""

from __future__ import annotations

import socket
import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking import controller
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput


def addresses(found: controller.Found) -> set[str]:
    return {address for address, _reason in found.addresses}


def test_hosts_are_known_by_any_of_their_addresses() -> None:
    found = controller.gather({"web1": ["192.0.2.10"], "web2": ["192.0.2.11", "192.0.2.12"]}, ["192.0.2.13"])
    assert {f"192.0.2.{number}" for number in (10, 11, 12, 13)} <= addresses(found)
    assert found.unresolved == [] and "127.0.0.1" in addresses(found)


def test_a_name_without_an_address_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(controller, "resolved", lambda name: [])
    found = controller.gather({"web1.example.com": [], "bag": [], "host": ["web2"]}, ["faz.example.com"])
    assert [one.partition(" ")[0] for one in found.unresolved] == ["web1.example.com", "web2", "faz.example.com"]
    # A mere name may be a bag of variables.
    assert found.unnamed == ["bag"]
    assert controller.gather({"bag": []}, ["bag"]).unnamed == []


def test_a_resolver_that_fails_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*dummy: t.Any, **options: t.Any) -> t.NoReturn:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", fails)
    with pytest.raises(InvalidInput, match="web1"):
        controller.gather({"web1.example.com": []}, [])


@pytest.mark.parametrize("text", ["203.0.113.010", "203.0.113", "3405803777", "0xcb007101"])
def test_no_other_address_is_protected_than_the_one_written(text: str) -> None:
    with pytest.raises(InvalidInput):
        controller.gather({"faz": [text]}, [])

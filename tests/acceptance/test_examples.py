# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The examples of the documentation of modules and filters, run as they are.

Names of servers and paths are replaced; what an example takes from elsewhere, such as a registered result, is prepared before it.
"""

from __future__ import annotations

import tempfile
import typing as t
from contextlib import ExitStack
from pathlib import Path

import pytest

from simulators.fortianalyzer import FortiAnalyzer, Switches
from simulators.fortigate import FortiGate
from support.example_playbook import (
    CONTACTED,
    FAZ_MODULES,
    FILTER_NAMES,
    FORTIGATE_MODULES,
    KEPT,
    REMOVED,
    Examples,
)
from support.fortigates import inventory
from support.playbooks import Controller, Recorded, Run


class Ran(t.NamedTuple):
    """The run of the playbook, and what it was played against."""

    run: Run
    fortigates: dict[str, FortiGate]

    def of(self, plugin: str) -> list[Recorded]:
        found = [one for one in self.run.results if one.task.startswith(f"{plugin}: ")]
        assert found, f"no example of {plugin} was run:\n{self.run.output}"
        return found


@pytest.fixture(scope="module")
def ran() -> t.Iterator[Ran]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="fv-")))
        # In this dialect task ids are as the examples have them.
        faz = stack.enter_context(FortiAnalyzer(Switches(dialect="documented", ha_pair=True)))
        made = Examples(faz, stack)
        plays = made.plays()
        controller = Controller(folder, faz)
        # As some examples have a token, and one administrator can have only one way to log in.
        for name in ("FAZ_USERNAME", "FAZ_PASSWORD"):
            del controller.environment[name]
        controller.environment["FAZ_API_TOKEN"] = faz.api_token
        place = str(controller.write("inventory.yml", inventory(made.fortigates)))
        yield Ran(controller.play(plays, "-i", place), made.fortigates)


@pytest.mark.parametrize("plugin", [*FAZ_MODULES, *FORTIGATE_MODULES, *FILTER_NAMES])
def test_each_example_works(ran: Ran, plugin: str) -> None:
    for one in ran.of(plugin):
        assert one.status == "ok", (one.task, one.result)
        assert not one.result.get("deprecations"), one.task
        assert one.result.get("msg", "something"), f"{one.task} shows nothing"


@pytest.mark.parametrize("plugin", FAZ_MODULES)
def test_queries_have_answers_without_a_second_request(ran: Ran, plugin: str) -> None:
    for one in ran.of(plugin):
        if "invocation" not in one.result:
            continue
        found = one.result.get("results", [])
        assert all(answer["rows"] for answer in found if answer["complete"]), one.task
        # A threat without log lines is usual.
        assert not [text for text in one.result.get("warnings", []) if "logsearch" not in text], one.task


def test_what_the_examples_say_is_blocked_is_blocked(ran: Ran) -> None:
    banned = {ban["ip_address"] for ban in ran.fortigates["fortigate_ban"].bans()}
    assert banned == {KEPT}
    assert set(ran.fortigates["fortigate_feed"].feed("soc-block")) == {KEPT, CONTACTED}
    block = ran.fortigates["fortigate_block"]
    assert block.passes(REMOVED, "203.0.113.10") and not block.passes(KEPT, "203.0.113.10")
    for host, kind in (("policy_0", "push"), ("policy_1", "feed")):
        feeds = ran.fortigates[host].objects("system/external-resource")
        assert [feed["update-method"] for feed in feeds] == [kind]

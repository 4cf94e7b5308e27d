# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The documented access profile: with it every method works, and with one right less the role fails or names that right."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from acceptance.blocking.fleet import Fleet, Run
from simulators.fortigate import FortiGate

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "docsite" / "rst" / "guardrails.rst"
SETTING = re.compile(r"set ([a-z-]+) (read-write|read)\b")
SERVER = "203.0.113.10"
METHODS = ("ban", "feed_push", "addrgrp")
LESS = {"read-write": "read", "read": "none"}
Profile = dict[str, str]
pytestmark = pytest.mark.timeout(600)


def documented(method: str) -> Profile:
    """What the guide says: the profile of all methods, and the lines of this one."""
    text = GUIDE.read_text().split("\nAccess profile\n")[1].split("\nTokens of VDOMs\n")[0]
    block, rest = text.split(".. code-block:: text")[1].split(".. list-table::")
    found: Profile = {}
    part = ""
    for line in block.splitlines():
        opened = re.search(r"config ([a-z]+)-permission", line)
        part = f"{opened[1]}." if opened else "" if line.strip() == "end" else part
        setting = SETTING.search(line)
        if setting:
            found[part + setting[1]] = setting[2]
    for row in rest.split("   * - ")[2:]:
        cells = row.split("\n     - ")
        if cells[0] == f"``{method}``":
            setting, custom = SETTING.search(cells[1]), re.search(r"``([a-z]+)-permission``", cells[1])
            assert setting, row
            found[f"{custom[1]}." * bool(custom) + setting[1] if custom else setting[1]] = setting[2]
    return found


def rights(method: str) -> list[str]:
    """Those that matter for this method; what all methods read is tried with bans."""
    common = documented("none")
    return [one for one, level in documented(method).items() if method == "ban" or common.get(one) != level]


CASES = [(method, right) for method in METHODS for right in rights(method)]


def prepare(box: FortiGate) -> None:
    """Somebody's policy above ours, so that it matters what the objects of others hold."""
    box.configure("firewall/address", [{"name": "partners", "subnet": "192.0.2.0/28"}])
    all_of = {
        key: [{"name": name}]
        for key, name in (("srcintf", "any"), ("dstintf", "any"), ("dstaddr", "all"), ("service", "ALL"))
    }
    policy = {"policyid": 50, "action": "accept", "schedule": "always", "srcaddr": [{"name": "partners"}], **all_of}
    box.other_administrator("POST", "cmdb/firewall/policy?vdom=root", policy)
    box.other_administrator("PUT", "cmdb/firewall/policy/50?vdom=root&action=move&before=9001")


def name_of(method: str, right: str = "") -> str:
    return f"{method}-{right or 'all'}".replace("_", "-").replace(".", "-")


@pytest.fixture(scope="module")
def targets() -> dict[str, str]:
    """One for each FortiGate: what one has asked about an address, the others know."""
    names = [name_of(method, right) for method, right in [*((one, "") for one in METHODS), *CASES]]
    return {name: f"198.51.100.{number}" for number, name in enumerate(names, 1)}


@pytest.fixture(scope="module")
def run(fleet: Fleet, targets: dict[str, str]) -> Run:
    for method, right in [*((one, "") for one in METHODS), *CASES]:
        profile = documented(method)
        if right:
            profile[right] = LESS[profile[right]]
        switches = {"with_feed": True, "with_group": True, "with_policies": True, "vdoms": ["root"], "profile": profile}
        name = name_of(method, right)
        prepare(fleet.box(name, switches, method=method, vdoms=["root"], targets=[targets[name]]))
    return fleet.play("-vv")


def said(run: Run, name: str) -> str:
    lines = [line for line in run.output.splitlines() if re.match(rf"(changed|ok|fatal): \[{re.escape(name)}\]", line)]
    return "\n".join(lines)


def test_every_method_has_rights_of_its_own() -> None:
    assert len(documented("none")) == 8 and "fwgrp.others" in documented("none")
    assert [len(rights(method)) for method in METHODS] == [8, 3, 3]


@pytest.mark.parametrize("method", METHODS)
def test_the_documented_profile_is_enough(fleet: Fleet, run: Run, targets: dict[str, str], method: str) -> None:
    name = name_of(method)
    assert not run.outcomes[name].failed, run.outcomes[name].said
    assert not fleet.boxes[name].passes(targets[name], SERVER)
    assert [line["result"] for line in fleet.lines(name)] == ["blocked"]
    assert not re.search(r"the right to|may not read|may be open", said(run, name))
    assert [one for one in fleet.boxes[name].journal if one.status == 403] == []


@pytest.mark.parametrize(("method", "right"), CASES)
def test_with_one_right_less_it_is_named(
    fleet: Fleet, run: Run, targets: dict[str, str], method: str, right: str
) -> None:
    name = name_of(method, right)
    box, text = fleet.boxes[name], said(run, name)
    group, _dot, part = right.partition(".")
    words = {
        "cfg": "Network: Configuration",
        "route-cfg": "Router",
        "others": "Others",
        "policy": "Policy",
        "address": "Address",
    }
    assert re.search(rf"the right to read[^()]*{words.get(part, '')}[^()]*\([^)]*{group}", text), text[-2000:]
    if box.passes(targets[name], SERVER):
        assert run.outcomes[name].failed
    else:
        # Blocked all the same: what is missing is said.
        assert not run.outcomes[name].failed and "notices" in text

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whatever is called in whatever order, both engines end in the same state."""

from __future__ import annotations

import pathlib
import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.registry.records import (
    OUTCOMES,
    STATES,
    Pardon,
    Place,
    Repeat,
)
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.registry.store import Registry, open_registry
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.registries import START, Clock, claim, emptied

Call = tuple[str, tuple[t.Any, ...]]
FORTIGATES = [("FG1", "a"), ("FG1", "b"), ("FG2", "b"), ("", ""), ("FG3", "")]
places = st.builds(Place, st.just(""), st.just(""), st.just("root"), st.just("ban"), st.sampled_from(["", "x"]))
places = st.builds(
    lambda place, ends: place._replace(serial=ends[0], host=ends[1]), places, st.sampled_from(FORTIGATES)
)
fortigates = st.sampled_from(FORTIGATES)
address = st.sampled_from(["203.0.113.1", "203.0.113.2", "2001:db8::1"])
addresses = st.lists(address, max_size=3)
runs = st.sampled_from(["1", "2"])
text = st.text(max_size=5)
claims = st.builds(
    lambda address, run, place, state, reason, at: claim(
        address, run, place, state=state, reasons=(reason,), claimed_at=at
    ),
    address,
    runs,
    places,
    st.sampled_from(STATES),
    text,
    st.floats(START, START + 10),
)
pardons = st.builds(
    lambda ends, address, run, until: Pardon(*ends, address, "ann", run, START, until),
    fortigates,
    address,
    runs,
    st.floats(START, START + 20),
)

times = st.none() | st.floats(START, START + 20)
repeats = st.builds(Repeat, address, st.sampled_from([1, 2]), times, times, runs)


def call(name: str, *parts: st.SearchStrategy[t.Any]) -> st.SearchStrategy[Call]:
    return st.tuples(st.just(name), st.tuples(*parts))


# Two claims with one key in one call: the last one stands, which is not what is looked at here.
many_claims = st.lists(claims, max_size=4, unique_by=lambda one: (one.place, one.address, one.run_id))
calls = st.lists(
    st.one_of(
        call("attempt", many_claims),
        call("bring", many_claims),
        call("confirm", places, runs, addresses, st.sampled_from(STATES)),
        call("adopt", places, addresses),
        call("doubt", places, addresses),
        call("end", places, addresses, st.sampled_from(OUTCOMES), st.sampled_from(["", "1", "2"])),
        call("pardon", st.lists(pardons, max_size=2)),
        call("forget_pardons", st.just("FG1"), st.sampled_from(["", "b"]), addresses),
        call(
            "remember", st.just("FG1"), st.sampled_from(["", "a", "b"]), st.lists(st.tuples(address, text), max_size=2)
        ),
        call("repeat", st.lists(repeats, max_size=3, unique_by=lambda one: one.address)),
        call("forget_repeats", addresses),
        call("keep_answer", st.sampled_from(["a", "b"]), text, text),
        call("keep_answers", st.sampled_from(["a", "b"]), st.dictionaries(text, text, max_size=2)),
    ),
    max_size=12,
)


def state(registry: Registry) -> list[t.Any]:
    """All that can be asked."""
    ended = sorted(registry.history(limit=1000), key=repr)
    found: list[t.Any] = [registry.find(), ended, registry.remembered()]
    for serial, host in FORTIGATES:
        place = Place(serial=serial, host=host, vdom="root", method="ban", list="x")
        found.append(registry.standing(place))
        found.append(registry.find(["203.0.113.1", "203.0.113.2"], serial, host))
        found.append(registry.pardons(serial, host))
    found += [registry.answer("a", "", 5), registry.repeats(["203.0.113.1", "203.0.113.2", "2001:db8::1"])]
    return found


@pytest.mark.postgresql
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(calls)
def test_both_engines_end_in_the_same_state(
    postgresql_url: str, tmp_path_factory: pytest.TempPathFactory, sequence: list[Call]
) -> None:
    found = []
    folder: pathlib.Path = tmp_path_factory.mktemp("registry")
    for where in (str(folder / "registry"), emptied(postgresql_url)):
        clock = Clock()
        with open_registry(where, clock.now, clock.sleep) as registry:
            for name, arguments in sequence:
                clock.sleep(1)
                getattr(registry, name)(*arguments)
            found.append(state(registry))
    assert found[0] == found[1]

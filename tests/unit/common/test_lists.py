# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Any text, list or nesting in each list option: read as it was meant, or refused with the right form."""

from __future__ import annotations

import json
import re
import typing as t

import pytest
import yaml
from ansible.errors import AnsibleFilterError
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.targets import parse_targets
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.secops.fortiview.plugins.module_utils._common.lists import Unreadable, entries_in
from ansible_collections.secops.fortiview.plugins.module_utils._common.validation import dicts, entries, texts
from ansible_collections.secops.fortiview.plugins.module_utils._glue.arguments import (
    sources_arguments,
    task_arguments,
    watch_arguments,
)
from ansible_collections.secops.fortiview.plugins.module_utils._glue.checking import checked
from ansible_collections.secops.fortiview.plugins.module_utils._glue.fortigate import ban_arguments
from ansible_collections.secops.fortiview.plugins.module_utils._hunting.threats import threat_parts
from ansible_collections.secops.fortiview.plugins.module_utils._query.queries import parse_queries
from ansible_collections.secops.fortiview.plugins.plugin_utils.filters.offenders import offenders
from ansible_collections.secops.fortiview.plugins.plugin_utils.filters.read_list import read_list
from ansible_collections.secops.fortiview.plugins.plugin_utils.filters.to_csv import to_csv
from ansible_collections.secops.fortiview.plugins.plugin_utils.filters.widespread import widespread
from hypothesis import assume, example, given
from hypothesis import strategies as st

FORM = 'as a list such as ["a", "b"]'
# Names as ADOMs, devices and threats have them, and what people put around and between them.
NAME = st.from_regex(r"[A-Za-z0-9_.]([A-Za-z0-9_. /:-]{0,12}[A-Za-z0-9_.])?", fullmatch=True).filter(
    lambda name: not re.search(r":\s", name) and name not in ("null", "~")
)
WORD = st.from_regex(r"[A-Za-z_][A-Za-z0-9_.-]{0,12}", fullmatch=True).filter(
    lambda word: ".." not in word and word != "null"
)
FORMS: dict[str, t.Callable[[list[str]], str]] = {
    "json": json.dumps,
    "json on lines": lambda names: json.dumps(names, indent=2),
    "flow": lambda names: f"[{', '.join(names)}]",
    "single quotes": lambda names: "[" + ",".join(f"'{name}'" for name in names) + "]",
    "block": lambda names: "".join(f"- {name}\n" for name in names),
    "quoted block": lambda names: "\n".join(f'  - "{name}"' for name in names),
    "lines": "\n".join,
    "text area": lambda names: "\r\n".join(f" {name} \r\n" for name in names),
    "commas": ",".join,
    "semicolons": lambda names: "; ".join(names) + ";",
}
SIGNS = st.text(st.sampled_from("ab1 :-,;\n\r[]{}\"'#&*!|>%?()\\.\u2022"), max_size=24)
TEXT = SIGNS | st.text(max_size=12)
NESTED = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=2),
    max_leaves=6,
)


def as_read(names: list[str], form: str) -> list[str]:
    return texts("names", FORMS[form](names))


@pytest.mark.parametrize("form", FORMS)
@given(names=st.lists(NAME, min_size=1, max_size=4))
@example(names=["::1", "fe80::/10"])
@example(names=["1.10", "yes"])
@example(names=["007", "1e5", "12:30"])
def test_every_form_gives_the_names(form: str, names: list[str]) -> None:
    assert as_read(names, form) == names


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("", []),
        ("[]", []),
        (" , ;\n", []),
        ("FGT-A[root], FGT-B", ["FGT-A[root]", "FGT-B"]),
        ("[FGT-A[root], FGT-B[dmz]]", ["FGT-A[root]", "FGT-B[dmz]"]),
        ('["a, b", "c;d"]', ["a, b", "c;d"]),
        ("- a, b\n- c;d\n", ["a, b", "c;d"]),
        ("['it''s', \"a\\u00e9\"]", ["it's", "aé"]),
        ("[a, b,]", ["a", "b"]),
        ("[1, 2.50]", ["1", "2.50"]),
        ("[2001:db8::1]", ["2001:db8::1"]),
    ],
)
def test_what_text_means(text: str, meant: list[str]) -> None:
    assert texts("names", text) == meant


@pytest.mark.parametrize(
    "text",
    [
        '["a", "b"',
        '"a","b"',
        "a]",
        "[a] b",
        "[a, [b]]",
        "[[a], [b]]",
        "[a,,b]",
        "[a\nb]",
        "[a: b]",
        "[a #b]",
        "[&x a]",
        "[true]",
        "[null]",
        '["a" "b"]',
        "{a: b}",
        '{"a": "b"}',
        "x[a,b]",
        "f(a, b)",
        "- a\nb",
        "- a: b",
        "- a #b",
        "a\n- b",
        "* a\n* b",
        "\u2022 a",
        "-",
        "[" * 10000,
        "[" * 50 + "]" * 50,
        '["\\x"]',
        "names: [a, b]",
    ],
)
def test_text_that_can_mean_two_things_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="names") as caught:
        texts("names", text)
    assert FORM in caught.value.said


@pytest.mark.parametrize(
    "value", [True, 1.5, ["a", None], ["a", True], [1.1], [["a"]], [{"a": 1}], [""], {"a": 1}, b"a"]
)
def test_what_is_no_list_of_text_is_refused(value: object) -> None:
    with pytest.raises(InvalidInput, match="names"):
        texts("names", value)


def test_entries_of_a_real_list_are_taken_as_they_are() -> None:
    names = [" a, b;c ", '["x"]', "- y", '"z"', "(", "d\ne"]
    assert texts("names", names) == names == texts("names", tuple(names)) == texts("names", iter(names))
    assert texts("names", 7) == ["7"] == texts("names", [7])
    assert texts("names", None) == []


def test_dictionaries() -> None:
    queries = [{"view": "top-threats", "limit": "5", "device": ["a", "b"], "time_range": {"last": "1h"}}]
    flow = "[{view: top-threats, limit: 5, device: [a, b], 'time_range': {last: 1h}}]"
    assert dicts("queries", flow) == queries
    assert dicts("queries", json.dumps(queries)) == queries == dicts("queries", json.dumps(queries[0]))
    assert dicts("queries", '[{"tid": 12, "limit": null, "wait": true}]') == [{"tid": 12, "limit": None, "wait": True}]
    for text in ("view=top-threats", "[a]", "- view: x\n  adom: y", "[{view: a b: c}]", "[{a}]", '[{"a": 1,,}]'):
        with pytest.raises(InvalidInput, match="queries"):
            dicts("queries", text)


@given(TEXT)
@example("[a: ]")
@example("- [a")
@example(";{}")
@example("- 'a' b")
def test_any_text(text: str) -> None:
    """What is read is what was written: the same as YAML where that reads it, and no sign of a list is left in an entry."""
    try:
        found = texts("x", text)
    except InvalidInput as error:
        assert FORM in error.said and "x" in error.said
        return
    bare = text.strip()
    if bare[:1] != "[" and not bare.startswith("-"):
        assert found == [part.strip() for part in re.split(r"[,;\r\n]", text) if part.strip()]
        assert all(part[0] not in "\"'[{" for part in found)
        return
    try:
        known = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506  all scalars as text
    except yaml.YAMLError:
        return
    if isinstance(known, list) and all(isinstance(one, str) for one in known):
        assert found == known


@given(NESTED)
def test_any_nesting(value: object) -> None:
    for read in (entries, texts, dicts):
        try:
            found = read("x", value)
        except InvalidInput as error:
            assert "x" in error.said
            continue
        if isinstance(value, list):
            assert [str(one) if isinstance(one, int) else one for one in value] == found
        assert not any(isinstance(one, (list, bool, float)) or one is None for one in found)


def options(arguments: dict[str, t.Any], **given_options: object) -> dict[str, t.Any]:
    """As the action plugins, the modules and the event source read them. Raises InvalidInput."""
    access = {"host": "faz.example.com", "api_token": "x", "time_range": {"last": "1h"}}
    params, _secrets, problem = checked(
        arguments, {**{key: access[key] for key in access if key in arguments["argument_spec"]}, **given_options}
    )
    if problem:
        raise InvalidInput(problem)
    return params


def sent(**given_options: object) -> list[t.Any]:
    return [query.device for query in parse_queries(options(task_arguments(), view="top-threats", **given_options))]


def device_of(selected: dict[str, str]) -> str:
    """A word that looks like a serial number is sent as one."""
    return selected.get("devname") or selected["devid"]


RANKED = ["critical", "high", "medium", "low", "info"]
LISTS: dict[str, tuple[st.SearchStrategy[str], t.Callable[[object], list[str]]]] = {
    "device": (WORD, lambda value: [device_of(one) for one in sent(device=value)[0]]),
    "device of queries": (WORD, lambda value: [device_of(one) for one in sent(queries=[{"device": value}])[0]]),
    "threats": (NAME, lambda value: options(sources_arguments(), threats=value)["threats"]),
    "adoms": (WORD, lambda value: options(sources_arguments(), threats=["x"], adoms=value)["adoms"]),
    "severities": (st.sampled_from(RANKED), lambda value: options(sources_arguments(), severities=value)["severities"]),
    "lookup_methods": (
        st.sampled_from(["rows", "logsearch"]),
        lambda value: options(sources_arguments(), threats="x", lookup_methods=value)["lookup_methods"],
    ),
    "adoms of the event source": (
        WORD,
        lambda value: options(watch_arguments(), view="top-threats", adoms=value)["adom"],
    ),
    "key of the event source": (WORD, lambda value: options(watch_arguments(), view="top-threats", key=value)["key"]),
    "addresses": (WORD, lambda value: options({"argument_spec": ban_arguments()}, addresses=value)["addresses"]),
    "never of a module": (
        WORD,
        lambda value: options({"argument_spec": ban_arguments()}, addresses=["x"], never=value)["never"],
    ),
    "targets": (WORD, lambda value: [one.said for one in parse_targets(value)]),
    "a role's variable": (NAME, lambda value: read_list(value, "x")),
    "columns": (WORD, lambda value: to_csv([], columns=value).rstrip("\r\n").split(",")),
}


@pytest.mark.parametrize("place", LISTS)
@given(data=st.data())
def test_each_list_reads_all_forms(place: str, data: st.DataObject) -> None:
    name, read = LISTS[place]
    names = data.draw(st.lists(name, min_size=1, max_size=3, unique=True))
    assume(
        not any(one.lower().startswith(("all", "fg", "fm", "fw", "fa", "fs", "fd", "fp", "fc", "fv")) for one in names)
    )
    form = data.draw(st.sampled_from(sorted(FORMS)))
    assert read(FORMS[form](names)) == names == read(names)


@pytest.mark.parametrize("place", LISTS)
@given(value=NESTED)
def test_each_list_refuses_or_takes_any_nesting(place: str, value: object) -> None:
    try:
        found = LISTS[place][1](value)
    except (InvalidInput, AnsibleFilterError, KeyError):
        return
    # Without rows the columns are one line of text; devices and targets are looked at one by one.
    if isinstance(value, list) and place not in ("columns", "device", "device of queries", "targets"):
        assert [str(one) for one in found] == [str(one) for one in value]


@pytest.mark.parametrize("text", ['["FGT-A","FGT-B"]', "[FGT-A]", '{"devname": "FGT-A"}'])
def test_the_text_of_a_list_within_a_list_is_no_device(text: str) -> None:
    """As `device: ["{{ device }}"]` gives it in a playbook."""
    with pytest.raises(InvalidInput, match="device has the text of a list or a dictionary as an entry"):
        sent(device=[text])


@pytest.mark.parametrize("text", ['["severity"', "- severity\nx"])
def test_filters_name_the_argument(text: str) -> None:
    rows = [{"srcip": "203.0.113.1", "adom": "root", "incidents": 1}]
    for call in (
        lambda: to_csv(rows, columns=text),
        lambda: offenders(rows, severities=text),
        lambda: offenders(rows, never=text),
        lambda: offenders(rows, roles=text),
        lambda: widespread(rows, key=text),
    ):
        with pytest.raises(AnsibleFilterError, match=re.escape(FORM)):
            call()


def test_a_grammar_error_says_where() -> None:
    with pytest.raises(Unreadable, match="a comma or ']' is missing"):
        entries_in('["a" "b"]')


@pytest.mark.parametrize(
    "text", ["203.0.113.0 255.255.255.0", "198.51.100.4, 203.0.113.0 0.0.0.255", "203.0.113.0\t255.255.255.128"]
)
def test_a_network_with_its_mask_is_no_two_addresses(text: str) -> None:
    """FortiGates write networks like this, and two addresses would protect, or block, another thing than was meant."""
    with pytest.raises(AnsibleFilterError, match=re.escape("203.0.113.0/24")):
        offenders([], never=text)
    assert entries_in("203.0.113.0/24 198.51.100.4\n255.255.255.255", blanks=True)[-1] == "255.255.255.255"


@pytest.mark.parametrize("value", ["[0]", [0], "0", 0])
def test_a_threat_may_be_called_by_a_number(value: object) -> None:
    assert [row["threat"] for part in threat_parts(entries("threats", value)) for row in part.rows] == ["0"]

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values that users, surveys and inventories give: read as they were meant, or refused by the name of their option."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.secops.fortiview.plugins.module_utils._common.validation import (
    count,
    entries,
    flag,
    known_keys,
    mapping,
    number,
    one_text,
    path_segment,
    plain_text,
    texts,
    whole_number,
)


@pytest.mark.parametrize("value", ["root", "top-threats", "FGT_1.2", 7, "a" * 128])
def test_names_for_a_path(value: object) -> None:
    assert path_segment("adom", value) == str(value)


@pytest.mark.parametrize(
    "value",
    ["", ".", "..", ".hidden", "a..b", "a/b", "a%2fb", "a b", "a\n", "root\x00", "ä", "a?b", "a" * 129, []],
)
def test_what_could_change_a_path_is_refused(value: object) -> None:
    with pytest.raises(InvalidInput, match="adom"):
        path_segment("adom", value)


@pytest.mark.parametrize("sign", ["\x00", "\n", "\x1b", "\x7f", "\x85", "\u2028"])
def test_free_text_has_no_control_characters(sign: str) -> None:
    with pytest.raises(InvalidInput, match="filter contains a control character: remove this character"):
        plain_text("filter", f"a{sign}b")
    assert plain_text("filter", 'srcip=="2001:db8::1" and ä') == 'srcip=="2001:db8::1" and ä'
    with pytest.raises(InvalidInput, match="at most 8192"):
        plain_text("filter", "x" * 8193)


@pytest.mark.parametrize(("value", "found"), [(5, 5), (" 5 ", 5), ("+5", 5), ("-5", -5), (5.0, 5), ("5.00", 5)])
def test_whole_numbers_as_surveys_deliver_them(value: object, found: int) -> None:
    assert whole_number("limit", value) == found


@pytest.mark.parametrize("value", [None, "", True, "5.5", 5.5, "1e3", "0x10", "1_000", "٥", "9" * 19, "nan", [5]])
def test_what_is_no_whole_number(value: object) -> None:
    with pytest.raises(InvalidInput, match="limit must be a whole number such as 10"):
        whole_number("limit", value)


def test_a_count_has_a_least() -> None:
    assert count("retries", "0", 0) == 0
    with pytest.raises(InvalidInput, match="retries must be a whole number of at least 1, not 0"):
        count("retries", 0, 1)


def test_numbers_with_a_fraction() -> None:
    assert [number("share", value) for value in ("2.5", " -1 ", 3)] == [2.5, -1.0, 3.0]
    for value in (None, True, "", ".5", "inf", "nan", "1e9", "1,5"):
        with pytest.raises(InvalidInput, match="share must be a number"):
            number("share", value)


@pytest.mark.parametrize("value", [True, "true", " Yes ", "on", 1, "1", 1.0, "T"])
def test_yes(value: object) -> None:
    assert flag("force", value) is True


@pytest.mark.parametrize("value", [False, None, "false", "No", "off", 0, "0", 0.0, "", " "])
def test_no(value: object) -> None:
    assert flag("force", value) is False


@pytest.mark.parametrize("value", ["nope", "2", 2, "truee", [], {}])
def test_neither_yes_nor_no_is_an_error(value: object) -> None:
    with pytest.raises(InvalidInput, match="force must be true or false"):
        flag("force", value)


@pytest.mark.parametrize("value", [["a"], {"a": 1}, ("a",), b"a", True])
def test_a_secret_of_another_type_is_not_shown(value: object) -> None:
    with pytest.raises(InvalidInput) as caught:
        one_text("password", value, secret=True)
    assert repr(value) not in str(caught.value) and "password must be text" in str(caught.value)
    assert one_text("password", 123456) == 123456


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ({"last": "1h"}, {"last": "1h"}),
        ('{"last": "1h"}', {"last": "1h"}),
        ("{last: 1h}", {"last": "1h"}),
        ("last=1h", {"last": "1h"}),
        (
            "start='2026-03-01 00:00', end=\"2026-03-02 00:00\"",
            {"start": "2026-03-01 00:00", "end": "2026-03-02 00:00"},
        ),
    ],
)
def test_a_dictionary_and_its_texts(value: object, found: dict[str, t.Any]) -> None:
    assert mapping("time_range", value) == found


@pytest.mark.parametrize("value", [None, "", "1h", "last 1h", "last=", "[1]", "{", "{}", "a=b;c=d x", ["last"], 5])
def test_what_is_no_dictionary(value: object) -> None:
    with pytest.raises(InvalidInput, match="time_range must be a dictionary"):
        mapping("time_range", value)


def test_nothing_is_an_empty_list_and_a_dictionary_is_one_entry() -> None:
    assert entries("threats", None) == [] == entries("threats", "")
    assert entries("threats", {"threat": "x"}) == [{"threat": "x"}]
    assert entries("threats", [7, "x"]) == ["7", "x"]
    for value in (True, b"x", ["a", None], ["a", ["b"]], [1.5]):
        with pytest.raises(InvalidInput, match="threats"):
            entries("threats", value)


def test_a_name_is_neither_empty_nor_a_dictionary() -> None:
    for value in ([""], [{"name": "a"}], {"name": "a"}):
        with pytest.raises(InvalidInput, match="each entry must be text that is not empty"):
            texts("adoms", value)


def test_a_key_that_is_not_known_is_named() -> None:
    assert known_keys("place", {"a": 1}, ["a", "b"]) == {"a": 1}
    with pytest.raises(InvalidInput, match="serail"):
        known_keys("place", {"serail": 1}, ["serial"])
    with pytest.raises(InvalidInput, match="must be a dictionary, not list"):
        known_keys("place", [], ["serial"])

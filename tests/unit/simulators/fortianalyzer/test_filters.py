# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter grammar (protocol_fortianalyzer.rst, "Filters")."""

from __future__ import annotations

import pytest

from simulators.fortianalyzer.errors import RpcError
from simulators.fortianalyzer.filters import compile_node, conjuncts, parse

ROW = {"srcip": "10.1.2.3", "threat": 'he said "hi" \\ {{ x }}', "incidents": "42", "f_user": "JDoe"}


def holds(text, case_sensitive=False):
    node = parse(text)
    assert node is not None
    return compile_node(node, case_sensitive)(lambda name: ROW.get(name, ""))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("srcip==10.1.2.3", True),
        ("srcip = 10.1.2.3", True),
        ('srcip=="10.1.2.3"', True),
        ("srcip!=10.1.2.3", False),
        ("incidents>9", True),
        ("incidents >= 42 and incidents <= 42", True),
        ("incidents<5", False),
        ("f_user==jdoe", True),
        ('f_user like "%do%"', True),
        ('f_user like "do%"', False),
        ("f_user~do", True),
        ("!(f_user==jdoe)", False),
        ("!(f_user==x) AND (srcip==1 OR incidents==42)", True),
        ("srcip==1 or srcip==2 and incidents==42", False),
        ("srcip==10.1.2.3 or srcip==2 and incidents==1", True),
        (r'threat=="he said \"hi\" \\ {{ x }}"', True),
        ('f_user contain "do"', False),
        ('f_user contains "jdoe"', False),
        ("src.ip==10.1.2.3", False),
        ("missing==1", False),
    ],
)
def test_truth(text, expected):
    assert holds(text) is expected


def test_case_counts_when_asked():
    assert not holds("f_user==jdoe", case_sensitive=True)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("srcip==10.1.2.3 foo", "filter 'foo' not supported"),
        ("srcip", "filter 'srcip' not supported"),
        ("srcip is 3", "filter 'is' not supported"),
        ('f_user not like "x"', "Invalid filter"),
        ('f_user nlike "x"', "Invalid filter"),
        ("(srcip==1", "Invalid filter"),
        ("srcip==", "Invalid filter"),
        ('srcip=="open', "Invalid filter"),
        ("and", "Invalid filter"),
    ],
)
def test_broken_syntax(text, words):
    with pytest.raises(RpcError, match=words.replace("(", r"\(")):
        parse(text)


def test_empty_and_conjuncts():
    assert parse("  ") is None and conjuncts(None) == []
    assert len(conjuncts(parse("a==1 and (b==2 and c==3) and (d==4 or e==5)"))) == 4

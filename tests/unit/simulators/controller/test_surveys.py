# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Surveys that the controller simulator takes and refuses, as AWX 24.6.1 does."""

from __future__ import annotations

import typing as t

import pytest

from simulators.controller import surveys
from simulators.controller.errors import Refused

Data = dict[str, t.Any]
CHOICES = ["a", "b"]


def question(kind: str, **more: t.Any) -> Data:
    choices = {"choices": CHOICES} if kind in surveys.CHOICES else {}
    return {"type": kind, "question_name": "Q", "variable": "q", "required": True, **choices, **more}


def survey(*questions: Data) -> Data:
    return {"name": "S", "description": "", "spec": list(questions)}


@pytest.mark.parametrize(
    ("kind", "default"),
    [
        ("integer", 1),
        ("integer", ""),
        ("float", 1),
        ("float", 1.5),
        ("text", "1"),
        ("textarea", "a\nb"),
        ("multiplechoice", "a"),
        ("multiplechoice", ""),
        ("multiselect", "a\nb"),
    ],
)
def test_a_default_of_the_type_of_its_question_is_taken(kind: str, default: t.Any) -> None:
    surveys.check_spec(survey(question(kind, default=default)))


@pytest.mark.parametrize(
    ("kind", "default"),
    [
        ("integer", "1"),
        ("integer", 1.5),
        ("float", "1.5"),
        ("text", 1),
        ("textarea", ["a"]),
        ("multiplechoice", "c"),
        ("multiplechoice", "a\nb"),
        ("multiselect", ["a"]),
        ("multiselect", "a\nc"),
    ],
)
def test_another_default_is_refused_with_http_400(kind: str, default: t.Any) -> None:
    with pytest.raises(Refused) as refused:
        surveys.check_spec(survey(question(kind, default=default)))
    assert refused.value.status == 400


@pytest.mark.parametrize(
    ("kind", "answer", "taken"),
    [
        ("integer", 5, True),
        ("integer", "5", False),
        ("integer", True, False),
        ("integer", 11, False),
        ("text", "text", True),
        ("text", 5, False),
        ("text", "x" * 11, False),
        ("multiplechoice", "a", True),
        ("multiplechoice", "c", False),
        ("multiselect", ["a"], True),
        ("multiselect", "a", False),
    ],
)
def test_answers_have_the_type_and_the_size_of_their_question(kind: str, answer: t.Any, taken: bool) -> None:
    asked = survey(question(kind, min=1, max=10))
    assert (surveys.problems(asked, {"q": answer}) == []) is taken


def test_what_nobody_can_be_asked_for_must_be_answered() -> None:
    asked = survey(question("text"))
    assert surveys.problems(asked, {}) and not surveys.problems(asked, {}, complete=False)
    assert surveys.problems(asked, {"other": "x"}, complete=False)

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Surveys: which ones a controller takes, and which answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .errors import Refused

# Of the default too: a choice of several is one text with lines.
TYPES: dict[str, type | tuple[type, ...]] = {
    "text": str, "textarea": str, "password": str, "multiplechoice": str, "multiselect": str,
    "integer": int, "float": (int, float),
}  # fmt: skip
TEXTS = ("text", "textarea", "password")
CHOICES = ("multiplechoice", "multiselect")


def check_spec(survey: Any) -> None:
    """Raises Refused for a survey that a controller would not take."""
    for name, kind in (("name", str), ("description", str), ("spec", list)):
        if not isinstance(survey, Mapping) or not isinstance(survey.get(name), kind):
            raise _refused(f"'{name}' is missing or of the wrong type")
    if not survey["spec"]:
        raise _refused("'spec' doesn't contain any items")
    seen: set[str] = set()
    for question in survey["spec"]:
        _check_question(question)
        if question["variable"] in seen:
            raise _refused(f"'{question['variable']}' duplicated")
        seen.add(question["variable"])


def problems(survey: Mapping[str, Any], answers: Mapping[str, Any], complete: bool = True) -> list[str]:
    """What is wrong with answers. A schedule has to give all that are required, because nobody can be asked."""
    questions = {question["variable"]: question for question in survey.get("spec", [])}
    found = [f"'{name}' is no question" for name in answers if name not in questions]
    for name, question in questions.items():
        if name in answers:
            found += _answer_problems(question, answers[name])
        elif question["required"] and complete:
            found.append(f"'{name}' value missing")
    return found


def _check_question(question: Any) -> None:
    for name, kind in (("type", str), ("question_name", str), ("variable", str), ("required", bool)):
        if not isinstance(question.get(name), kind):
            raise _refused(f"'{name}' is missing or of the wrong type in {question}")
    if question["type"] not in TYPES:
        raise _refused(f"{question['type']} is no type of question")
    default = question.get("default", "")
    if default != "" and (not isinstance(default, TYPES[question["type"]]) or isinstance(default, bool)):
        raise _refused(f"the default of {question['variable']} is not {question['type']}")
    for limit in ("min", "max"):
        if question.get(limit) is not None and not isinstance(question[limit], int):
            raise _refused(f"the limit {limit} of {question['variable']} is no integer")
    if question["type"] in CHOICES:
        _check_choices(question)


def _check_choices(question: Mapping[str, Any]) -> None:
    choices = choices_of(question)
    if not choices:
        raise _refused(f"{question['variable']} must specify choices")
    chosen = str(question.get("default", "")).splitlines()
    if question["type"] == "multiplechoice" and len(chosen) > 1:
        raise _refused("one default value only")
    if not set(chosen) <= set(choices):
        raise _refused(f"the default of {question['variable']} is not among its choices")


def choices_of(question: Mapping[str, Any]) -> list[str]:
    choices = question.get("choices") or []
    return choices.splitlines() if isinstance(choices, str) else list(choices)


def _answer_problems(question: Mapping[str, Any], answer: Any) -> list[str]:
    name, kind = question["variable"], question["type"]
    if kind == "multiselect":
        good = isinstance(answer, list) and set(answer) <= set(choices_of(question))
    elif kind == "multiplechoice":
        good = answer in choices_of(question)
    else:
        good = isinstance(answer, TYPES[kind]) and not isinstance(answer, bool) and _within(question, answer)
    return [] if good else [f"'{name}' cannot be {answer!r}"]


def _within(question: Mapping[str, Any], answer: Any) -> bool:
    size = len(answer) if question["type"] in TEXTS else answer
    low, high = question.get("min"), question.get("max")
    return (low is None or size >= low) and (high is None or size <= high)


def _refused(why: str) -> Refused:
    return Refused(400, {"error": why})

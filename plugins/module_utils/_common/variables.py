# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finds misspelt variables of a playbook or a role, and variables that contradict each other."""

from __future__ import annotations

import re
import typing as t

from .errors import InvalidInput
from .right_forms import meant_variable
from .validation import texts

ADOM, ADOMS = "adom", "adoms"


def playbook_problems(extra: t.Mapping[str, t.Any], known: t.Sequence[str], adoms: object = "") -> list[str]:
    """Problems of the `extra` variables of a playbook that has the `known` variables. A playbook with `adom` reads one
    ADOM, and a playbook with `adoms` reads several ADOMs.

    `adoms` is the value of the variable `adoms` in the inventory. It also applies to a playbook with `adom`.
    """
    names = list(known)
    if ADOM in known or ADOMS in known:
        names += [name for name in (ADOM, ADOMS) if name not in known]
    problems = [_misspelt(name, name, names, "this playbook") for name in extra if name not in names]
    return [*filter(None, problems), *_adom_problems(extra, known, adoms), *_time_problems(extra, known)]


def role_problems(role: str, given: t.Sequence[str], known: t.Sequence[str]) -> list[str]:
    """Problems of the `given` variables that begin with the name of the role. Variables that begin with two underscores
    are internal and are not checked."""
    own = [name[len(role) + 1 :] for name in known]
    found = [
        _misspelt(name, name[len(role) + 1 :], own, f"the role {role}", f"{role}_")
        for name in given
        if name.startswith(f"{role}_")
        and re.sub(r"_\d+$", "", name) not in known  # workflow jobs add a number to the names of their facts
    ]
    return list(filter(None, found))


def _misspelt(name: str, word: str, known: t.Sequence[str], where: str, prefix: str = "") -> str:
    meant = meant_variable(word, known) or (_short_one(word, known) if prefix else None)
    return f"{name[:60]} is not a variable of {where}. Did you mean {prefix}{meant}?" if meant else ""


def _short_one(word: str, known: t.Sequence[str]) -> t.Optional[str]:
    """The known short name that differs in one letter, such as ttl for tll. Use it only for variables with the prefix of
    a role, because unrelated short variables also differ in one letter."""
    near = (one for one in known if len(one) == len(word) <= 4 and sum(map(str.__ne__, one, word)) == 1)
    return next(near, None)


def _adom_problems(extra: t.Mapping[str, t.Any], known: t.Sequence[str], adoms: object) -> list[str]:
    given = [name for name in (ADOM, ADOMS) if name in extra and (ADOM in known or ADOMS in known)]
    if len(given) > 1:
        return ["adom and adoms are the same variable: set only one of them"]
    name, value = (given[0], extra[given[0]]) if given else (ADOMS, adoms)
    if not given and (ADOM not in known or value == ""):
        return []
    try:
        count = len(texts(name, value))
    except InvalidInput as error:
        return [error.said]
    if not count:
        return [f"{name} is empty: set it to the name of an ADOM, or omit the variable"]
    if ADOM not in known or count == 1:
        return []
    return [f"this playbook reads one ADOM, but {name} contains {count}: run the playbook once for each ADOM"]


def _time_problems(extra: t.Mapping[str, t.Any], known: t.Sequence[str]) -> list[str]:
    if "time_range" not in known or extra.get("time_range") in (None, ""):
        return []
    others = [name for name in ("last", "start", "end") if extra.get(name) not in (None, "")]
    return [f"time_range and {name} both set the time range: set only one of them" for name in others]

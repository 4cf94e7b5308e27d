# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compares an object of a configuration table with its required attributes, and plans the call that corrects the
difference."""

from __future__ import annotations

import typing as t

from .._common.errors import printable

Obj = t.Mapping[str, t.Any]
Body = dict[str, t.Any]


class Correction(t.NamedTuple):
    """One object that is missing or wrong, and the call that corrects it. `before` and `after` are the changed
    attributes before and after the call."""

    vdom: str
    kind: str
    name: str
    what: str
    method: str
    path: str
    body: t.Optional[Body] = None
    query: t.Mapping[str, str] = {}
    before: t.Mapping[str, t.Any] = {}
    after: t.Mapping[str, t.Any] = {}

    @property
    def place(self) -> str:
        """The path of the object in the configuration of the FortiGate."""
        where = self.path.partition("/")[2]
        return f"{self.vdom}/{where}/{self.name}" if self.method == "POST" else f"{self.vdom}/{where}"

    def as_dict(self) -> dict[str, str]:
        return {"vdom": self.vdom, "kind": self.kind, "name": self.name, "what": self.what}

    def __str__(self) -> str:
        return f"{self.kind.replace('_', ' ')} {self.name} in VDOM {self.vdom}"


class Names(t.NamedTuple):
    """A name that an attribute must contain. With `keep`, a missing name is added to the other names. Otherwise it
    replaces the other names."""

    name: str
    keep: bool = False


Right = t.Mapping[str, t.Union[str, int, Names]]


def object_corrections(
    vdom: str,
    kind: str,
    path: str,
    key: t.Union[str, int],
    there: t.Optional[Obj],
    right: Right,
    new: t.Optional[t.Mapping[str, t.Any]] = None,
    always: t.Optional[t.Mapping[str, str]] = None,
) -> list[Correction]:
    """The correction of one object, empty if the object is right. A missing object is written completely, and an
    existing object only with its wrong attributes. `new` are further attributes of a missing object, and `always` are
    written with every correction."""
    wrong = differing(there or {}, right)
    if there is None:
        identity = {"policyid" if isinstance(key, int) else "name": key}
        body = {**identity, **(new or {}), **wrong}
        return [
            Correction(
                vdom=vdom,
                kind=kind,
                name=str(key),
                what="missing",
                method="POST",
                path=path,
                body={**body, **(always or {})},
                after=body,
            )
        ]
    if not wrong:
        return []
    what = "; ".join(_difference(attribute, there.get(attribute), right[attribute]) for attribute in wrong)
    before = {attribute: there.get(attribute) for attribute in wrong}
    body = {**wrong, **(always or {})}
    return [
        Correction(
            vdom=vdom,
            kind=kind,
            name=str(key),
            what=what,
            method="PUT",
            path=f"{path}/{key}",
            body=body,
            before=before,
            after=wrong,
        )
    ]


def differing(there: Obj, right: Right) -> Body:
    """The wrong attributes, with the values that they must have."""
    return {key: _value(there.get(key), want) for key, want in right.items() if not _holds(there.get(key), want)}


def _holds(value: object, want: t.Union[str, int, Names]) -> bool:
    return want.name in names_in(value) if isinstance(want, Names) else str(value) == str(want)


def _value(value: object, want: t.Union[str, int, Names]) -> t.Any:
    """The value to write. With `keep`, other names are kept, because one policy can use a feed and a group."""
    if not isinstance(want, Names):
        return want
    names = [*names_in(value), want.name] if want.keep else [want.name]
    return [{"name": one} for one in dict.fromkeys(names)]


def _difference(attribute: str, value: object, want: t.Union[str, int, Names]) -> str:
    if isinstance(want, Names):
        return f"{attribute} does not contain {want.name}"
    if attribute == "resource":
        return "resource is a different URL"
    return f"{attribute} is {shown(value)}, not {want}"


def names_in(items: object) -> list[str]:
    return [str(one["name"]) for one in items if one.get("name")] if isinstance(items, (list, tuple)) else []


def named(objects: t.Iterable[Obj], name: str) -> t.Optional[Obj]:
    return next((one for one in objects if one.get("name") == name), None)


def shown(value: object) -> str:
    return printable(value, 40)

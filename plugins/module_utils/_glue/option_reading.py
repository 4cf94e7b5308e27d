# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads the options of a module, an action plugin or an event source before Ansible checks them.

Ansible's check splits the text of a list at every comma, even within brackets and quotation marks. It does not suggest
the correct name for a misspelt option. For an invalid value, it names neither the place nor the correct format.
"""

from __future__ import annotations

import typing as t

from ansible.module_utils.basic import AnsibleModule

from .._common.errors import InvalidInput
from .._common.right_forms import example, unknown_name
from .._common.validation import dicts, entries, flag, mapping, number, one_text, texts, whole_number

LISTS: dict[str, t.Callable[[str, object], list[t.Any]]] = {
    "str": texts,
    "path": texts,
    "int": lambda name, value: [whole_number(name, one, example(name) or 10) for one in texts(name, value)],
    "raw": entries,
    "dict": dicts,
}
FORMS = {"list": "a list of dictionaries", "dict": "a dictionary"}
# The prefix of internal values that Ansible passes in addition to the options.
INTERNAL = "_ansible_"
Option = t.Mapping[str, t.Any]
Spec = t.Mapping[str, Option]


class Module(AnsibleModule):
    """An AnsibleModule that reads its options with this module."""

    params: dict[str, t.Any]
    _refused: t.Sequence[str] = ()

    def __init__(self, **arguments: t.Any) -> None:
        super().__init__(**arguments)
        if self._refused:
            self.fail_json(msg="")

    def _load_params(self) -> None:
        super()._load_params()
        self.params, self._refused = read_options(self.argument_spec, self.params)

    def fail_json(self, msg: str, **more: t.Any) -> None:
        """Report only refused options, because Ansible's check would report a refused option as missing."""
        super().fail_json(msg="; ".join(self._refused) or msg, **more)


def read_options(spec: Spec, given: t.Mapping[str, t.Any], where: str = "") -> tuple[dict[str, t.Any], list[str]]:
    """The options that can be read, by their main names, and the reasons for refused options. Each reason begins with
    `where`."""
    own_names = {alias: name for name, option in spec.items() for alias in (name, *option.get("aliases", ()))}
    params: dict[str, t.Any] = {}
    used: dict[str, str] = {}
    problems: list[str] = []
    for key, value in given.items():
        name = own_names.get(key)
        if name is None:
            if str(key).startswith(INTERNAL):
                params[key] = value
            else:
                problems.append(where + unknown_name(key, own_names))
        elif value is None:
            params.setdefault(name, None)
        elif name in used:
            problems.append(f"{where}{used[name]} and {key} are the same option: set only one of them")
        else:
            used[name] = key
            params[name], refused = _read(f"{where}{key}", spec[name], value)
            problems += refused
    return params, problems


def _read(name: str, option: Option, value: object) -> tuple[t.Any, list[str]]:
    """The value and the reasons for a refusal. A refused value becomes None, or an empty list."""
    try:
        found = _value_of(name, option, value)
    except InvalidInput as error:
        kind = option.get("type", "str")
        # The message does not quote the value, because it may be a secret that was given instead of a dictionary.
        said = f"{name} must be {FORMS[kind]}" if kind in FORMS and _has_secrets(option) else error.said
        return [] if kind == "list" else None, [said]
    if "options" not in option:
        return found, []
    if option["type"] == "dict":
        return read_options(option["options"], found, f"{name}: ")
    read = [read_options(option["options"], entry, f"{name} entry {place}: ") for place, entry in enumerate(found, 1)]
    return [entry for entry, _why in read], [text for _entry, why in read for text in why]


def _has_secrets(option: Option) -> bool:
    return bool(option.get("no_log")) or any(one.get("no_log") for one in option.get("options", {}).values())


def _value_of(name: str, option: Option, value: object) -> t.Any:
    """The value of an option in its type. Raises InvalidInput."""
    kind = option.get("type", "str")
    if kind == "list":
        found = LISTS[option["elements"]](name, value)
        for entry in found if "choices" in option else ():
            _chosen(name, option, entry)
        return found
    if kind == "int":
        return whole_number(name, value, option.get("default") or example(name) or 10)
    if kind == "float":
        return number(name, value, option.get("default") or 2.5)
    if kind == "bool":
        return flag(name, value)
    if kind == "dict":
        return mapping(name, value)
    if kind == "raw":
        return value
    one_text(name, value, bool(option.get("no_log")))
    if "choices" in option:
        _chosen(name, option, value)
    return value


def _chosen(name: str, option: Option, value: object) -> None:
    if str(value) not in option["choices"]:
        raise InvalidInput(f"{name} must be one of {', '.join(option['choices'])}, not {str(value)[:60]!r}")

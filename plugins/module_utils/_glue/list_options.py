# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists among the options of a module, an action plugin or an event source, read before Ansible's own check.

That check cuts all text at its commas, also within brackets and quotation marks, and makes text of a list within a list.
"""

from __future__ import annotations

import typing as t

from ansible.module_utils.basic import AnsibleModule

from .._common.errors import InvalidInput
from .._common.validation import dicts, entries, texts

READERS: dict[str, t.Callable[[str, object], list[t.Any]]] = {"str": texts, "raw": entries, "dict": dicts}
Option = t.Mapping[str, t.Any]


class Module(AnsibleModule):
    """An AnsibleModule whose lists may be given as text."""

    params: dict[str, t.Any]
    _refused: t.Sequence[str] = ()

    def __init__(self, **arguments: t.Any) -> None:
        super().__init__(**arguments)
        if self._refused:
            self.fail_json(msg="; ".join(self._refused))

    def _load_params(self) -> None:
        super()._load_params()
        self.params, self._refused = with_lists(self.argument_spec, self.params)


def with_lists(
    spec: t.Mapping[str, Option], given: t.Mapping[str, t.Any], where: str = ""
) -> tuple[dict[str, t.Any], list[str]]:
    """The options with each list read, and why some cannot be, which are left empty."""
    params, problems = dict(given), []
    for key, option in spec.items():
        for name in (key, *option.get("aliases", ())):
            if option.get("type") == "list" and params.get(name) is not None:
                params[name], refused = _list_of(f"{where}{name}", option, params[name])
                problems += refused
    return params, problems


def _list_of(name: str, option: Option, value: object) -> tuple[list[t.Any], list[str]]:
    try:
        found = READERS[option["elements"]](name, value)
    except InvalidInput as error:
        return [], [error.said]
    if "options" not in option:
        return found, []
    read = [with_lists(option["options"], entry, f"{name} entry {place}: ") for place, entry in enumerate(found, 1)]
    return [entry for entry, _why in read], [text for _entry, why in read for text in why]

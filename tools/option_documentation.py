# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes the documentation of options: option_documentation.py [--check]

Types, defaults and choices come from the argument specs. Descriptions come from tools/option_texts.yml. Documentation
fragments are written completely. In a module and in the event source, only the block `options:` is replaced. --check
writes nothing and names the files that are not current.
"""

from __future__ import annotations

import sys
import typing as t
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / ".build"))

from ansible_collections.secops.fortiview.plugins.module_utils._glue import arguments  # noqa: E402

Spec = dict[str, dict[str, t.Any]]
Texts = dict[str, dict[str, t.Any]]

TEXTS = ROOT / "tools" / "option_texts.yml"
FRAGMENTS = ("connection", "query", "many", "on_error")
MODULES = {
    "faz_fortiview_task": (arguments.task_arguments, FRAGMENTS),
    "faz_fortiview_result": (arguments.result_arguments, ("connection", "many", "on_error")),
    "faz_threat_sources_info": (arguments.sources_arguments, ("connection", "many")),
    "faz_incident": (arguments.incident_arguments, ("connection",)),
}
SOURCE = ROOT / "extensions" / "eda" / "plugins" / "event_source" / "fortiview.py"
FACTS = ("type", "elements", "required", "choices", "default", "aliases")
FRAGMENT = '''\
# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of {name}_arguments(). Written by tools/option_documentation.py from the texts in tools/option_texts.yml."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
{body}"""
'''


class Flow(list):  # type: ignore[type-arg]
    """A list that is written in one line of YAML."""


class Dumper(yaml.SafeDumper):
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Indent the entries of a list, as ansible-lint requires."""
        super().increase_indent(flow, False)


Dumper.add_representer(
    Flow, lambda dumper, data: dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=True)
)


def main() -> int:
    stale = [path for path, text in generated().items() if path.read_text() != text]
    for path in stale:
        print(f"{'not current' if '--check' in sys.argv else 'written'}: {path.relative_to(ROOT)}")
        if "--check" not in sys.argv:
            path.write_text(generated()[path])
    return int(bool(stale) and "--check" in sys.argv)


def generated() -> dict[Path, str]:
    """The files with documentation of options, and the text that each file must have."""
    texts: dict[str, t.Any] = yaml.safe_load(TEXTS.read_text())
    found = {}
    for name in FRAGMENTS:
        spec = getattr(arguments, f"{name}_arguments")()
        body = {"options": documented(spec, texts[name])}
        found[ROOT / "plugins" / "doc_fragments" / f"{name}.py"] = FRAGMENT.format(name=name, body=dumped(body))
    for name, (made, fragments) in MODULES.items():
        inherited = {option for fragment in fragments for option in getattr(arguments, f"{fragment}_arguments")()}
        own = {key: value for key, value in made()["argument_spec"].items() if key not in inherited}
        path = ROOT / "plugins" / "modules" / f"{name}.py"
        found[path] = replaced(path.read_text(), documented(own, texts[name]))
    shared = {key: text for name in FRAGMENTS for key, text in texts[name].items()}
    watch = documented(arguments.watch_arguments()["argument_spec"], {**shared, **texts["event_source"]})
    found[SOURCE] = replaced(SOURCE.read_text(), watch)
    return found


def documented(spec: Spec, texts: Texts) -> dict[str, t.Any]:
    """The options with their descriptions."""
    options = {}
    for name, option in spec.items():
        text = texts[name]
        said = text["description"] if isinstance(text, dict) else text
        if "fallback" in option:
            variable = option["fallback"][1][0]
            said = [
                *([said] if isinstance(said, str) else said),
                f"If this option is not set, the environment variable E({variable}) is used.",
            ]
        options[name] = {
            "description": said,
            **{fact: flow(option[fact]) for fact in FACTS if option.get(fact) is not None},
        }
        if "options" in option:
            # An entry of `queries` has the same options as the top level.
            below = text["suboptions"] if isinstance(text, dict) else references(option["options"], texts)
            options[name]["suboptions"] = documented(option["options"], below)
    return options


def references(spec: Spec, texts: Texts) -> Texts:
    below = {name: f"See O({name})." for name in spec}
    return {**below, **({"device_scope": texts["device_scope"]} if "device_scope" in spec else {})}


def flow(value: t.Any) -> t.Any:
    return Flow(value) if isinstance(value, list) else value


def dumped(data: t.Any) -> str:
    return yaml.dump(data, Dumper=Dumper, sort_keys=False, width=118, allow_unicode=True)


def replaced(source: str, options: dict[str, t.Any]) -> str:
    """The text of a file with a new block `options:`. The old block ends at the next key or at the end of the
    documentation."""
    head, rest = source.split("\noptions:\n", 1)
    lines = rest.splitlines(keepends=True)
    end = next(place for place, line in enumerate(lines) if line.strip() and not line.startswith(" "))
    return head + "\n" + dumped({"options": options}) + "".join(lines[end:])


if __name__ == "__main__":
    sys.exit(main())

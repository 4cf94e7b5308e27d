# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Makes the argument specs beside the playbooks of the pattern: python -m automation.awx.argument_specs, with tests in PYTHONPATH.

They say what the comment on top of each playbook says, and what the argument specs of the roles say about the rest.
"""

from __future__ import annotations

import re
import typing as t
from pathlib import Path

import yaml

from automation.awx.support import PATTERN, ROOT, Data

FOLDER = PATTERN / "playbooks"
TYPES = {"text": "str", "number": "int", "list": "list", "bool": "bool", "path": "path", "dict": "dict"}
ROLES = "threat_hunt", "fortigate_block"
# What a playbook gives the role itself.
OWN = {"fortigate_block_state", "fortigate_block_targets"}
ROW = re.compile(r"#   ([a-z]\w*(?:, \w+)*(?:_\*)?) +(?:(text|number|list|bool|path|dict)  +)?(\S.*)")
WORD = re.compile(r"\b[A-Z]\(([^)#]*)[^)]*\)")
HEADER = """---
# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""


class Row(t.NamedTuple):
    """A line of the comment. A name that ends in `*` stands for many, such as all other parameters of a role."""

    names: list[str]
    kind: str
    text: str


def playbooks() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.yml") if not path.stem.endswith(".meta"))


def text_of(name: str) -> str:
    """The file `<playbook>.meta.yml`."""
    about, rows, commands = comment(name)
    options: Data = {}
    roles = {role: role_options(role) for role in ROLES}
    defaults = play_variables(name)
    for row in rows:
        for option in row.names:
            if option.isidentifier():
                known = next((found[option] for found in roles.values() if option in found), {})
                options[option] = documented(row, known, defaults.get(option))
    for row in rows:
        role = row.names[0].removesuffix("_*")
        if role in roles:
            others = {option: spec for option, spec in roles[role].items() if option not in {*options, *OWN}}
            options.update({option: undocumented(spec) for option, spec in others.items()})
    short = about[0].removesuffix(".")
    spec: Data = {
        "short_description": short,
        "description": about,
        "options": options,
        "examples": "".join(f"# {line}\n" for line in commands),
    }
    found = {"short_description": short, "description": " ".join(about), "argument_specs": {name: spec}}
    return HEADER + yaml.safe_dump(found, sort_keys=False, width=120, allow_unicode=True)


def comment(name: str) -> tuple[list[str], list[Row], list[str]]:
    """Sentences, variables and commands of the comment on top of a playbook; variables of one that is imported are its own."""
    head = source(name).partition("\n- name: ")[0].partition("\n\n#")[2]
    about: list[str] = []
    rows: list[Row] = []
    commands: list[str] = []
    for line in [f"#{head.splitlines()[0]}", *head.splitlines()[1:]]:
        row = ROW.match(line)
        if line.startswith("#   ansible-playbook ") or (commands and line.startswith("#     ")):
            commands.append(line[4:])
        elif row:
            rows.append(Row(row[1].split(", "), row[2] or "", row[3]))
        elif rows and not commands and line.startswith("#       "):
            rows[-1] = rows[-1]._replace(text=f"{rows[-1].text} {line[1:].strip()}")
        elif not rows and line.startswith("# "):
            about.append(line[2:])
    for imported in imports(name):
        rows += comment(imported)[1]
    return re.split(r"(?<=[.]) (?=[A-Z])", " ".join(about)), rows, commands


def imports(name: str) -> list[str]:
    books = [play.get("ansible.builtin.import_playbook", "") for play in yaml.safe_load(source(name))]
    return [book.removesuffix(".yml") for book in books if book and "/" not in book]


def play_variables(name: str) -> Data:
    """Defaults that are no templates."""
    found: Data = {}
    for play in yaml.safe_load(source(name)):
        found.update({one: value for one, value in play.get("vars", {}).items() if "{{" not in str(value)})
    for imported in imports(name):
        found.update(play_variables(imported))
    return found


def source(name: str) -> str:
    return (ROOT / "playbooks" / f"{name}.yml").read_text()


def role_options(role: str) -> Data:
    specs = yaml.safe_load((ROOT / "roles" / role / "meta" / "argument_specs.yml").read_text())["argument_specs"]
    return {name: option for spec in specs.values() for name, option in spec["options"].items()}


def documented(row: Row, known: Data, default: t.Any) -> Data:
    found: Data = {"description": row.text, "type": known.get("type", TYPES[row.kind])}
    found.update({key: known[key] for key in ("elements", "choices") if key in known})
    if found["type"] == "list":
        found.setdefault("elements", "dict" if row.text.startswith("dictionaries ") else "str")
    if "no default" in row.text:
        found["required"] = True
    elif default is not None:
        found["default"] = default
    return found


def undocumented(spec: Data) -> Data:
    text = spec["description"]
    text = " ".join(text) if isinstance(text, list) else text
    kept = {key: spec[key] for key in ("type", "elements", "choices", "default", "no_log") if key in spec}
    return {"description": WORD.sub(r"\1", text), **kept}


def main() -> None:
    for name in playbooks():
        Path(FOLDER / f"{name}.meta.yml").write_text(text_of(name))


if __name__ == "__main__":
    main()

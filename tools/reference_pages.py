# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes the reference pages of playbooks, views and the code: reference_pages.py

The page of playbooks comes from the comments at the top of the playbooks. The page of views comes from the catalogue of the collection and
the table of views in protocol_fortianalyzer.rst. The page of the code comes from the first paragraph of the docstring of each module.
"""

from __future__ import annotations

import ast
import re
import sys
import typing as t
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "docsite" / "rst"
LABEL = "ansible_collections.secops.fortiview.docsite"
HEAD = f"""..
  Copyright (c) 2026, secops.fortiview contributors
  GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
  SPDX-License-Identifier: GPL-3.0-or-later

.. tools/reference_pages.py writes this page.

.. _{LABEL}.{{name}}:

{{title}}
{{line}}
"""
CITED = re.compile(r' ?\((?:see )?protocol_\w+\.rst, "[^"]+"\)| See\s+protocol_\w+\.rst, "[^"]+"\.')
# The layers from top to bottom. A layer imports only from layers below it.
LAYERS = {
    "_glue": "This layer contains the options and connections of modules, action plugins and the event source. Only this layer depends on Ansible.",
    "_insight": "This layer creates reports, notifications and exports as plain data. It performs no I/O.",
    "_watch": "This layer determines the findings that the event source reports. It performs no I/O.",
    "_hunting": "This layer searches for the addresses behind threats, and selects the offenders.",
    "_blocking": "This layer checks, plans, writes, verifies and records the blocks on FortiGates. It does not depend on FortiView.",
    "_tasks": "This layer runs FortiView tasks on FortiAnalyzer, from the submission to the last page.",
    "_connection": "This layer implements HTTP, TLS, login and logout. All requests to FortiAnalyzer pass through it.",
    "_query": "This layer converts options to requests, and contains tickets, views, time ranges and rows. It performs no I/O.",
    "_protocol": "This layer builds the requests and decodes the replies of the JSON-RPC interface. It performs no I/O.",
    "_common": "This layer contains errors, validation, addresses, times and text. It performs no I/O.",
}
ROW = re.compile(
    r"#   ([a-z_][a-z_0-9]*\*?(?:, [a-z_][a-z_0-9]*\*?)*) +(?:(text|list|number|path|bool|boolean|dict) +)?(.+)"
)
MORE = re.compile(r"# {5,}(\S.*)")
COMMAND = re.compile(r"#   (ansible-playbook .+)")
# Names of variables, options and playbooks, which are literals on the page.
NAME = re.compile(r"(?<![\w`./-])(?:[\w./-]*_[\w./*-]*[\w*]|--\w[\w-]*|\w+=\S*\w|\[\]|\w+\[vdom\])(?![\w`])")

PLAYBOOKS = f"""
Run a playbook with ``ansible-playbook secops.fortiview.NAME``, and set variables with ``-e``. If the name of an extra variable is
misspelt, the playbook fails and suggests the correct name.

- ``adom`` and ``adoms`` are the same variable. A list can also be text, with commas between its entries.
- Playbooks that query FortiAnalyzer read its address and the credentials from environment variables such as ``FAZ_HOST`` and
  ``FAZ_API_TOKEN``. See :ref:`{LABEL}.first_query`.
- Playbooks that read or write FortiGates need an inventory with the group ``fortigates``. See :ref:`{LABEL}.first_block`.
- A name with a ``*`` means all variables with this prefix. The variables of roles are described in
  :ansplugin:`secops.fortiview.fortigate_block#role`, :ansplugin:`secops.fortiview.threat_hunt#role` and
  :ansplugin:`secops.fortiview.threat_report#role`.
"""

CODE = f"""
The logic is in ``plugins/module_utils``, in layers. A layer imports only from itself and from lower layers. :ref:`{LABEL}.architecture`
describes how a query and a block pass through the layers, and :ref:`{LABEL}.development.changes` lists the files to edit for common
changes. ``tests/unit`` has a test file for each module with functions.
"""

VIEWS = f"""
The option :ansopt:`secops.fortiview.faz_fortiview_task#module:view` accepts the name of any FortiView view of your FortiAnalyzer. For the views on this
page, the collection defines a default limit, a default sort column, and the columns that identify a row. For any other view, the limit is
100, and rows are not sorted unless :ansopt:`secops.fortiview.faz_fortiview_task#module:sort_by` is set.

The collection adds ``blocked``, ``detected``, ``bytes`` and ``severity`` to the rows that have the same counter or level under another name.
All columns that FortiAnalyzer returns are kept. Columns and filter fields depend on the release, and
:ref:`{LABEL}.protocol_fortianalyzer.certainty` explains marks such as *seen*. Names without a mark are from the API schema of 7.6.7.
:ref:`{LABEL}.protocol_fortianalyzer.filters` describes the filter syntax. An asterisk in a name means
several columns, such as ``session_pass`` and ``session_block`` for ``session_*``.
"""


class Variable(t.NamedTuple):
    names: str
    kind: str
    text: str


class Playbook(t.NamedTuple):
    """The comment of a playbook: its variables, the paragraphs before and after them, and the command of the example."""

    before: list[str]
    variables: list[Variable]
    after: list[str]
    example: str


def comment_of(path: Path) -> list[str]:
    """The lines of the comment between the licence and the first play."""
    lines = path.read_text(encoding="utf-8").splitlines()
    start = next(place for place, line in enumerate(lines) if "SPDX-License-Identifier" in line) + 1
    end = next(place for place, line in enumerate(lines) if line.startswith("- name:"))
    return [line for line in lines[start:end] if line.startswith("#")]


def playbook_of(lines: list[str]) -> Playbook:
    before: list[str] = []
    after: list[str] = []
    variables: list[Variable] = []
    example: list[str] = []
    opened = True
    for line in lines:
        row, more, command = ROW.fullmatch(line), MORE.fullmatch(line), COMMAND.fullmatch(line)
        if command or (example and more):
            example.append(line[4:])
        elif more and variables:
            variables[-1] = variables[-1]._replace(text=f"{variables[-1].text} {more[1]}")
        elif row:
            variables.append(Variable(row[1], row[2] or "", row[3]))
        elif line == "#":
            opened = True
        else:
            place = after if variables else before
            if opened:
                place.append("")
            place[-1] = f"{place[-1]} {line[2:]}".strip()
            opened = False
    return Playbook(before, variables, after, "\n".join(example))


def marked(text: str) -> str:
    """The text as reStructuredText. Names become literals, and special characters are escaped."""
    return NAME.sub(lambda name: f"``{name[0]}``", text.replace("\\", "\\\\")).replace("[:", "\\[:")


def table(head: tuple[str, ...], widths: str, rows: t.Iterable[tuple[str, ...]]) -> list[str]:
    lines = [".. list-table::", "   :header-rows: 1", f"   :widths: {widths}", ""]
    for row in (head, *rows):
        lines += [f"   {'* -' if place == 0 else '  -'} {cell}".rstrip() for place, cell in enumerate(row)]
    return [*lines, ""]


def section(name: str, title: str) -> list[str]:
    return [f".. _{LABEL}.{name}:", "", title, "-" * len(title), ""]


def page(name: str, title: str, text: str, sections: t.Iterable[list[str]]) -> str:
    head = HEAD.format(name=name, title=title, line="=" * len(title))
    return head + text + "\n" + "\n".join(line for part in sections for line in part).rstrip() + "\n"


def playbook_section(path: Path) -> list[str]:
    found = playbook_of(comment_of(path))
    lines = section(f"playbooks.{path.stem}", path.stem)
    for paragraph in found.before:
        lines += [marked(paragraph), ""]
    if found.variables:
        rows = [
            (", ".join(f"``{name}``" for name in one.names.split(", ")), one.kind, marked(one.text))
            for one in found.variables
        ]
        lines += table(("Variable", "Type", "Description"), "25 8 67", rows)
    for paragraph in found.after:
        lines += [marked(paragraph), ""]
    if found.example:
        lines += [".. code-block:: shell", "", *(f"    {line}" for line in found.example.splitlines()), ""]
    return lines


def playbooks() -> str:
    paths = sorted((ROOT / "playbooks").glob("*.yml"))
    return page("playbooks", "Playbooks and their variables", PLAYBOOKS, map(playbook_section, paths))


def first_paragraph(path: Path) -> str:
    text = (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").split("\n\n")[0]
    return re.sub(r"`([^`]+)`", r"``\1``", CITED.sub("", " ".join(text.split())))


def layer_sections() -> t.Iterator[list[str]]:
    modules = ROOT / "plugins" / "module_utils"
    for layer, about in LAYERS.items():
        files = sorted(path for path in (modules / layer).rglob("*.py") if path.name != "__init__.py")
        rows = [(f"``{path.relative_to(modules / layer)}``", first_paragraph(path)) for path in files]
        yield [
            *section(f"code.{layer.strip('_')}", layer),
            about,
            "",
            *table(("Module", "Description"), "25 75", rows),
        ]


def protocol_rows() -> dict[str, tuple[str, str]]:
    """The filter fields and the columns of each view, from the table of the protocol page."""
    text = (FOLDER / "protocol_fortianalyzer.rst").read_text(encoding="utf-8")
    table_of_views = text.split(f"{LABEL}.protocol_fortianalyzer.views:")[1].split("   * - View\n")[1]
    rows = table_of_views.split("\nSort columns")[0].split("   * - ")[1:]
    found: dict[str, tuple[str, str]] = {}
    for row in rows:
        views, fields, columns = (re.sub(r"\s+", " ", cell).strip() for cell in row.split("\n     - "))
        for view in re.findall(r"``([\w-]+)``", views):
            found[view] = (fields, columns)
    return found


def view_sections() -> t.Iterator[list[str]]:
    from ansible_collections.secops.fortiview.plugins.module_utils._query.views import ALIASES, CATALOGUE

    known = protocol_rows()
    for name, view in [*CATALOGUE.items(), *ALIASES.items()]:
        if view.wire not in known:
            raise SystemExit(
                f"Add a row for {view.wire} to the table of views in docs/docsite/rst/protocol_fortianalyzer.rst"
            )
        fields, columns = known[view.wire]
        sort = f"``{view.sort}`` ({'descending' if view.order == 'desc' else 'ascending'})" if view.sort else "none"
        rows = [
            ("Default limit", str(view.limit or "none")),
            ("Default sort", sort),
            (
                "Key columns in reports and events",
                " ".join(f"``{one}``" for one in view.identity) or "all columns except counters",
            ),
            ("Columns", columns),
            ("Filter fields", fields),
        ]
        alias = [
            f"This view is the analysis of indicators of compromise. It queries the view ``{view.wire}`` without a limit and without a sort column.",
            "",
        ]
        heading = section(f"views.{name.replace('-', '_')}", name)
        yield [*heading, *(alias if name in ALIASES else []), *table(("Property", "Value"), "25 75", rows)]


def generated() -> dict[Path, str]:
    """The text of each page, by its path."""
    return {
        FOLDER / "code.rst": page("code", "Modules of the code", CODE, layer_sections()),
        FOLDER / "playbooks.rst": playbooks(),
        FOLDER / "views.rst": page("views", "Views, columns and filters", VIEWS, view_sections()),
    }


def main() -> int:
    sys.path.insert(0, str(ROOT / ".build"))
    for path, text in generated().items():
        path.write_text(text, encoding="utf-8")
        print(path.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())

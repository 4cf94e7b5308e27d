# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads the prose of one file: docstrings, comments, messages, documentation, paragraphs, and the texts of templates."""

from __future__ import annotations

import ast
import json
import re
import tokenize
import typing as t
from pathlib import Path

import yaml

ANSIBLE_ERRORS = (
    "AnsibleError",
    "AnsibleActionFail",
    "AnsibleFilterError",
    "AnsibleParserError",
    "AnsibleOptionsError",
)
ERRORS_WITHOUT_A_STEP = ("FortiViewError", "InvalidInput", *ANSIBLE_ERRORS)

MARKUP = re.compile(r"\b(?:[VOCEPM]|RV|HORIZONTALLINE)\([^()]*(?:\([^()]*\)[^()]*)*\)|[ILURB]\(([^()]*)\)")
CODE = re.compile(r"``[^`]+``|`[^`]+`")
# Keys of YAML whose values are expressions, and keys that make a dictionary with the key `name` a play or a task.
EXPRESSIONS = ("that", "when", "until", "condition", "failed_when", "changed_when", "run")
TASK_KEYS = ("block", "tasks", "roles", "import_playbook")
JINJA_COMMENT = re.compile(r"\{#(.*?)#\}", re.S)
JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.S)
# Matches regular expressions and statements of SQL.
NOT_PROSE = re.compile(r"\\[wdsb(]|\(\?|^(?:CREATE|SELECT|INSERT|UPDATE|DELETE|DO UPDATE) ")
QUOTED_IN_JINJA = re.compile(r"'((?:[^'\\]|\\.)* (?:[^'\\]|\\.)*)'")


class Text(t.NamedTuple):
    line: int
    kind: str
    text: str


def texts_of(path: Path) -> t.Iterator[Text]:
    """The texts of one file. A file of a type without a reader is read as a script."""
    if path.is_symlink() or path.suffix in (".png", ".txt", ".cfg"):
        return
    for text in READERS.get(path.suffix, script_texts)(path.read_text()):
        if len(text.text.split()) > 1 or text.kind == "task":
            yield text


# Python


def python_texts(source: str) -> t.Iterator[Text]:
    yield from comments(source)
    reader = PythonReader()
    reader.visit(ast.parse(source))
    yield from reader.found


def comments(source: str) -> t.Iterator[Text]:
    """The comments. Comments on consecutive lines are one text."""
    block: list[str] = []
    first = last = 0
    for token in tokenize.generate_tokens(iter(source.splitlines(keepends=True)).__next__):
        if token.type != tokenize.COMMENT:
            continue
        if token.start[0] != last + 1 or not _own_line(token):
            yield from commented(first, block)
            first, block = token.start[0], []
        block.append(token.string)
        last = token.start[0] if _own_line(token) else -1
    yield from commented(first, block)


def _own_line(token: tokenize.TokenInfo) -> bool:
    return token.line[: token.start[1]].strip() == ""


def commented(line: int, block: list[str]) -> t.Iterator[Text]:
    """The paragraphs of a comment. A row of a table is a paragraph that consists of the last column."""
    paragraphs: list[tuple[int, str]] = []
    begin = True
    for number, part in enumerate(block, line):
        text = part.lstrip("#!").strip()
        text = re.sub(r"\b(?:noqa|type: |pragma|shellcheck|pylint:|fmt:)\S*.*$", "", text).strip(" #")
        cells = re.split(r" {2,}", text)
        if begin or len(cells) > 1:
            paragraphs.append((number, cells[-1]))
        else:
            paragraphs[-1] = (paragraphs[-1][0], f"{paragraphs[-1][1]} {text}")
        begin = not text
    for number, text in paragraphs:
        if text and "SPDX-License" not in text and not text.startswith(("usr/bin", "Copyright")):
            yield Text(number, "comment", plain(text))


class PythonReader(ast.NodeVisitor):
    """Collects docstrings, documentation blocks, error messages, and other strings that look like prose."""

    def __init__(self) -> None:
        self.found: list[Text] = []
        self.docstrings: set[int] = set()

    def visit(self, node: ast.AST) -> None:
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            self._docstring(node)
        elif isinstance(node, ast.Assign) and self._is_documentation(node):
            return
        elif isinstance(node, ast.Call):
            self._call(node)
            return
        elif isinstance(node, (ast.Constant, ast.JoinedStr)):
            self._string(node, "string")
            return
        self.generic_visit(node)

    def _docstring(self, node: ast.AST) -> None:
        text = ast.get_docstring(node, clean=False)  # type: ignore[arg-type]
        if text is None:
            return
        docstring = node.body[0].value  # type: ignore[attr-defined]
        self.docstrings.add(id(docstring))
        for paragraph in re.split(r"\n\s*\n", text):
            self.found.append(Text(docstring.lineno, "docstring", plain(paragraph)))

    def _is_documentation(self, node: ast.Assign) -> bool:
        name = node.targets[0].id if isinstance(node.targets[0], ast.Name) else ""
        if name not in ("DOCUMENTATION", "EXAMPLES", "RETURN", "OPTIONS") or not isinstance(node.value, ast.Constant):
            return False
        for text in yaml_texts(str(node.value.value)):
            self.found.append(text._replace(line=text.line + node.lineno - 1))
        return True

    def _call(self, node: ast.Call) -> None:
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        module = getattr(getattr(node.func, "value", None), "id", "")
        if module == "re" or called in ("fullmatch", "compile"):
            return
        self.visit(node.func)
        step = any(keyword.arg == "next_step" for keyword in node.keywords)
        error = called in ERRORS_WITHOUT_A_STEP and not step
        for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
            if isinstance(argument, (ast.Constant, ast.JoinedStr)):
                self._string(argument, "error" if error and argument in node.args[:1] else "string")
            else:
                self.visit(argument)

    def _string(self, node: t.Union[ast.Constant, ast.JoinedStr], kind: str) -> None:
        if id(node) in self.docstrings or (isinstance(node, ast.Constant) and not isinstance(node.value, str)):
            return
        parts = node.values if isinstance(node, ast.JoinedStr) else [node]
        text = "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in parts)
        for part in parts:
            if isinstance(part, ast.FormattedValue):
                self.visit(part.value)
        if len(re.findall(r"[a-z]{2,}", text)) > 2 and " " in text.strip() and not NOT_PROSE.search(text):
            self.found.append(Text(node.lineno, kind, plain(text)))


# YAML


def yaml_texts(source: str) -> t.Iterator[Text]:
    block: list[str] = []
    first = 0
    for number, line in enumerate(source.splitlines(), 1):
        if re.match(r"\s*#", line):
            first = first if block else number
            block.append(line.strip())
            continue
        yield from commented(first, block)
        block = []
    yield from commented(first, block)
    seen: set[int] = set()
    for document in yaml.compose_all(source, Loader=yaml.SafeLoader):
        if document is not None:
            yield from yaml_node(document, "", seen)


def yaml_node(node: yaml.Node, key: str, seen: set[int]) -> t.Iterator[Text]:
    """The texts of a node. `seen` has the nodes that were already read, because an alias is the same node as its anchor."""
    if id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        keys = {child.value for child, _value in node.value}
        for child, value in node.value:
            if child.value not in EXPRESSIONS:
                yield from yaml_node(value, kind_of(child.value, key, keys), seen)
    elif isinstance(node, yaml.SequenceNode):
        for child in node.value:
            yield from yaml_node(child, key, seen)
    elif isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:str":
        kind = key if key in ("error", "task") else "string"
        for paragraph in re.split(r"\n\s*\n", node.value):
            yield from yaml_scalar(node.start_mark.line + 1, kind, paragraph)


def kind_of(name: str, above: str, beside: t.Collection[str]) -> str:
    """The kind of text in the value of the key `name`. `above` is the parent key. `beside` has all keys of the dictionary."""
    if name == "fail_msg" or (name == "msg" and above in ("fail", "ansible.builtin.fail")):
        return "error"
    return "task" if name == "name" and any("." in one or one in TASK_KEYS for one in beside) else name


def yaml_scalar(line: int, kind: str, value: str) -> t.Iterator[Text]:
    yield from quoted_in_jinja(line, value)
    text = plain(JINJA.sub("{}", value))
    if kind == "task" or len(re.findall(r"[a-z]{2,}", text)) > 1:
        yield Text(line, kind, text)


def quoted_in_jinja(line: int, value: str) -> t.Iterator[Text]:
    for expression in JINJA.findall(value):
        for text in QUOTED_IN_JINJA.findall(expression):
            if len(re.findall(r"[a-z]{2,}", text)) > 2 and not re.search(r" \| |~| if |<|==", text):
                yield Text(line, "string", plain(text))


# Templates, style sheets and schemas


def template_texts(source: str) -> t.Iterator[Text]:
    """The comments, the texts between tags, the texts of visible attributes, and the texts in expressions."""
    yield from block_comments(source, JINJA_COMMENT)
    source = JINJA_COMMENT.sub(lambda found: "\n" * found.group().count("\n"), source)
    for found in JINJA.finditer(source):
        yield from quoted_in_jinja(source.count("\n", 0, found.start()) + 1, found.group())
    source = JINJA.sub(lambda found: "{}" + "\n" * found.group().count("\n"), source)
    for number, line in enumerate(source.splitlines(), 1):
        for text in [*re.split(r"<[^>]*>?", line), *re.findall(r"""(?:aria-label|title)=["']?([^"'>=]+)""", line)]:
            if len(re.findall(r"[a-z]{2,}", text)) > 1 and '="' not in text:
                yield Text(number, "string", plain(text).lstrip("#| "))


def style_texts(source: str) -> t.Iterator[Text]:
    yield from block_comments(source, re.compile(r"/\*(.*?)\*/", re.S))


def block_comments(source: str, pattern: re.Pattern[str]) -> t.Iterator[Text]:
    for found in pattern.finditer(source):
        yield from commented(source.count("\n", 0, found.start()) + 1, [found.group(1).strip("- ")])


def schema_texts(source: str) -> t.Iterator[Text]:
    """The descriptions in a JSON schema."""
    for number, line in enumerate(source.splitlines(), 1):
        for description in re.findall(r'"description": ("(?:[^"\\]|\\.)*")', line):
            yield Text(number, "string", plain(json.loads(description)))


# Pages and scripts


def page_texts(source: str) -> t.Iterator[Text]:
    """The paragraphs, entries of lists and cells of tables, without code."""
    block: list[str] = []
    first = 0
    for number, line in enumerate([*without_code(source), ""], 1):
        if not line.strip() or re.match(r"\s*(?:[-*+] |\d+[.)] |#|\||\.\. |<)", line):
            yield from paragraph(first, block)
            block = []
        if not line.strip():
            continue
        if line.strip().startswith("|"):
            for cell in line.strip().strip("|").split("|"):
                yield from paragraph(number, [cell])
            continue
        first = first if block else number
        block.append(line.strip())


def without_code(source: str) -> t.Iterator[str]:
    """All lines of a page, with empty lines in place of code."""
    fenced = False
    indented: t.Optional[int] = None
    for line in source.splitlines():
        indent = len(line) - len(line.lstrip())
        if line.strip().startswith(("```", "~~~")):
            fenced = not fenced
            line = ""
        if indented is not None and line.strip() and indent <= indented:
            indented = None
        is_code = fenced or indented is not None
        yield "" if is_code else line
        directive = re.match(r"\s*\.\. (?:code-block|literalinclude|ansible-output|image|figure|_)", line)
        if not is_code and (directive or line.rstrip().endswith("::")):
            indented = indent


def paragraph(line: int, block: list[str]) -> t.Iterator[Text]:
    text = re.sub(r"\]\([^)]*\)|<[^>]*>", "", " ".join(block))
    text = re.sub(r":[a-z:]+:`[^`]*`", "`x`", text)
    if re.search(r"[a-z]{2,} ", text) and "SPDX-License" not in text and not text.startswith("<!--"):
        yield Text(line, "paragraph", plain(text))


def script_texts(source: str) -> t.Iterator[Text]:
    """The comments, the help and the printed texts of shell scripts and of the Makefile."""
    block: list[str] = []
    first = 0
    for number, line in enumerate([*source.splitlines(), ""], 1):
        if line.startswith("#") or re.match(r"\s+# ", line):
            first = first if block else number
            block.append(line.strip())
            continue
        yield from commented(first, block)
        block = []
        target = re.match(r"[^#]*:.*## (.*)", line)
        if target:
            yield Text(number, "string", plain(target.group(1)))
        for printed in re.findall(r"(?:echo|printf|say|step) +['\"]([^'\"]+ [^'\"]+)['\"]", line):
            yield Text(number, "string", plain(printed))


def plain(text: str) -> str:
    """The text without markup, and with a placeholder in place of code."""
    text = MARKUP.sub(lambda found: found.group(1) or "{}", text)
    return " ".join(CODE.sub("{}", text).split())


READERS = {
    ".py": python_texts,
    ".yml": yaml_texts,
    ".yaml": yaml_texts,
    ".md": page_texts,
    ".rst": page_texts,
    ".j2": template_texts,
    ".css": style_texts,
    ".json": schema_texts,
}

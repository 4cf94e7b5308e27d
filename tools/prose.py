# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks the prose of shipped files: prose.py [--list] [PATH...]

It fails on words that this project avoids, on sentences of more than 40 words, on task names of one word, and on error
messages without a next step. --list prints each text with its file and line instead. Without a path, all shipped files
are read.
"""

from __future__ import annotations

import re
import subprocess
import sys
import typing as t
from pathlib import Path

from prose_texts import Text, texts_of

ROOT = Path(__file__).resolve().parents[1]
SHIPPED = re.compile(
    r"(plugins|roles|playbooks|extensions|meta|tools|requirements|changelogs|\.github)/|docs/.*\.(md|rst|yml|json)$|\.ci/run$|Makefile$"
    r"|(README|CONTRIBUTING|SECURITY)\.md$|galaxy\.yml$"
)
# Generated from files that are checked, or data without prose.
GENERATED = re.compile(r"extensions/patterns/.*\.json$|tools/prose\.py$")

LONGEST_SENTENCE = 40  # words
AVOIDED = {
    r"tell|tells|telling|told": "say, report, show or name",
    r"heeds?|heeded": "follow or apply",
    r"lack|lacks|lacked|lacking": "has no, without, or is missing",
    r"whoever|nobody|somebody|anybody": "name the subject, or use the passive voice",
    r"anew": "again",
    r"lift|lifts|lifted|lifting": "remove, unblock",
    r"stand|stands|stood": "is on, is in, or remains",
    r"box|boxes": "FortiGate, or device",
    r"appliances?": "FortiAnalyzer, or device",
    r"ways": "methods",
    r"forms": "formats",
    r"figures?": "counter",
    r"words?": "keyword, value, or text",
    r"questions?": "query",
    r"(is|are|was|were) (?-i:none)": "there is no, or name the thing",
    r"all the same": "nevertheless, or leave it out",
    r"of (its|their|his|her|our) own": "separate, or its own X",
    r"(take|takes|took|taken|taking) back": "roll back",
    r"rails?": "guardrail",
    r"ledger": "registry",
    r"sightings?": "the address that was seen",
    r"never-list": "exclusion list",
    r"belongs? into": "belongs in",
    r"in the end": "at the end",
    r"(capital|small) letters": "upper or lower case",
    r"of which [\w{}]+ is the": "such as, or a separate sentence",
    r"(is|are|was|were) (not )?asked (about|for)": "is queried for, or requested",
    r"keeps? (an|one|the) incident": "creates or updates an incident",
    r"(led|lead) astray|told apart|by (their|its) first reading": "distinguish, or name the thing",
    r"(fails?|None|empty|null) where": "if",
    r"where (needed|wanted)": "if needed",
    r"(that is|are) promised": "supported",
    r"with nothing else to|come to it": "name the thing",
    r"(?<!there )(is|are|was|were) no (?!longer|more|later|larger|newer)": "is not a",
    r"(a|an|the|its|this|after|of|without) roll backs?|roll backs": "rollback",
    r"leaves? (the|its|the same) (fact|facts|result|results) ": "sets the fact",
    r"(made|make) of it": "derived from it",
}
AVOID = [(re.compile(rf"\b(?:{pattern})\b", re.I), instead) for pattern, instead in AVOIDED.items()]
# Terms of the field that contain such a word.
TERMS = re.compile(
    r"(?:survey questions?|questions? (?:of|in) (?:the|a) surveys?|options? ways|'words|STIX sightings?|check ?boxe?s?|figures? \d+)\b",
    re.I,
)

# What an error message says when it names the next step.
NEXT_STEP = re.compile(
    r"\b(must|needs?|required|requires|set|give|given|use|add|remove|leave|check|choose|name|run|try|pass|write|lower|raise|install|see|put"
    r"|make|read|allow|upgrade|start|one of|such as|expected|can be|takes?|move|open|submit|repeat|ask|approve|wait|delete|create|correct|rename|spell)\b",
    re.I,
)
# What follows in another text: a sentence, or problems that each say what to change.
STEP_FOLLOWS = re.compile(r"^\{\}[.,] |[.] \{\}$|(?:sent|changed|failed): \{\}$")
SENTENCE_END = re.compile(r"(?<=[.!?])[)\"'\u201d]*\s+")


def main(arguments: list[str]) -> int:
    listed = "--list" in arguments
    problems = 0
    for path in shipped([argument for argument in arguments if argument != "--list"]):
        for text in texts_of(ROOT / path):
            if listed:
                print(f"{path}:{text.line}: {text.kind}: {text.text}")
                continue
            for problem in problems_of(text):
                problems += 1
                print(f"{path}:{text.line}: {problem}: {text.text[:200]}")
    if problems:
        print(f"{problems} problem{'s' if problems > 1 else ''} in prose")
    return int(problems > 0)


def shipped(paths: list[str]) -> list[str]:
    """Files to read, relative to the root."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *paths]
    found = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\n")
    return [path for path in found if SHIPPED.match(path) and not GENERATED.match(path)]


def problems_of(text: Text) -> t.Iterator[str]:
    plain = TERMS.sub("", text.text)
    for pattern, instead in AVOID:
        found = pattern.search(plain)
        if found:
            yield f'"{found.group()}" (write: {instead})'
    for sentence in SENTENCE_END.split(text.text):
        length = len([token for token in sentence.split() if re.search(r"\w", token)])
        if length > LONGEST_SENTENCE:
            yield f"a sentence of {length} words"
    if text.kind == "error" and not (NEXT_STEP.search(text.text) or STEP_FOLLOWS.search(text.text)):
        yield "an error without a next step"
    if text.kind == "task" and len(text.text.split()) < 2 and text.text != "{}":
        yield "a task name without an object"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finds and loads the patterns of a collection as galaxy-importer does: importer_checks.py COLLECTION, with that package's Python.

Prints as JSON what was found, and what it would warn of.
"""

from __future__ import annotations

import json
import logging
import sys

from galaxy_importer import constants, file_parser, finder, loaders


class Heard(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.warnings: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.warnings.append(record.getMessage())


heard = Heard()
log = logging.getLogger("importer_checks")
log.addHandler(heard)
path = sys.argv[1]
found = finder.ContentFinder()
contents = [
    loaders.get_loader_cls(kind)(kind, name, path, logger=log).load()
    for kind, name in found.find_contents(path, log)
    if kind is constants.ContentType.PATTERNS
]
patterns = file_parser.PatternsParser(path, contents).get_meta_patterns()
print(
    json.dumps(
        {
            "supported": finder.is_lint_patterns_supported(),
            "left out": found.omit_patterns,
            "contents": [one.name for one in contents],
            "patterns": [one["name"] for one in patterns],
            "warnings": heard.warnings,
        }
    )
)

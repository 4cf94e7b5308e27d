# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decodes the bytes of a reply. Its names come from attackers and old clients, so some of them are not UTF-8."""

from __future__ import annotations

import re

# Replaces bytes that could not be read.
LOST = "\ufffd"
SURROGATES = re.compile("[\ud800-\udfff]")


def decoded(content: bytes) -> str:
    """The text as UTF-8, with one replacement character for each invalid byte."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return without_surrogates(content.decode("utf-8", "surrogateescape"))


def without_surrogates(text: str) -> str:
    """Text that can be written everywhere. Halves of surrogate pairs are replaced, and so are bytes that a plugin kept as such halves."""
    return SURROGATES.sub(LOST, text)

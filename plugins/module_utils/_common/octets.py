# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decodes the bytes of a reply. Names in a reply come from attackers and old clients, so they may not be UTF-8."""

from __future__ import annotations

import re

# The replacement for bytes that cannot be decoded.
LOST = "\ufffd"
SURROGATES = re.compile("[\ud800-\udfff]")


def decoded(content: bytes) -> str:
    """The bytes decoded as UTF-8, with one replacement character for each invalid byte."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return without_surrogates(content.decode("utf-8", "surrogateescape"))


def without_surrogates(text: str) -> str:
    """The text with each half of a surrogate pair replaced, because such a half cannot be encoded. Invalid bytes may have
    been decoded as such halves."""
    return SURROGATES.sub(LOST, text)

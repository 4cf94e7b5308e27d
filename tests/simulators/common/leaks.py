# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets in places where proxies and logs keep them."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TypeVar
from urllib.parse import unquote_plus

from .journal import HttpEntry

EntryT = TypeVar("EntryT", bound=HttpEntry)


def leaks(
    entries: Iterable[EntryT],
    secrets: Mapping[str, str],
    proper_headers: Collection[str],
    more: Callable[[EntryT], Mapping[str, str]],
) -> list[str]:
    """A sentence for each secret and each place that it is in; `more` returns further places of a request and their texts."""
    found = []
    for entry in entries:
        headers = {name: value for name, value in entry.headers.items() if name.lower() not in proper_headers}
        places = {
            "the path": (entry.path, unquote_plus(entry.path)),
            "the query": (entry.query, unquote_plus(entry.query)),
            "a header": (json.dumps(headers),),
            **{place: (text,) for place, text in more(entry).items()},
        }
        found += [
            f"{name} is in {place} of {entry.title}"
            for name, secret in secrets.items()
            for place, texts in places.items()
            if any(secret in text for text in texts)
        ]
    return found

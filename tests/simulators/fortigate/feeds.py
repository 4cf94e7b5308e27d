# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The entries of threat feeds. Their connectors are configuration (protocol_fortigate.rst, "Threat feeds")."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from . import addresses, features
from .switches import Switches

Key = tuple[str, str]


@dataclass
class Feed:
    """The entries of one feed in their order; pulled ones may hold lines that are no addresses."""

    entries: dict[str, bool] = field(default_factory=dict)
    updated: int | None = None
    etag: str | None = None
    failure: str | None = None

    @property
    def valid(self) -> list[str]:
        return [entry for entry, valid in self.entries.items() if valid]


class Feeds:
    """By scope and name; a global feed has the scope "global"."""

    def __init__(self, switches: Switches) -> None:
        self._switches = switches
        self._feeds: dict[Key, Feed] = {}

    def of(self, scope: str, name: str) -> Feed:
        return self._feeds.setdefault((scope, name), Feed())

    def push(self, scope: str, name: str, command: str, entries: list[str], now: float) -> None:
        feed = self.of(scope, name)
        if command == "remove":
            for entry in entries:
                feed.entries.pop(entry, None)
        else:
            kept = {} if command == "snapshot" else feed.entries
            feed.entries = {**kept, **dict.fromkeys(entries, True)}
        feed.updated = int(now)

    def pulled(self, scope: str, name: str, lines: Iterable[str], etag: str | None, now: float) -> None:
        """Blank lines and comments are no entries."""
        texts = (line.strip() for line in lines)
        feed = self.of(scope, name)
        feed.entries = {text: addresses.valid_entry(text) for text in texts if text and not text.startswith("#")}
        feed.updated, feed.etag, feed.failure = int(now), etag, None

    def accepted(self, scope: str, name: str) -> list[str]:
        """The entries that have an effect: the valid ones for which there is room."""
        cap, per_box = features.feed_cap(self._switches)
        taken = 0
        if per_box:
            for key, feed in self._feeds.items():
                if key == (scope, name):
                    break
                taken += len(feed.valid)
        return self.of(scope, name).valid[: max(0, cap - taken)]

    def drop(self, scope: str, name: str) -> None:
        self._feeds.pop((scope, name), None)

    def drop_scope(self, scope: str) -> None:
        for key in [key for key in self._feeds if key[0] == scope]:
            del self._feeds[key]

    def all(self) -> dict[Key, Feed]:
        return dict(self._feeds)

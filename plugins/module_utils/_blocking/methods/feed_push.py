# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Blocks addresses with a pushed threat feed. One request can add any number of entries (protocol_fortigate.rst,
"Threat feeds")."""

from __future__ import annotations

import dataclasses
import typing as t

from ..._common.addresses import canonical_entry
from ..._common.errors import printable
from ..._common.validation import flag
from ..changes import Step as Change
from ..client import NOT_FOUND, FortiGateError, Vdom
from .base import Entry, Reading, Writes

READ, PUSH = "monitor/system/external-resource/entry-list", "monitor/system/external-resource/dynamic"
NOT_ENFORCED = ("disable", "disabled", "error", "missing")
NO_FEED = "Create the feed with the entry point bootstrap of the role or with the module fortigate_block_policy, or check its name and VDOM."
USABLE = "Check on the FortiGate that the threat feed exists, is enabled and is not larger than its limit."


class FeedPush:
    """See `base.Method`. `list_name` is the name of the external resource. `fetched` means that the FortiGate fetches
    the feed, so that this class can only read it."""

    name = "feed_push"
    ends_by_itself = False
    source_only = False

    def __init__(self, list_name: str, fetched: bool = False) -> None:
        self.list_name = list_name
        self.fetched = fetched

    def read(self, vdom: Vdom, enforced: bool = False) -> Reading:
        """The valid entries. Raises FortiGateError if the content is not known, and with `enforced` also if the
        FortiGate does not apply all entries."""
        found = self._content(vdom)
        content = found if isinstance(found, dict) else {}
        entries = [] if content.get("valid_count") == 0 and "entries" not in content else content.get("entries")
        if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
            raise vdom.doubt("GET", READ, f"the content of feed {self.list_name} cannot be read", USABLE)
        valid = [str(one.get("entry")) for one in entries if flag("valid", one.get("valid", True))]
        broken = not_applied(content, len(valid))
        if enforced and broken:
            said = f"the FortiGate does not apply feed {self.list_name}: {broken}"
            raise vdom.doubt("GET", READ, said, USABLE)
        return dataclasses.replace(reading_of(valid), problem=broken)

    def _content(self, vdom: Vdom) -> t.Any:
        try:
            return vdom.read(READ, mkey=self.list_name)
        except FortiGateError as error:
            if error.context.get("http_status") == NOT_FOUND:
                error.next_step = NO_FEED
            raise

    def change(self, vdom: Vdom, before: Reading, writes: Writes) -> Change:
        added = [wish.address for wish in writes.add]
        # The FortiGate removes an entry only if the request spells it as the feed does.
        removed = [before.entries[one].text for one in writes.remove if one in before.entries]

        def missing_in(now: Reading) -> list[str]:
            absent = [one for one in added if one not in now.entries]
            return absent + [one for one in writes.remove if one in now.entries]

        def left(now: Reading) -> list[str]:
            present = [one for one in added if one in now.entries]
            return present + [one for one in writes.remove if one not in now.entries]

        unverified = vdom.doubt("POST", PUSH, "the FortiGate reported success")
        return Change(
            write=lambda: self._send(vdom, [("add", added), ("remove", removed)]),
            undo=lambda: self._send(vdom, [("remove", added), ("add", removed)]),
            missing_in=missing_in,
            left=left,
            unverified=unverified,
            adds=added,
        )

    def _send(self, vdom: Vdom, commands: t.Sequence[tuple[str, list[str]]]) -> None:
        """Send the commands. Raises FortiGateError, also if the FortiGate answers success but refuses an entry."""
        body = [{"name": self.list_name, "command": command, "entries": some} for command, some in commands if some]
        results = vdom.write("POST", PUSH, {"commands": body}).get("results") if body else []
        for result in results if isinstance(results, list) else []:
            if isinstance(result, dict) and (
                result.get("status") not in (None, "success") or result.get("invalidEntries") or result.get("error")
            ):
                raise vdom.doubt("POST", PUSH, f"feed {self.list_name}: {printable(result)}")


def reading_of(lines: t.Iterable[str]) -> Reading:
    """The entries in these lines by canonical text. A line with host bits means its whole network."""
    found = {}
    for line in lines:
        address = canonical_entry(line)
        found[address] = Entry(address, line)
    return Reading(found)


def not_applied(content: t.Mapping[str, t.Any], valid: int) -> str:
    """Why the FortiGate does not apply all entries of the feed, empty if it applies all of them."""
    states = ("status", "resource_file_status")
    broken = [f"{key} {content[key]}" for key in states if str(content.get(key)).strip().lower() in NOT_ENFORCED]
    accepted = str(content.get("accepted_count", "")).strip()
    if accepted.isdecimal() and int(accepted) < valid:
        # If a feed is too large, the FortiGate omits its last entries. The overflow flag does not always show this.
        broken.append(f"accepted_count {accepted} of {valid}")
    elif flag("overflow", content.get("overflow")):
        broken.append("overflow")
    return printable(", ".join(broken), 200)

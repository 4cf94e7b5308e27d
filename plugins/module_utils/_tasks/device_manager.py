# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads complete lists of the Device Manager. A list that may have further rows is an error."""

from __future__ import annotations

import typing as t

from .._common.errors import (
    ApiError,
    AuthenticationError,
    FortiViewError,
    Garbled,
    Incomplete,
    NotPermitted,
    SessionGone,
    Throttled,
)
from .._common.naming import agree, counted, noun_for
from .._common.validation import path_segment
from .._connection.session import Caller
from .._protocol.reply import Reply, whole
from .._query.device_manager import (
    Data,
    Row,
    Table,
    adom_of,
    adom_table,
    device_of,
    device_table,
    group_table,
    groups_by_device,
    identity_of,
    is_for_fortigates,
    rows_in,
)

# Seconds before each retry while FortiAnalyzer is busy, and the longest pause that FortiAnalyzer can request.
PAUSES, LONGEST_PAUSE = (1.0, 5.0), 30.0
RIGHTS = "Give the administrator read rights on Device Manager, and access to the ADOMs of this task."
ONLY_SOME = "Set `adoms` to the names of the ADOMs to read."
NO_GROUPS = "Set device_groups to false to omit device groups."
UNCLEAN = "{what}: invalid bytes were replaced, so a name may differ from the name on FortiAnalyzer."
REPEATED = "FortiAnalyzer returned the same rows again for a later page, and does not report the number of rows"
AGAIN = "Nothing was returned, because the list is incomplete. Run the task again."


class Visible(t.NamedTuple):
    """The names of ADOMs, and the warnings from reading them."""

    adoms: list[str]
    warnings: list[str]


def visible_adoms(caller: Caller, sleep: t.Callable[[float], t.Any]) -> Visible:
    """The ADOMs for FortiGates that the administrator can access. Disabled ADOMs are omitted. Raises FortiViewError."""
    manager = DeviceManager(caller, sleep)
    adoms = [adom for adom in manager.adoms() if adom["enabled"] is not False]
    others = [adom["name"] for adom in adoms if not is_for_fortigates(adom)]
    they = agree(len(others), "it is for another product", "they are for other products")
    left_out = [f"Omitted {noun_for(len(others), 'ADOM')} {', '.join(others)}, because {they}."] if others else []
    return Visible([adom["name"] for adom in adoms if is_for_fortigates(adom)], [*manager.warnings, *left_out])


class DeviceManager:
    """The lists of the Device Manager that one administrator can read. `warnings` contains the warnings about all lists
    that were read."""

    def __init__(self, caller: Caller, sleep: t.Callable[[float], t.Any]) -> None:
        self.warnings: list[str] = []
        self._caller = caller
        self._sleep = sleep

    def adoms(self) -> list[Data]:
        """Read all ADOMs that the administrator can access. Raises FortiViewError."""
        return [adom_of(row) for row in self._rows(adom_table(), ONLY_SOME)]

    def devices(self, adoms: t.Optional[t.Sequence[str]], with_groups: bool) -> list[Data]:
        """Read the devices of these ADOMs. None means all ADOMs. A device occurs in the result once for each of its
        ADOMs. Raises FortiViewError."""
        names = [adom["name"] for adom in self.adoms()] if adoms is None else adoms
        instead = ONLY_SOME if adoms is None else ""
        found = []
        for name in dict.fromkeys(path_segment("adoms", name) for name in names):
            devices = [device_of(row, name) for row in self._rows(device_table(name), instead)]
            groups = groups_by_device(self._rows(group_table(name), NO_GROUPS)) if devices and with_groups else {}
            found += [dict(device, device_groups=groups.get(device["name"], [])) for device in devices]
        return found

    def _rows(self, table: Table, instead: str) -> list[Row]:
        """Read all rows of a list. `instead` is advice for an error: it names an option that makes reading this list
        unnecessary."""
        try:
            return self._complete(table)
        except Garbled as error:
            # The original error quotes a part of the reply, which may contain the password of a device.
            plain = Garbled("The reply cannot be read", next_step=error.next_step)
            raise plain.within(doing=table.doing, adom=table.adom, host=error.context.get("host")) from None
        except FortiViewError as error:
            if isinstance(error, NotPermitted):
                error.next_step = " ".join(text for text in (RIGHTS, error.next_step, instead) if text)
            elif isinstance(error, ApiError) and not isinstance(error, AuthenticationError) and instead:
                error.next_step = instead
            error.within(doing=table.doing, adom=table.adom)
            raise

    def _complete(self, table: Table) -> list[Row]:
        total = self._counted(table)
        found: dict[tuple[str, ...], Row] = {}
        while total is None or len(found) < total:
            page = rows_in(self._call(table, table.page(len(found))).data)
            fresh = {identity_of(row): row for row in page if identity_of(row) not in found}
            if not fresh and total is not None:
                said = f"FortiAnalyzer counts {counted(total, 'row')} but returned {len(found)}"
                raise Incomplete(said, next_step=AGAIN)
            if not fresh and page:
                raise Incomplete(REPEATED, next_step=AGAIN)
            if not fresh:
                break
            found.update(fresh)
        return list(found.values())

    def _counted(self, table: Table) -> t.Optional[int]:
        """The number of rows in a list. None if FortiAnalyzer does not report the number."""
        try:
            return whole(self._call(table, table.counting).data)
        except (AuthenticationError, NotPermitted, SessionGone):
            raise
        except ApiError:
            return None

    def _call(self, table: Table, params: Data) -> Reply:
        for pause in PAUSES:
            try:
                return self._checked(table, self._caller.call("get", params))
            except Throttled as error:
                self._sleep(min(error.retry_after or pause, LONGEST_PAUSE))
        return self._checked(table, self._caller.call("get", params))

    def _checked(self, table: Table, reply: Reply) -> Reply:
        if reply.unclean:
            place = f" of ADOM {table.adom}" if table.adom else ""
            text = UNCLEAN.format(what=f"{table.doing[:1].upper()}{table.doing[1:]}{place}")
            self.warnings += [text] if text not in self.warnings else []
        return reply

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads all incidents of one ADOM, writes an incident, and verifies it.

An unknown reply or an incomplete list is an error. Otherwise the module would create a duplicate of an incident that
is missing from the list.
"""

from __future__ import annotations

import contextlib
import typing as t

from .._common.errors import (
    ApiError,
    FortiViewError,
    Incomplete,
    NotPermitted,
    NotVerified,
    ProtocolError,
    Throttled,
    TransportError,
)
from .._common.naming import counted
from .._common.validation import path_segment
from .._connection.session import Caller
from .._protocol.constants import API_VERSION
from .._protocol.reply import Reply
from .._query.incidents import (
    OPEN,
    OVER,
    PAGE_ROWS,
    SEVERITIES,
    Data,
    Incident,
    Wanted,
    change_params,
    changes_of,
    chosen,
    count_params,
    counted_in,
    cut_at,
    differences,
    incidents_in,
    lines,
    made_id,
    new_incident,
    new_params,
    one_params,
    page_params,
)
from .ranking import may_be_cut

# Seconds before each retry while FortiAnalyzer is busy, and the longest pause that FortiAnalyzer can request.
PAUSES, LONGEST_PAUSE = (1.0, 5.0), 30.0
MOST_PAGES = 100
READ_BACK_PAUSES = (0.5, 2.0)
RIGHTS = "Give the administrator read-write rights on incidents and event management, rpc-permit read-write, and access to this ADOM."
NO_PATH = "This release of FortiAnalyzer has no incident management, or the licence for incident management is missing."
NOTHING = "FortiAnalyzer returned neither a list nor a number of incidents"
HIDDEN = "The number of listed incidents ({1}) differs from FortiAnalyzer's count ({0})"
UNCOUNTED = (
    "FortiAnalyzer lists no further incidents in ADOM {}, and the number of incidents cannot be read. Therefore, the end of the list was "
    "read twice."
)
MAY_EXIST = "Nothing was written, because the incident may exist."
NOT_MADE = f"{MAY_EXIST} Run the task again."
TOO_MANY = f"{MAY_EXIST} Delete incidents of this ADOM that are no longer needed."
LOOK = "Look for the incident in the GUI of FortiAnalyzer before you run the task again."
LOST = (
    "The reply was lost, and no incident of this name is listed. Run the task again: the module looks for the incident before it "
    "creates one."
)


class Incidents:
    """The incidents of one ADOM. `warnings` contains warnings about reads and writes. `now` is the time in seconds
    since the epoch."""

    def __init__(self, caller: Caller, wanted: Wanted, sleep: t.Callable[[float], t.Any], now: float) -> None:
        self.warnings: list[str] = []
        self._caller = caller
        self._wanted = wanted
        self._sleep = sleep
        self._now = now
        self._categories: list[str] = []

    def find(self) -> t.Optional[Incident]:
        """The existing incident of the wanted name (see `chosen`), or None. Raises FortiViewError."""
        with _about("listing incidents", self._wanted):
            incidents = self._all()
        self._categories = sorted({one.category for one in incidents if one.category})
        found = chosen(incidents, self._wanted, self._now)
        others = [one.incid for one in found[1:] if one.is_open]
        if others:
            self.warnings.append(
                f"ADOM {self._wanted.adom} has several open incidents named {self._wanted.name!r}. The module uses {found[0].incid}, and does not change "
                f"{', '.join(others)}."
            )
        return found[0] if found else None

    def create(self, incident: Incident) -> Incident:
        """Create the incident and verify it. Raises FortiViewError."""
        sent = new_params(self._wanted, incident)
        with _about("creating the incident", self._wanted, self._categories):
            try:
                incid = made_id(self._call("add", sent))
            except (TransportError, ProtocolError) as error:
                if isinstance(error, Throttled) or not getattr(error, "processed", True):
                    raise
                # The reply is lost or cannot be read, so the incident may exist.
                try:
                    found = chosen(self._all(), self._wanted, self._now)
                except FortiViewError:
                    error.next_step = LOOK
                    raise error from None
                if not found:
                    error.next_step = LOST
                    raise
                incid = found[0].incid
        made = self._verified(incid, sent)
        longest = cut_at(str(sent["description"]), made.description)
        return (
            self._fitting(made, new_incident(self._wanted, longest)._asdict()) if longest else self._warned(made, sent)
        )

    def change(self, found: Incident, changes: t.Mapping[str, str]) -> Incident:
        """Change the incident and verify it. Raises FortiViewError."""
        after = self._changed(found.incid, changes)
        longest = cut_at(changes.get("description", ""), after.description)
        return (
            self._fitting(after, changes_of(found, self._wanted, longest)) if longest else self._warned(after, changes)
        )

    def _changed(self, incid: str, changes: t.Mapping[str, str]) -> Incident:
        params = change_params(self._wanted, path_segment("incid", incid), changes)
        with _about(f"changing incident {incid}", self._wanted, self._categories):
            self._said_yes(self._call("update", params))
        return self._verified(incid, changes)

    def _fitting(self, made: Incident, wanted: t.Mapping[str, t.Any]) -> Incident:
        """Write the description again, shortened to the length that FortiAnalyzer stores. If FortiAnalyzer truncated
        the description, the note at its end is missing, and each run would add the note again."""
        changes = {"description": str(wanted["description"])}
        return self._warned(self._changed(made.incid, changes), changes)

    def _verified(self, incid: str, sent: t.Mapping[str, t.Any]) -> Incident:
        with _about(f"reading incident {incid} back", self._wanted):
            found = self._read(incid)
            if not found.is_named(self._wanted.name):
                raise NotVerified(
                    f"FortiAnalyzer stored the name {found.title!r:.80}, but {self._wanted.name!r} was sent",
                    next_step=LOOK,
                )
            wrong = differences(sent, found)
            if wrong:
                named = ", ".join(f"{name} is {word!r}, not {sent[name]!r}" for name, word in wrong.items())
                raise NotVerified(f"FortiAnalyzer accepted the change but stored other values: {named}", next_step=LOOK)
        return found

    def _warned(self, found: Incident, sent: t.Mapping[str, t.Any]) -> Incident:
        if "description" in sent and lines(sent["description"]) != found.description:
            self.warnings.append(
                f"FortiAnalyzer did not store the description of incident {found.incid} in ADOM {self._wanted.adom} as sent: it received "
                f"{counted(len(str(sent['description'])), 'character')} and stored {len(found.description)}. Check the description in FortiAnalyzer."
            )
        return found

    def _read(self, incid: str) -> Incident:
        for pause in (*READ_BACK_PAUSES, None):
            rows = incidents_in(self._call("get", one_params(self._wanted.adom, incid)))
            found = next((one for one in rows or () if one.incid == incid), None)
            if found is not None:
                return found
            if pause is not None:
                self._sleep(pause)
        raise NotVerified("FortiAnalyzer accepted the incident but does not list it", next_step=LOOK)

    def _all(self) -> list[Incident]:
        found: dict[str, Incident] = {}
        offset = 0
        for _page in range(MOST_PAGES):
            rows = incidents_in(self._call("get", page_params(self._wanted.adom, offset)))
            rows = rows or self._confirmed(offset, rows is not None)
            fresh = [one for one in rows if one.incid not in found]
            if rows and not fresh:
                raise Incomplete("FortiAnalyzer returned the same incidents again for a later page", next_step=NOT_MADE)
            found.update((one.incid, one) for one in fresh)
            offset += len(rows)
            if not rows or (len(rows) < PAGE_ROWS and not may_be_cut(len(rows))):
                return list(found.values())
        raise Incomplete(
            f"The ADOM has more than {offset} incidents, which this module cannot read", next_step=TOO_MANY
        )

    def _confirmed(self, offset: int, listed: bool) -> list[Incident]:
        """Confirm the end of the list by the number of incidents. If the number cannot be read, the page at this offset
        is read again, and its incidents are returned."""
        counted = self._counted()
        if counted == offset:
            return []
        if counted is not None:
            raise Incomplete(HIDDEN.format(counted, offset), next_step=NOT_MADE)
        rows = incidents_in(self._call("get", page_params(self._wanted.adom, offset))) if listed else None
        if rows is None:
            raise Incomplete(NOTHING, next_step=NOT_MADE)
        if not rows:
            self.warnings.append(UNCOUNTED.format(self._wanted.adom))
        return rows

    def _counted(self) -> t.Optional[int]:
        """The number of incidents in the ADOM. None if the number cannot be read or FortiAnalyzer does not support the
        path."""
        try:
            return counted_in(self._call("get", count_params(self._wanted.adom)))
        except ApiError as error:
            if error.reason != "path":
                raise
            return None

    def _said_yes(self, reply: Reply) -> None:
        if reply.empty:
            raise NotVerified("FortiAnalyzer replied without a result", next_step=LOOK)

    def _call(self, method: str, params: Data) -> Reply:
        for pause in PAUSES:
            try:
                return self._caller.call(method, params)
            except Throttled as error:
                # FortiAnalyzer did not process the request, so the request can be sent again.
                self._sleep(min(error.retry_after or pause, LONGEST_PAUSE))
        return self._caller.call(method, params)

    def mark_alerts(self, ids: t.Sequence[str], acknowledge: bool, comment: str) -> None:
        """Acknowledge and comment alerts. Raises FortiViewError."""
        place = f"/eventmgmt/adom/{self._wanted.adom}/alerts"
        params = {"apiver": API_VERSION, "alertid": list(ids), "update-by": self._wanted.reporter}
        if acknowledge:
            with _about("acknowledging alerts", self._wanted):
                self._said_yes(self._call("update", {"url": f"{place}/ack", **params}))
        if comment:
            with _about("commenting on alerts", self._wanted):
                self._said_yes(self._call("update", {"url": f"{place}/comment", **params, "comment": comment}))


@contextlib.contextmanager
def _about(doing: str, wanted: Wanted, categories: t.Sequence[str] = ()) -> t.Iterator[None]:
    """Add the operation to errors in this block. Errors about a missing permission, the path or a refused value also
    get the next step."""
    try:
        yield
    except FortiViewError as error:
        if isinstance(error, NotPermitted):
            error.next_step = " ".join(text for text in (RIGHTS, error.next_step) if text)
        elif isinstance(error, ApiError) and error.reason == "path":
            error.next_step = NO_PATH
        elif isinstance(error, ApiError) and error.reason == "value":
            error.next_step = _values(error.subject, categories)
        error.within(doing=doing, adom=wanted.adom)
        raise


def _values(option: str, categories: t.Sequence[str]) -> str:
    if option == "category":
        used = f" Incidents of this ADOM use {', '.join(categories)}." if categories else ""
        return (
            f"Set category to a value that this FortiAnalyzer accepts. Most FortiAnalyzers accept CAT1 to CAT6.{used}"
        )
    known = {"severity": dict.fromkeys(SEVERITIES.values()), "status": (*OPEN, *OVER)}.get(option, ())
    return f"This FortiAnalyzer does not accept the value of {option}. Set it to one of {', '.join(known)}."

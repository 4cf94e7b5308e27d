# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The incidents of one ADOM in memory, with faults in place of answers."""

from __future__ import annotations

import typing as t

from ansible_collections.secops.fortiview.plugins.module_utils._protocol.reply import Reply, decode
from ansible_collections.secops.fortiview.plugins.module_utils._query.incidents import Wanted
from ansible_collections.secops.fortiview.plugins.module_utils._tasks.incidents import Incidents

OK = {"code": 0, "message": "OK"}
NOW = 1_800_000_000.0
WANTED = Wanted(
    adom="root",
    name="SSH brute force",
    closed=False,
    status=None,
    severity="high",
    category=None,
    endpoint="10.0.0.1",
    description=None,
    note="",
    update="always",
    window=7 * 86400.0,
    reporter="ansible",
)
Row = dict[str, t.Any]


def listed(rows: t.Sequence[Row]) -> Reply:
    return decode({"result": {"status": OK, "data": list(rows)}})


NO_RESULT = decode({"jsonrpc": "2.0"})


class Store:
    """Keeps incidents. `faults` are answered, or raised, in place of the next calls of a method; None is no fault."""

    def __init__(self, *rows: Row, **faults: list[t.Any]) -> None:
        self.rows = list(rows)
        self.faults = faults
        self.calls: list[tuple[str, Row]] = []
        self.changed = lambda row: row
        self.slept: list[float] = []

    def call(self, method: str, params: t.Mapping[str, t.Any], give_up_at: t.Optional[float] = None) -> Reply:
        self.calls.append((method, dict(params)))
        fault = self.faults[method].pop(0) if self.faults.get(method) else None
        if fault is not None and not isinstance(fault, tuple):
            return self._raised(fault)
        if method == "get":
            return self._read(params)
        if method == "add":
            self.rows.append(self.changed({**params, "incid": f"IN{len(self.rows) + 1}"}))
            reply = decode({"result": {"status": OK, "incid": f"IN{len(self.rows)}"}})
        else:
            row = next(one for one in self.rows if one["incid"] == params["url"].rpartition("/")[2])
            row.update(self.changed({key: value for key, value in params.items() if key != "url"}))
            reply = listed([])
        # A tuple is a reply that is lost after the work was done.
        return self._raised(fault[0]) if isinstance(fault, tuple) else reply

    @staticmethod
    def _raised(fault: t.Any) -> Reply:
        if isinstance(fault, Exception):
            raise fault
        return t.cast(Reply, fault)

    def _read(self, params: t.Mapping[str, t.Any]) -> Reply:
        if params["url"].endswith("/count"):
            return listed([{"count": len(self.rows)}])
        if "incids" in params:
            return listed([row for row in self.rows if row["incid"] in params["incids"]])
        return listed(self.rows[params["offset"] : params["offset"] + params["limit"]])

    def incidents(self, wanted: Wanted = WANTED) -> Incidents:
        return Incidents(t.cast("t.Any", self), wanted, self.slept.append, NOW)

    @property
    def writes(self) -> int:
        return sum(method != "get" for method, dummy in self.calls)


def row(incid: str = "IN1", name: str = WANTED.name, **more: t.Any) -> Row:
    return {"incid": incid, "name": name, "status": "analysis", "severity": "high", "createtime": NOW - 60, **more}

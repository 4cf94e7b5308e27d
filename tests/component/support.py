# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The modules' own operations against a simulator, over TLS, on a clock that both share: no real second passes."""

from __future__ import annotations

import datetime as dt
import typing as t

from ansible_collections.secops.fortiview.plugins.module_utils._glue.arguments import (
    connection_arguments,
    many_arguments,
    on_error_arguments,
    result_arguments,
    sources_arguments,
)
from ansible_collections.secops.fortiview.plugins.module_utils._glue.operations import find, read, submit
from ansible_collections.secops.fortiview.plugins.module_utils._tasks.fortiview import Context

from simulators.fortianalyzer import FortiAnalyzer, ManualClock

# Tuesday noon in UTC; the day of the documentation's examples lies two days before.
START = dt.datetime(2025, 11, 11, 12, 0, tzinfo=dt.timezone.utc).timestamp()
DAY = {"start": "2025-11-10 00:00:00", "end": "2025-11-10 23:59:59"}


def defaults(arguments: t.Mapping[str, t.Any], **given: t.Any) -> dict[str, t.Any]:
    """The options of these argument specs as a task that sets none of them has them."""
    return {**{name: option.get("default") for name, option in arguments.items()}, **given}


CONNECTION = defaults(connection_arguments())
MANY = defaults({**many_arguments(), **on_error_arguments()})
READING = defaults(result_arguments()["argument_spec"])
HUNTING = defaults(sources_arguments()["argument_spec"], time_range={"last": "24h"})


class Client:
    """Calls faz_fortiview_task (`submit`, `ask`) and faz_fortiview_result (`read`) as a playbook would."""

    def __init__(self, faz: FortiAnalyzer, clock: ManualClock) -> None:
        self.faz = faz
        self.clock = clock
        self.slept = 0.0
        self.progress: list[str] = []
        self.context = Context(clock.now, self._sleep, self._now, self.progress.append)
        self.connection = dict(
            CONNECTION,
            host=faz.host,
            port=faz.port,
            ca_path=faz.ca_path,
            username=faz.username,
            password=faz.password,
        )

    def submit(self, **options: t.Any) -> dict[str, t.Any]:
        asked = {"adom": "root", "time_range": DAY, "queries": None, "wait": False, **MANY, **options}
        return submit({**self.connection, **asked}, self.context)

    def ask(self, **options: t.Any) -> dict[str, t.Any]:
        return self.submit(wait=True, **options)

    def read(self, **options: t.Any) -> dict[str, t.Any]:
        return read({**READING, **self.connection, **options}, self.context)

    def find(self, **options: t.Any) -> dict[str, t.Any]:
        return find({**HUNTING, **self.connection, **options}, self.context)

    def _sleep(self, seconds: float) -> None:
        self.slept += seconds
        self.clock.advance(seconds)

    def _now(self) -> dt.datetime:
        return dt.datetime.fromtimestamp(self.clock.now(), dt.timezone.utc)

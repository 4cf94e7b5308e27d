# pylint: disable=line-too-long,wrong-import-position
# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Watches FortiView rankings for new and worsened rows."""

from __future__ import annotations

import asyncio
import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

# ansible-rulebook runs this file by its path. The imports use full names, so that Python imports no file of another collection.
for folder in Path(__file__).absolute().parents:
    if folder.name == "ansible_collections" and str(folder.parent) not in sys.path:
        sys.path.append(str(folder.parent))

from ansible_collections.secops.fortiview.plugins.module_utils._glue.stopping import (  # noqa: E402
    take_signals_back,
)
from ansible_collections.secops.fortiview.plugins.module_utils._glue.watching import (  # noqa: E402
    Watcher,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ansible_collections.secops.fortiview.plugins.module_utils._glue.watching import (
        Round,
    )

DOCUMENTATION = r"""
---
short_description: Report new and worsened threats and sources from FortiView of FortiAnalyzer
description:
  - Polls one or more FortiView rankings. Reports each row when it first appears, and again when it has worsened.
  - An event has the keys C(kind), C(id), C(host), C(adom), C(view), C(name), C(row), C(key), C(masked_fields), C(previous),
    C(time_range), C(adoms) and C(adom_count).
  - C(kind) is V(new) or V(worsened). C(id) is the same if the source reports the same event again, even after a restart. C(host), C(adom), C(view) and
    C(name) identify the query that returned the row.
  - C(row) is the row with its counters as numbers, as M(secops.fortiview.faz_fortiview_result) returns it. C(key) contains the values
    of the columns that identify the row, as text. C(masked_fields) lists the columns in which FortiAnalyzer returned pseudonyms.
  - C(previous) contains the counters and the severity of the row when it was last reported. It is empty for a new row.
  - C(time_range) is the time range of the query, with C(start), C(end) and C(timezone).
  - C(adoms) lists the administrative domains in which this source has found the same row. C(adom_count) is the number of these domains.
  - Attackers choose the names of threats and hosts. Rulebooks pass events to playbooks as extra variables, which Ansible evaluates as
    templates. The source therefore inserts a space after the brace of each V({{), V({%) and V({#), and after the C(#) of each
    V(#jinja2:). It replaces control characters with V(?).
  - If FortiAnalyzer cannot be reached or its reply cannot be read, the source tries again. After each poll in
    which all queries fail, the source doubles the interval, up to 5 minutes. The next time range includes the
    time since the last result. If FortiAnalyzer refuses the login, the source ends at once, so that the
    administrator is not locked out. If FortiAnalyzer refuses a query that has never succeeded, the source
    also ends.
  - Events may repeat after a crash, and after a restart without O(state_file). The source does not report rows that appear and
    disappear between two polls, rows that rank below O(limit), or rows whose logs arrive later than O(overlap) and O(window) allow.
  - A row that was missing for longer than O(overlap) is new when it returns. A block should last longer than O(window) and
    O(overlap) together.
options:
  host:
    description:
      - Name or address of the FortiAnalyzer, without C(https://), port or path. Required.
      - If this option is not set, the environment variable E(FAZ_HOST) is used.
    type: str
  port:
    description:
      - HTTPS port of the administration interface of FortiAnalyzer.
      - If this option is not set, the environment variable E(FAZ_PORT) is used.
    type: int
    default: 443
  username:
    description:
      - 'Administrator for a session login before each poll. Set exactly one kind of credentials: O(username) with O(password),
        O(api_token), or O(forticloud_access_token).'
      - If this option is not set, the environment variable E(FAZ_USERNAME) is used.
    type: str
  password:
    description:
      - Password of O(username). If FortiAnalyzer refuses the password, the source ends and does not repeat the login.
      - If this option is not set, the environment variable E(FAZ_PASSWORD) is used.
    type: str
  api_token:
    description:
      - API key of a REST API administrator. The key is sent only in the HTTP header C(Authorization).
      - If this option is not set, the environment variable E(FAZ_API_TOKEN) is used.
    type: str
    aliases: [access_token]
  forticloud_access_token:
    description:
      - OAuth access token for a FortiAnalyzer Cloud instance. The source does not renew it.
      - If this option is not set, the environment variable E(FAZ_CLOUD_TOKEN) is used.
    type: str
  validate_certs:
    description:
      - Whether to verify the certificate of FortiAnalyzer.
      - If this option is not set, the environment variable E(FAZ_VALIDATE_CERTS) is used.
    type: bool
    default: true
  ca_path:
    description:
      - PEM file, or folder of PEM files, with the CA certificates to trust. Without this option, the certificates of the
        Python package C(certifi) are used. A folder must contain the hash names that C(openssl rehash) creates.
      - If this option is not set, the environment variable E(FAZ_CA_PATH) is used.
    type: path
  request_timeout:
    description:
      - Maximum time for one HTTP request, in seconds or with a unit, such as V(90s). When a rulebook ends, the source may
        need up to this time to stop.
      - If this option is not set, the environment variable E(FAZ_REQUEST_TIMEOUT) is used.
    type: str
    default: 30s
  proxy:
    description: URL of an HTTP proxy. Without this option, the environment variables E(HTTPS_PROXY), E(ALL_PROXY) and E(NO_PROXY)
      are used. Their names may be in upper or lower case.
    type: str
  view:
    description:
      - Name of the FortiView view, as in the request path, such as V(top-threats) or V(top-sources).
      - Required unless each entry of O(queries) has a view.
    type: str
  adom:
    description: Administrative domain, or a list of administrative domains. The source sends each query to each ADOM. V(all)
      is not supported.
    type: list
    elements: str
    default: [root]
    aliases: [adoms]
  name:
    description: Name of the query in events. It may contain letters, digits and underscores, and must not start with a
      digit. The default is the name of the view with V(_) instead of V(-). If default names are equal, the source adds
      the name of the ADOM or, in the same ADOM, a number.
    type: str
  device:
    description: Devices to query, as in M(secops.fortiview.faz_fortiview_task). The default is V(All_Devices).
    type: list
    elements: raw
  device_scope:
    description: Query one VDOM of one device instead of an ADOM, for the IOC drill-down views.
    type: dict
    suboptions:
      serial:
        description: Serial number of the device.
        type: str
        required: true
      vdom:
        description: VDOM of the device.
        type: str
        default: root
  filter:
    description: Filter in the syntax of FortiAnalyzer, such as V(srcip=="10.0.1.150" and sessions>100). Put text values
      in quotes.
    type: str
  limit:
    description:
      - Number of ranked rows to watch. It cannot be V(all).
      - The default is V(10) for V(top-sources), V(50) for V(top-threats) and V(100) for other views. V(ioc) has no default.
    type: raw
  sort_by:
    description:
      - 'The column to rank by and the order, such as V(bandwidth), V(bandwidth asc) or C({field: bandwidth, order: asc}).
        The default order is V(desc), which ranks the highest value first. FortiAnalyzer sorts by exactly one column, such
        as V(sessions), V(bandwidth), V(incidents) or V(threatweight).'
      - The default column depends on the view. It is V(sessions) for V(top-sources) and V(incidents) for V(top-threats).
        A view for which the collection has no default column is sorted only if this option is set.
    type: raw
  case_sensitive:
    description: Whether the comparison of values in O(filter) is case-sensitive.
    type: bool
    default: false
  queries:
    description: Several queries, with one login for each poll. Each entry accepts the options of a query, such as O(view),
      O(adom) and O(filter). Except for O(name), the options at the top level are the defaults for each entry.
    type: list
    elements: dict
    suboptions:
      view:
        description: See O(view).
        type: str
      adom:
        description: See O(adom).
        type: list
        elements: str
        aliases: [adoms]
      name:
        description: See O(name).
        type: str
      device:
        description: See O(device).
        type: list
        elements: raw
      device_scope:
        description: Query one VDOM of one device instead of an ADOM, for the IOC drill-down views.
        type: dict
        suboptions:
          serial:
            description: Serial number of the device.
            type: str
            required: true
          vdom:
            description: VDOM of the device.
            type: str
            default: root
      filter:
        description: See O(filter).
        type: str
      limit:
        description: See O(limit).
        type: raw
      sort_by:
        description: See O(sort_by).
        type: raw
      case_sensitive:
        description: See O(case_sensitive).
        type: bool
  wait_timeout:
    description: Maximum time for each query, from its submission to its last row, in seconds or with a unit, such as V(90s)
      or V(5m).
    type: str
    default: 5m
  max_concurrent:
    description: Maximum number of queries that run on FortiAnalyzer at once. The source lowers the number while FortiAnalyzer
      has no free slot.
    type: int
    default: 4
  interval:
    description: Time between two polls, in seconds or with a unit, such as V(90s). O(window) and O(overlap) accept the
      same formats.
    type: str
    default: 60s
  window:
    description: Length of the time range of each poll. After an outage, the range is longer, and includes the time since
      the last result, up to 30 days. The counters of a row are sums over this range.
    type: str
    default: 1h
  overlap:
    description:
      - Minimum time by which the time range of a query overlaps the time range of its last result, because logs may arrive
        late. This minimum has an effect only if O(window) is short or after an outage.
      - The option also sets the maximum time for which a row may be missing from the results without being reported as
        new when it returns.
    type: str
    default: 5m
  remember:
    description: Maximum number of rows that the source remembers. It cannot be less than the number of rows that one poll
      may return.
    type: int
    default: 10000
  initial:
    description:
      - Whether to report the rows of the first result of a query. Otherwise, the source only remembers these rows.
      - The option has no effect on a query whose last result is in O(state_file).
    type: bool
    default: false
  worsened_by:
    description:
      - Dictionary of columns and their minimum growth since the row was last reported, as a number or as a percentage.
        The source reports the row again if a column has grown by at least this value. V(100%) means that the value of the
        column has doubled. If the earlier value is 0, any growth is enough for a percentage.
      - A row whose severity has risen is always reported again.
    type: dict
    default:
      incidents: 100%
      detected: 100%
  key:
    description: Columns that identify a row. Required for views for which this collection has no default key columns.
    type: list
    elements: str
  never:
    description:
      - Exclusion list of addresses and networks that the actions of the rulebook must never block. The source ends before
        its first poll if the value is not a list of addresses and networks. V([]) states that no address is excluded.
      - In a rulebook that blocks addresses, set this option, and pass the same variable to the playbook. The rulebook then
        cannot run without an exclusion list. The option does not change which events are reported.
    type: list
    elements: str
  state_file:
    description:
      - File that stores the reported rows, so that the source does not report them again after a restart. Each source needs
        its own file. The folder of the file must exist.
      - The file has mode 0600 and contains no names of threats or hosts. The source writes the file after it has reported
        or removed rows, and when the source ends. It also writes the file if the newest result is newer than the last result
        in the file by more than O(overlap) and by more than a tenth of O(window).
      - The source writes in turn to this file and to a second file of the same name with C(~) added. It reads the newest
        complete file, so the earlier state is not lost if the source crashes during a write. To start without a state,
        delete the file in O(state_file).
      - After the first write, both files always exist. They can therefore be in the folder of the playbook, which C(run_playbook)
        copies.
    type: path
"""

EXAMPLES = r"""
- secops.fortiview.fortiview:
    host: faz.example.com
    username: "{{ FAZ_USERNAME }}"
    password: "{{ FAZ_PASSWORD }}"
    view: top-threats
    adoms: [root, Branch_Office]
    state_file: /var/lib/eda/threats.json

# The address and the credentials of FortiAnalyzer come from environment variables such as FAZ_HOST.
- secops.fortiview.fortiview:
    view: top-sources
    sort_by:
      - field: bandwidth
    interval: 300
    worsened_by:
      bandwidth: 200%
"""


async def main(queue: asyncio.Queue[Any], args: Mapping[str, Any]) -> None:
    """Poll FortiAnalyzer until the task is cancelled. Raises FortiViewError for invalid options and for errors that a retry cannot solve."""
    given = {name: value for name, value in args.items() if name != "eda_feedback_queue"}
    watcher = Watcher(given, logging.getLogger("secops.fortiview.eda").warning)
    take_signals_back(asyncio.get_running_loop())
    try:
        while True:
            this = await _stoppable(watcher.poll, watcher.stop)
            await _report(queue, watcher, this)
            await asyncio.to_thread(watcher.save)
            await asyncio.sleep(watcher.pause)
    finally:
        # The task was probably cancelled. Save the reported rows, so that the next start does not report them again.
        watcher.end()


async def _report(queue: asyncio.Queue[Any], watcher: Watcher, this: Round) -> None:
    for finding in this.findings:
        await queue.put(finding.event)
        watcher.reported(finding)
        await asyncio.sleep(0)
    watcher.ended(this)


async def _stoppable(work: Callable[[], Round], stop: Callable[[], None]) -> Round:
    """Run `work` in a thread. If the caller is cancelled, call `stop` and wait until `work` has logged out."""
    running = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        stop()
        await asyncio.wait([running])
        # Retrieve the exception, because asyncio logs exceptions that were never retrieved.
        running.exception()
        raise

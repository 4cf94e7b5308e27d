# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of query_arguments(). Written by tools/option_documentation.py from the texts in tools/option_texts.yml."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  view:
    description:
      - Name of the FortiView view, as in the request path. Any view of FortiAnalyzer can be queried. The available views
        depend on the release.
      - The following views have a default sort column - V(top-threats), V(threat-src-dst), V(source-threat), V(destination-threat),
        V(threat-website), V(threat-line), V(src-dst-threat-line), V(top-sources), V(top-destinations), V(top-applications),
        V(top-cloud-applications), V(top-websites), V(website-domain), V(source-website), V(top-countries), V(policy-hits),
        V(failed-authentication-attempts), V(admin-logins), V(threat-detect-summary), V(threat-detect-drilldown-blacklist),
        V(threat-detect-drilldown-crowdsrcing) and V(threat-rescan-drilldown-blacklist).
      - V(ioc) selects the documented IOC analysis. The module then queries the view V(top-threats) without a limit and
        without a sort column.
      - Required unless each entry of O(queries) has a view.
    type: str
  adom:
    description:
      - Administrative domain, or a list of administrative domains. The module sends each query to each ADOM. V(all) selects
        the enabled ADOMs for FortiGates that the administrator may access. The administrator then needs read rights on
        Device Manager.
      - If a query is sent to several ADOMs, the name of the ADOM is added to O(name).
    type: list
    elements: str
    default: [root]
    aliases: [adoms]
  name:
    description:
      - Name of the result. It may contain letters, digits and underscores, and must not start with a digit. The name of
        the fact is C(fortiview_<name>).
      - The default is the name of the view with V(_) instead of V(-). If default names are equal, the module adds the name
        of the ADOM or, in the same ADOM, a number.
    type: str
  device:
    description:
      - Devices to query. Each entry is a keyword such as V(All_Devices), a serial number, a device name, or a dictionary
        that is sent unchanged. A VDOM in brackets may follow a serial number or a name. The default is V(All_Devices).
        An empty list is refused. Keywords and serial numbers may be in upper or lower case.
      - FortiAnalyzer expects serial numbers and names under different keys, and returns no rows for a value under the wrong
        key. Text that looks like a serial number is sent as a serial number. If a device has no rows, the module also queries
        it under the other key. A warning names the device.
      - For a device that is not in the ADOM, FortiAnalyzer returns no rows instead of an error.
      - The value is a list or text. The text can be JSON, YAML, or entries separated by commas, semicolons or line ends.
        The module refuses ambiguous text. Every list option of this collection accepts such text.
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
      - Maximum number of ranked rows, or V(all). More than 1000 rows are read in pages.
      - With V(all), the query fails if its ranking cannot be read to the end.
      - The default is V(10) for V(top-sources), V(50) for V(top-threats) and V(100) for other views. V(ioc) has no default.
      - Without a limit, FortiAnalyzer applies its own limit, which depends on the release. If the number of returned rows
        may be equal to this limit, the module requests further rows. If FortiAnalyzer returns the same rows again, the
        result is marked as not complete.
    type: raw
  offset:
    description: Number of rows to skip at the top of the ranking.
    type: int
  sort_by:
    description:
      - 'The column to rank by and the order, such as V(bandwidth), V(bandwidth asc) or C({field: bandwidth, order: asc}).
        The default order is V(desc), which ranks the highest value first. FortiAnalyzer sorts by exactly one column, such
        as V(sessions), V(bandwidth), V(incidents) or V(threatweight).'
      - The default column depends on the view. It is V(sessions) for V(top-sources) and V(incidents) for V(top-threats).
        A view for which the collection has no default column is sorted only if this option is set.
    type: raw
  time_range:
    description:
      - Time range of the query, as text or as a dictionary in one of the following formats. Required at the top level or
        in each entry of O(queries).
      - 'V(24h) and C({last: 24h}) are the 24 hours before now. A duration is a number with V(s), V(m), V(h), V(d) or V(w).
        C(ago) is the duration from the end of the range to now. For example, the range C({last: 24h, ago: 24h}) ends 24
        hours ago.'
      - V(2025-11-10) is one day. V(2025-11-10/2025-11-12) and V(2025-11-10 14:30/2025-11-10 15:30) are ranges from a start
        to an end.
      - C(start) and C(end) accept V(YYYY-MM-DD), V(YYYY-MM-DD HH:MM), V(YYYY-MM-DD HH:MM:SS) or RFC 3339. A time without
        an offset is in O(timezone). If the end is a date, the range includes that day.
      - 'C(around) is a date with a time in one of these formats. C(before) is the duration from the start of the range
        to this time, and C(after) is the duration from this time to the end of the range. The default of both is V(30m).
        An example is C({around: "2025-11-10 14:30", before: 1h}).'
      - C(last-n-hours) or C(last-n-days) is the number of hours or days in a range that ends now.
      - 'C(by) divides a range with C(last) into 2 to 100 equal parts, as in C({last: 7d, by: 1d}). Each part is a separate
        query. The name of the query ends with the time since the end of the part, such as C(_6d_ago), or with C(_now) if
        the part ends now.'
      - If the end is after the current time of FortiAnalyzer's clock, the module uses the current time as the end, and
        adds a warning.
      - If a relative range, such as V(24h), returns no rows and starts after the newest log of the ADOM, a warning shows
        the time of this log. This check needs one or two further requests for each ADOM.
    type: raw
  timezone:
    description: Time zone for times without an offset, as an IANA name. The default is the time zone of the ADOM or of
      FortiAnalyzer.
    type: str
  case_sensitive:
    description: Whether the comparison of values in O(filter) is case-sensitive.
    type: bool
    default: false
  queries:
    description: Queries that the module runs in one Ansible task and over one session, as a list or its JSON text. Each
      entry accepts the other options of a query, such as O(view) and O(time_range). Except for O(name), the options at
      the top level are the defaults for each entry.
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
      offset:
        description: See O(offset).
        type: int
      sort_by:
        description: See O(sort_by).
        type: raw
      time_range:
        description: See O(time_range).
        type: raw
      timezone:
        description: See O(timezone).
        type: str
      case_sensitive:
        description: See O(case_sensitive).
        type: bool
"""

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
      - FortiView view, by its name in the request path. Any view name of FortiAnalyzer works. The available views depend
        on the release.
      - The collection has defaults for V(top-threats), V(threat-src-dst), V(source-threat), V(destination-threat), V(threat-website),
        V(threat-line), V(src-dst-threat-line), V(top-sources), V(top-destinations), V(top-applications), V(top-cloud-applications),
        V(top-websites), V(website-domain), V(source-website), V(top-countries), V(policy-hits), V(failed-authentication-attempts),
        V(admin-logins), V(threat-detect-summary), V(threat-detect-drilldown-blacklist), V(threat-detect-drilldown-crowdsrcing),
        V(threat-rescan-drilldown-blacklist), V(sdwan-dev-stats), V(sdwan-intf-bandwidth-line), V(sdwan-summary-user-view)
        and V(sdwan-summary-app-view).
      - V(ioc) is the documented IOC analysis, which is the view V(top-threats) without a limit and without a sort column.
      - Required unless each entry of O(queries) has a view.
    type: str
  adom:
    description:
      - Administrative domain, or a list of several. The query is sent to each of them. V(all) selects the ADOMs of FortiGates
        that the administrator may see, which needs read rights on the Device Manager.
      - If there are several, the name of the ADOM is added to O(name).
    type: list
    elements: str
    default: [root]
    aliases: [adoms]
  name:
    description:
      - Name of the result, and of the fact C(fortiview_<name>). Letters, digits and underscores.
      - The default is the view with V(-) as V(_). If several queries have the same view, the ADOM is added.
    type: str
  device:
    description:
      - Devices to query. Each entry is V(All_Devices), another V(All_...) keyword, a serial number, a device name, either
        of them with a VDOM in brackets, or a dictionary that is sent unchanged. The default is V(All_Devices). An empty
        list is refused. Keywords and serial numbers may be in upper or lower case.
      - FortiAnalyzer identifies a device by its serial number or by its name, and returns no rows for the wrong one. Text
        that looks like a serial number is sent as a serial number. If a device has no rows, the module queries it once
        more under the other identifier, and a warning names the device.
      - FortiAnalyzer returns no rows instead of an error for a device that the ADOM does not have.
      - A list, or its text (JSON, YAML, or with commas, semicolons or line ends). Ambiguous text is refused. The same applies
        to every list of this collection.
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
    description: Filter in the syntax of FortiAnalyzer, such as V(srcip=="10.0.1.150" and sessions>100). Put values in quotes.
    type: str
  limit:
    description:
      - Number of ranked rows, or V(all). More than 1000 rows are read in pages.
      - With V(all), a ranking that cannot be read to its end is an error.
      - The default is V(10) for V(top-sources), V(50) for V(top-threats), none for V(ioc), and V(100) for other views.
      - Without a limit, FortiAnalyzer applies its own limit, which depends on the release. If the number of rows may be
        such a limit, the module reads further rows. If they cannot be read, the result is marked as not complete.
    type: raw
  offset:
    description: Number of ranked rows to skip at the start.
    type: int
  sort_by:
    description:
      - 'The column to rank by and the order, such as V(bandwidth), V(bandwidth asc) or C({field: bandwidth, order: asc}).
        Without an order the top of the ranking is first (V(desc)). FortiAnalyzer sorts by exactly one column, such as V(sessions),
        V(bandwidth), V(incidents) or V(threatweight).'
      - The default depends on the view, V(sessions) for V(top-sources) and V(incidents) for V(top-threats). A view that
        the collection does not know is sorted only on request.
    type: raw
  time_range:
    description:
      - Required at the top level or in each entry of O(queries). Text or a dictionary in one of these formats.
      - 'V(24h), or C({last: 24h}), a number with V(s), V(m), V(h), V(d) or V(w), up to now. With C(ago) it ends that long
        ago, so C({last: 24h, ago: 24h}) is the day before.'
      - V(2025-11-10) is one day. V(2025-11-10/2025-11-12) and V(2025-11-10 14:30/2025-11-10 15:30) are a start and an end.
      - C(start) and C(end), each V(YYYY-MM-DD), V(YYYY-MM-DD HH:MM), V(YYYY-MM-DD HH:MM:SS) or RFC 3339. Without an offset
        they are in O(timezone), or in FortiAnalyzer's time zone. If the end is a date, the range includes that day.
      - 'C(around), a time in the same formats, with C(before) and C(after), which are V(30m) by default, as in C({around:
        "2025-11-10 14:30", before: 1h}).'
      - C(last-n-hours) or C(last-n-days), a number.
      - 'C(by) divides a range with C(last) into equal parts, each of which is a separate query, as in C({last: 7d, by:
        1d}). The name of a part ends in the time since its end, such as C(_6d_ago), the last one in C(_now).'
      - No range ends after the present time of FortiAnalyzer's clock. A later end is moved back to it, with a warning.
      - If a range with C(last), C(last-n-hours) or C(last-n-days), also as V(24h), gives no rows and lies after the newest
        log of the ADOM, a warning shows the time of that log. This needs one or two further requests for each ADOM.
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
    description: Several queries in one task over one session, as a list or its JSON text. Each entry takes the options
      above. The options at the top level are the defaults for an entry.
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

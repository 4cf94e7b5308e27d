#!/usr/bin/python

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: faz_devices_info
short_description: List the devices of a FortiAnalyzer
version_added: 1.0.0
author:
  - secops.fortiview contributors (@secops)
description:
  - Lists devices with their serial number, address, release, members of an HA cluster, VDOMs and device groups.
  - The module fails if it cannot read the complete list.
  - Credentials that FortiAnalyzer stores for its devices are neither requested nor returned.
extends_documentation_fragment:
  - secops.fortiview.connection
  - secops.fortiview.httpapi
  - secops.fortiview.devices
  - secops.fortiview.attributes
  - secops.fortiview.attributes.actiongroup_fortiview
  - secops.fortiview.attributes.idempotent_list
requirements:
  - python >= 3.9 on the machine that runs the module, which is the controller unless the task is delegated
  - requests
notes:
  - The administrator needs read rights on Device Manager, and C(rpc-permit read).
seealso:
  - module: secops.fortiview.faz_adoms_info
  - plugin: secops.fortiview.fortianalyzer
    plugin_type: inventory
"""

EXAMPLES = r"""
- name: List the devices of all ADOMs
  secops.fortiview.faz_devices_info:
    host: faz.example.com
    api_token: "{{ vault_faz_api_token }}"
  register: all_adoms

- name: List the devices of two ADOMs, without a request for device groups
  secops.fortiview.faz_devices_info:
    adoms: [Branch_Office, Data_Center]
    device_groups: false
  register: listed

- name: Show the serial numbers of all members of HA clusters
  ansible.builtin.debug:
    msg: "{{ all_adoms.devices | map(attribute='ha_members') | flatten | map(attribute='serial') }}"
"""

RETURN = r"""
devices:
  description:
    - One entry for each device and ADOM. A FortiGate whose VDOMs are in several ADOMs has an entry for each of these
      ADOMs, with the VDOMs that are in the ADOM.
    - Names come from the devices. They are returned unchanged and are not evaluated as templates.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Name of the device in FortiAnalyzer.
      type: str
      sample: fgt-hq
    serial:
      description: Serial number of the device, or of the primary member of a cluster.
      type: str
      sample: FG100FTK20000001
    adom:
      description: ADOM that contains the device.
      type: str
      sample: root
    hostname:
      description: Host name that the device reports.
      type: str
      sample: fgt-hq
    address:
      description:
        - Address of the device, as FortiAnalyzer recorded it. There may be NAT between the device and FortiAnalyzer.
        - V(null) if FortiAnalyzer has no usable address.
      type: str
      sample: 192.0.2.1
    platform:
      description: Model of the device.
      type: str
      sample: FortiGate-100F
    version:
      description: Release of the device. Empty if FortiAnalyzer does not report it.
      type: str
      sample: 7.4.5
    build:
      description: Build number. V(null) if FortiAnalyzer does not report it.
      type: int
      sample: 2702
    fortigate:
      description: Whether the device runs FortiOS. V(null) if FortiAnalyzer reports neither the operating system nor
        the model.
      type: bool
      sample: true
    registered:
      description:
        - Whether an administrator has accepted the device. Any sender of logs can appear as an unregistered device
          with any name.
        - V(null) if FortiAnalyzer does not report a known state.
      type: bool
      sample: true
    connection:
      description: State of the connection, which is V(up), V(down) or V(unknown). FortiAnalyzer often reports V(unknown)
        although the device sends its logs.
      type: str
      sample: unknown
    ha_mode:
      description: V(standalone), or the mode of the cluster, such as V(AP) (active-passive) or V(AA) (active-active).
      type: str
      sample: AP
    ha_members:
      description: Members of the cluster. Empty for a single device.
      type: list
      elements: dict
      contains:
        name:
          description: Name of the member.
          type: str
          sample: fgt-hq-2
        serial:
          description: Serial number of the member.
          type: str
          sample: FG100FTK20000003
        role:
          description: V(primary), V(secondary) or V(unknown).
          type: str
          sample: secondary
    vdoms:
      description: Names of the VDOMs of this device in this ADOM.
      type: list
      elements: str
      sample: [root, guest]
    device_groups:
      description: Names of the device groups of this ADOM that contain the device, directly or in nested groups.
      type: list
      elements: str
      sample: [All_FortiGate, branches]
error:
  description: Details of the error. See M(secops.fortiview.faz_fortiview_task).
  returned: failure
  type: dict
"""

from ansible_collections.secops.fortiview.plugins.module_utils._oldest_python import check_python


def main():
    # type: () -> None
    check_python()
    from ansible_collections.secops.fortiview.plugins.module_utils._glue.arguments import devices_info_arguments
    from ansible_collections.secops.fortiview.plugins.module_utils._glue.device_manager import list_devices
    from ansible_collections.secops.fortiview.plugins.module_utils._glue.module import run_module

    run_module(devices_info_arguments(), list_devices)


if __name__ == "__main__":
    main()

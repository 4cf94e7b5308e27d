#!/usr/bin/python

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: faz_adoms_info
short_description: List the ADOMs of a FortiAnalyzer
version_added: 1.0.0
author:
  - secops.fortiview contributors (@secops)
description:
  - Lists the administrative domains that the administrator may access, with their release and products.
  - The module fails if it cannot read the complete list.
extends_documentation_fragment:
  - secops.fortiview.connection
  - secops.fortiview.httpapi
  - secops.fortiview.attributes
  - secops.fortiview.attributes.actiongroup_fortiview
  - secops.fortiview.attributes.idempotent_list
requirements:
  - python >= 3.9 on the machine that runs the module, which is the controller unless the task is delegated
  - requests
notes:
  - The administrator needs read rights on Device Manager, and C(rpc-permit read).
seealso:
  - module: secops.fortiview.faz_devices_info
  - module: secops.fortiview.faz_fortiview_task
"""

EXAMPLES = r"""
- name: List the ADOMs
  secops.fortiview.faz_adoms_info:
    host: faz.example.com
    api_token: "{{ vault_faz_api_token }}"
  register: listed

- name: Show the names of the ADOMs
  ansible.builtin.debug:
    msg: "{{ listed.adoms | map(attribute='name') }}"

- name: List the devices of the enabled ADOMs
  secops.fortiview.faz_devices_info:
    host: faz.example.com
    api_token: "{{ vault_faz_api_token }}"
    adoms: "{{ listed.adoms | selectattr('enabled') | map(attribute='name') }}"
"""

RETURN = r"""
adoms:
  description: One entry for each ADOM.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Name of the ADOM.
      type: str
      sample: root
    enabled:
      description: Whether the ADOM is enabled. V(null) if FortiAnalyzer does not report a known state.
      type: bool
      sample: true
    products:
      description: Products of the ADOM, as FortiAnalyzer reports them. The value is text with names such as V(fos), a list of names, or a number.
      type: raw
      sample: fos
    version:
      description: Release of the ADOM. Empty if FortiAnalyzer does not report it.
      type: str
      sample: "7.6"
    uuid:
      description: Unique id of the ADOM.
      type: str
      sample: 6a8f1c9e-2b1d-51ee-b7a4-0f2f6d1c3e55
error:
  description: Details of the error. See M(secops.fortiview.faz_fortiview_task).
  returned: failure
  type: dict
"""

from ansible_collections.secops.fortiview.plugins.module_utils._oldest_python import check_python


def main():
    # type: () -> None
    check_python()
    from ansible_collections.secops.fortiview.plugins.module_utils._glue.arguments import adoms_info_arguments
    from ansible_collections.secops.fortiview.plugins.module_utils._glue.device_manager import list_adoms
    from ansible_collections.secops.fortiview.plugins.module_utils._glue.module import run_module

    run_module(adoms_info_arguments(), list_adoms)


if __name__ == "__main__":
    main()

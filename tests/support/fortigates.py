# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Inventories of simulated FortiGates, with every line that the official connection needs."""

from __future__ import annotations

import typing as t

from simulators.fortigate import FortiGate

Data = dict[str, t.Any]

CONNECTION: Data = {
    "ansible_connection": "ansible.netcommon.httpapi",
    "ansible_network_os": "fortinet.fortios.fortios",
    "ansible_httpapi_use_ssl": True,
    "ansible_httpapi_validate_certs": True,
    "ansible_httpapi_use_proxy": False,
    "ansible_user": "",
    "ansible_command_timeout": 60,
}


def inventory(fortigates: t.Mapping[str, FortiGate], group: str = "fortigates", **variables: t.Any) -> Data:
    """localhost and a group of these FortiGates by host name; `variables` are those of the group."""
    return {
        "all": {
            "hosts": {"localhost": {"ansible_connection": "local"}},
            "vars": {"ansible_python_interpreter": "{{ ansible_playbook_python }}"},
            "children": {
                group: {
                    "hosts": {name: _host(fortigate) for name, fortigate in fortigates.items()},
                    "vars": {**CONNECTION, **variables},
                }
            },
        }
    }


def _host(fortigate: FortiGate) -> Data:
    return {
        "ansible_host": fortigate.host,
        "ansible_httpapi_port": fortigate.port,
        # FortiGates behind one address would get each other's calls.
        "ansible_port": fortigate.port,
        "ansible_httpapi_ca_path": fortigate.ca_path,
        "fortigate_token": fortigate.token,
    }

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""FortiGates that FortiAnalyzer knows, as an inventory and as results of modules. Each run checks much, because each start costs."""

from __future__ import annotations

import re
import subprocess
import typing as t

from simulators.fortianalyzer import FortiAnalyzer
from simulators.fortianalyzer.device_manager import DEVICE_PASSWORD, DEVICE_USER
from simulators.fortianalyzer.managed import HOSTILE_NAMES
from support.playbooks import Controller

PLUGIN = "plugin: secops.fortiview.fortianalyzer\n"
CLUSTER = ["FG100FTK20000001", "FG100FTK20000003"]
OPTIONS = """
host: "{{ faz_address }}"
cache: true
cache_plugin: ansible.builtin.jsonfile
cache_connection: cache
groups:
  clusters: fortianalyzer_serials | length > 1
keyed_groups:
  - prefix: named
    key: fortianalyzer_name
compose:
  fortigate_block_vdoms: fortianalyzer_vdoms
password: !vault |
"""


COMPOSED = """
compose:
  composed: fortianalyzer_name
keyed_groups:
  - prefix: named
    key: fortianalyzer_name
"""


def vaulted(controller: Controller, text: str) -> str:
    """The text encrypted by ansible-vault, as the lines of a block in YAML."""
    controller.write("vault-password", "correct horse")
    plain = controller.write("plain", text)
    command = ["ansible-vault", "encrypt", "--vault-password-file", "vault-password", str(plain)]
    subprocess.run(command, cwd=controller.folder, check=True, capture_output=True)
    encrypted = plain.read_text()
    plain.unlink()
    return "".join(f"  {line}\n" for line in encrypted.splitlines())


def test_hosts_groups_and_cache(controller: Controller, faz: FortiAnalyzer) -> None:
    faz.switches.update({"ha_pair": True, "ha_members_listed": True, "split_vdoms": True, "unregistered_devices": True})
    source = controller.write("hq.fortianalyzer.yml", PLUGIN + OPTIONS + vaulted(controller, faz.password))
    arguments = ["--vault-password-file", "vault-password", "-e", f"faz_address={faz.host}"]
    environment = {"FAZ_HOST": "", "FAZ_PASSWORD": ""}
    found = controller.inventory(source, arguments=arguments, **environment)
    assert found.code == 0 and not found.said, found.said

    # Neither the FortiProxy, nor the second member of the cluster, nor the device that nobody has accepted.
    everything = found.hosts("fortigates")
    assert everything == sorted({device.name for device in faz.devices if device.make == "FortiGate"})
    assert found.hosts("adom_root") == found.hosts("device_group_headquarters") == ["fgt-dmz", "fgt-hq"]
    assert found.hosts("device_group_edge") == ["fgt-dmz"]
    assert found.hosts("adom_Branch_Office") == ["fgt-branch", "fgt-dmz"]
    assert found.hosts("platform_FortiGate_60F") == ["fgt-branch"]
    assert found.hosts("version_7_4") == found.hosts("version_7_4_5") == everything
    assert found.hosts("clusters") == found.hosts("named_fgt_hq") == ["fgt-hq"]

    cluster, split = found.variables["fgt-hq"], found.variables["fgt-dmz"]
    assert cluster["fortianalyzer_serial"] == CLUSTER[0]
    assert cluster["fortianalyzer_serials"] == CLUSTER
    assert cluster["fortigate_block_known_as"] == [*CLUSTER, "fgt-hq"]
    assert split["fortianalyzer_adoms"] == ["root", "Branch_Office"]
    assert split["fortianalyzer_vdoms"] == split["fortigate_block_vdoms"] == ["root", "guest"]
    connection = {key: value for key, value in cluster.items() if key.startswith("ansible_")}
    assert connection.pop("ansible_host").startswith("10.1.0.")
    assert connection["ansible_connection"] == "ansible.netcommon.httpapi" and connection["ansible_user"] == ""
    assert connection["ansible_httpapi_use_ssl"] is connection["ansible_httpapi_validate_certs"] is True

    (cached,) = (controller.folder / "cache").iterdir()
    for secret in (faz.password, DEVICE_PASSWORD, DEVICE_USER):
        assert secret not in cached.read_text() + str(found)

    requests = len(faz.journal)
    again = controller.inventory(source, arguments=arguments, **environment)
    assert (again.groups, again.variables) == (found.groups, found.variables)
    assert len(faz.journal) == requests
    # ansible-inventory of core 2.16 has no such option.
    play = [{"hosts": "fgt-hq", "gather_facts": False, "tasks": []}]
    assert controller.play(play, "-i", str(source), *arguments, "--flush-cache", **environment).code == 0
    assert len(faz.journal) > requests


def test_hostile_names_and_other_sources(controller: Controller, faz: FortiAnalyzer) -> None:
    faz.switches.hostile_devices = True
    controller.write(
        "sources/a.yml",
        {
            "web": {"hosts": {"fgt-dc": {"ansible_host": "192.0.2.80"}}},
            "fgt-kvm": {"hosts": {}},
            "fortigates": {"hosts": {"fgt-dmz": {"ansible_host": "192.0.2.9"}}, "vars": {"ansible_connect_timeout": 7}},
        },
    )
    controller.write("sources/b.fortianalyzer.yml", PLUGIN + COMPOSED)
    # Before core 2.19, Ansible evaluates the text of each of these where it is not marked.
    texts = [
        "{{ inventory_hostname }}",
        "{{ fortianalyzer_name }}",
        "{{ fortigate_block_known_as[1] }}",
        "{{ composed }}",
    ]
    show = {
        "name": "Show",
        "ansible.builtin.debug": {"msg": [*texts, "{{ hostvars[inventory_hostname] }}", "{{ groups.keys() | list }}"]},
        "vars": {"ansible_connection": "local"},
    }
    run = controller.play(
        [{"hosts": "fortigates", "gather_facts": False, "tasks": [show]}], "-i", str(controller.folder / "sources")
    )
    assert run.code == 0, run.output
    assert not list(controller.folder.rglob("evaluated")) and "template" not in run.output.lower()
    shown = {one.host: one.result["msg"] for one in run.results if one.task == "Show"}
    assert all(host == message[0] for host, message in shown.items())
    names = {message[1]: host for host, message in shown.items()}
    assert set(HOSTILE_NAMES) <= set(names)
    assert all(message[1] == message[2] == message[3] for message in shown.values())
    assert all(re.fullmatch(r"\w+|fgt-kvm", group) for group in shown["fgt-dmz"][5])
    assert len(shown) == len(faz.devices) + len(HOSTILE_NAMES) - 1
    # A host of another kind is left alone, and so is a name that a group has.
    assert "fgt-dc" not in shown and names["fgt-dc"] == "fgt-dc_FG200FTK20000004"
    assert names["fgt-kvm"] == "fgt-kvm_FGT3HDQ000000001"
    variables = shown["fgt-dmz"][4]
    assert variables["ansible_host"] == "192.0.2.9" and variables["ansible_connect_timeout"] == 7
    assert variables["ansible_httpapi_validate_certs"] is True


def test_what_is_wrong_is_said(controller: Controller, faz: FortiAnalyzer) -> None:
    wrong: dict[str, t.Any] = {
        "misspelt": (
            "device_group: false\n",
            "device_group is not an option of secops.fortiview.fortianalyzer. Did you mean device_groups?",
        ),
        "both": ("adoms: [root]\nadom: root\n", "parameters are mutually exclusive: adoms|adom"),
        "type": ("port: https\n", "https"),
        "ways": ("api_token: t0ps3cret\n", "api_token"),
        "elsewhere": ("adoms: [Elsewhere]\n", "Listing devices of ADOM Elsewhere on"),
        "password": ("password: wr0ng-one\n", "Logging in"),
        "untrusted": ("ca_path: other.pem\n", "certificate"),
    }
    controller.write("other.pem", "no certificate")
    sources = [controller.write(f"{name}.fortianalyzer.yml", PLUGIN + text) for name, (text, _said) in wrong.items()]
    found = controller.inventory(*sources)
    assert {name: found.said for name, (_text, said) in wrong.items() if said not in found.said} == {}
    assert "t0ps3cret" not in found.said and "wr0ng-one" not in found.said and faz.password not in found.said
    assert not found.hosts("fortigates")
    assert controller.inventory(sources[0], ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED="true").code


def test_modules(controller: Controller, faz: FortiAnalyzer) -> None:
    run = controller.play(
        [
            {
                "hosts": "localhost",
                "gather_facts": False,
                "module_defaults": {"group/secops.fortiview.fortiview": {"validate_certs": True, "host": faz.host}},
                "tasks": [
                    {"name": "ADOMs", "secops.fortiview.faz_adoms_info": {}, "register": "listed"},
                    {
                        "name": "Devices",
                        "secops.fortiview.faz_devices_info": {
                            "adoms": "{{ listed.adoms | selectattr('enabled') | map(attribute='name') }}"
                        },
                        "check_mode": True,
                    },
                    # In a module process.
                    {
                        "name": "Module",
                        "secops.fortiview.faz_devices_info": {"adom": "root", "device_groups": False},
                        "async": 60,
                        "poll": 1,
                    },
                    {
                        "name": "Refused",
                        "secops.fortiview.faz_devices_info": {"adoms": ["Elsewhere"]},
                        "ignore_errors": True,
                    },
                ],
            }
        ]
    )
    assert run.code == 0, run.output
    assert len(run.of("Devices")["devices"]) == len(faz.devices)
    assert [device["name"] for device in run.of("Module")["devices"]] == ["fgt-hq", "fgt-dmz"]
    assert run.of("Refused")["error"]["adom"] == "Elsewhere"
    assert not any(one.result.get("changed") for one in run.results if one.task != "Module")
    assert DEVICE_PASSWORD not in run.output + str(run.results) and DEVICE_USER not in str(run.of("Module")["devices"])

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Adds the registered FortiGates of a FortiAnalyzer as hosts."""

from __future__ import annotations

DOCUMENTATION = r"""
name: fortianalyzer
short_description: Add the FortiGates of a FortiAnalyzer as inventory hosts
version_added: 1.0.0
author:
  - secops.fortiview contributors (@secops)
description:
  - Adds a host for each registered FortiGate of FortiAnalyzer. The members of an HA cluster become one host, and so does a FortiGate whose
    VDOMs are in several ADOMs.
  - All hosts are in the group C(fortigates), which the playbooks of this collection use, and in groups by ADOM (C(adom_root)), model
    (C(platform_FortiGate_100F)), release (C(version_7_4_5), which is in C(version_7_4)) and device group
    (C(device_group_branches)). In these names, underscores replace all characters other than letters, digits and underscores.
  - The name of the inventory file must end in C(fortianalyzer.yml) or C(fortianalyzer.yaml).
  - Each host has the variables C(fortianalyzer_serial), C(fortianalyzer_serials) (the serial numbers of all members of an HA cluster, or the serial
    number of a single device), C(fortianalyzer_adom), C(fortianalyzer_adoms), C(fortianalyzer_name), C(fortianalyzer_vdoms),
    C(fortianalyzer_platform), C(fortianalyzer_version), C(fortianalyzer_device_groups), C(fortianalyzer_connection) (V(up), V(down) or V(unknown)),
    and C(ansible_host) if FortiAnalyzer has an address.
  - The variable C(fortigate_block_known_as) of each host contains the serial numbers of the host and its name in FortiAnalyzer. With
    C(fortigate_block_where=seen), the role P(secops.fortiview.fortigate_block#role) uses this variable to find the FortiGates that logged an
    offender.
  - The group C(fortigates) has the variables for a connection with P(ansible.netcommon.httpapi#connection). The connection uses HTTPS to port
    443, verified certificates and no user name. C(group_vars), and variables of the group from an earlier inventory source, have precedence.
  - Devices that no administrator has accepted do not become hosts, because any sender of logs can appear as a device with any name. If
    FortiAnalyzer reports neither the model nor the operating system of an accepted device, the device becomes a host, and the plugin adds a warning.
  - If the list of devices cannot be read completely, the plugin fails and adds no hosts. Credentials that FortiAnalyzer stores for its devices are
    neither requested nor stored.
notes:
  - Names come from devices. In a host name, every character other than letters, digits, dots, hyphens and underscores is replaced.
    If another device, a group or a different host already has the name, the serial number is added. The original
    name is in C(fortianalyzer_name), and is not evaluated as a template.
  - A host with the same name from an earlier inventory source is treated as the same host if it is in the group C(fortigates). The plugin does
    not change C(ansible_host) and C(fortigate_block_known_as) of this host. Hosts with the same name from two FortiAnalyzers are treated as the
    same host if they have a serial number in common.
  - If an inventory source fails, Ansible shows a warning and continues without the hosts of this source. Set
    E(ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED) to V(true) to stop instead.
  - The cache contains the devices that one administrator may access. The name of the cache depends on the path of the inventory file, O(host),
    O(port), O(username), O(device_groups) and the listed ADOMs, but not on a token. Run with C(--flush-cache) after a change of the token or of the
    administrator's rights.
  - The administrator needs read rights on Device Manager, and C(rpc-permit read).
extends_documentation_fragment:
  - secops.fortiview.connection
  - secops.fortiview.devices
  - constructed
  - inventory_cache
requirements:
  - requests
options:
  plugin:
    description: Name of this plugin.
    type: str
    required: true
    choices: [secops.fortiview.fortianalyzer]
seealso:
  - module: secops.fortiview.faz_devices_info
"""

EXAMPLES = r"""
# hq.fortianalyzer.yml: all FortiGates, with FAZ_HOST and FAZ_API_TOKEN in the environment.
# Set the token of each FortiGate, fortigate_token, in group_vars/fortigates.yml, encrypted by ansible-vault.
plugin: secops.fortiview.fortianalyzer

---
# prod.fortianalyzer.yml: two ADOMs, a key from a file, and a cache that is valid for one hour.
# A key encrypted by `ansible-vault encrypt_string` can also be used here, as `api_token: !vault |` with the encrypted lines.
plugin: secops.fortiview.fortianalyzer
host: faz.example.com
api_token: "{{ lookup('ansible.builtin.file', '/run/secrets/faz_api_token') | trim }}"
ca_path: /etc/pki/faz-ca.pem
adoms: [Branch_Office, Data_Center]
cache: true
cache_plugin: ansible.builtin.jsonfile
cache_connection: .cache/inventory
cache_timeout: 3600

---
# groups.fortianalyzer.yml: your own groups and variables.
plugin: secops.fortiview.fortianalyzer
groups:
  clusters: fortianalyzer_serials | length > 1
  unreachable: fortianalyzer_connection == 'down'
keyed_groups:
  - prefix: release
    key: fortianalyzer_version.split('.')[0]
compose:
  fortigate_block_vdoms: fortianalyzer_vdoms
"""

import difflib
import hashlib
import json
import re
import typing as t

from ansible import constants
from ansible.errors import AnsibleParserError
from ansible.module_utils.basic import missing_required_lib
from ansible.plugins.inventory import BaseInventoryPlugin, Cacheable, Constructable
from ansible.utils.unsafe_proxy import wrap_var
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import (
    Crashed,
    FortiViewError,
    InvalidInput,
)
from ansible_collections.secops.fortiview.plugins.module_utils._glue.arguments import devices_info_arguments
from ansible_collections.secops.fortiview.plugins.module_utils._glue.checking import checked
from ansible_collections.secops.fortiview.plugins.module_utils._query.fleet import PREFIX, Host, fleet_of

# The name of a cache depends on all options that select its hosts. Neither the name nor the cache contains a secret.
KEYED_BY = ("host", "port", "username", "adoms", "adom", "device_groups")
# A cache in another format is replaced by the result of a new query.
CACHE_FORMAT = 1
GROUP = "fortigates"
KINDS = ("adom", "platform", "version", "device_group")
# The role fortigate_block needs verified HTTPS. A user name would replace the token, so none is set.
CONNECTED_BY: dict[str, t.Any] = {
    "ansible_connection": "ansible.netcommon.httpapi",
    "ansible_network_os": "fortinet.fortios.fortios",
    "ansible_httpapi_use_ssl": True,
    "ansible_httpapi_validate_certs": True,
    "ansible_httpapi_use_proxy": False,
    "ansible_httpapi_port": 443,
    "ansible_port": 443,
    "ansible_user": "",
    "ansible_command_timeout": 60,
    "ansible_connect_timeout": 300,
}
# Text of only these characters cannot be a template. All other text is marked as unsafe.
PLAIN = re.compile(r"[\w .:/-]*")

Data = dict[str, t.Any]


class InventoryModule(BaseInventoryPlugin, Constructable, Cacheable):  # type: ignore[misc]
    NAME = "secops.fortiview.fortianalyzer"

    def verify_file(self, path: str) -> bool:
        return bool(super().verify_file(path)) and path.endswith(("fortianalyzer.yml", "fortianalyzer.yaml"))

    def parse(self, inventory: t.Any, loader: t.Any, path: str, cache: bool = True) -> None:
        super().parse(inventory, loader, path, cache)
        given = dict(self._read_config_data(path))
        self._refuse_unknown(given)
        params, secrets = self._params(given)
        try:
            fleet = fleet_of(self._devices(params, path, cache), self._is_free)
        except FortiViewError as error:
            raise AnsibleParserError(str(error)) from None
        except Exception as crash:  # noqa: BLE001  Ansible would print the text of an uncaught exception, which may contain secrets
            raise AnsibleParserError(str(Crashed(crash, secrets))) from None
        for warning in fleet.warnings:
            self.display.warning(f"{path}: {warning}")
        self._populate(fleet.hosts)

    @staticmethod
    def _sanitize_group_name(name: str) -> str:
        """Replace unsafe characters, which Ansible keeps by default. The name of a group may be a part of paths and of host
        patterns."""
        return re.sub(r"\A(?=\d)|\W", "_", name)

    def _refuse_unknown(self, given: t.Iterable[str]) -> None:
        """Raise AnsibleParserError for unknown options. Ansible ignores them, and a misspelt option would select other hosts."""
        definitions = constants.config.get_configuration_definitions("inventory", self._load_name)
        known = {name for name, option in definitions.items() for name in (name, *_aliases(option))}
        for name in sorted(set(map(str, given)) - known):
            near = difflib.get_close_matches(name, known, 1)
            hint = f"Did you mean {near[0]}?" if near else f"The options are {', '.join(sorted(known))}."
            raise AnsibleParserError(f"{name} is not an option of {self.NAME}. {hint} Correct or remove the option.")

    def _params(self, given: Data) -> tuple[Data, set[str]]:
        """The options of the module faz_devices_info with their environment variables and defaults, and the secrets among them."""
        arguments = devices_info_arguments()
        own = {name for name, option in arguments["argument_spec"].items() for name in (name, *_aliases(option))}
        self.templar.available_variables = self._vars
        params, secrets, problem = checked(
            arguments, {name: self._rendered(value) for name, value in given.items() if name in own}
        )
        if problem:
            raise AnsibleParserError(problem)
        return params, secrets

    def _rendered(self, value: t.Any) -> t.Any:
        rendered = self.templar.template(value)
        # Before core 2.19, a value that ansible-vault encrypted is an object, which decrypts itself as text.
        return str(rendered) if getattr(rendered, "__ENCRYPTED__", False) else rendered

    def _devices(self, params: Data, path: str, cache: bool) -> list[Data]:
        """The devices. They come from the cache if it is enabled and contains them. Raises FortiViewError."""
        is_cached = self.get_option("cache")
        key = f"{self.get_cache_key(path)}_{_digest({name: params[name] for name in KEYED_BY})}"
        kept = self._kept(key) if is_cached and cache else None
        if kept is not None:
            return kept
        found = self._ask(params)
        if is_cached:
            self._cache[key] = {"format": CACHE_FORMAT, "devices": found}
        return found

    def _kept(self, key: str) -> t.Optional[list[Data]]:
        try:
            kept = self._cache[key]
        except KeyError:
            return None
        return kept["devices"] if isinstance(kept, dict) and kept.get("format") == CACHE_FORMAT else None

    def _ask(self, params: Data) -> list[Data]:
        # Imported here, because a cached inventory sends no query.
        from ansible_collections.secops.fortiview.plugins.module_utils._glue.device_manager import list_devices
        from ansible_collections.secops.fortiview.plugins.module_utils._glue.stopping import stoppable
        from ansible_collections.secops.fortiview.plugins.module_utils._tasks.fortiview import Context

        try:
            import requests  # noqa: F401
        except ImportError:
            raise InvalidInput(missing_required_lib("requests")) from None
        with stoppable():
            result = list_devices(params, Context())
        for warning in result["warnings"]:
            self.display.warning(warning)
        return t.cast("list[Data]", result["devices"])

    def _is_free(self, name: str, serials: t.Sequence[str]) -> bool:
        """Whether a host may have this name: no group has it, and no different device of another inventory source has
        it."""
        composed = map(self._sanitize_group_name, self.get_option("groups"))
        if name in {GROUP, *self.inventory.groups, *composed} or name.startswith(tuple(f"{kind}_" for kind in KINDS)):
            return False
        host = self.inventory.hosts.get(name)
        if host is None:
            return True
        known = host.vars.get(f"{PREFIX}serials")
        return bool(set(known) & set(serials)) if known else GROUP in {group.name for group in host.get_groups()}

    def _populate(self, hosts: t.Sequence[Host]) -> None:
        """Add the hosts and their groups. This runs only after the complete list was read, so that no FortiGate is missing."""
        self.inventory.add_group(GROUP)
        for name in CONNECTED_BY.keys() - self.inventory.groups[GROUP].vars.keys():
            self.inventory.set_variable(GROUP, name, CONNECTED_BY[name])
        origins: dict[str, str] = {}
        for host in hosts:
            self.inventory.add_host(host.name, GROUP)
            for kind, value, *parents in _groups_of(host):
                self._join(host.name, kind, value, origins, *parents)
            variables = _guarded(host.variables)
            if host.address:
                variables["ansible_host"] = host.address
            known = self.inventory.hosts[host.name].vars
            for name, value in variables.items():
                # Values of this host from another source are kept, such as an address behind NAT.
                if name.startswith(PREFIX) or name not in known:
                    self.inventory.set_variable(host.name, name, value)
            strict = self.get_option("strict")
            self._set_composite_vars(self.get_option("compose"), variables, host.name, strict)
            self._add_host_to_composed_groups(self.get_option("groups"), variables, host.name, strict)
            self._add_host_to_keyed_groups(self.get_option("keyed_groups"), variables, host.name, strict)

    def _join(self, host: str, kind: str, value: str, origins: dict[str, str], parent: str = "") -> None:
        group = self._sanitize_group_name(f"{kind}_{value}")
        if origins.setdefault(group, value) != value:
            self.display.warning(
                f"The names {origins[group]!r} and {value!r} are both converted to the group name {group}, so this group contains the hosts of both."
            )
        self.inventory.add_group(group)
        self.inventory.add_host(host, group)
        if parent:
            parent = self._sanitize_group_name(f"{kind}_{parent}")
            self.inventory.add_group(parent)
            self.inventory.add_child(parent, group)


def _guarded(value: t.Any) -> t.Any:
    """Marks text as unsafe, so that no text of a device is evaluated as a template. Text without special characters is
    not marked, because the mark would be exported with it."""
    if isinstance(value, dict):
        return {key: _guarded(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_guarded(one) for one in value]
    return value if isinstance(value, str) and PLAIN.fullmatch(value) else wrap_var(value)


def _groups_of(host: Host) -> t.Iterator[tuple[str, ...]]:
    """The kind, the name and, if it exists, the parent group of each group of the host."""
    known = {key: host.variables[f"{PREFIX}{key}"] for key in ("adoms", "platform", "version", "device_groups")}
    yield from (("adom", adom) for adom in known["adoms"])
    yield from (("device_group", group) for group in known["device_groups"])
    if known["platform"]:
        yield "platform", known["platform"]
    numbers = known["version"].split(".")
    if len(numbers) == 3:
        yield "version", known["version"], ".".join(numbers[:2])
    elif known["version"]:
        yield "version", known["version"]


def _aliases(option: t.Mapping[str, t.Any]) -> t.Sequence[str]:
    return option.get("aliases") or ()


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()[:12]

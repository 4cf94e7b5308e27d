# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of the guardrails: the exclusion list, protected addresses, and the limits of a run."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  never:
    description:
      - Your exclusion list of addresses and networks that are never blocked, not even as a part of a network. List your
        own public addresses, partners and scanners.
      - Required for O(state=present) and O(state=reconciled), because a missing list must not be treated as an empty list. V([])
        states that no address is excluded. Empty text is treated as not set.
      - The default is the variable C(fortigate_block_never_extra) of C(localhost). If the list is missing in check mode, the module adds a notice
        instead of failing.
    type: list
    elements: str
  shared_infrastructure:
    description:
      - Refuse public DNS resolvers, root name servers, time servers and the published networks of the largest content networks and
        code hosts.
      - Before the module blocks an address or extends its block, it also looks up the owner of the address in the internet service database of one
        FortiGate. The result is used for a day. Services with many users are refused, such as content networks, mail and office clouds, code hosts,
        public resolvers and search engines. Addresses of hosting clouds are blocked for at most 24 hours. A bad reputation, and services such as
        botnets and Tor, are shown as reasons for the block.
      - Each address needs at least one request. A run with more than 200 addresses that were not looked up in the last day therefore looks up none
        of them, and a notice reports this. Only the built-in list then protects shared services.
    type: bool
    default: true
  shared_services:
    description: Further internet services to refuse, by their names on the FortiGate, such as V(Acme-*).
    type: list
    elements: str
    default: []
  allow_shared:
    description: Addresses and networks that may be blocked although they are shared infrastructure or a shared internet service.
    type: list
    elements: str
    default: []
  protect_infrastructure:
    description:
      - Protect the machine that runs C(ansible-playbook), every host of the inventory, O(infrastructure), and the dependencies of all FortiGates of
        the play, on each of these FortiGates. Also protect the dependencies of other FortiGates that a run with this registry has read in the last 30 days.
        Dependencies are interfaces, virtual IPs, IP pools, VPN peers, DNS, NTP, RADIUS and log servers, trusted hosts, and administrators who are
        logged in.
      - Even with V(false), the addresses of the machine that runs C(ansible-playbook) and the address from which this run connects to the FortiGate
        are refused.
    type: bool
    default: true
  infrastructure:
    description: Names and addresses of further servers to protect, such as FortiAnalyzer, FortiManager, AWX, syslog, DNS, NTP and AAA servers.
    type: list
    elements: str
    default: []
  on_unresolved:
    description: Whether the task fails or only adds a notice if an address that must be protected is not known.
    type: str
    choices: [fail, skip]
    default: fail
  on_protected:
    description:
      - Whether the task fails if a target is refused, or skips and records the target. With both values, the task fails if the run has at least 20
        targets and the guardrails refuse more than 20 % of the targets that the method can stop.
    type: str
    choices: [fail, skip]
    default: fail
  max_per_run:
    description: Maximum number of targets of one run, including the targets that the guardrails refuse.
    type: int
    default: 50
  max_active:
    description: Maximum number of blocks of this collection after the run, for each method, FortiGate and VDOM. The default is 1000, or 200 with
      O(method=addrgrp).
    type: int
  allow_networks:
    description: Also accept networks as targets, no larger than /24 for IPv4 and /64 for IPv6. O(method=ban) never accepts networks.
    type: bool
    default: false
  allow_private:
    description: Also accept private addresses as targets, unless they are protected.
    type: bool
    default: false
  allow_permanent:
    description: Permit permanent blocks, with O(ttl=0).
    type: bool
    default: false
"""

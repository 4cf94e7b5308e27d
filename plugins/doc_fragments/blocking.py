# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of where_arguments()."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  access_token:
    description:
      - Token of a REST API administrator of the FortiGate. The action group of C(fortinet.fortios) does not include this module, so
        set the token here. By default, the credentials of the connection are used.
    type: str
  method:
    description:
      - V(ban) bans an address with the quarantine of FortiOS until a given time, and drops its open sessions. A ban stops traffic from the address
        through the FortiGate.
      - V(feed_push) pushes addresses to a threat feed, V(feed_file) writes a file that FortiGates fetch, and V(addrgrp)
        adds address objects to an address group. All methods except V(ban) block only if deny policies use the feed or group.
        M(secops.fortiview.fortigate_block_policy) creates these policies.
      - To block addresses, the default is V(ban). To unblock, expire or list addresses, the default is every method in the registry, and every method
        with entries on the FortiGate.
    type: str
    choices: [ban, feed_push, feed_file, addrgrp]
  local_in_method:
    description:
      - With O(method=ban), the method for targets that attacked the FortiGate itself, because a ban does not stop such attacks. These are the targets whose
        C(victims) include an interface or a virtual IP of this FortiGate. All other targets are banned.
      - A deny policy and a local-in deny policy must use the feed or group. Otherwise, the task fails before its first write. V(feed_push) needs FortiOS
        7.2.4 or newer. This option needs O(ignore:protect_infrastructure=true), because the module otherwise does not read the addresses of the FortiGate.
      - With O(method=ban), unblocking, expiring and listing include the feed or group.
    type: str
    choices: ["", feed_push, addrgrp]
    default: ""
  vdoms:
    description: VDOMs in which to block, unblock or list addresses.
    type: list
    elements: str
    default: [root]
  vdom_token:
    description:
      - Whether the token is restricted to VDOMs and cannot read the configuration of the whole FortiGate. If V(true), the
        module protects only the dependencies of the FortiGate that it can read in O(vdoms).
    type: bool
    default: false
  vdom_tokens:
    description:
      - Dictionary of VDOMs and their tokens, for a FortiGate on which each token belongs to one VDOM. Each request is sent with the token of its VDOM.
        O(access_token) is used for VDOMs that are not in this dictionary. This option implies O(vdom_token). Each switch to another token
        needs one more read request.
    type: dict
  feed:
    description: Name of the threat feed for V(feed_push) and V(feed_file).
    type: str
    default: soc-block
  feed_file:
    description: With O(method=feed_file), absolute path of the file on the machine that runs C(ansible-playbook). With this method, the host needs no
      connection to a FortiGate.
    type: path
  group:
    description: Name of the IPv4 address group.
    type: str
    default: SOC-BLOCK
  group6:
    description: Name of the IPv6 address group.
    type: str
    default: SOC-BLOCK6
  registry:
    description:
      - Registry, which stores each block with its FortiGate, VDOM, end, run and reasons. The value is the path of a SQLite file, or the URL of a
        PostgreSQL database such as C(postgresql://soc@db.example.com/blocks). Execution nodes can share a PostgreSQL database.
      - Set a password in E(PGPASSWORD) or in a password file, never in the URL.
      - The default is C(secops.fortiview/blocks.sqlite) in E(XDG_STATE_HOME), which is C(~/.local/state) if the variable is not set.
    type: str
  host:
    description: Name of the FortiGate in the registry and the audit log. The default is C(inventory_hostname).
    type: str
"""

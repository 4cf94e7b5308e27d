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
      - Token of a REST API administrator of the FortiGate. The action group of the official collection does not reach this module, so
        the token is given here. Without it the connection's own credentials are used.
    type: str
  method:
    description:
      - V(ban) bans an address (the quarantine of FortiOS) until a time, and drops its open sessions. A ban stops traffic from the address through the
        FortiGate.
      - V(feed_push) pushes to an external threat feed, V(feed_file) writes a file that FortiGates fetch, and V(addrgrp)
        keeps address objects in a group. The effect of these depends on the policies that
        M(secops.fortiview.fortigate_block_policy) makes.
      - The default is V(ban) to block. To unblock, expire or list, the default is every method that the registry names or the FortiGate has entries
        of.
    type: str
    choices: [ban, feed_push, feed_file, addrgrp]
  local_in_method:
    description:
      - With O(method=ban), the method for targets that attacked the FortiGate itself, which a ban does not stop. The plan finds such a target by an
        interface or a virtual IP of this FortiGate among its C(victims). All other targets are banned.
      - A policy and a local-in policy must deny by the feed or group, otherwise the task fails before its first write. V(feed_push) needs
        FortiOS 7.2.4. Needs O(ignore:protect_infrastructure=true), by which the addresses of the FortiGate are read.
      - To unblock, expire or list with O(method=ban), the feed or group is included.
    type: str
    choices: ["", feed_push, addrgrp]
    default: ""
  vdoms:
    description: VDOMs to act in.
    type: list
    elements: str
    default: [root]
  vdom_token:
    description:
      - The token belongs to VDOMs and may not read the configuration of the whole FortiGate. Then only what is read in O(vdoms) is
        protected.
    type: bool
    default: false
  vdom_tokens:
    description:
      - Tokens by VDOM, for a FortiGate whose tokens belong to one VDOM each. Each request is sent with the token of its VDOM;
        O(access_token) is for VDOMs that are not in it. Implies O(vdom_token). Each change of the token costs one more read.
    type: dict
  feed:
    description: Name of the external resource for V(feed_push) and V(feed_file).
    type: str
    default: soc-block
  feed_file:
    description: With O(method=feed_file), absolute path of the file on the machine that runs C(ansible-playbook).
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
      - Stores what is blocked, where, until when, by which run and why. This is the path of a SQLite file, or the URL of a
        PostgreSQL database such as C(postgresql://soc@db.example.com/blocks), which execution nodes can share.
      - Put a password into E(PGPASSWORD) or a password file, never into the URL.
      - The default is C(secops.fortiview/blocks.sqlite) in E(XDG_STATE_HOME), which is C(~/.local/state) if it is not set.
    type: str
  host:
    description: Name of the FortiGate in the registry and the audit log. Set from C(inventory_hostname) by default.
    type: str
"""

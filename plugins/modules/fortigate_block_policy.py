#!/usr/bin/python

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: fortigate_block_policy
short_description: Create the threat feed or address groups and the deny policies that are needed to block addresses on a FortiGate
version_added: 1.0.0
author:
  - secops.fortiview contributors (@secops)
description:
  - A threat feed or an address group blocks nothing without deny policies that use it. This module creates the threat feed or the
    address groups, a policy that denies traffic from the blocked addresses, and a policy that denies traffic to them. It moves both policies above
    the first policy that does not deny. With O(local_in), it also creates local-in policies, which protect the FortiGate itself.
  - The module writes only objects that are missing or wrong, reads them back, and fails if an object is still missing. A second run writes
    nothing.
  - The module never writes to an existing address group, because this would remove the members of the group. In existing policies, the module
    does not remove the names of other threat feeds and address groups.
  - The module fails before the first write if a policy with one of the given IDs belongs to another owner. This is the case if the
    policy accepts traffic, denies C(all), is negated, or is limited to some users or internet services. It is also the case if the policy
    uses other feeds, groups or addresses and differs from the policy of this module in a further attribute, such as its interfaces.
  - A ban needs no feed, no group and no policy. With O(method=ban), the module only sets O(ban_persistency), unless O(local_in_method) is
    set.
extends_documentation_fragment:
  - secops.fortiview.fortigate.over_httpapi
  - secops.fortiview.attributes.actiongroup_fortigate
options:
  access_token:
    description:
      - Token of a REST API administrator of the FortiGate, with read and write access to firewall policies, addresses and the
        Security Fabric, and read access to the system. By default, the credentials of the connection are used.
    type: str
  state:
    description: Only V(present) is available. To delete threat feeds, address groups and policies, use the GUI or the CLI of the FortiGate.
    type: str
    choices: [present]
    default: present
  method:
    description:
      - The blocking method to prepare. V(feed_push) needs FortiOS 7.2.1 or newer.
      - V(feed_file) creates a feed that the FortiGate fetches from O(feed_url).
    type: str
    choices: [feed_push, feed_file, addrgrp, ban]
    default: feed_push
  local_in_method:
    description:
      - With O(method=ban), the method for targets that attack the FortiGate itself, as in M(secops.fortiview.fortigate_block). The threat
        feed or the address group of this method and its policies are created as with O(local_in=true). With another O(method), this option
        has no effect.
    type: str
    choices: ["", feed_push, addrgrp]
    default: ""
  vdoms:
    description: VDOMs to prepare. All VDOMs are checked before the first write.
    type: list
    elements: str
    default: [root]
  feed:
    description:
      - Name of the threat feed, 1 to 35 letters, digits, C(_) and C(-). An existing feed of another type or with another
        update method is refused, because changing it would empty the feed.
    type: str
    default: soc-block
  group:
    description: Name of the IPv4 address group, 1 to 35 letters, digits, C(_) and C(-).
    type: str
    default: SOC-BLOCK
  group6:
    description: Name of the IPv6 address group, 1 to 35 letters, digits, C(_) and C(-).
    type: str
    default: SOC-BLOCK6
  source_policy:
    description: ID of the policy that denies traffic from the blocked addresses.
    type: int
    default: 9001
  destination_policy:
    description: ID of the policy that denies traffic to the blocked addresses.
    type: int
    default: 9002
  local_in:
    description:
      - Also create local-in policies for IPv4 and IPv6, which deny traffic from blocked addresses to the FortiGate itself. A feed in a
        local-in policy needs FortiOS 7.2.4 or newer.
      - Local-in policies apply before trusted hosts. An administrator whose address is blocked can no longer log in.
      - The policies are not moved above other local-in policies. A warning names the policies above them that accept traffic.
    type: bool
    default: false
  local_in_policy:
    description: ID of the local-in policies. The IPv4 policy and the IPv6 policy have the same ID.
    type: int
    default: 9001
  ban_persistency:
    description:
      - The bans that survive a reboot. The setting applies to the whole FortiGate, and needs FortiOS 7.2.1 or newer. The empty string does not
        change the setting.
    type: str
    choices: ["", disabled, permanent-only, all]
    default: ""
  feed_url:
    description:
      - The C(https://) URL of the file that the FortiGate fetches, without credentials. Required with O(method=feed_file).
    type: str
  feed_username:
    description: User for HTTP basic authentication at O(feed_url). By default, the user of an existing threat feed is kept.
    type: str
  feed_password:
    description:
      - Password for O(feed_username). A FortiGate returns the password encrypted, so the module does not detect that only the password has
        changed. The password is sent when the threat feed is created or when another attribute of the feed changes.
    type: str
  feed_refresh:
    description: Minutes between two fetches of the file, 1 to 43200.
    type: int
    default: 1
  allow_fmg_drift:
    description:
      - Also change a FortiGate that a FortiManager manages. The next installation from the FortiManager reverts the changes, unless they
        are also made on the FortiManager.
    type: bool
    default: false
notes:
  - Changes are not rolled back. After a failure, the written objects remain, and the next run writes the objects that are still missing.
seealso:
  - module: secops.fortiview.fortigate_feed
  - module: secops.fortiview.fortigate_ban
"""

EXAMPLES = r"""
- name: Create a push feed and the deny policies that use it
  secops.fortiview.fortigate_block_policy:
    access_token: "{{ fortigate_token }}"
    vdoms: [root, guest]

- name: Create a feed that the FortiGate fetches, and the deny policies that use it, including a local-in policy
  secops.fortiview.fortigate_block_policy:
    access_token: "{{ fortigate_token }}"
    method: feed_file
    feed_url: https://feeds.example.com/blocked.txt
    feed_username: fortigate
    feed_password: "{{ feed_password }}"
    local_in: true

- name: Let permanent bans survive a reboot
  secops.fortiview.fortigate_block_policy:
    access_token: "{{ fortigate_token }}"
    method: ban
    ban_persistency: permanent-only
"""

RETURN = r"""
missing:
  description: Objects that were missing or wrong. The module has written them, or would write them in check mode.
  returned: success
  type: list
  elements: dict
  contains:
    vdom:
      description: VDOM of the object.
      type: str
      returned: always
    kind:
      description:
        - V(ban_persistency), V(feed), V(address), V(address6), V(group), V(group6), V(policy), V(policy_order), V(local_in_policy) or
          V(local_in_policy6).
      type: str
      returned: always
    name:
      description: Name of the object, or ID of the policy.
      type: str
      returned: always
    what:
      description: Difference between the required object and the object on the FortiGate.
      type: str
      returned: always
  sample:
    - {vdom: root, kind: feed, name: soc-block, what: missing}
    - {vdom: root, kind: policy_order, name: "9001", what: "not above policy 1, which does not deny"}
error:
  description:
    - Details of the error. C(missing) lists the objects that are still missing. C(rolled_back) is V(false) if
      something was written.
  returned: failure
  type: dict
  sample: {kind: fortigate, rolled_back: false, missing: [{vdom: root, kind: policy, name: "9001", what: missing}]}
"""

from ansible_collections.secops.fortiview.plugins.module_utils._oldest_python import check_python


def main():
    # type: () -> None
    check_python()
    from ansible_collections.secops.fortiview.plugins.module_utils._glue.blocking_policy import (
        fortigate_block_policy,
        policy_arguments,
    )
    from ansible_collections.secops.fortiview.plugins.module_utils._glue.fortigate_module import run_fortigate_module

    run_fortigate_module(policy_arguments(), fortigate_block_policy)


if __name__ == "__main__":
    main()

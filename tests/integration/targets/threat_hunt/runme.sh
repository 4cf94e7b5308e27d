#!/usr/bin/env bash
# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The role, and the playbooks that hunt, run by their names as users run them; the last of them up to the blocks.

set -euo pipefail

# shellcheck source=tests/integration/targets/setup_simulator/files/simulator.sh
source ../setup_simulator/files/simulator.sh
# shellcheck source=tests/integration/targets/setup_simulator/files/playbooks.sh
source ../setup_simulator/files/playbooks.sh
# shellcheck source=tests/integration/targets/setup_fortigates/files/fortigates.sh
source ../setup_fortigates/files/fortigates.sh
trap 'end_simulator; end_fortigates' EXIT

start_simulator task_seconds=0.1
start_fortigates with_feed=true
target=$PWD
work=$simulator_folder
audit=$work/audit.jsonl
export ANSIBLE_PIPELINING=true

# holds EXPRESSION: of Python, about the states `hq` and `branch` of the boxes and the lines of the audit file.
holds() {
    ask_fortigate hq state >"$work/hq.json"
    ask_fortigate branch state >"$work/branch.json"
    python - "$work" "$audit" "$1" <<'PYTHON'
import json, pathlib, sys

work, audit = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
known = {name: json.loads((work / f"{name}.json").read_text()) for name in ("hq", "branch")}
lines = audit.read_text().splitlines() if audit.exists() else []
known["audit"] = [line for line in map(json.loads, filter(None, lines)) if line["result"] != "attempted"]
for name in ("hq", "branch"):
    known[f"{name}_bans"] = {ban["ip_address"] for ban in known[name]["bans"]["root"]}
if not eval(sys.argv[3], known):
    sys.exit(f"Does not hold: {sys.argv[3]}\n{ {name: value for name, value in known.items() if name.endswith('_bans')} }")
PYTHON
}

hunts() {
    # The role.
    ANSIBLE_SHOW_CUSTOM_STATS=true run ansible-playbook -i localhost, "$target/hunt.yml" -e "anchor=$(simulator_setting anchor)"
    says 'CUSTOM STATS' 'threat_hunt_offenders'
    never_says 'uid='

    # Threats that were not blocked.
    run play threats_not_blocked -e severities=critical,high
    says '^ +Threats that were never blocked$' '^ +1 +[^ ]+ +root +[^ ]+ +(high|critical) +[0-9,]+ +0 +[0-9,]+$' '^ +Offenders$' \
        'attacker +root +.*incidents' 'private address,its role is victim' '^ +From 20[0-9 :-]+ to 20[0-9 :-]+, time zone Europe/Berlin\.$'
    never_says ' low  +| info  +'
    run play threats_not_blocked -e partly=true -e addresses=false -e threat_hunt_max_threats=1000 --check
    says 'Threats that were not always blocked' 'SQL\.Injection +root'
    never_says 'attacker|^ +Offenders$'
    run play threats_not_blocked -e start=2020-01-01 -e end=2020-01-02
    says 'There is no threat of this kind in the time range\.'

    # Threats of several ADOMs.
    run play widespread_threats -e adoms=root,Branch_Office,Data_Center -e min_adoms=3
    says '^ +Threats in at least 3 of 3 ADOMs$' 'SQL\.Injection +ips +critical +3 +Branch_Office,Data_Center,root' 'Threats in Branch_Office: [0-9]+'
    never_says ' 2 +Branch_Office'
    refuses play widespread_threats -e adoms=root,Branch_Office,Nowhere
    says 'SQL\.Injection' 'Error: .*ADOM Nowhere' 'ADOMs that were not compared: Nowhere'
    refuses play widespread_threats -e adoms=root
    says 'Set adoms to at least two ADOMs'
}

block() {
    play block_offenders -i "$fortigates_inventory" -u someone -e last=24h -e "fortigate_block_audit_dest=$audit" \
        -e "fortigate_block_registry=$audit.sqlite" -e fortigate_block_never_extra=198.51.100.0/24 "$@"
}

blocks() {
    # Blocks: first the plan alone, then the same for real, then once more.
    run block --check
    says 'Plan: nothing was written' '^ +[0-9a-f.:]+ +add +1h +(branch, hq|hq, branch) '
    holds 'hq["writes"] == branch["writes"] == 0 and not hq_bans and not branch_bans and not audit'
    run block
    says 'What was done' 'on the exclusion list \(198\.51\.100\.0/24\)' 'hq .* changed=1 .* failed=0'
    holds 'hq["writes"] == branch["writes"] == 1 and hq_bans == branch_bans and len(hq_bans) > 5'
    holds 'not any(ip.startswith(("198.51.100.", "10.")) for ip in hq_bans)'
    holds '{line["address"] for line in audit if line["result"] == "blocked"} == hq_bans and {line["host"] for line in audit} == {"hq", "branch"}'
    # Destinations, which a ban does not stop, are refused and stand in the file too.
    offender=$(python -c 'import json, sys; print(next(one["address"] for one in map(json.loads, open(sys.argv[1])) if one["result"] == "blocked"))' "$audit")
    ask_fortigate hq "passes?src=$offender&dst=203.0.113.10" | grep -q false
    ask_fortigate hq "passes?src=198.51.100.77&dst=203.0.113.10" | grep -q true
    run block
    says 'hq .* changed=0 ' 'branch .* changed=0 ' '^ +[0-9a-f.:]+ +keep +(branch, hq|hq, branch) '
    holds 'hq["writes"] == branch["writes"] == 1'

    # One whose name is a template, found by its logs, on one box: it reaches the audit file as it is. What our hosts call is
    # nothing that a ban stops.
    cat >"$work/names.yml" <<'YAML'
names: [!unsafe "{{ lookup('pipe','id') }}"]
YAML
    refuses block -e "@$work/names.yml" -e fortigates=hq -e outcome=any -e severities= -e min_incidents=0 -e threat_hunt_lookup_methods=logsearch
    says 'Nothing was blocked: .* a ban does not stop traffic to a destination'
    never_says 'uid='
    holds 'any("{{ lookup(" in str(line["threats"]) and line["host"] == "hq" for line in audit)'

    # Nobody to block on, and nothing to block.
    refuses block -e fortigates=nobody
    says 'no host of the inventory matches .*nobody'
    run block -e names=no.such.threat
    says 'There are no offenders to block\.'
    holds 'branch["writes"] == 1'
}

at_once hunts blocks

never_prints "$work/hunts/all" "$work/blocks/all" "$audit"
stop_simulator
stop_fortigates

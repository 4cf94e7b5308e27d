#!/usr/bin/env bash
# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Shows threats, the offenders behind them, the plan, the blocks, their effect and the unblock, against a simulated FortiAnalyzer and two
# simulated FortiGates. If FAZ_HOST is set, the demo only queries that FortiAnalyzer.
#
# The collection comes from ANSIBLE_COLLECTIONS_PATH, and the simulators come from this checkout. If DEMO_FOLDER is set, the files of the
# run are written to this folder and kept. Its path must be short.

set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
if [ -z "${MAKELEVEL:-}" ]; then
    # make sets up the virtual environment and the paths.
    exec make -C "$root" demo
fi

# Show tables as lines, and suppress the warnings about a missing inventory, because the queries need no inventory.
export ANSIBLE_STDOUT_CALLBACK=ansible.builtin.default
export ANSIBLE_CALLBACK_RESULT_FORMAT=yaml
export ANSIBLE_DISPLAY_SKIPPED_HOSTS=false
export ANSIBLE_DISPLAY_OK_HOSTS=true
export ANSIBLE_INVENTORY_UNPARSED_WARNING=false
export ANSIBLE_LOCALHOST_WARNING=false
export ANSIBLE_RETRY_FILES_ENABLED=false

pids=()
directory=${DEMO_FOLDER:-}

leave() {
    local pid
    for pid in "${pids[@]}"; do
        kill "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    if [ -z "${DEMO_FOLDER:-}" ] && [ -n "$directory" ]; then
        rm -rf "$directory"
    fi
}
trap leave EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# start NAME MODULE ARGUMENT... starts a simulator, which writes its settings to $directory/NAME/settings.json.
start() {
    local name=$1 module=$2
    shift 2
    PYTHONPATH=$root/tests python -m "$module" --directory "$directory/$name" --parent $$ "$@" >"$directory/$name.log" 2>&1 &
    pids+=($!)
}

wait_for() {
    local name
    for name in "$@"; do
        for _ in $(seq 300); do
            if [ -f "$directory/$name/settings.json" ]; then
                continue 2
            fi
            sleep 0.1
        done
        echo "The simulator $name did not start:" >&2
        cat "$directory/$name.log" >&2
        exit 1
    done
}

use_simulator() {
    # The demo needs one login method. Other settings of the user are removed, because they are for another device.
    unset FAZ_API_TOKEN FAZ_CLOUD_TOKEN FAZ_VALIDATE_CERTS FAZ_REQUEST_TIMEOUT
    eval "$(python "$root/tools/demo_boxes.py" "$directory" environment)"
    # The proxy of the user cannot reach the simulators on this machine.
    export NO_PROXY=${NO_PROXY:+$NO_PROXY,}$FAZ_HOST
    export no_proxy=$NO_PROXY
}

# play NAME ARGUMENT... runs a playbook of the collection as a user does, and prints its tables, errors and recap.
play() {
    local name=$1
    shift
    printf '\n$ ansible-playbook secops.fortiview.%s%s\n' "$name" "${*:+ $*}" | sed "s#$directory#\$DEMO#g; s#$inventory#\$DEMO/fortigates.yml#g"
    ansible-playbook "secops.fortiview.$name" "$@" | python "$root/tools/demo_boxes.py" "$directory" shorten
}

say() {
    printf '\n== %s\n' "$*"
}

inventory=$root/tests/integration/targets/setup_fortigates/files/fortigates.yml

if [ -n "${FAZ_HOST:-}" ]; then
    say "Query the FortiAnalyzer $FAZ_HOST (from FAZ_HOST). Nothing is written to any FortiGate."
    directory=${directory:-$(mktemp -d)}
    play top_threats -e limit=10
    play top_sources -e limit=10
    play threats_not_blocked -e severities=critical,high -e partly=true
    echo "Done in $SECONDS seconds. To use your own devices, see docs/docsite/rst/first_query.rst"
    exit
fi

directory=${directory:-$(mktemp -d)}
export FORTIGATES=$directory
# The path of a socket must be short.
export ANSIBLE_PERSISTENT_CONTROL_PATH_DIR=$directory/pc
export ANSIBLE_PIPELINING=true
say "Start a simulated FortiAnalyzer and two simulated FortiGates, hq and branch, on this machine. Certificates are verified."
echo "With FAZ_HOST, FAZ_USERNAME and FAZ_PASSWORD (or FAZ_API_TOKEN) set, the demo queries a real FortiAnalyzer and blocks nothing."
# Each task takes part of a second, so that the demo shows a wait.
start faz simulators.fortianalyzer --set task_seconds=0.5
for box in hq branch; do
    start $box simulators.fortigate --serial "FGT-$box" --hostname "fgt-$box"
done
wait_for faz hq branch
use_simulator

registry=(-e "fortigate_block_registry=$directory/blocks.sqlite" -e "fortigate_block_audit_dest=$directory/blocks.jsonl")
chain=(-i "$inventory" -e last=24h -e cap=8 -e show=10 -e fortigate_block_never_extra=198.51.100.0/24 "${registry[@]}")
# DEMO_SHORT skips steps that only read.
if [ -z "${DEMO_SHORT:-}" ]; then
    say "1. Show the current threats."
    play top_threats -e limit=8

    say "2. Find the addresses behind threats that were not blocked, and plan the blocks. Nothing is written (--check)."
    play block_offenders "${chain[@]}" --check
fi

say "3. Ban the addresses on both FortiGates, verify the bans, and record them."
play block_offenders "${chain[@]}"

say "4. Send packets through the FortiGates, and show which of them pass."
python "$root/tools/demo_boxes.py" "$directory" effect

say "5. Unblock all addresses."
play unblock -i "$inventory" "${registry[@]}" -e everything=true
python "$root/tools/demo_boxes.py" "$directory" undone

say "6. Check for remaining sessions, tasks and bans."
python "$root/tools/demo_boxes.py" "$directory" left
echo "Done in $SECONDS seconds. To use your own devices, see docs/docsite/rst/first_query.rst"

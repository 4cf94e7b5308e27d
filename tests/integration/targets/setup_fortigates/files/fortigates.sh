# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash

# For targets that are scripts: start_fortigates [SWITCH=VALUE...] and stop_fortigates, which fails where something was left.
# The boxes hq and branch have the same address and two ports, and are the hosts of the inventory in $fortigates_inventory.

fortigates_folder=
fortigates_pids=()
export fortigates_inventory=$PWD/../setup_fortigates/files/fortigates.yml

start_fortigates() {
    local switches=()
    local switch name
    for switch in "$@"; do
        switches+=(--set "$switch")
    done
    fortigates_folder=$(mktemp -d)
    export FORTIGATES=$fortigates_folder
    # The path of a socket may not be long, and a checkout may lie deep.
    export ANSIBLE_PERSISTENT_CONTROL_PATH_DIR=$fortigates_folder/pc
    for name in hq branch; do
        # The collection is where ansible-test put it; this script runs from a copy of the integration tests only.
        PYTHONPATH=$ANSIBLE_COLLECTIONS_PATH/ansible_collections/secops/fortiview/tests${PYTHONPATH:+:$PYTHONPATH} \
            python -m simulators.fortigate --directory "$fortigates_folder/$name" --serial "FGT-$name" --hostname "fgt-$name" \
            --parent $$ "${switches[@]}" >"$fortigates_folder/$name.log" 2>&1 &
        fortigates_pids+=($!)
    done
    for name in hq branch; do
        for _ in $(seq 300); do
            if [ -f "$fortigates_folder/$name/settings.json" ]; then
                continue 2
            fi
            sleep 0.1
        done
        cat "$fortigates_folder/$name.log" >&2
        exit 1
    done
}

fortigate_setting() {
    python -c 'import json, sys; print(json.load(open(sys.argv[1]))[sys.argv[2]])' "$fortigates_folder/$1/settings.json" "$2"
}

# ask_fortigate BOX WHAT: prints what its control plane answers.
ask_fortigate() {
    python - "$fortigates_folder/$1/settings.json" "$2" <<'PYTHON'
import json, ssl, sys, urllib.error, urllib.request

settings = json.load(open(sys.argv[1]))
trusted = ssl.create_default_context(cafile=settings["ca_path"])
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=trusted))
try:
    print(opener.open(f"https://{settings['host']}:{settings['port']}/_simulator/{sys.argv[2]}").read().decode())
except urllib.error.HTTPError as refusal:
    print(refusal.read().decode())
PYTHON
}

end_fortigates() {
    local pid
    for pid in "${fortigates_pids[@]}"; do
        kill "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    rm -rf "$fortigates_folder"
}
trap end_fortigates EXIT

stop_fortigates() {
    local name left
    for name in hq branch; do
        left=$(ask_fortigate "$name" check)
        if [ "$left" != '{"problems":[]}' ]; then
            echo "Left on $name: $left" >&2
            exit 1
        fi
    done
}

# without_actions: from here on each task is a process of its module, for lack of the action plugins.
without_actions() {
    local tree=$fortigates_folder/tree/ansible_collections
    local here=$ANSIBLE_COLLECTIONS_PATH/ansible_collections
    mkdir -p "$tree/secops"
    cp -r "$here/secops/fortiview" "$tree/secops/"
    rm -r "$tree/secops/fortiview/plugins/action"
    ln -s "$here/ansible" "$here/fortinet" "$tree/"
    export ANSIBLE_COLLECTIONS_PATH=$fortigates_folder/tree
}

# never_prints FILE...: neither token nor password of a box is in them.
never_prints() {
    local name
    for name in hq branch; do
        fortigate_setting "$name" token
        fortigate_setting "$name" read_only_token
        fortigate_setting "$name" password
    done >"$fortigates_folder/needles"
    if grep -n -F -f "$fortigates_folder/needles" "$@"; then
        echo "A secret was printed" >&2
        exit 1
    fi
}

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash

# For targets that are scripts: start_simulator [SWITCH=VALUE...] and stop_simulator, which fails where something was left.

simulator_folder=
simulator_pid=

start_simulator() {
    local switches=()
    local switch
    for switch in "$@"; do
        switches+=(--set "$switch")
    done
    simulator_folder=$(mktemp -d)
    # The collection is where ansible-test put it; this script runs from a copy of the integration tests only.
    PYTHONPATH=$ANSIBLE_COLLECTIONS_PATH/ansible_collections/secops/fortiview/tests${PYTHONPATH:+:$PYTHONPATH} \
        python -m simulators.fortianalyzer --directory "$simulator_folder" --parent $$ "${switches[@]}" \
        >"$simulator_folder/log" 2>&1 &
    simulator_pid=$!
    for _ in $(seq 300); do
        if [ -f "$simulator_folder/settings.json" ]; then
            break
        fi
        sleep 0.1
    done
    FAZ_HOST=$(simulator_setting host)
    FAZ_PORT=$(simulator_setting port)
    FAZ_USERNAME=$(simulator_setting username)
    FAZ_PASSWORD=$(simulator_setting password)
    FAZ_CA_PATH=$(simulator_setting ca_path)
    export FAZ_HOST FAZ_PORT FAZ_USERNAME FAZ_PASSWORD FAZ_CA_PATH
}

simulator_setting() {
    python -c 'import json, sys; print(json.load(open(sys.argv[1]))[sys.argv[2]])' "$simulator_folder/settings.json" "$1"
}

# ask_simulator WHAT: prints what the control plane answers.
ask_simulator() {
    python - "https://$FAZ_HOST:$FAZ_PORT/_simulator/$1" "$simulator_folder/ca.pem" <<'PYTHON'
import ssl, sys, urllib.error, urllib.request

try:
    trusted = ssl.create_default_context(cafile=sys.argv[2])
    print(urllib.request.urlopen(sys.argv[1], context=trusted).read().decode())
except urllib.error.HTTPError as refusal:
    print(refusal.read().decode())
PYTHON
}

end_simulator() {
    if [ -n "$simulator_pid" ]; then
        kill "$simulator_pid" 2>/dev/null || true
        wait "$simulator_pid" 2>/dev/null || true
    fi
    rm -rf "$simulator_folder"
}
trap end_simulator EXIT

stop_simulator() {
    local left
    left=$(ask_simulator check)
    if [ "$left" != '{"problems":[]}' ]; then
        echo "Left on the simulator: $left" >&2
        exit 1
    fi
}

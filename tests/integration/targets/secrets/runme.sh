#!/usr/bin/env bash
# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# No password, token or session id is in anything that ansible-playbook prints or logs, in both ways to run, be it that they crash.

set -euo pipefail

# shellcheck source=tests/integration/targets/setup_simulator/files/simulator.sh
source ../setup_simulator/files/simulator.sh

start_simulator task_seconds=0.2
token=$(simulator_setting api_token)
cloud_token=$(simulator_setting cloud_token)
output=$simulator_folder/output
export ANSIBLE_LOG_PATH=$simulator_folder/ansible.log
export ANSIBLE_CONNECTION_PLUGINS=$PWD/../setup_own_process/connection_plugins
# What breaks in a library may quote what it was given.
export PYTHONPATH=$PWD/crashing${PYTHONPATH:+:$PYTHONPATH}
export ANSIBLE_DISPLAY_TRACEBACK=always
# They must come from options here too, not only from the environment.
printf '{"password": "%s", "token": "%s", "cloud_token": "%s"}\n' "$FAZ_PASSWORD" "$token" "$cloud_token" \
    >"$simulator_folder/secrets.json"

ansible-playbook -vvvv -i ../../inventory secrets.yml -e "@$simulator_folder/secrets.json" >"$output" 2>&1 || {
    tail -n 50 "$output"
    exit 1
}
ask_simulator journal >"$simulator_folder/journal.json"
python - "$simulator_folder/journal.json" >"$simulator_folder/sessions" <<'PYTHON'
import json, sys

for entry in json.load(open(sys.argv[1])):
    reply = entry["reply"] if isinstance(entry["reply"], dict) else {}
    session = reply.get("session") or (entry["body"] or {}).get("session")
    if session:
        print(session)
PYTHON
sort -u -o "$simulator_folder/sessions" "$simulator_folder/sessions"

# The search itself is worth something only where there is something to find.
grep -q 'module_args' "$output"
grep -q 'session.py.*, line' "$output"
test -s "$simulator_folder/sessions"
test -s "$ANSIBLE_LOG_PATH"

{
    printf '%s\n' "$FAZ_PASSWORD" "$token" "$cloud_token" certainly-wrong-1 certainly-wrong-2 certainly-wrong-3
    cat "$simulator_folder/sessions"
} >"$simulator_folder/needles"
if grep -n -F -f "$simulator_folder/needles" "$output" "$ANSIBLE_LOG_PATH"; then
    echo "A secret was printed" >&2
    exit 1
fi
stop_simulator

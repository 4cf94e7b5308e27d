#!/usr/bin/env bash
# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Bans through the official connection plugin, which only it can show: verified TLS, a persistent connection, its errors.

set -euo pipefail

# shellcheck source=tests/integration/targets/setup_fortigates/files/fortigates.sh
source ../setup_fortigates/files/fortigates.sh

start_fortigates 'vdoms=[root, guest]'
output=$fortigates_folder/output
export ANSIBLE_LOG_PATH=$fortigates_folder/ansible.log
export ANSIBLE_PIPELINING=true
export ANSIBLE_INJECT_INVOCATION=true

# A user name is what AWX passes with a machine credential, and five forks are the default.
ansible-playbook -vvv --forks 5 -u someone -i "$fortigates_inventory" bans.yml >"$output" 2>&1 || {
    tail -n 100 "$output"
    exit 1
}
# In a run of its own: the connection sends its first request after a change of the token with the token from before.
if ansible branch -vvv -i "$fortigates_inventory" -m secops.fortiview.fortigate_ban \
    -a '{"addresses": ["198.51.100.9"], "access_token": "certainly-wrong"}' >>"$output" 2>&1; then
    echo "A token that the box does not know was taken" >&2
    exit 1
fi
grep -q 'Check fortigate_token' "$output"
ask_fortigate branch state | grep -Fq '"writes":3'

# The search is worth something only where there is something to find.
grep -q 'VALUE_SPECIFIED_IN_NO_LOG_PARAMETER' "$output"
never_prints "$output" "$ANSIBLE_LOG_PATH"
if grep -n certainly-wrong "$output" "$ANSIBLE_LOG_PATH"; then
    echo "A token was printed" >&2
    exit 1
fi

# As a module process, which the other modules' tests show at length.
without_actions
options='{"addresses": ["203.0.113.9"], "access_token": "{{ fortigate_token }}"}'
for expected in CHANGED SUCCESS; do
    ansible branch -i "$fortigates_inventory" -m secops.fortiview.fortigate_ban -a "$options" | grep -q "branch | $expected"
done
ask_fortigate branch 'passes?src=203.0.113.9&dst=203.0.113.10' | grep -q false
stop_fortigates

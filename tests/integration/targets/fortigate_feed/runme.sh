#!/usr/bin/env bash
# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Threat feeds through the official connection plugin, as for bans.

set -euo pipefail

# shellcheck source=tests/integration/targets/setup_fortigates/files/fortigates.sh
source ../setup_fortigates/files/fortigates.sh

export ANSIBLE_PIPELINING=true
export ANSIBLE_INJECT_INVOCATION=true

# On the controller, and as a module process.
for way in in_process module; do
    (
        start_fortigates with_feed=true with_policies=true
        output=$fortigates_folder/output
        if [ "$way" = module ]; then
            without_actions
        fi
        ansible-playbook -vvv -u someone -i "$fortigates_inventory" feeds.yml >"$output" 2>&1 || {
            tail -n 100 "$output"
            exit 1
        }
        # Which way it was.
        [ "$way" = "$(grep -q 'plugins/modules/fortigate_feed.py' "$output" && echo module || echo in_process)" ]
        grep -q 'VALUE_SPECIFIED_IN_NO_LOG_PARAMETER' "$output"
        never_prints "$output"
        stop_fortigates
        end_fortigates
    )
done

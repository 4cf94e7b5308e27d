#!/usr/bin/env bash
# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Runs the commands of guides against the simulators and writes their outputs into them: guides.sh [GUIDE...]

set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
targets=$root/tests/integration/targets
cd "$targets/setup_simulator"
# shellcheck source=tests/integration/targets/setup_simulator/files/simulator.sh
source "$targets/setup_simulator/files/simulator.sh"
# shellcheck source=tests/integration/targets/setup_fortigates/files/fortigates.sh
source "$targets/setup_fortigates/files/fortigates.sh"
trap 'end_simulator; end_fortigates' EXIT
start_simulator task_seconds=0.1
start_fortigates with_feed=true

export ANSIBLE_CALLBACK_RESULT_FORMAT=yaml
export ANSIBLE_LOCALHOST_WARNING=false
export ANSIBLE_INVENTORY_UNPARSED_WARNING=false
export FORTIGATES_INVENTORY=$fortigates_inventory

cd "$root"
guides=("$@")
if [ ${#guides[@]} -eq 0 ]; then
    guides=(docs/guides/*.md)
fi
python tools/guides.py "${guides[@]}"
stop_simulator

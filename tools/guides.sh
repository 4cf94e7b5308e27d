#!/usr/bin/env bash
# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Runs the commands in documentation pages against simulators, and writes the outputs into the pages: guides.sh [PAGE...]

set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root"
pages=("$@")
if [ ${#pages[@]} -eq 0 ]; then
    mapfile -t pages < <(grep -l '^\.\. output of a run' docs/docsite/rst/*.rst)
fi
# Each page needs new simulators, on which nothing is blocked.
if [ ${#pages[@]} -gt 1 ]; then
    for page in "${pages[@]}"; do tools/guides.sh "$page"; done
    exit
fi
# This folder contains the sockets of persistent connections, whose paths must be short.
folder=$(mktemp -d)
TASK_SECONDS=0.5 tools/simulators.sh "$folder" >"$folder/log" 2>&1 &
simulators=$!
trap 'kill "$simulators" 2>/dev/null || true; wait "$simulators" 2>/dev/null || true; rm -rf "$folder"' EXIT
until grep -q "^Wrote " "$folder/log"; do
    kill -0 "$simulators" 2>/dev/null || { cat "$folder/log" >&2; exit 1; }
    sleep 0.1
done
# shellcheck source=/dev/null
source "$folder/faz.env"

export GUIDES_INVENTORY=$folder/inventory.yml
export ANSIBLE_PERSISTENT_CONTROL_PATH_DIR=$folder/pc
export ANSIBLE_CALLBACK_RESULT_FORMAT=yaml
export ANSIBLE_LOCALHOST_WARNING=false
export ANSIBLE_INVENTORY_UNPARSED_WARNING=false

python tools/guides.py "${pages[@]}"

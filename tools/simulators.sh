#!/usr/bin/env bash
# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Starts a simulated FortiAnalyzer and two simulated FortiGates: simulators.sh [FOLDER]
#
# The script writes two files to FOLDER, or to .build/simulator if no folder is given. faz.env has the environment variables of the
# FortiAnalyzer, and inventory.yml has the FortiGates. Ctrl-C stops the simulators. `make simulator` runs this script with the Python of
# the virtual environment.

set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
folder=${1:-$root/.build/simulator}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)

pids=()
leave() {
    local pid
    for pid in "${pids[@]}"; do
        kill "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
}
trap leave EXIT
trap 'exit 0' INT TERM HUP

# start NAME MODULE ARGUMENT... starts a simulator with the folder NAME.
start() {
    local name=$1 module=$2
    shift 2
    rm -f "$folder/simulators/$name/settings.json"
    PYTHONPATH=$root/tests python -m "$module" --directory "$folder/simulators/$name" --parent $$ "$@" &
    pids+=($!)
}

for file in faz.env inventory.yml; do
    if [ -e "$folder/$file" ] && ! grep -q "Written by tools/simulators.sh" "$folder/$file"; then
        echo "$folder/$file was not written by this script. Choose another folder, or move the file." >&2
        exit 1
    fi
done

umask 077
start faz simulators.fortianalyzer --set "task_seconds=${TASK_SECONDS:-2}"
for name in fgt-hq fgt-branch; do
    start "$name" simulators.fortigate --serial "$name" --hostname "$name"
done
for name in faz fgt-hq fgt-branch; do
    for _ in $(seq 300); do
        if [ -f "$folder/simulators/$name/settings.json" ]; then
            continue 2
        fi
        sleep 0.1
    done
    echo "The simulator $name did not start." >&2
    exit 1
done

python - "$folder" <<'PYTHON'
import json, pathlib, shlex, sys

folder = pathlib.Path(sys.argv[1])
mark = "# Written by tools/simulators.sh\n"
faz, *fortigates = (
    json.loads((folder / "simulators" / name / "settings.json").read_text()) for name in ("faz", "fgt-hq", "fgt-branch")
)
lines = [f"export FAZ_{name.upper()}={shlex.quote(str(faz[name]))}" for name in ("host", "port", "api_token", "ca_path")]
(folder / "faz.env").write_text(mark + "\n".join(lines) + "\n")
hosts = "".join(
    f"    {one['hostname']}:\n"
    f"      ansible_host: {one['host']}\n"
    f"      ansible_httpapi_port: {one['port']}\n"
    f"      ansible_httpapi_ca_path: {one['ca_path']}\n"
    f"      fortigate_token: {one['token']}\n"
    for one in fortigates
)
(folder / "inventory.yml").write_text(
    mark + "ungrouped:\n  hosts:\n    localhost:\n      ansible_connection: local\n"
    "      ansible_python_interpreter: \"{{ ansible_playbook_python }}\"\n"
    "fortigates:\n  hosts:\n" + hosts + "  vars:\n"
    "    ansible_connection: ansible.netcommon.httpapi\n"
    "    ansible_network_os: fortinet.fortios.fortios\n"
    "    ansible_httpapi_use_ssl: true\n"
    "    ansible_port: \"{{ ansible_httpapi_port }}\"\n"
    "    ansible_httpapi_validate_certs: true\n"
    "    ansible_httpapi_use_proxy: false\n"
    "    ansible_user: \"\"\n"
    "    ansible_command_timeout: 60\n"
    "    ansible_connect_timeout: 300\n"
    "    ansible_python_interpreter: \"{{ ansible_playbook_python }}\"\n"
)
PYTHON
echo "Wrote $folder/faz.env and $folder/inventory.yml. The simulators run until you press Ctrl-C."
wait

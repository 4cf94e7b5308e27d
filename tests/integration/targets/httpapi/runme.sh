#!/usr/bin/env bash
# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The modules over a real httpapi connection and a stand-in for the official plugin, in both dialects of the appliance.

set -euo pipefail

# shellcheck source=tests/integration/targets/setup_simulator/files/simulator.sh
source ../setup_simulator/files/simulator.sh

start_simulator task_seconds=0.1
work=$simulator_folder/work
plugins=$work/ansible_collections/fortinet/fortianalyzer/plugins/httpapi
mkdir -p "$plugins"
cp files/fortianalyzer.py "$plugins"
export ANSIBLE_COLLECTIONS_PATH=$work:$ANSIBLE_COLLECTIONS_PATH
export ANSIBLE_PERSISTENT_CONTROL_PATH_DIR=$simulator_folder/pc
# A connection that nobody uses logs out soon.
export ANSIBLE_PERSISTENT_CONNECT_TIMEOUT=12

inventory() {
    python - "$1" <<'PYTHON'
import json, os, sys

print(json.dumps({"all": {"hosts": {"faz": {
    "ansible_connection": "ansible.netcommon.httpapi",
    "ansible_network_os": "fortinet.fortianalyzer.fortianalyzer",
    "ansible_host": os.environ["FAZ_HOST"],
    "ansible_httpapi_port": int(os.environ["FAZ_PORT"]),
    "ansible_httpapi_use_ssl": True,
    "ansible_httpapi_validate_certs": True,
    "ansible_httpapi_ca_path": os.environ["FAZ_CA_PATH"],
    "ansible_httpapi_use_proxy": False,
    "ansible_user": os.environ["FAZ_USERNAME"],
    "ansible_password": sys.argv[1],
    "ansible_python_interpreter": sys.executable,
}}}}))
PYTHON
}
inventory "$FAZ_PASSWORD" >"$work/inventory.json"
inventory wrong-c4nary >"$work/wrong.json"
url=https://$FAZ_HOST:$FAZ_PORT
# The modules must not find what they do not need.
secret=$FAZ_PASSWORD
ca=$FAZ_CA_PATH
unset FAZ_USERNAME FAZ_PASSWORD FAZ_CA_PATH

count_logins() {
    ask_simulator journal | python -c 'import json, sys; print(sum("login" in (e["url"] or "") for e in json.load(sys.stdin)))'
}

logged_out() {
    for _ in $(seq 300); do
        if ask_simulator state | grep -q '"open_sessions":\[\]'; then
            return
        fi
        sleep 0.1
    done
    echo "The connection did not log out" >&2
    exit 1
}

for dialect in live documented; do
    curl --silent --fail --cacert "$ca" --request PATCH --data "{\"dialect\": \"$dialect\"}" "$url/_simulator/switches" >/dev/null
    before=$(count_logins)
    ansible-playbook -vvv -i "$work/inventory.json" shared.yml >"$work/out" 2>&1 || {
        tail -n 100 "$work/out"
        exit 1
    }
    logged_out
    if [ "$(($(count_logins) - before))" -ne 1 ]; then
        echo "Not one login for the whole play" >&2
        exit 1
    fi
    if grep -n -F "$secret" "$work/out"; then
        echo "A secret was printed" >&2
        exit 1
    fi
done

if ansible faz -i "$work/wrong.json" -m secops.fortiview.faz_fortiview_task \
    -a '{"view": "top-threats", "time_range": {"last": "1h"}}' >"$work/out" 2>&1; then
    echo "A wrong password was taken" >&2
    exit 1
fi
grep -q 'was not tried again' "$work/out"
if grep -n wrong-c4nary "$work/out"; then
    echo "A password was printed" >&2
    exit 1
fi
stop_simulator

#!/usr/bin/env bash
# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Plays two playbooks against a simulated FortiAnalyzer, or against the real one in FAZ_HOST where that is set.

set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
if [ -z "${MAKELEVEL:-}" ]; then
    # make sees to the virtual environment and to the paths.
    exec make -C "$root" demo
fi

# The tables as lines, and nothing about an inventory that this needs none of.
export ANSIBLE_STDOUT_CALLBACK=ansible.builtin.default
export ANSIBLE_CALLBACK_RESULT_FORMAT=yaml
export ANSIBLE_DISPLAY_SKIPPED_HOSTS=false
export ANSIBLE_INVENTORY_UNPARSED_WARNING=false
export ANSIBLE_LOCALHOST_WARNING=false
export ANSIBLE_RETRY_FILES_ENABLED=false

pid=
directory=

leave() {
    if [ -n "$pid" ]; then
        kill "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    fi
    if [ -n "$directory" ]; then
        rm -rf "$directory"
    fi
}
trap leave EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

start_simulator() {
    directory=$(mktemp -d)
    # Some of a second and a half for each task, so that there is something to wait for.
    PYTHONPATH=$root/tests python -m simulators.fortianalyzer \
        --directory "$directory" --set task_seconds=1.5 --parent $$ >"$directory/log" 2>&1 &
    pid=$!
    for _ in $(seq 300); do
        if [ -f "$directory/settings.json" ]; then
            return
        fi
        if ! kill -0 "$pid" 2>/dev/null; then
            break
        fi
        sleep 0.1
    done
    echo "The simulator did not start:" >&2
    cat "$directory/log" >&2
    exit 1
}

use_simulator() {
    # One way to log in, and none of the user's other settings: they are for another appliance.
    unset FAZ_API_TOKEN FAZ_CLOUD_TOKEN FAZ_VALIDATE_CERTS FAZ_REQUEST_TIMEOUT
    eval "$(python - "$directory/settings.json" <<'PYTHON'
import json, shlex, sys

with open(sys.argv[1], encoding="utf-8") as file:
    settings = json.load(file)
for name in ("host", "port", "username", "password", "ca_path"):
    print(f"export FAZ_{name.upper()}={shlex.quote(str(settings[name]))}")
PYTHON
    )"
    # A proxy of the user's does not know this machine's own addresses.
    export NO_PROXY=${NO_PROXY:+$NO_PROXY,}$FAZ_HOST
    export no_proxy=$NO_PROXY
}

ask_what_is_left() {
    python - <<'PYTHON'
import json, os, ssl, sys, urllib.error, urllib.request

trusted = ssl.create_default_context(cafile=os.environ["FAZ_CA_PATH"])
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=trusted))


def ask(what):
    try:
        with opener.open(f"https://{os.environ['FAZ_HOST']}:{os.environ['FAZ_PORT']}/_simulator/{what}") as reply:
            return json.load(reply)
    except urllib.error.HTTPError as refusal:
        return json.load(refusal)


state = ask("state")
problems = ask("check")["problems"]
problems += [f"session {sid[:6]}... is open" for sid in state["open_sessions"]]
problems += [f"task {task['tid']} is left" for task in state["live_tasks"]]
print("\n".join(problems) or "The appliance says: no session and no task was left behind, no secret in a URL.")
sys.exit(bool(problems))
PYTHON
}

if [ -n "${FAZ_HOST:-}" ]; then
    echo "Asks the FortiAnalyzer $FAZ_HOST (from FAZ_HOST) for its top threats and top sources of the last 24 hours."
else
    echo "Starts a simulated FortiAnalyzer on this machine, asks it for its top threats and top sources of the last"
    echo "24 hours, and stops it. With FAZ_HOST, FAZ_USERNAME and FAZ_PASSWORD (or FAZ_API_TOKEN) set it asks a real one."
    start_simulator
    use_simulator
    echo "It listens on $FAZ_HOST:${FAZ_PORT:-443}; its certificate is verified."
fi

for playbook in top_threats top_sources; do
    printf '\n$ ansible-playbook secops.fortiview.%s -e limit=10\n' "$playbook"
    ansible-playbook "secops.fortiview.$playbook" -e limit=10
done

if [ -n "$pid" ]; then
    ask_what_is_left
fi
echo "Done in $SECONDS seconds."

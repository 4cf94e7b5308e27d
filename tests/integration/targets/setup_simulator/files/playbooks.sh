# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash

# For targets that run playbooks of the collection by name, as users do; to be read after simulator.sh.
# Output of the last command is in the file `out` of the current folder, that of all in `all`.

export ANSIBLE_CALLBACK_RESULT_FORMAT=yaml
export ANSIBLE_LOCALHOST_WARNING=false
export ANSIBLE_INVENTORY_UNPARSED_WARNING=false
# The user's own interpreter for localhost, as the playbooks are to be run without an inventory.
ANSIBLE_PYTHON_INTERPRETER=$(command -v python)
export ANSIBLE_PYTHON_INTERPRETER

# play NAME [ARGUMENT...]: a playbook of the collection.
play() {
    local name=$1
    shift
    ansible-playbook "secops.fortiview.$name" "$@"
}

# run COMMAND...: must succeed.
run() {
    if ! "$@" >out 2>&1; then
        echo "$* failed:" >&2
        cat out >&2
        exit 1
    fi
    cat out >>all
}

# refuses COMMAND...: must fail.
refuses() {
    if "$@" >out 2>&1; then
        echo "$* did not fail:" >&2
        cat out >&2
        exit 1
    fi
    cat out >>all
}

# says REGEX...: each is in the output, on one line.
says() {
    local pattern
    for pattern in "$@"; do
        if ! grep -Eq -- "$pattern" out; then
            echo "Not in the output: $pattern" >&2
            cat out >&2
            exit 1
        fi
    done
}

never_says() {
    if grep -Eq -- "$1" out; then
        echo "In the output: $1" >&2
        cat out >&2
        exit 1
    fi
}

# at_once FUNCTION...: each in a folder of its name; one ansible-playbook keeps one processor busy.
at_once() {
    local part pid pids=() failed=0 folder=${simulator_folder:?}
    for part in "$@"; do
        (
            mkdir "$folder/$part"
            cd "$folder/$part" || exit
            "$part"
        ) &
        pids+=($!)
    done
    for pid in "${pids[@]}"; do
        wait "$pid" || failed=1
    done
    if [ "$failed" -ne 0 ]; then
        exit 1
    fi
}

#!/usr/bin/env bash
# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Runs one step of the tests and notes how it ended for tools/summary.py: step.sh NAME COMMAND...

set -uo pipefail

name=$1
shift
notes=.build/steps

mkdir -p "$notes"
printf '\n==> %s\n' "$name"
started=$SECONDS
"$@"
code=$?
seconds=$((SECONDS - started))
# What it kept processors busy for tells more than what the clock says of steps that run side by side.
times >"$notes/.times"
busy=$(awk 'NR == 2 { for (i = 1; i <= 2; i++) { split($i, t, /[ms]/); total += t[1] * 60 + t[2] } printf "%.0f", total }' "$notes/.times")
printf '%s %s %s\n' "$code" "$seconds" "$busy" >"$notes/$name"
if [ "$code" -eq 77 ]; then
    printf '<== %s: skipped\n' "$name"
    exit 0
elif [ "$code" -eq 0 ]; then
    printf '<== %s: ok, %s s\n' "$name" "$seconds"
else
    printf '<== %s: FAILED (exit code %s), %s s\n' "$name" "$code" "$seconds"
fi
exit "$code"

#!/bin/sh
# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Prints the path of the newest Python that the tool chain runs on; or of a given version: find-python.sh 3.9
# A candidate must prove itself by running: pyenv puts shims on PATH that exist and fail.

set -u

runs() {
    "$1" -c "import sys, venv; sys.exit(sys.version_info < ($2))" >/dev/null 2>&1
}

for version in "${@:-3.13}" "${@:-3.12}"; do
    for candidate in "${PYENV_ROOT:-$HOME/.pyenv}"/versions/"$version".*/bin/python"$version" python"$version"; do
        if runs "$candidate" 3,; then
            command -v "$candidate"
            exit 0
        fi
    done
done
if [ "$#" -eq 0 ] && runs python3 3,11; then
    command -v python3
    exit 0
fi
echo "No Python ${*:-3.11 or newer} found" >&2
exit 1

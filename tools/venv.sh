#!/usr/bin/env bash
# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Makes the virtual environment, or fills it up: venv.sh DIRECTORY REQUIREMENTS [PYTHON]
# A named PYTHON that the environment was not made with replaces it.

set -euo pipefail

venv=$1
requirements=$2
wanted=${3:-}

version_of() {
    "$1" -c 'import sys; print(sys.version_info[:3])' 2>/dev/null || echo none
}

have=$(version_of "$venv/bin/python")
if [ "$have" = none ] || { [ -n "$wanted" ] && [ "$have" != "$(version_of "$wanted")" ]; }; then
    python=${wanted:-$(sh "$(dirname "$0")/find-python.sh")}
    echo "Making $venv with $python"
    "$python" -m venv --clear "$venv"
fi

# uv is ten times as fast, but knows nothing of pip's configuration: a site that reaches its
# packages only through that gets pip. Uncompiled packages would be compiled at each start
# wherever PYTHONDONTWRITEBYTECODE is set; SSL certificates are the system's, as for pip.
uv=$venv/bin/uv
pip=("$venv/bin/python" -m pip install --quiet --disable-pip-version-check)
if { [ -x "$uv" ] || "${pip[@]}" uv==0.13.9; } &&
    UV_SYSTEM_CERTS=1 "$uv" pip install --quiet --compile-bytecode \
        --python "$venv/bin/python" --requirement "$requirements"; then
    exit 0
fi
"${pip[@]}" --requirement "$requirements"

#!/bin/sh
# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Creates a virtual environment, or installs missing packages in it: venv.sh DIRECTORY REQUIREMENTS [PYTHON]
# If PYTHON is given and the environment has another release of Python, the environment is created again.
#
# Prints the path of the given release of Python, or of the newest Python that the tools support: venv.sh --find [3.9]

set -eu

# Each candidate is run as a test, because pyenv puts shims on PATH that exist but fail.
runs() {
    "$1" -c "import sys, venv; sys.exit(sys.version_info < ($2))" >/dev/null 2>&1
}

find_python() {
    for version in ${1:-3.13 3.12}; do
        for candidate in "${PYENV_ROOT:-$HOME/.pyenv}"/versions/"$version".*/bin/python"$version" python"$version"; do
            if runs "$candidate" 3,; then
                command -v "$candidate"
                return
            fi
        done
    done
    if [ $# -eq 0 ] && runs python3 3,11; then
        command -v python3
        return
    fi
    echo "Python ${1:-3.11 or newer} was not found. Install it." >&2
    return 1
}

version_of() {
    "$1" -c 'import sys; print(sys.version_info[:3])' 2>/dev/null || echo none
}

if [ "$1" = --find ]; then
    shift
    find_python "$@"
    exit
fi

venv=$1
requirements=$2
wanted=${3:-}

have=$(version_of "$venv/bin/python")
if [ "$have" = none ] || { [ -n "$wanted" ] && [ "$have" != "$(version_of "$wanted")" ]; }; then
    python=${wanted:-$(find_python)}
    echo "Creating $venv with $python"
    "$python" -m venv --clear "$venv"
fi

# uv is ten times as fast as pip, but ignores pip's configuration. If uv fails, pip installs the packages. uv compiles the packages, because
# otherwise Python would compile them at each start if PYTHONDONTWRITEBYTECODE is set. Like pip, uv uses the SSL certificates of the system.
uv=$venv/bin/uv
pip() {
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check "$@"
}
if { [ -x "$uv" ] || pip uv==0.13.9; } &&
    UV_SYSTEM_CERTS=1 "$uv" pip install --quiet --compile-bytecode \
        --python "$venv/bin/python" --requirement "$requirements"; then
    exit 0
fi
pip --requirement "$requirements"

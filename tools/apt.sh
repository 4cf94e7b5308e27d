#!/usr/bin/env bash
# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Installs Debian packages: apt.sh PACKAGE...
# Where that is not possible, the exit code is 77.

set -euo pipefail

if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    echo "This needs the Debian packages $*, and cannot install them."
    exit 77
fi
mkdir -p .build
echo "Installing $*"
# Several steps of the tests may install at the same time.
exec 9>.build/apt.lock
flock 9
export DEBIAN_FRONTEND=noninteractive
if ! { apt-get -qq update && apt-get -qq install --no-install-recommends "$@"; } >".build/apt-$1.log" 2>&1; then
    tail -5 ".build/apt-$1.log"
    echo "The packages could not be installed."
    exit 77
fi

#!/usr/bin/env bash
# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Runs the tests in tests/browser: browser.sh [ARGUMENT OF PYTEST...]
# They need Chromium, and LibreOffice to open the CSV files. Where these are missing and cannot be installed, the exit code is 77.

set -euo pipefail

axe=4.14.1
build=$PWD/.build

if ! [ -x /usr/bin/chromium ] || ! [ -x /usr/bin/chromedriver ] || ! [ -x /usr/bin/soffice ]; then
    tools/apt.sh chromium chromium-driver libreoffice-calc-nogui
fi

# The rules of accessibility that a page is checked by; only fetched for this.
if ! [ -f "$build/axe-$axe/package/axe.min.js" ]; then
    mkdir -p "$build/axe-$axe"
    archive=$build/axe-$axe/axe-core-$axe.tgz
    # npm knows the registry of this machine, but is not everywhere.
    npm pack --silent --pack-destination "$build/axe-$axe" "axe-core@$axe" >/dev/null 2>&1 ||
        python -c 'import sys, urllib.request; urllib.request.urlretrieve(*sys.argv[1:])' \
            "https://registry.npmjs.org/axe-core/-/axe-core-$axe.tgz" "$archive"
    tar -xzf "$archive" -C "$build/axe-$axe" package/axe.min.js
fi
export AXE=$build/axe-$axe/package/axe.min.js

pytest "$@" tests/browser

#!/usr/bin/env bash
# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Compiles and imports the plugins on another Python, where there is one: sanity-on.sh VERSION

set -euo pipefail

tools=$(cd "$(dirname "$0")" && pwd)
version=$1
bin=$tools/../.build/pythons

python=$(sh "$tools/find-python.sh" "$version") || exit 77
# ansible-test takes the first on PATH, which may be a shim that does not run.
mkdir -p "$bin"
ln -sfn "$python" "$bin/python$version"
PLACE=sanity-$version PATH=$bin:$PATH "$tools/ansible-test.sh" sanity --python "$version" --test compile --test import

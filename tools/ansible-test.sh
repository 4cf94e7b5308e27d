#!/usr/bin/env bash
# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Runs ansible-test on a copy of the collection: [PLACE=...] [COLLECTIONS=...] [ON=VERSION] ansible-test.sh COMMAND [ARGUMENT...]
#
# PLACE names the folder of the copy below .build/ansible-test. COLLECTIONS is a folder with the official collections. ON is the release of
# Python to use instead of the Python that runs ansible-core. If this release is not installed, the exit code is 77.

set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
command=$1
shift
# Two runs of the same command at the same time need separate folders.
place=$root/.build/ansible-test/${PLACE:-$command${ON:+-$ON}}
tree=$place/ansible_collections/secops/fortiview
home=$root/.build/home
cache=$home/.ansible/test/cache

# ansible-test resolves links, so it cannot use the link in .build/ansible_collections.
rm -rf "$place"
mkdir -p "$tree" "$cache"
cd "$root"
git ls-files -z --cached --others --exclude-standard |
    while IFS= read -r -d '' file; do
        # git also lists deleted files until the deletion is committed.
        if [ -e "$file" ]; then printf '%s\0' "$file"; fi
    done | tar --null -T - -cf - | tar -xf - -C "$tree"
# git lists no files in the ignored folder .build. Without its own repository, the copy would have no tests for ansible-test.
git -C "$tree" init --quiet

# Integration targets may use the collections that `make collections` has fetched. Sanity tests read only this collection.
if [ "$command" = integration ]; then
    for namespace in "${COLLECTIONS:-$root/.build}"/ansible_collections/*; do
        [ "${namespace##*/}" = secops ] || ln -s "$namespace" "$place/ansible_collections/"
    done
fi

# ansible-test creates its virtual environments with a script that it fetches from the internet, unless the script is in this cache. The
# names are those of ansible-core 2.16 and 2.17, 2.18 and 2.19, and 2.20 and later. The script here installs pip from the Python
# installation. It does so in a separate process, because ensurepip switches off pip's configuration for the rest of its process.
for version in 23_1_2 24_2 25_2; do
    cat >"$cache/get_pip_$version.py" <<'PYTHON'
import subprocess, sys

subprocess.check_call([sys.executable, "-m", "ensurepip"], stdout=subprocess.DEVNULL)
PYTHON
done

python=${ON:-$(python -c 'import sys; print("%d.%d" % sys.version_info[:2])')}
if [ -n "${ON:-}" ]; then
    found=$(tools/venv.sh --find "$ON") || exit 77
    # ansible-test uses the first Python of this release on PATH, which may be a pyenv shim that does not run.
    mkdir -p .build/pythons
    ln -sfn "$found" ".build/pythons/python$ON"
    export PATH=$root/.build/pythons:$PATH
fi
cd "$tree"
log=$place/log
# With a separate home directory, the cache is not in the home directory of the user.
env -u ANSIBLE_COLLECTIONS_PATH -u ANSIBLE_HOME HOME="$home" \
    ansible-test "$command" --local --python "$python" "$@" 2>&1 | tee "$log"
# ansible-test does not fail if it finds nothing to test.
if grep -q 'All targets skipped' "$log"; then
    echo "ansible-test $command found nothing to test. Check the arguments." >&2
    exit 1
fi

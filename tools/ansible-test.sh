#!/usr/bin/env bash
# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Runs ansible-test on a copy of the collection: [PLACE=...] [COLLECTIONS=...] [ON=VERSION] ansible-test.sh COMMAND [ARGUMENT...]
# ON names another Python than that of ansible-core; where it is not there, the exit code is 77.

set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
command=$1
shift
# Two runs of one command at the same time need separate folders.
place=$root/.build/ansible-test/${PLACE:-$command${ON:+-$ON}}
tree=$place/ansible_collections/secops/fortiview
home=$root/.build/home
cache=$home/.ansible/test/cache

# ansible-test resolves links, so .build/ansible_collections does not serve it.
rm -rf "$place"
mkdir -p "$tree" "$cache"
cd "$root"
git ls-files -z --cached --others --exclude-standard |
    while IFS= read -r -d '' file; do
        # git also lists files that are deleted but not committed.
        if [ -e "$file" ]; then printf '%s\0' "$file"; fi
    done | tar --null -T - -cf - | tar -xf - -C "$tree"
# In an ignored folder git lists no files, so ansible-test would find no tests.
git -C "$tree" init --quiet

# Targets may use what `make collections` has fetched; sanity looks at this collection alone.
if [ "$command" = integration ]; then
    for namespace in "${COLLECTIONS:-$root/.build}"/ansible_collections/*; do
        [ "${namespace##*/}" = secops ] || ln -s "$namespace" "$place/ansible_collections/"
    done
fi

# ansible-test makes its environments with a script that it fetches from the internet, unless it is in this cache; the names are those
# of cores 2.16-2.17, 2.18-2.19 and 2.20 on. Here pip comes from the Python installation, in a separate process, because in the
# same process ensurepip would leave pip's configuration switched off.
for version in 23_1_2 24_2 25_2; do
    cat >"$cache/get_pip_$version.py" <<'PYTHON'
import subprocess, sys

subprocess.check_call([sys.executable, "-m", "ensurepip"], stdout=subprocess.DEVNULL)
PYTHON
done

python=${ON:-$(python -c 'import sys; print("%d.%d" % sys.version_info[:2])')}
if [ -n "${ON:-}" ]; then
    found=$(tools/venv.sh --find "$ON") || exit 77
    # ansible-test takes the first on PATH, which may be a shim that does not run.
    mkdir -p .build/pythons
    ln -sfn "$found" ".build/pythons/python$ON"
    export PATH=$root/.build/pythons:$PATH
fi
cd "$tree"
log=$place/log
# A separate home keeps that cache out of the user's.
env -u ANSIBLE_COLLECTIONS_PATH -u ANSIBLE_HOME HOME="$home" \
    ansible-test "$command" --local --python "$python" "$@" 2>&1 | tee "$log"
# ansible-test does not fail if it finds nothing to test.
if grep -q 'All targets skipped' "$log"; then
    echo "ansible-test $command found nothing to test" >&2
    exit 1
fi

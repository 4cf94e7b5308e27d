#!/usr/bin/env bash
# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Builds the documentation as HTML in .build/docsite/html. A Sphinx warning fails the build.

set -euo pipefail

site=$PWD/.build/docsite
rm -rf "$site"
# antsibull-docs writes only to a folder of this user.
umask 077
mkdir -p "$site"
antsibull-docs sphinx-init --use-current --fail-on-error --squash-hierarchy --title secops.fortiview --project secops.fortiview \
    --dest-dir "$site" secops.fortiview >/dev/null
# Sphinx inventories of other projects are not fetched, so references to their pages become plain text. A broken reference to a page of this collection is an error.
cat >>"$site/conf.py" <<'PYTHON'
intersphinx_mapping = {}


def elsewhere(app, env, node, text):
    theirs = {"ref": not node["reftarget"].startswith("ansible_collections.secops."), "envvar": node["reftarget"].startswith("ANSIBLE_")}
    return text if theirs.get(node.get("reftype")) else None


def setup(app):
    app.connect("missing-reference", elsewhere)
PYTHON
cd "$site"
antsibull-docs --config-file antsibull-docs.cfg collection --use-current --fail-on-error --squash-hierarchy \
    --dest-dir rst secops.fortiview
# The page own_playbooks.rst names the public filters. The other filters are internal steps of playbooks, so their pages are removed from
# the side bar and from the index.
for page in rst/*_filter.rst; do
    filter=$(basename "$page" _filter.rst)
    grep -q "secops.fortiview.$filter#filter" "$OLDPWD/docs/docsite/rst/own_playbooks.rst" && continue
    sed -i "/ ${filter}_filter$/d; /^\* :ansplugin:.$filter filter /d" rst/index.rst
    sed -i '1i :orphan:\n' "$page"
done
# Each section of extra-docs.yml becomes a group of the side bar.
sed -Ezi 's/\n(Get started|Guides|Reference|Development)\n-+\n\n(\.\. toctree::\n    :maxdepth: 1\n)/\n\2    :caption: \1\n/g' rst/index.rst
sphinx-build -b html -c . -W --keep-going --quiet rst html
# A guide that is in no table of contents would be omitted without a warning.
for guide in "$OLDPWD"/docs/docsite/rst/*.rst; do
    page=$(find html -path "*docsite/$(basename "$guide" .rst).html")
    [ -n "$page" ] || { echo "$guide is not in a table of contents. Add the page to docs/docsite/extra-docs.yml." >&2; exit 1; }
done
echo "$(find html -name '*.html' | wc -l) pages in $site/html"

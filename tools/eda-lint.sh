#!/usr/bin/env bash
# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The checks that galaxy-importer makes of event sources and filters, with the exceptions of its ansible_test/container/eda/tox.ini.
# There they only report; here a finding fails. The tarball has no ruff.toml, so Ruff's own defaults count.

set -uo pipefail

plugins=extensions/eda/plugins
ignored=D100,D104,INP001,FA102,UP001,UP010,I001,FA100,PLR0913,E501
disabled=R0801,E0401,C0103,R0913,R0902,R0903
failed=0

ruff check --isolated --select ALL --ignore $ignored -q $plugins || failed=1
for kind in event_source event_filter; do
    pylint $plugins/$kind/*.py --output-format=parseable -sn --disable $disabled || failed=1
done
exit $failed

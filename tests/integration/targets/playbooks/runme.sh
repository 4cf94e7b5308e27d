#!/usr/bin/env bash
# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Every playbook of the collection, run by its name as users run it, each in a process of its own.

set -euo pipefail

# shellcheck source=tests/integration/targets/setup_simulator/files/simulator.sh
source ../setup_simulator/files/simulator.sh
# shellcheck source=tests/integration/targets/setup_simulator/files/playbooks.sh
source ../setup_simulator/files/playbooks.sh

start_simulator task_seconds=0.2
target=$PWD

# Whether all lines that end in a volume end at the same place of a terminal, whatever letters stand before it.
aligned() {
    python - out <<'PYTHON'
import re, sys, unicodedata

lines = [line.rstrip("\n") for line in open(sys.argv[1], encoding="utf-8") if re.search(r"^ +\d+  .* [KMG]B$", line)]
widths = {sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in line) for line in lines}
sys.exit(f"{len(lines)} lines with the widths {widths}" if len(lines) < 20 or len(widths) != 1 else 0)
PYTHON
}

reports() {
    # Reports: what it is about, aligned columns, hostile names as they are but without what steers a terminal.
    run play top_threats -e last=2d -e limit=200
    says '^ +From 20[0-9 :-]+ to 20[0-9 :-]+, time zone Europe/Berlin$' '^ +Complete: [0-9]+ rows$' '^ +Warnings: none$' \
        '^ +Top threats by incidents$' "\\{\\{ lookup\\('pipe','id'\\) \\}\\} +malware-detected" \
        '\{% for x in range\(9\) %\}\{\{ x \}\}\{% endfor %\}\.js' 'invoice_\?fdp\.exe' 'A…  malware' \
        'Threats with incidents that were detected and not blocked: [0-9]+ of [0-9]+\.$'
    never_says $'\xe2\x80\xae'
    never_says 'uid='

    run play top_sources -e last=2d -e limit=100
    says '^ +#  +Address +Host name +User +Sessions +Bytes$' '10\.1\.1\.20 +LAPTOP-USER01 +- +[0-9,]+ +[0-9,]+ +[0-9.]+ [MG]B$' \
        '\{\{ 7 \* 7 \}\}'
    aligned

    # In the default format each line is an element of a list.
    ANSIBLE_CALLBACK_RESULT_FORMAT=json run play top_sources -e limit=1
    says '^ +"Top sources by sessions",$' '^ +"1  10\.1\.'

    # Windows: a day in the past with nothing in it is told in words.
    run play top_threats -e start=2020-01-01 -e end=2020-01-02
    says 'Complete: 0 rows' 'Warning: top-threats of ADOM root: no rows for devid All_Devices' 'No rows: FortiAnalyzer has no data for this query' \
        'From 2020-01-01 00:00:00 to 2020-01-02 23:59:59, in the time zone of FortiAnalyzer'
    refuses play top_threats -e start=2026-01-02
    says 'time_range'
}

tables() {
    run ansible-playbook -i localhost, "$target/table.yml"
    says '1  10\.0\.0\.1 +red\?\[31m\?\?\?next\?2J +5 +0 0\.00 Bytes$' '2  10\.0\.0\.2 +\?evil\? +- +-$' \
        '3  10\.0\.0\.3 +- +many +1,024 +1\.00 KB' '^ +4  - +- +- +-$' 'Warning: a\?b' 'The time range is not known, because'
    never_says $'[\x1b\x07\r]'
    says 'Not complete: running at 43.0 %, so rows may be missing' '^ +No rows yet\.$'
    says '^ +#  agg_policyid  counts  devices$' '^ +1  7 +12,345  a,b$' 'Complete: 1 row, FortiAnalyzer counts 12 in total'
    says '^ +33\.3 % +-$' '^ +66\.7 % +-$' 'Rows that are not listed: 1\.'
}

thresholds() {
    run play heavy_users -e threshold=1GB -e last=7d
    says 'Sources with more than 1,073,741,824 bytes \(1\.00 GB\)' '^ +Sources with more bytes than the threshold: [0-9]+ of 20\.$' \
        '^ +1 +10\.1\.1\.20'
    run play heavy_users -e threshold=900TB
    says 'No source in the result transferred more bytes than the threshold'
    refuses play heavy_users -e threshold=much
    says "can't interpret"

    run play capacity_planning -e show=3
    says '%$' 'Rows that are not listed: [0-9]+\.' 'Total of the [0-9]+ measured sources: [0-9.]+ GB \([0-9,]+ bytes\)\.'

    run play unusual_sessions -e threshold=0 -e limit=2
    says 'Sources with more sessions than the threshold: 2 of 2\.' 'so there may be more such rows\. Increase limit'
    run play unusual_sessions
    says 'Sources with more than 1,000 sessions'
    refuses play unusual_sessions -e threshold=1k
    says 'threshold must be a whole number of sessions, not 1k'
}

windows() {
    run play incident_window -e "alert='2026-01-14 10:00'" -e minutes_before=90
    says 'From 2026-01-14 08:30:00 to 2026-01-14 10:30:00, in the time zone of FortiAnalyzer' 'Threats in the time range' \
        'Top sources in the time range by sessions'
    run play incident_window -e alert=2026-01-14T10:00:00Z
    says 'From 2026-01-14 10:30:00 to 2026-01-14 11:30:00, time zone Europe/Berlin'
    refuses play incident_window
    says 'Set alert'

    run play one_device -e device=FGT60F3X17000001 -e adom=Branch_Office
    says 'devices FGT60F3X17000001$' 'Threats of the device FGT60F3X17000001' '^ +1 +[^ ]+ '
    run play one_device -e device=no-such-device
    says 'Warning: ioc of ADOM root: no rows for devname no-such-device\. The query was sent again with devid no-such-device\.' \
        'for a device that this ADOM does not have\.' '^ +No rows: '
    refuses play one_device
    says 'Set device to'
}

tickets() {
    # Submit now, read later, in another process: through a file …
    run play submit_tasks -e tickets_file=tickets.json \
        -e '{"queries": [{"adom": "root"}, {"adom": "Branch_Office"}, {"view": "top-sources", "limit": 3}]}'
    says 'Submitted queries: 3, tickets in tickets\.json' 'top_threats_branch_office +Branch_Office +top-threats +[0-9]+'
    test "$(stat -c %a tickets.json)" = 600
    run play read_tasks -e tickets_file=tickets.json
    says 'Result top_threats_root' 'Result top_threats_branch_office' 'Result top_sources' '^ +3 +10\.1\.'
    never_says 'submitted again'

    # … as text from a survey, and as an extra variable, as AWX hands it on …
    run play submit_tasks -e view=top-sources -e limit=4 -e result_name=talkers -e "tickets_file=$PWD/more.json"
    printf '{"fortiview_tickets": %s}' "$(cat more.json)" >artifacts.json
    run play read_tasks -e @artifacts.json -e end_tasks=true
    says 'Result talkers' 'Complete: 4 rows'
    # … what is gone by then is asked again …
    run play read_tasks -e @artifacts.json
    says 'Result talkers' 'the query was submitted again' 'Complete: 4 rows'
    refuses play read_tasks -e @artifacts.json -e on_gone=fail
    says 'Invalid tid'

    # … and through the fact cache, which is a cache of results too.
    (
        export ANSIBLE_CACHE_PLUGIN=ansible.builtin.jsonfile
        export ANSIBLE_CACHE_PLUGIN_CONNECTION=$PWD/facts
        run play submit_tasks -e view=top-threats -e last=2d -e limit=200
        run play read_tasks -e end_tasks=true
        says 'Result top_threats' 'Complete: [0-9]+ rows'
        run ansible-playbook -i localhost, "$target/cached.yml"
    )
}

batches() {
    # Many tasks, some of which are not there.
    tid=$(python -c 'import json; print(json.load(open("tickets.json"))[2]["tid"])')
    run play batch_results -e "tids=$tid,999999" -e tickets_file=tickets.json
    says 'Tasks that were read: 4 of 5' 'top_sources.* 999999 +failed' 'Error: .*task 999999.*Invalid tid' 'Sums of bytes by srcip, tasks: 4' \
        'Top: 10\.1\.1\.20 with [0-9,]+ bytes' 'Rows without (a number in bytes|srcip), not added up: [0-9]+( of [0-9]+)?\.'
    refuses play batch_results -e tids=999998
    says 'No task could be read \(0 of 1\)' 'Invalid tid'
    refuses play batch_results
    says 'There are no tasks to read\. Set tids'
    refuses play read_tasks
    says 'There are no tasks to read\. Set tickets_file'

    # One query of two that is refused costs the other nothing.
    refuses play submit_tasks -e tickets_file=rest.json -e '{"queries": "[{adom: root}, {adom: Nowhere}]"}'
    says 'Submitted queries: 1' 'ADOM Nowhere' 'Queries that were not submitted: 1'
    run play read_tasks -e tickets_file=rest.json -e end_tasks=true
}

answers() {
    tables
    reports
    thresholds
    windows
}

later() {
    tickets
    batches
}

at_once answers later

stop_simulator

#!/usr/bin/env bash
# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The playbooks that compare, export and report, and the role behind them, run by name as users run them.

set -euo pipefail

# shellcheck source=tests/integration/targets/setup_simulator/files/simulator.sh
source ../setup_simulator/files/simulator.sh
# shellcheck source=tests/integration/targets/setup_simulator/files/playbooks.sh
source ../setup_simulator/files/playbooks.sh

start_simulator task_seconds=0.1
target=$PWD

# holds EXPRESSION: of Python, about `json(path)`, `text(path)` and `table(path)`, the rows of a CSV file.
holds() {
    python - "$1" <<'PYTHON'
import csv, json as json_module, os, pathlib, sys

def text(path):
    return pathlib.Path(path).read_bytes().decode()

def json(path):
    return json_module.loads(text(path))

def table(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, strict=True))

if not eval(f"({sys.argv[1]})"):
    sys.exit(f"Does not hold: {sys.argv[1]}")
PYTHON
}

trends() {
    run play threat_trend -e report_dest=trend
    says '^ +Changes of top-threats in root, by incidents$' 'Name +Severity +Change +last_week +yesterday +today$' \
        ' (new|rising) ' ' (gone|falling) ' 'Counters are per day\.' 'last_week +20[0-9T:. +-]+'
    holds 'json("trend/report.json")["trend"]["basis"] == "per_day"'
    holds 'any(row["trend"] == "new" and row["counters yesterday"] == "" for row in table("trend/trend.csv"))'
    run play threat_trend -e view=top-sources -e threshold=1000 -e limit=3
    says 'Changes of top-sources in root, by sessions' 'A ranking may be cut at its limit'

    run play persistent_threats -e days=3
    says 'Threats present on each of the last 3 days in root' 'day_2d_ago +day_1d_ago +day_now$' 'SQL\.Injection +critical' \
        'Threats that are new or gone' 'Counters are totals of each period\.'
    refuses play persistent_threats -e days=1
    says 'days must be a number of at least 2, not 1'
}

exports() {
    run play csv_export -e csv_file=threats.csv -e last=2d
    says 'Rows in threats.csv: [0-9]+' 'changed=1'
    holds '{"=cmd|'"' /C calc'"'!A0", "<script>alert(1)</script>", "{{ lookup('"'pipe','id'"') }}"} <=
        {row["threat"].lstrip("'"'"'") for row in table("threats.csv")}'
    holds 'text("threats.csv").startswith("\ufeffthreat,") and "\r\n" in text("threats.csv")'
    holds 'not any(cell[:1] in "=+-@" for row in table("threats.csv") for cell in row.values() if cell and not cell[1:].isdigit())'
    run play csv_export -e csv_file=both.csv -e adoms=root,Branch_Office -e view=top-sources -e columns=adom,srcip,bytes -e bom=false --check
    test ! -e both.csv
    run play csv_export -e csv_file=both.csv -e adoms=root,Branch_Office -e view=top-sources -e columns=adom,srcip,bytes -e bom=false
    holds 'text("both.csv").startswith("adom,srcip,bytes\r\n") and {row["adom"] for row in table("both.csv")} == {"root", "Branch_Office"}'
    refuses play csv_export
    says 'Set csv_file to'
}

summaries() {
    run play daily_summary -e report_dest=day -e limit=5
    says 'Top threats by incidents' 'Top sources by sessions' 'Top destinations by sessions' 'Top applications by volume'
    holds '[one["view"] for one in json("day/report.json")["results"]] == ["top-threats", "top-sources", "top-destinations", "top-applications"]'
    holds 'all(word in text("day/report.html") for word in ("Daily summary of root", "Europe/Berlin", "default-src"))'
}

collections() {
    # Collect twice, report without the appliance, and once more from what the job before handed on.
    run play scheduled_intel -e intel_folder=intel -e adoms=root,Branch_Office -e start=2026-01-10 -e end=2026-01-11
    ANSIBLE_SHOW_CUSTOM_STATS=true run play scheduled_intel -e intel_folder=intel -e adoms=root,Branch_Office
    says 'Collected 4 results of root, Branch_Office' 'CUSTOM STATS' 'fortiview_intel.*W3si'
    test "$(find intel -name '*.json' | wc -l)" = 2
    FAZ_HOST=192.0.2.1 run play scheduled_intel -e intel_folder=intel -e step=report -e report_dest=intel-report
    says 'Collected results in the report: 2' 'intel-report/report\.html'
    holds 'len(json("intel-report/report.json")["trend"]["periods"]) == 2 and len(json("intel-report/report.json")["widespread"]) > 3'
    FAZ_HOST=192.0.2.1 run play scheduled_intel -e intel_folder=intel -e step=report -e report_dest=intel-report
    says 'changed=0 '
    newest=$(find intel -name '*.json' | sort | tail -1)
    # As an extra variable, in which a name that is a template would be evaluated.
    printf '{"fortiview_intel": "%s"}' "$(base64 -w0 "$newest")" >handed.json
    FAZ_HOST=192.0.2.1 run play scheduled_intel -e @handed.json -e step=report -e report_dest=handed
    says 'Collected results in the report: 1'
    holds 'json("handed/report.json")["results"] == json("intel-report/report.json")["results"]'
    holds '"{% for x in range(9) %}{{ x }}{% endfor %}.js" in {row["threat"] for row in json("handed/report.json")["results"][0]["rows"]}'
    run play scheduled_intel -e intel_folder=intel -e keep=1
    test "$(find intel -name '*.json' | wc -l)" = 1
    refuses play scheduled_intel -e step=report
    says 'There are no collected results to report in fortiview_intel, and intel_folder is not set'
    refuses play scheduled_intel -e step=publish
    says 'step must be collect or report, not publish'
}

executives() {
    cat >audit.jsonl <<'JSON'
{"address": "198.51.100.7", "result": "blocked", "time": "2026-03-01T10:00:00Z", "host": "hq", "vdom": "root", "threats": ["{{ lookup('pipe','id') }}"]}
{"address": "10.1.1.20", "result": "refused", "time": "2026-03-01T10:00:00Z", "host": "hq", "vdom": "root", "refusals": ["private address"]}
JSON
    local publish=(-e "threat_report_publish=$PWD/www")
    run play executive_report -e adoms=root,Branch_Office,Data_Center -e days=2 -e audit=audit.jsonl "${publish[@]}" --check
    test ! -e report
    run play executive_report -e adoms=root,Branch_Office,Data_Center -e days=2 -e audit=audit.jsonl "${publish[@]}"
    says 'report/report\.html$' 'report/widespread\.csv$'
    holds '[one["state"] for one in json("report/report.json")["blocks"]["addresses"]] == ["blocked", "refused"]'
    holds '"Threat report of the last 2 days" in text("report/report.html") and "uid=" not in text("report/report.html")'
    holds 'text("www/index.html") == text("report/report.html") and oct(os.stat("www/index.html").st_mode)[-3:] == "644"'

    # The same data once more: nothing changes.
    for changed in '[1-9]' 0; do
        run ansible-playbook "$target/again.yml" -e "folder=$PWD" "${publish[@]}"
        says "changed=$changed "
    done
}

comparisons() {
    trends
    exports
}

documents() {
    summaries
    executives
    collections
}

at_once comparisons documents

stop_simulator

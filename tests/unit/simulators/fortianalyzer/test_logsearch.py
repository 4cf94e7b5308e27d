# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of a log search, and what it refuses (protocol_fortianalyzer.rst, "Log search")."""

from __future__ import annotations

import pytest

PLACE = "/logview/adom/root/logsearch"
ALL = [{"devid": "All_FortiGate"}]


@pytest.fixture
def submit(caller):
    """A whole and correct search; keyword arguments replace its parts (None: leave it out)."""

    def send(logtype="attack", adom="root", **params):
        sent = {"apiver": 3, "device": ALL, "logtype": logtype, "time-range": caller.last(), "limit": 1000}
        sent.update({name.replace("_", "-"): value for name, value in params.items()})
        sent = {name: value for name, value in sent.items() if value is not None}
        return caller.call("add", f"/logview/adom/{adom}/logsearch", **sent)

    return send


@pytest.fixture
def tid(submit):
    return lambda *args, **params: submit(*args, **params)["result"]["tid"]


@pytest.fixture
def fetch(caller):
    def send(number, adom="root", **params):
        return caller.call("get", f"/logview/adom/{adom}/logsearch/{number}", apiver=3, **params)

    return send


@pytest.fixture
def rows(tid, fetch):
    return lambda *args, **params: fetch(tid(*args, **params), limit=1000)["result"]["data"]


def message(reply):
    return reply["error"]["message"]


def gone(reply):
    return message(reply).startswith("Server error: Invalid tid")


def test_submit_and_fetch(submit, fetch):
    reply = submit(filter='attack=="udp_flood"')
    number = reply["result"]["tid"]
    assert reply == {"jsonrpc": "2.0", "id": 7, "result": {"tid": number}}
    result = fetch(number, limit=1000)["result"]
    assert (result["tid"], result["percentage"], result["status"]["code"]) == (number, 100, 0)
    assert result["return-lines"] == result["total-count"] == len(result["data"]) > 10
    assert all(isinstance(value, str) for row in result["data"] for value in row.values())


def test_limits(faz, submit, tid, fetch):
    assert "limit: 1001 is bigger than max value 1000" in message(submit(limit=1001))
    assert "limit: 0 is smaller than min value 1" in message(submit(limit=0))
    assert len(fetch(tid(limit=None), limit=1000)["result"]["data"]) == 100
    assert len(fetch(tid())["result"]["data"]) == 50
    faz.switches.logsearch_fetch_max = 500
    assert "limit: 1000 is bigger than max value 500" in message(fetch(tid(), limit=1000))


def test_required_parameters(submit):
    assert message(submit(logtype=None)) == "Invalid params: logtype is required"
    assert "time-range is required" in message(submit(time_range=None))
    assert "apiver 2" in message(submit(apiver=2))
    assert "time-order" in message(submit(time_order="newest"))
    assert submit(adom="nowhere")["result"]["status"]["code"] == -3


def test_devices(faz, submit, rows):
    everything = rows()
    assert rows(device=None) == rows(device=[]) == []
    for word in (
        {"devname": "All_Device"},
        {"devid": "All_Devices"},
        {"devid": "fgt-hq"},
        {"devname": "FG100FTK20000001"},
    ):
        assert rows(device=[word]) == []
    one = rows(device=[{"devid": "FG100FTK20000001"}], limit=1000)
    assert one and {row["devname"] for row in one} == {"fgt-hq"}
    assert {row["vd"] for row in rows(device=[{"devid": "FG100FTK20000002[guest]"}])} == {"guest"}
    faz.switches.logsearch_all_words = ["devname:All_Device"]
    assert rows(device=[{"devname": "All_Device"}]) == everything
    faz.switches.logsearch_unknown_device_refused = True
    assert "None of the device(s) can be found" in message(submit(device=[{"devname": "nobody"}]))


def test_log_types_and_aliases(faz, submit, rows):
    assert rows("anomaly") == rows("attack")
    assert rows("icap") == rows("protocol") == rows("virtual-patch") == rows("dns") == []
    for word in ("ips", "threat", 7, ["attack"]):
        assert message(submit(word)) == f"Invalid params: logtype '{word}' not supported"
    faz.switches.dialect = "documented"
    data = {"logtype": "ips", "time-range": {"start": "2026-02-28 13:00:00", "end": "2026-03-01 13:00:00"}}
    reply = submit(None, device=None, time_range=None, data=data)
    assert reply["result"] == [{"status": {"code": -3, "message": "Invalid logtype"}}]


def test_filters(submit, rows):
    assert message(submit(filter='threat=="x"')) == "Invalid params: filter 'threat' not supported"
    assert message(submit(filter='attack not like "x"')) == "Invalid params: Invalid filter"
    assert rows(filter='attack contains "flood"') == rows(filter='src.ip=="10.1.1.1"') == []
    # A field of another log type is known, and empty here.
    assert rows(filter='virus=="EICAR_TEST_FILE"') == []
    flood = rows(filter='attack ~ "flood" and severity==high')
    assert flood and {row["attack"] for row in flood} == {"udp_flood"}
    assert rows(filter='attack=="UDP_FLOOD" and severity==high') == flood
    assert rows(filter='attack=="UDP_FLOOD"', case_sensitive=True) == []
    (one,) = rows(filter=f'loguid=="{flood[3]["loguid"]}"')
    assert one == flood[3]


def test_order_and_pages(tid, fetch, rows):
    newest, oldest = rows(limit=1000), rows(limit=1000, time_order="asc")
    assert [int(row["itime"]) for row in oldest[:5]] < [int(row["itime"]) for row in newest[:5]]
    stamps = [(row["date"], row["time"]) for row in newest]
    assert stamps == sorted(stamps, reverse=True)
    paged, offset = [], 0
    while True:
        result = fetch(tid(limit=700, offset=offset), limit=1000)["result"]
        paged += result["data"]
        # Of a full page the total is only a floor.
        assert result["total-count"] == len(paged)
        if len(result["data"]) < 700:
            break
        offset += 700
    assert len(paged) > 2000 and paged[:1000] == newest
    assert paged == rows(limit=1000) + rows(limit=1000, offset=1000) + rows(limit=1000, offset=2000)
    assert len({row["loguid"] for row in paged}) == len(paged)


def test_pages_of_one_search(faz, tid, fetch):
    faz.switches.logsearch_single_use = False
    number = tid(limit=120)
    pages = [fetch(number, offset=start)["result"]["data"] for start in (0, 50, 100, 150)]
    assert [len(page) for page in pages] == [50, 50, 20, 0]
    assert pages[0] + pages[1] + pages[2] == fetch(number, limit=200)["result"]["data"]


def test_single_use(caller, tid, fetch):
    number = tid()
    # A poll for no lines does not read.
    assert fetch(number, limit=0)["result"]["data"] == []
    assert fetch(number)["result"]["data"]
    assert message(fetch(number)) == f"Server error: Invalid tid {number} for fetching result."


def test_progress(faz, tid, fetch, clock):
    faz.switches.logsearch_seconds = 10.0
    number = tid(limit=100)
    seen = []
    for _step in range(2):
        result = fetch(number, limit=100)["result"]
        seen.append((result["percentage"], result["return-lines"], "total-count" in result))
        clock.advance(4)
    early = fetch(number, limit=100)["result"]["data"]
    assert seen == [(0, 0, False), (40, 40, False)] and len(early) == 80
    clock.advance(4)
    final = fetch(number, limit=100)["result"]
    assert final["percentage"] == 100 and final["data"][:80] == early


@pytest.mark.parametrize(("form", "before", "after"), [("missing", None, 100), ("string", "50", "100")])
def test_forms_of_the_percentage(faz, tid, fetch, clock, form, before, after):
    faz.switches.update({"percentage_form": form, "task_seconds": 10.0})
    number = tid()
    clock.advance(5)
    assert fetch(number)["result"].get("percentage") == before
    clock.advance(5)
    assert fetch(number)["result"]["percentage"] == after


def test_empty_but_complete(faz, caller, tid, fetch, rows):
    faz.switches.logsearch_empty_complete = 1
    assert caller.rows("top-threats")
    result = fetch(tid())["result"]
    assert (result["percentage"], result["data"]) == (100, []) and result["total-count"] > 0
    assert rows()


def test_registration_early_reads_and_outcomes(faz, tid, fetch, clock):
    faz.switches.update({"registration_delay": 0.5, "early_fetch_reaps": 0.7, "task_seconds": 2.0})
    number = tid()
    assert gone(fetch(number))
    clock.advance(0.65)
    assert fetch(number)["result"]["percentage"] == 32
    assert gone(fetch(number))
    faz.switches.update({"registration_delay": 0.0, "task_outcome": "never"})
    number = tid()
    clock.advance(60)
    assert fetch(number)["result"]["percentage"] == 73
    faz.switches.update({"task_outcome": "error", "task_seconds": 0.0})
    assert fetch(tid())["result"]["status"]["code"] == -1


def test_slots_are_shared_with_fortiview(faz, caller, submit, tid, fetch):
    faz.switches.slots = 2
    view = caller.tid("top-threats")
    search = tid()
    assert "No available slot for searching" in message(submit())
    assert "No available slot for searching" in message(caller.submit("top-threats"))
    # Reading frees the slot of a search, and not that of a FortiView task.
    fetch(search)
    assert tid()
    caller.delete("top-threats", view)
    assert caller.tid("top-threats")


def test_wrong_place(caller, tid, fetch):
    number = tid()
    assert gone(fetch(number, adom="Branch_Office"))
    assert gone(caller.fetch("top-threats", number))
    assert gone(fetch(caller.tid("top-threats")))
    assert gone(fetch(999))


def test_delete(faz, caller, tid, fetch):
    number = tid()
    for _again in range(2):
        assert caller.call("delete", f"{PLACE}/{number}", apiver=3)["result"] == {
            "status": "cancelled",
            "task-id": number,
        }
    assert gone(fetch(number)) and faz.live_tasks == []
    faz.switches.logsearch_delete_form = "status"
    assert caller.call("delete", f"{PLACE}/{tid()}", apiver=3)["result"]["status"]["code"] == 0


def test_count(faz, caller, tid, clock):
    faz.switches.task_seconds = 10.0
    number = tid(filter='attack=="udp_flood"', limit=1)
    clock.advance(5)
    half = caller.call("get", f"{PLACE}/count/{number}", apiver=3)["result"]
    clock.advance(5)
    whole = caller.call("get", f"{PLACE}/count/{number}", apiver=3)["result"]
    assert (half["progress-percent"], whole["progress-percent"]) == (50, 100)
    assert whole["scanned-logs"] == whole["total-logs"] > whole["matched-logs"] > half["matched-logs"] > 1
    faz.switches.logsearch_count = False
    assert "not supported" in message(caller.call("get", f"{PLACE}/count/{number}", apiver=3))


def test_time_range_traps(caller, submit, rows):
    reply = caller.post(caller.body("add", PLACE, apiver=3, device=ALL, logtype="virus", **{"time-range": "today"}))
    assert reply.status_code == 503
    future = caller.window(caller.faz.anchor, caller.faz.anchor + 7200)
    assert submit(time_range=future)["error"]["code"] == -32603
    misread = {"start": "last week", "end": "now"}
    assert len(rows("virus", time_range=misread)) == 1000 > len(rows("virus"))


def test_local_times_of_rows(faz, rows):
    for zone, time in (("Europe/Berlin", "13:00:00"), ("US/Pacific", "04:00:00")):
        faz.switches.time_zone = zone
        assert rows(limit=1)[0]["time"] == time
    assert rows(limit=1, timezone="Asia/Tokyo")[0]["time"] == "21:00:00"


def test_documented_form(faz, caller, fetch):
    faz.switches.dialect = "documented"
    window = {"start": "2026-02-28 13:00:00", "end": "2026-03-01 13:00:00"}
    data = {"logtype": "attack", "filter": 'eventtype=="botnet"', "time-range": window}
    reply = caller.call("add", PLACE, data=data)
    number = reply["result"][0]["data"]["tid"]
    assert reply["result"] == [{"data": {"tid": number}, "status": {"code": 0, "message": "OK"}, "url": PLACE}]
    logs, total = [], None
    while total is None or len(logs) < total:
        (result,) = fetch(number, data={"limit": 40, "offset": len(logs)})["result"]
        found = result["data"]
        assert (found["tid"], found["status"], found["percentage"]) == (number, "done", 100)
        total = found["total_lines"]
        logs += found["logs"]
    assert len(logs) == total > 40 and {row["eventtype"] for row in logs} == {"botnet"}
    assert isinstance(logs[0]["srcport"], int)
    acknowledged = {"status": {"code": 0, "message": "OK"}, "url": f"{PLACE}/{number}"}
    assert caller.call("delete", f"{PLACE}/{number}")["result"] == [acknowledged]
    for method in ("get", "delete"):
        again = caller.call(method, f"{PLACE}/{number}")["result"][0]["status"]
        assert again == {"code": -3, "message": "Invalid task ID"}


def test_documented_running_and_cap(faz, caller, fetch, clock):
    faz.switches.update({"dialect": "documented", "task_seconds": 10.0})
    data = {"logtype": "traffic", "time-range": {"start": "2026-02-20 13:00:00", "end": "2026-03-01 13:00:00"}}
    number = caller.call("add", PLACE, data=data)["result"][0]["data"]["tid"]
    clock.advance(4)
    assert fetch(number)["result"][0]["data"] == {"tid": number, "status": "running", "percentage": 40}
    clock.advance(6)
    found = fetch(number)["result"][0]["data"]
    assert (found["total_lines"], len(found["logs"])) == (10000, 100)
    refused = caller.call("add", PLACE, data={**data, "limit": 10001})["result"][0]["status"]
    assert refused["message"] == "limit: 10001 is bigger than max value 10000"


def test_parameters_in_data_mean_nothing_to_a_live_box(caller):
    data = {"logtype": "attack", "device": ALL, "time-range": caller.last()}
    assert message(caller.call("add", PLACE, apiver=3, data=data)) == "Invalid params: logtype is required"


@pytest.mark.parametrize("dialect", ["live", "documented"])
def test_empty_result_without_a_result_member(faz, caller, submit, fetch, dialect):
    faz.switches.update({"dialect": dialect, "omit_result_when_empty": True})
    params = {"logtype": "attack", "filter": 'srcip=="10.9.9.9"', "device": ALL, "time-range": caller.last()}
    sent = params if dialect == "live" else {"data": params}
    result = caller.call("add", PLACE, apiver=3, **sent)["result"]
    number = result["tid"] if dialect == "live" else result[0]["data"]["tid"]
    assert "result" not in fetch(number)


def test_check_wants_every_search_read_or_deleted(faz, caller, tid, fetch):
    left, deleted, begun, read = (tid(limit=120) for _number in range(4))
    caller.call("delete", f"{PLACE}/{deleted}", apiver=3)
    fetch(begun, limit=50)
    fetch(read, limit=500)
    caller.logout()
    assert faz.check() == [
        f"task {number} (logsearch, root) was neither read to its end nor deleted" for number in (left, begun)
    ]
    caller.login()
    for number in (left, begun):
        caller.call("delete", f"{PLACE}/{number}", apiver=3)
    caller.logout()
    assert faz.check() == []


def test_a_lost_reply_is_forgiven(faz, caller, submit):
    faz.fault("cut_after", method="add", url="logsearch")
    with pytest.raises(OSError):
        submit()
    caller.logout()
    assert faz.check() == []

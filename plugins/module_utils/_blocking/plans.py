# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From what stands on a list to what is to be done about it, for each way of blocking,
without touching what is not ours.

A reading is a registered result of the role's tasks; what is on a list is `present`, by address. The plan says for each target
and VDOM what happens to it (`steps`) and which writes that takes (`calls`). Planned again after the writes, nothing may be left.
"""

from __future__ import annotations

import typing as t

from .._common.addresses import networks_of, overlapping, parse_target, text_of
from .._common.errors import InvalidInput
from .._common.validation import count, flag
from . import ledger, objects
from .infrastructure import managed_by_fortimanager, results_in

METHODS = ("ban", "feed_push", "feed_file", "addrgrp")
# Bans that an administrator or the module made; all others belong to the box's own engines and are left alone.
OUR_SOURCE = "Administrative"

NO_PLACE = {"serial": "", "host": "", "list": ""}

Present = dict[str, t.Any]
Step = dict[str, t.Any]


class Job(t.NamedTuple):
    """What is asked for. `allowed` is how many a list may hold; `expired_by` lifts what is over by then, instead of targets."""

    method: str
    now: str
    run_id: str = ""
    group: str = ""
    group6: str = ""
    lifting: bool = False
    expired_by: str = ""
    force: bool = False
    # Lift only what this run has made.
    only_run: str = ""
    allowed: int = 1000
    allow_shrink: bool = False
    allow_fmg_drift: bool = False


def parse_job(options: t.Mapping[str, t.Any]) -> Job:
    """From the options of a filter, where numbers and flags may be text. Raises InvalidInput."""
    job = Job(**options)
    if job.method not in METHODS:
        raise InvalidInput(f"method must be one of {', '.join(METHODS)}")
    flags: dict[str, t.Any] = {
        name: flag(name, options.get(name)) for name in ("lifting", "force", "allow_shrink", "allow_fmg_drift")
    }
    return job._replace(allowed=count("allowed", job.allowed, 0), **flags)


class Reading(t.NamedTuple):
    vdom: str
    present: Present
    # Of the bans in force the ones that the module would prolong.
    short: frozenset[str] = frozenset()
    managed: bool = False
    # Names of objects that others have given to something else.
    taken: frozenset[str] = frozenset()


def read(job: Job, results: t.Iterable[t.Mapping[str, t.Any]], written: bool = False) -> list[Reading]:
    """By VDOM what stands on the list: before, or after a write. Raises InvalidInput for a reply that proves nothing."""
    found: dict[str, Reading] = {}
    for result in results:
        reading = _READERS[job.method](job, result, written)
        known = found.get(reading.vdom)
        found[reading.vdom] = reading._replace(short=reading.short | known.short) if known else reading
    return list(found.values())


def _vdom(result: t.Mapping[str, t.Any]) -> str:
    item = result.get("item", "")
    return str(item[0] if isinstance(item, (list, tuple)) else item)


def _bans(job: Job, result: t.Mapping[str, t.Any], written: bool) -> Reading:
    banned = result.get("banned")
    if not isinstance(banned, (list, tuple)):
        raise InvalidInput("the bans could not be read")
    present = {ban["address"]: {**ban, "foreign": ban["source"] != OUR_SOURCE} for ban in banned}
    for ban in present.values():
        ban.pop("address")
    return Reading(_vdom(result), present, frozenset(result.get("prolong") or ()))


def _feed(job: Job, result: t.Mapping[str, t.Any], written: bool) -> Reading:
    entries = result.get("entries")
    if not isinstance(entries, (list, tuple)):
        raise InvalidInput("the feed could not be read")
    present = set(entries) if written else (set(entries) - set(result["add"])) | set(result["remove"])
    return Reading(_vdom(result), {entry: "present" for entry in sorted(present)})


def _file(job: Job, result: t.Mapping[str, t.Any], written: bool) -> Reading:
    """A file that holds anything but addresses is not ours to publish."""
    present: Present = {}
    for number, line in enumerate(str(result.get("content") or "").splitlines(), 1):
        network = parse_target(line.strip())
        if network is None:
            raise InvalidInput(f"line {number} of the file is no address")
        present[text_of(network)] = "present"
    return Reading("", present)


def _group(job: Job, result: t.Mapping[str, t.Any], written: bool) -> Reading:
    """Selectors in this order: addrgrp, addrgrp6, address, address6, central-management."""
    what = ("the groups", "the IPv6 groups", "the addresses", "the IPv6 addresses", "the central management")
    groups, groups6, four, six, central = (results_in(result, number, name) for number, name in enumerate(what))
    present, taken = objects.read_objects(groups, four, job.group, "subnet")
    present6, taken6 = objects.read_objects(groups6, six, job.group6, "ip6")
    managed = managed_by_fortimanager(central)
    return Reading(_vdom(result), {**present, **present6}, managed=managed, taken=frozenset(taken | taken6))


_READERS: dict[str, t.Callable[[Job, t.Mapping[str, t.Any], bool], Reading]] = {
    "ban": _bans,
    "feed_push": _feed,
    "feed_file": _file,
    "addrgrp": _group,
}


def standing_of(
    job: Job, reading: Reading, records: t.Sequence[ledger.Record], place: t.Mapping[str, t.Any]
) -> dict[str, ledger.Record]:
    """By address what is ours on one list: by the ledger, and where objects carry comments by these, if the ledger knows the run."""
    place = {**place, "method": job.method, "vdom": reading.vdom}
    known = ledger.ours(records, place, job.now)
    if job.method != "addrgrp":
        return known
    runs = {record.get("run_id") for record in records if ledger.is_of_box(record, place)}
    for ip, there in reading.present.items():
        if there.get("run_id") and (job.force or there["run_id"] in runs):
            # The comment is what the box has; the ledger may tell of a time that was never written there.
            known[ip] = {**known.get(ip, {"ip": ip}), "expires": there["expires"]}
    return known


def plan(
    job: Job,
    targets: t.Sequence[t.Mapping[str, t.Any]],
    readings: t.Sequence[Reading],
    records: t.Sequence[ledger.Record] = (),
    place: t.Optional[t.Mapping[str, t.Any]] = None,
) -> dict[str, t.Any]:
    """`steps`, `calls`, `refused`, `notices`, and a `verdict`, which is empty where the run may go on."""
    place = {**NO_PLACE, **(place or {})}
    others: set[str] = set()
    notices: list[str] = []
    steps: list[Step] = []
    refused: list[Step] = []
    verdicts: list[str] = []
    for reading in readings:
        known = standing_of(job, reading, records, place)
        others |= {str(known[ip].get("serial") or place["serial"]) for ip in reading.present if ip in known} - {
            place["serial"]
        }
        notices += [_timeless(ip, known[ip], reading.vdom) for ip in ledger.timeless(known) if ip in reading.present]
        if job.expired_by:
            targets = [_over(known[ip]) for ip in sorted(ledger.expired(known, job.expired_by), key=_order)]
        planned = [_step(job, dict(target), reading, known) for target in targets]
        refused += [step for step in planned if step["action"] == "refuse"]
        planned = [step for step in planned if step["action"] != "refuse"]
        steps += planned
        verdicts += _verdicts(job, reading, planned)
    if refused:
        told = {step["ip"]: step["reasons"][0] for step in refused}
        verdicts.append("not lifted: " + ", ".join(f"{ip} ({why})" for ip, why in told.items()))
    return {
        "steps": steps,
        "calls": _calls(job, steps),
        "refused": refused,
        "notices": [_moved(place, serial) for serial in sorted(others)] + notices,
        "verdict": "; ".join(verdicts),
        "changed": any(step["action"] in ("add", "extend", "remove") for step in steps),
    }


def _moved(place: t.Mapping[str, t.Any], serial: str) -> str:
    return (
        f"{place['host']} has the serial number {place['serial']} now; blocks that were written for {serial} under this name count "
        "as its own, as after a failover"
    )


def _timeless(ip: str, record: ledger.Record, vdom: str) -> str:
    return f"{objects.name_of(ip)} in {vdom} does not expire: its comment says until {str(record['expires'])[:40]!r}, which is no time"


def _over(record: ledger.Record) -> Step:
    return {"ip": record["ip"], "reason": record.get("reason", ""), "evidence": record.get("evidence", "")}


def _step(job: Job, target: Step, reading: Reading, known: t.Mapping[str, t.Any]) -> Step:
    there = reading.present.get(target["ip"])
    step = {**target, "vdom": reading.vdom, "before": there}
    action = _lifted(job, step, there, reading, known) if job.lifting else _blocked(job, step, there, reading, known)
    step["action"] = action
    if action == "refuse":
        step["reasons"] = [_why_not(step["ip"], there, reading)]
    if job.method == "addrgrp":
        step["name"] = objects.name_of(step["ip"])
        if not job.lifting:
            expires = ledger.time_after(job.now, step["ttl"])
            step["comment"] = objects.comment_of(job.run_id, expires, step["evidence"] or step["reason"])
    return step


def _why_not(ip: str, there: t.Any, reading: Reading) -> str:
    if there is None:
        return f"{_around(ip, reading)} blocks it"
    return "it was not blocked by a run that the audit file knows, and force is not set"


def _around(ip: str, reading: Reading) -> str:
    """The network or range on the list that holds some of this target, if there is one."""
    target = parse_target(ip)
    wide = (entry for entry in reading.present if "/" in entry or "-" in entry)
    held = (entry for entry in wide if target is not None and overlapping(target, networks_of(entry)) is not None)
    return next(held, "")


def _blocked(job: Job, step: Step, there: t.Any, reading: Reading, known: t.Mapping[str, t.Any]) -> str:
    if there is None:
        return "add"
    if job.method == "ban":
        return "foreign" if there["foreign"] else "extend" if step["ip"] in reading.short else "keep"
    if job.method == "addrgrp":
        if not there["member"]:
            return "add"
        return "extend" if ledger.is_due(there, step["ttl"], job.now) else "keep"
    return "extend" if ledger.is_due(known.get(step["ip"]), step["ttl"], job.now) else "keep"


def _lifted(job: Job, step: Step, there: t.Any, reading: Reading, known: t.Mapping[str, t.Any]) -> str:
    if there is None:
        return "refuse" if _around(step["ip"], reading) else "absent"
    if isinstance(there, dict) and (there.get("foreign") or (job.only_run and there.get("run_id") != job.only_run)):
        return "foreign"
    return "remove" if job.force or step["ip"] in known else "refuse"


def _calls(job: Job, steps: t.Sequence[Step]) -> list[dict[str, t.Any]]:
    """One write for each VDOM, and for each ttl where the box keeps it."""
    grouped: dict[tuple[str, int], list[Step]] = {}
    for step in steps:
        # Where the box keeps no time, prolonging is a matter of the ledger alone.
        writes = ("add", "remove", "extend") if job.method in ("ban", "addrgrp") else ("add", "remove")
        if step["action"] in writes:
            grouped.setdefault(
                (step["vdom"], step["ttl"] if job.method == "ban" and not job.lifting else 0), []
            ).append(step)
    calls = []
    for (vdom, ttl), same in grouped.items():
        call = {
            "vdom": vdom,
            "ttl": ttl,
            "addresses": [step["ip"] for step in same],
            "added": [step["ip"] for step in same if step["action"] == "add"],
            "steps": same,
        }
        if job.method == "addrgrp":
            call["members"] = [{"name": step["name"]} for step in same if ":" not in step["ip"] and _moves(step)]
            call["members6"] = [{"name": step["name"]} for step in same if ":" in step["ip"] and _moves(step)]
        calls.append(call)
    return calls


def _moves(step: Step) -> bool:
    """Whether the object has to enter or leave its group: a member that is not there cannot be removed."""
    return step["action"] == "add" or (step["action"] == "remove" and bool(step["before"]["member"]))


def _order(ip: str) -> tuple[int, int, int]:
    network = parse_target(ip)
    return (network.version, int(network.network_address), network.prefixlen) if network is not None else (9, 0, 0)


def _verdicts(job: Job, reading: Reading, steps: t.Sequence[Step]) -> t.Iterator[str]:
    where = f"VDOM {reading.vdom}" if reading.vdom else "the file"
    count = sum(1 for one in reading.present.values() if not isinstance(one, dict) or one.get("member", True))
    added = sum(1 for step in steps if step["action"] == "add")
    removed = sum(1 for step in steps if step["action"] == "remove")
    if added and count + added > job.allowed:
        yield f"{count} are blocked in {where} and {added} would be added, and at most {job.allowed} may be"
    taken = sorted(step["name"] for step in steps if step["action"] == "add" and step.get("name") in reading.taken)
    if taken:
        yield f"objects of other kinds have the names {', '.join(taken)} in {where}"
    if added and reading.managed and not job.allow_fmg_drift:
        yield "the box is managed by a FortiManager, whose next install reverts this; allow_fmg_drift blocks all the same"
    if job.method == "feed_file" and removed and not job.allow_shrink:
        if count == removed:
            yield "the file would be empty, which needs allow_shrink"
        elif 2 * removed > count:
            yield f"the file would lose {removed} of {count} entries, and more than half of them needs allow_shrink"


def listed(
    job: Job, readings: t.Sequence[Reading], records: t.Sequence[ledger.Record], place: t.Mapping[str, t.Any]
) -> list[dict[str, t.Any]]:
    """What stands on the lists, with run, evidence and expiry where it is ours."""
    found = []
    for reading in readings:
        known = standing_of(job, reading, records, {**NO_PLACE, **place})
        for ip in sorted(reading.present, key=_order):
            there, ours = reading.present[ip], known.get(ip, {})
            told = there if isinstance(there, dict) else {}
            found.append(
                {
                    "vdom": reading.vdom,
                    "ip": ip,
                    "ours": ip in known,
                    "source": told.get("source", ""),
                    "expires": _time(told.get("expires")) or ours.get("expires"),
                    **{key: ours.get(key) or told.get(key) or "" for key in ("run_id", "reason", "evidence")},
                }
            )
    return found


def _time(value: object) -> t.Optional[str]:
    """Bans end at a second since the epoch, comments at a time in words."""
    if isinstance(value, (int, float)):
        return ledger.time_of(value)
    return str(value) if value else None

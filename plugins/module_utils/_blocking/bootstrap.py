# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Creates or corrects the feeds, groups and deny policies that blocking needs on a FortiGate, and verifies them
(protocol_fortigate.rst, "Deny policies").

Nothing is rolled back, because the next run uses the objects that a failed run has written, and writes only the other
objects.
"""

from __future__ import annotations

import typing as t
import urllib.parse

from .._common.errors import FortiViewError, InvalidInput, printable
from .._common.naming import agree
from .bootstrap_plan import Found, Wanted, corrections_of, tables_of, warnings_of
from .client import FortiGate, FortiGateError, WrongVdom
from .corrections import Correction, Obj
from .managed import managed_by_fortimanager

SETTINGS, PERSISTENCY = "cmdb/firewall/global", "banned-ip-persistency"
MANAGEMENT = "cmdb/system/central-management"
AGAIN = "The written objects remain. Run the playbook again to write the other objects."


class Outcome(t.NamedTuple):
    """The corrections of objects that were missing or wrong before the run, and warnings."""

    missing: list[Correction]
    warnings: list[str]


def bootstrap(fortigate: FortiGate, wanted: Wanted, check_mode: bool) -> Outcome:
    """Create the missing objects, correct the wrong ones, and verify them. In check mode only read requests are sent.
    Raises FortiViewError."""
    planned = _plan(fortigate, wanted)
    if planned.missing and not wanted.allow_fmg_drift:
        _refuse_managed(fortigate, wanted)
    if check_mode or not planned.missing:
        return planned
    refused = _write(fortigate, planned.missing)
    return Outcome(planned.missing, _verified(fortigate, wanted, planned.missing, refused))


def diff_of(corrections: t.Iterable[Correction]) -> dict[str, str]:
    """The changed attributes before and after the run, as text."""
    before, after = [], []
    for correction in corrections:
        before += _described(correction.place, correction.before)
        after += _described(correction.place, correction.after)
    return {"before": "".join(before), "after": "".join(after)}


def _plan(fortigate: FortiGate, wanted: Wanted) -> Outcome:
    corrections, warnings = _persistency(fortigate, wanted), []
    for name in wanted.vdoms:
        vdom = fortigate.vdom(name)
        tables = {path: vdom.objects(path, **query) for path, query in tables_of(wanted).items()}
        found = Found(name, fortigate.version, tables)
        corrections += corrections_of(wanted, found)
        warnings += warnings_of(wanted, found)
    return Outcome(corrections, warnings)


def _persistency(fortigate: FortiGate, wanted: Wanted) -> list[Correction]:
    """The correction of the setting that keeps bans after a reboot. The setting belongs to the whole FortiGate, and the
    API of a VDOM also returns it."""
    if not wanted.persistency:
        return []
    vdom = fortigate.vdom(wanted.vdoms[0])
    there = (vdom.found(SETTINGS, format=PERSISTENCY) or [{}])[0]
    if PERSISTENCY not in there:
        cure = (
            "This setting needs FortiOS 7.2.1 or later. Do not set ban_persistency (fortigate_block_ban_persistency)."
        )
        raise vdom.doubt("GET", SETTINGS, f"the FortiGate has no setting {PERSISTENCY}", cure)
    value = printable(there[PERSISTENCY], 40)
    if value == wanted.persistency:
        return []
    body, what = {PERSISTENCY: wanted.persistency}, f"is {value}, not {wanted.persistency}"
    before = {PERSISTENCY: value}
    return [
        Correction(
            vdom=vdom.name,
            kind="ban_persistency",
            name=PERSISTENCY,
            what=what,
            method="PUT",
            path=SETTINGS,
            body=body,
            before=before,
            after=body,
        )
    ]


def _refuse_managed(fortigate: FortiGate, wanted: Wanted) -> None:
    vdom = fortigate.vdom(wanted.vdoms[0])
    settings = vdom.objects(MANAGEMENT, format="type|fmg")
    if not any(one.get("type") for one in settings):
        raise vdom.doubt("GET", MANAGEMENT, "the reply does not say whether a FortiManager manages the FortiGate")
    if managed_by_fortimanager(settings):
        raise InvalidInput(
            "A FortiManager manages the FortiGate, and its next install would revert the changes. Set allow_fmg_drift "
            "(fortigate_block_allow_fmg_drift) to permit the changes. Nothing was written"
        )


def _write(fortigate: FortiGate, corrections: t.Iterable[Correction]) -> t.Optional[FortiGateError]:
    """Write the objects in their order. Returns the first refusal, after which nothing is written, because an object
    can depend on the objects before it."""
    for correction in corrections:
        try:
            fortigate.vdom(correction.vdom).write(
                correction.method, correction.path, correction.body, **correction.query
            )
        except FortiGateError as error:
            return error
    return None


def _verified(
    fortigate: FortiGate, wanted: Wanted, corrections: list[Correction], refused: t.Optional[FortiGateError]
) -> list[str]:
    """Read the objects again. Returns the warnings, with one about a refused write that has taken effect. Raises
    FortiGateError if an object is still missing or wrong."""
    try:
        after = _plan(fortigate, wanted)
    except FortiViewError as error:
        raise _failure(fortigate, corrections, refused, error.said) from None
    if after.missing or isinstance(refused, WrongVdom):
        raise _failure(fortigate, after.missing, refused, "", unchanged=after.missing == corrections)
    return [*after.warnings, *([str(refused)] if refused else [])]


def _failure(
    fortigate: FortiGate,
    left: t.Sequence[Correction],
    refused: t.Optional[FortiGateError],
    unread: str,
    unchanged: bool = False,
) -> FortiGateError:
    cause = refused
    if cause is None:
        cause = fortigate.vdom(left[0].vdom).doubt(left[0].method, left[0].path, "the FortiGate reported success")
    names = ", ".join(map(str, left))
    said = cause.said
    if unread:
        said = f"{said}. {agree(len(left), 'This object', 'These objects')} cannot be read back ({unread}): {names}"
    elif left:
        said = f"{said}. Missing or wrong when read back: {names}"
    kept = ("doing", "host", "http_status")
    return FortiGateError(
        said,
        cause.code,
        next_step=cause.next_step if unchanged else f"{cause.next_step} {AGAIN}",
        missing=[one.as_dict() for one in left],
        rolled_back=None if unchanged else False,
        **{key: cause.context[key] for key in kept if key in cause.context},
    )


def _described(where: str, attributes: Obj) -> list[str]:
    lines = [f"  {key}: {_shown(key, value)}\n" for key, value in attributes.items()]
    return [f"{where}:\n", *lines] if lines else []


def _shown(key: str, value: object) -> str:
    if isinstance(value, list):
        return f"[{', '.join(printable(one.get('name'), 80) for one in value)}]"
    return _without_credentials(printable(value)) if key == "resource" else printable(value, 80)


def _without_credentials(url: str) -> str:
    """The URL without credentials, query and fragment, because the URL of another owner may contain a password or a
    token there."""
    try:
        parts = urllib.parse.urlsplit(url)
    except ValueError:
        return "(not a URL)"
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()

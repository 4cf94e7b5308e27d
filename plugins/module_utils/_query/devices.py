# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Device selection, where a wrong spelling is answered by an empty success (contract section 3)."""

from __future__ import annotations

import re
import typing as t

from .._protocol.errors import InvalidInput
from .words import plain_text

ALL_DEVICES = "All_Devices"
# The documented all-devices word first, the one that live appliances are known to take second.
ALL_DEVICE_FORMS: tuple[dict[str, str], ...] = ({"devid": "All_Devices"}, {"devname": "All_Device"})
# A log search takes this one (contract section 8.4), and some appliances take no other for FortiView (section 3).
ALL_FORTIGATES = {"devid": "All_FortiGate"}

SERIAL = re.compile(r"(?:(?:FG|FM|FW|FA|FS|FD|FP|FC|FV)[A-Z0-9]{10,20}|F[A-Z0-9]{2,5}-[A-Z0-9]{8,20})(?:\[[^\[\]]+\])?")
# What a devid may be for all devices of a kind (contract section 3).
DEVID_WORDS = (
    "All_Devices All_FortiGate All_FortiMail All_FortiWeb All_FortiManager All_Syslog All_FortiClient All_FortiCache "
    "All_FortiProxy All_FortiAnalyzer All_FortiSandbox All_FortiAuthenticator All_FortiDDoS"
).split()
WORDS = {word.lower(): {"devid": word} for word in DEVID_WORDS}
WORDS.update({"all": {"devid": ALL_DEVICES}, "all_device": {"devname": "All_Device"}})
DEVID_WORD = re.compile(r"All_[A-Za-z]+")
# A host name in lower case may look like a serial but for the number at its end.
NUMBERED = re.compile(r"([^\[]*[0-9]{8})(\[[^\[\]]+\])?")

Device = dict[str, t.Any]


def parse_device(value: object) -> Device:
    """`All_Devices`, another `All_…` word or a full serial become a devid, any other word a devname; a dict passes as it is.

    All-words and serials are taken in any case, because a misspelt one is answered by no rows. Raises InvalidInput.
    """
    if isinstance(value, dict):
        if not value:
            raise InvalidInput("device has an empty entry")
        if not all(isinstance(word, str) for word in (*value, *value.values())):
            raise InvalidInput("a device dict holds text only")
        return {plain_text("device", key): plain_text("device", word) for key, word in value.items()}
    text = plain_text("device", value).strip()
    if not text:
        raise InvalidInput("device has an empty entry")
    if text.lower() in WORDS:
        return dict(WORDS[text.lower()])
    numbered = NUMBERED.fullmatch(text)
    if numbered and SERIAL.fullmatch(numbered[1].upper()):
        text = numbered[1].upper() + (numbered[2] or "")
    is_devid = SERIAL.fullmatch(text) or DEVID_WORD.fullmatch(text)
    return {"devid": text} if is_devid else {"devname": text}


def parse_devices(values: t.Optional[t.Sequence[object]]) -> tuple[Device, ...]:
    return tuple(parse_device(value) for value in (values or [ALL_DEVICES]))


def asks_all(devices: t.Sequence[Device]) -> bool:
    """Whether this is one of the all-devices words that another one can stand in for."""
    return len(devices) == 1 and devices[0] in ALL_DEVICE_FORMS


def other_all_forms(device: Device) -> list[Device]:
    """What may stand in for this all-devices word, in the order to try it."""
    return [form for form in (*ALL_DEVICE_FORMS, ALL_FORTIGATES) if form != device]

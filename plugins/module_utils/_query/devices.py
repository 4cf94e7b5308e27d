# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Selects devices. For a device under the wrong key, FortiAnalyzer returns no rows and no error.

A serial number belongs under `devid`, and a name under `devname`. The text alone does not always distinguish a serial
number from a name. A pattern selects the key for the first query. The other key is tried before "no rows" is accepted.
"""

from __future__ import annotations

import re
import typing as t

from .._common.errors import InvalidInput
from .._common.validation import plain_text

ALL_DEVICES = "All_Devices"
# The documented keyword for all devices is first. Live FortiAnalyzers accept the second keyword.
ALL_DEVICE_KEYWORDS: tuple[dict[str, str], ...] = ({"devid": "All_Devices"}, {"devname": "All_Device"})
# A log search accepts this keyword. Some FortiAnalyzers accept only this keyword for FortiView.
ALL_FORTIGATES = {"devid": "All_FortiGate"}

# Serial numbers have no common prefix. Examples are FG…, F6K…, FGVM…, FGHA…_CID (cluster) and FAZ-VM…. Their letters
# are in upper case.
SERIAL = re.compile(
    r"(?=(?:[^\[]*[0-9]){4})(?:[A-Z][A-Z0-9]{9,30}(?:_CID)?|[A-Z][A-Z0-9]{2,5}-[A-Z0-9]{8,20})(?:\[[^\[\]]+\])?"
)
# Values of devid for all devices, or for all devices of one product.
DEVID_KEYWORDS = (
    "All_Devices All_FortiGate All_FortiMail All_FortiWeb All_FortiManager All_Syslog All_FortiClient All_FortiCache "
    "All_FortiProxy All_FortiAnalyzer All_FortiSandbox All_FortiAuthenticator All_FortiDDoS"
).split()
KEYWORDS = {word.lower(): {"devid": word} for word in DEVID_KEYWORDS}
KEYWORDS.update({"all": {"devid": ALL_DEVICES}, "all_device": {"devname": "All_Device"}})
ANY_KEYWORD = re.compile(r"All_[A-Za-z]+")
# Serial numbers in lower case are accepted. A host name rarely begins with f and ends with eight digits.
LOWER_CASE_SERIAL = re.compile(r"(f[a-z0-9]{3,13}[0-9]{8}|f[a-z0-9]{2,5}-[a-z0-9]{0,12}[0-9]{8})(\[[^\[\]]+\])?", re.I)

OTHER_KEY = {"devid": "devname", "devname": "devid"}
# The columns that contain the devices whose logs are counted in a row.
DEVICE_COLUMNS = ("fortigate", "devvds", "devices", "devid", "devname")

Device = dict[str, t.Any]


def parse_device(value: object) -> Device:
    """Parse one device. A keyword such as All_Devices or a serial number becomes a devid, and any other text becomes a
    devname. A dict is kept unchanged.

    Keywords and serial numbers are accepted in upper and lower case, because FortiAnalyzer returns no rows for a wrong
    case. Raises InvalidInput.
    """
    if isinstance(value, dict):
        if not value:
            raise InvalidInput("device has an empty entry: remove it")
        if not all(isinstance(word, str) for word in (*value, *value.values())):
            raise InvalidInput("the values of a device dictionary must be text")
        return {plain_text("device", key): plain_text("device", word) for key, word in value.items()}
    text = plain_text("device", value).strip()
    if not text:
        raise InvalidInput("device has an empty entry: remove it")
    if text[0] in "[{":
        raise InvalidInput(
            f"device has the text of a list or a dictionary as an entry: {text[:60]!r}. Give only the "
            "name or serial number"
        )
    if text.lower() in KEYWORDS:
        return dict(KEYWORDS[text.lower()])
    serial = LOWER_CASE_SERIAL.fullmatch(text)
    if serial:
        text = serial[1].upper() + (serial[2] or "")
    is_devid = SERIAL.fullmatch(text) or ANY_KEYWORD.fullmatch(text)
    return {"devid": text} if is_devid else {"devname": text}


def parse_devices(values: t.Optional[t.Sequence[object]]) -> tuple[Device, ...]:
    """Parse the option `device`. The default is all devices. An empty list is an error, because the user meant to name
    devices. Raises InvalidInput."""
    if values is not None and not values:
        raise InvalidInput(f"device is empty. To query all devices, omit device, or set device to {ALL_DEVICES}")
    return tuple(parse_device(value) for value in (values or [ALL_DEVICES]))


def asks_all(devices: t.Sequence[Device]) -> bool:
    """Whether the query is for all devices, by a keyword that another keyword can replace."""
    return len(devices) == 1 and devices[0] in ALL_DEVICE_KEYWORDS


def names_devices(devices: t.Sequence[Device]) -> bool:
    """Whether every entry names one device, by serial number or by name."""
    return bool(devices) and all(
        len(device) == 1
        and next(iter(device)) in OTHER_KEY
        and not ANY_KEYWORD.fullmatch(str(next(iter(device.values()))))
        for device in devices
    )


def under_other_key(devices: t.Sequence[Device]) -> list[Device]:
    """The same devices, each under the other key.

    Names keep their case. A presumed serial number may be a name in lower case, so the query includes both spellings.
    """
    others = []
    for device in devices:
        ((key, text),) = device.items()
        others.append({OTHER_KEY[key]: text})
        if key == "devid" and text != text.lower():
            others.append({"devname": text.lower()})
    return others


def alternatives(devices: t.Sequence[Device]) -> list[list[Device]]:
    """The selections to query in turn before "no rows" is accepted for these devices. These are the other keywords for
    all devices, or the named devices under the other key. The original selection of named devices is queried last,
    because its first task may have ended too early."""
    if asks_all(devices):
        return [[form] for form in (*ALL_DEVICE_KEYWORDS, ALL_FORTIGATES) if form != devices[0]]
    return [under_other_key(devices), list(devices)] if names_devices(devices) else []


def unseen(devices: t.Sequence[Device], rows: t.Iterable[t.Mapping[str, t.Any]]) -> list[Device]:
    """The named devices that no row contains. A single device needs no check, because all rows come from this
    device."""
    if len(devices) < 2 or not names_devices(devices):
        return []
    seen: set[str] = set()
    for row in rows:
        for column in DEVICE_COLUMNS:
            found = row.get(column)
            texts = found if isinstance(found, list) else str(found or "").split(",")
            seen.update(_without_vdom(str(text)) for text in texts)
    return [device for device in devices if _without_vdom(str(next(iter(device.values())))) not in seen]


def _without_vdom(text: str) -> str:
    return text.partition("[")[0].strip().lower()


def spoken(devices: t.Sequence[Device]) -> str:
    """The text of devices for messages: `devid FGT60F0000000001, devname fgt-hq`."""
    return ", ".join(f"{key} {text}" for device in devices for key, text in device.items())

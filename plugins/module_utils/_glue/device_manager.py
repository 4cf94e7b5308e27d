# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The operations of faz_adoms_info, faz_devices_info and the inventory plugin. Each operation reads from the Device
Manager, or raises FortiViewError."""

from __future__ import annotations

import typing as t

from .._common.errors import FortiViewError, InvalidInput
from .._query.queries import EVERY_ADOM, adoms_in
from .._tasks.device_manager import DeviceManager
from .._tasks.fortiview import Context
from .access import access_of

Params = t.Mapping[str, t.Any]
Data = dict[str, t.Any]


def list_adoms(params: Params, context: Context) -> Data:
    """The result of faz_adoms_info, with the ADOMs in `adoms`."""
    return _listed("adoms", lambda manager: manager.adoms(), params, context)


def list_devices(params: Params, context: Context) -> Data:
    """The result of faz_devices_info. `devices` contains a device once for each of its ADOMs."""
    adoms = adoms_of(params)
    return _listed("devices", lambda manager: manager.devices(adoms, params["device_groups"]), params, context)


def adoms_of(params: Params) -> t.Optional[list[str]]:
    """The ADOMs to read. None means every ADOM that the administrator can access. Raises InvalidInput."""
    given = params["adom"] if params["adoms"] is None else params["adoms"]
    if given is None:
        return None
    if given == []:
        raise InvalidInput(f"adoms is empty: set it to the names of ADOMs, or to {EVERY_ADOM} to read every ADOM")
    names = adoms_in("adoms", given)
    return None if names == (EVERY_ADOM,) else list(names)


def _listed(name: str, read: t.Callable[[DeviceManager], list[Data]], params: Params, context: Context) -> Data:
    access = access_of(params, context)
    with access.connection as connection:
        manager = DeviceManager(connection, context.sleep)
        try:
            found = read(manager)
        except FortiViewError as error:
            error.within(host=access.host)
            raise
    return {"changed": False, name: found, "warnings": [*manager.warnings, *access.warnings]}

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The variants of one request, which differ in request format and devices. This module does no I/O."""

from __future__ import annotations

import typing as t

from .._common.errors import ApiError
from .._query.devices import Device, alternatives, asks_all, spoken
from .._query.formats import RequestFormats
from .._query.request import Request
from .run import Warnings


class Variants:
    """The variants of one request. `request_for` builds the request in the current request formats of the run.

    `devices` replaces the devices of the request. A refusal does not change these devices.
    """

    def __init__(
        self,
        formats: RequestFormats,
        request_for: t.Callable[[RequestFormats], Request],
        warnings: Warnings,
        devices: t.Optional[list[Device]] = None,
    ) -> None:
        self._formats = formats
        self._request_for = request_for
        self._warnings = warnings
        self._fixed_devices = devices
        self._version = formats.version
        self._request = self._made()
        # The devices of the first request, and the other selections of devices that were not tried yet.
        self._first_devices = self._request.device
        self._others = self._alternatives()
        self._varied = False
        for text in self._request.warnings:
            warnings.add(text)

    @property
    def request(self) -> Request:
        return self._request

    @property
    def first_devices(self) -> list[Device]:
        return self._first_devices

    @property
    def are_first(self) -> bool:
        """Whether the request still has its first devices."""
        return self._request.device == self._first_devices

    @property
    def asks_all(self) -> bool:
        return asks_all(self._first_devices)

    @property
    def place(self) -> str:
        return f"{self._request.view_name} of ADOM {self._request.adom}"

    def renew(self) -> None:
        """Update the request if the request formats of this run have changed."""
        if self._version == self._formats.version:
            return
        self._version = self._formats.version
        before, made = self._request, self._made()
        if not self._varied and self.are_first:
            self._first_devices = made.device
            self._others = self._alternatives()
        elif made.params is not None:
            made = made._replace(params=dict(made.params, device=before.device))
        self._request = made._replace(counted=before.counted, limit=before.limit)

    def learn(self, error: ApiError) -> bool:
        """Whether to send the request again after a refusal, for other devices or in request formats that this job or
        another job has changed."""
        if error.reason == "device" and self._others and self.vary(f"refused ({error.said})"):
            return True
        if self._version == self._formats.version:
            minutes = self._request.view_name == "ioc"
            note = self._formats.learn_from(self._request.view.wire, error.reason, error.subject, minutes)
            if note is None:
                return False
            self._warnings.add(note)
        self.renew()
        return True

    def vary(self, why: str = "no rows") -> bool:
        """Select another variant of a request that has no rows or whose devices were refused. Returns False if no
        variant is left.

        A variant has another keyword for all devices, or named devices under their other key. FortiAnalyzer counts the
        rows of the variant, so that a task that ended too early is detected.
        """
        if self._request.params is None or (self._varied and not self._others):
            return False
        self._varied = True
        devices = self._others.pop(0) if self._others else self._request.device
        if devices != self._first_devices:
            self._warnings.add(
                f"{self.place}: {why} for {spoken(self._request.device)}. The query was sent again with {spoken(devices)}."
            )
        self._request = _for_devices(self._request, devices)._replace(counted=True)
        return True

    def add_devices(self, devices: list[Device]) -> None:
        """Add these devices to the request."""
        self._request = _for_devices(self._request, [*self._request.device, *devices])

    def only(self, devices: list[Device]) -> Variants:
        """Variants of the same request for only these devices."""
        return Variants(self._formats, self._request_for, self._warnings, devices)

    def learn_device(self) -> None:
        """Record the key under which a single device has rows. Later requests of this run use the same key."""
        # A keyword for all devices is not reused for other queries, because it may exclude other products in another
        # ADOM.
        if not self.are_first and not self.asks_all:
            self._formats.learn_device(self._first_devices, self._request.device)

    def _alternatives(self) -> list[list[Device]]:
        return alternatives(self._first_devices) if self._fixed_devices is None else []

    def _made(self) -> Request:
        made = self._request_for(self._formats)
        if made.params is None:
            return made
        return _for_devices(
            made, self._formats.devices(made.device) if self._fixed_devices is None else self._fixed_devices
        )


def _for_devices(request: Request, devices: list[Device]) -> Request:
    return request._replace(params=dict(request.params or {}, device=devices))

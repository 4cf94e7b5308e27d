# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The FortiGate as a client: it fetches the file that a pulled feed names (protocol_fortigate.rst, "Threat feeds")."""

from __future__ import annotations

import asyncio
import base64
import ssl
import urllib.error
import urllib.request
from dataclasses import dataclass

from .state import FortiGateState
from .table import Obj

MOST_BYTES = 32 * 1024 * 1024


@dataclass
class Fetched:
    """What came back; no lines where nothing has changed or nothing could be had."""

    lines: list[str] | None = None
    etag: str | None = None
    failure: str | None = None


async def update(state: FortiGateState, scope: str, connector: Obj) -> None:
    """Fetch once; on any error the old content stays."""
    feed = state.feeds.of(scope, connector["name"])
    # In a thread: the file may well be served by whoever runs this simulator.
    fetched = await asyncio.to_thread(fetch, connector, feed.etag, state.switches.feed_ca)
    if fetched.lines is not None:
        state.feeds.pulled(scope, connector["name"], fetched.lines, fetched.etag, state.device_time())
    else:
        feed.failure = fetched.failure


def fetch(connector: Obj, etag: str | None, authority: str) -> Fetched:
    request = urllib.request.Request(connector["resource"])
    if connector["username"]:
        login = f"{connector['username']}:{connector['password']}".encode()
        request.add_header("Authorization", "Basic " + base64.b64encode(login).decode())
    if etag is not None:
        request.add_header("If-None-Match", etag)
    context = _context(connector["server-identity-check"], authority)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context))
    try:
        with opener.open(request, timeout=10) as response:
            text = response.read(MOST_BYTES).decode("utf-8", "replace")
            return Fetched(text.splitlines(), response.headers.get("ETag"))
    except urllib.error.HTTPError as error:
        return Fetched(failure=None if error.code == 304 else f"HTTP {error.code}")
    except (OSError, ValueError) as error:
        return Fetched(failure=str(error))


def _context(check: str, authority: str) -> ssl.SSLContext:
    """Nothing is checked, or the issuer, or also the name."""
    context = ssl.create_default_context(cafile=authority or None)
    context.check_hostname = check == "full"
    context.verify_mode = ssl.CERT_NONE if check == "none" else ssl.CERT_REQUIRED
    return context

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state of one FortiAnalyzer: logs, sessions, tasks, incidents and alerts."""

from __future__ import annotations

import hmac
import re
from collections import deque

from ..common.clock import Clock
from ..common.state import State
from ..common.wire import TRANSPORT_FAULTS
from .alerts import AlertMark
from .call import Call
from .errors import (
    HttpError,
    RpcError,
    StatusError,
    device_not_found,
    invalid_url,
    no_permission,
    object_does_not_exist,
    uri_not_supported,
)
from .events import EventLog
from .generation import make_log
from .incidents import Incidents
from .inventory import Device, adoms, devices
from .journal import Journal
from .rescans import Rescans
from .sessions import Sessions
from .submit import Scope
from .switches import Switches
from .tasks import TaskTable

FAULTS = TRANSPORT_FAULTS | set("empty_body error status stale_session no_result json_list".split())

CLOUD_LOGIN = "/p/forticloud_jsonrpc_login/"

# Nothing real accepts these; each is unique, so that a leak can be grepped for.
USERNAME = "ansible"
PASSWORD = "simulated-Passw0rd-c4nary"
API_TOKEN = "simulated-api-key-7f3e9a5b1d"
CLOUD_TOKEN = "simulated-cloud-token-2c8d6e4f0a"


class FortiAnalyzerState(State[Switches, Journal]):
    """Everything that `reset` forgets, and the event log that it keeps."""

    def __init__(self, switches: Switches, clock: Clock, anchor: int) -> None:
        super().__init__(switches, clock, FAULTS)
        self.anchor = anchor
        self.username, self.password = USERNAME, PASSWORD
        self.api_token, self.cloud_token = API_TOKEN, CLOUD_TOKEN
        self._log: tuple[tuple[int, bool, float], EventLog] | None = None
        self.reset()

    def reset(self) -> None:
        super().reset()
        self.journal = Journal()
        self.sessions = Sessions(self.switches)
        self.tasks = TaskTable(self.switches)
        self.rescans = Rescans(self.switches)
        self.incidents = Incidents()
        # What administrators did with alerts: by id, whether it is acknowledged and the comment.
        self.alert_marks: dict[str, AlertMark] = {}
        self._recent: deque[float] = deque()

    def is_overrun(self) -> bool:
        """Whether this request is one too many for its second; those that are refused count too."""
        most, now = self.switches.requests_per_second, self.now()
        if most is None:
            return False
        while self._recent and self._recent[0] <= now - 1:
            self._recent.popleft()
        self._recent.append(now)
        return len(self._recent) > most

    @property
    def adoms(self) -> tuple[str, ...]:
        return adoms(self.switches.extra_adoms)

    @property
    def devices(self) -> tuple[Device, ...]:
        return devices(self.switches.extra_adoms, self.switches.ha_pair)

    def scope(self, adom: str, serial: str = "", vdom: str = "") -> Scope:
        """The ADOM of a url, directly or by its firewall; what the administrator may not see is there all the same."""
        if serial:
            for device in self.devices:
                if device.serial == serial and vdom in device.vdoms:
                    return Scope(device.adom, serial, vdom)
            raise device_not_found()
        if adom in self.switches.forbidden_adoms:
            raise no_permission()
        if adom not in self.adoms:
            raise no_permission() if self.switches.unknown_adom_code == -11 else object_does_not_exist()
        return Scope(adom)

    def unknown_path(self, url: str) -> RpcError | StatusError:
        """The refusal of a url that this release does not serve."""
        return invalid_url() if self.switches.unknown_path_form == "status" else uri_not_supported(url)

    @property
    def events(self) -> EventLog:
        key = (self.switches.extra_adoms, self.switches.ha_pair, self.switches.log_clock_lag)
        if self._log is None or self._log[0] != key:
            self._log = (key, make_log(self.anchor, *key))
        return self._log[1]

    def authenticate(self, call: Call) -> None:
        """A session in the body or an API key in the header, never both.

        See protocol_fortianalyzer.rst, "Authentication".
        """
        token = _bearer(call)
        sid = call.body.get("session")
        is_key = token is not None and hmac.compare_digest(token.encode(), self.api_token.encode())
        null_refused = not self.switches.null_session_with_key_accepted
        if is_key and "session" in call.body and (sid is not None or null_refused):
            raise no_permission()
        if sid is not None:
            # Whatever stands in the Authorization header beside a session is not looked at.
            session = self.sessions.use(sid, self.now())
            if session.cloud and re.search(r"/adom/(?!root(?:/|$))", call.url):
                # An instance in FortiCloud has the one ADOM.
                raise no_permission()
        elif token is not None:
            self._use_key(is_key)
        elif not self._query_key(call):
            raise no_permission()
        self._check_permit(call)

    def _use_key(self, is_key: bool) -> None:
        if is_key and self.switches.api_token_accepted:
            return
        refusal = self.switches.api_token_refusal
        if refusal.startswith("http"):
            raise HttpError(int(refusal[4:]))
        if refusal == "status401":
            raise StatusError(401, "Unauthorized")
        raise no_permission()

    def _query_key(self, call: Call) -> bool:
        given = call.query.get("access_token")
        accepted = self.switches.access_token_query_accepted and self.switches.api_token_accepted
        return accepted and given == self.api_token

    def _check_permit(self, call: Call) -> None:
        permit = self.switches.rpc_permit
        # Searches are started by `add` and ended by `delete`, which changes nothing on the FortiAnalyzer.
        reads = ("get", "exec", "delete") if self.switches.add_needs_write else ("get", "exec", "delete", "add")
        searches = call.is_v3 and not call.url.startswith("/incidentmgmt/")
        writes = call.method not in reads or (not searches and call.method in ("add", "delete"))
        if permit == "none" or (permit == "read" and writes):
            raise no_permission()


def _bearer(call: Call) -> str | None:
    scheme, _space, token = call.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None

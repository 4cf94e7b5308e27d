# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calls the FortiOS REST API, and accepts only replies that prove success (protocol_fortigate.rst, "Replies").

The official modules accept an HTML page, an empty body or `status: error` as a success. Here a reply must be JSON
without an error, and must not name another VDOM or another FortiGate than expected. The reply to a write must also
confirm success.
"""

from __future__ import annotations

import json
import re
import time
import typing as t
import urllib.parse

from .._common.errors import FortiViewError, printable
from .._common.json_text import loaded
from .._common.octets import without_surrogates
from .rights import to_give

# The arguments are the URL, the method, the query and the body. The result is the HTTP status and the text.
Send = t.Callable[[str, str, dict[str, str], t.Optional[str]], tuple[int, str]]
Object = dict[str, t.Any]

REFUSED = (
    "Check fortigate_token, its access profile and its VDOMs. Also check that ansible_host and ansible_httpapi_port are "
    "those of the FortiGate."
)
UNWELL = "Try again later. If the error persists, check the event log and the load of the FortiGate."
UNVERIFIED = (
    "Check the event log of the FortiGate. If entries or objects are missing, also check whether the ban list, feed, "
    "address group or configuration table that they belong to is full."
)
UNEXPECTED = "Check the access profile and the VDOMs of fortigate_token, and the event log of the FortiGate."
# The next step for each cause in the text of an exception of the connection plugin.
CAUSES = (
    (re.compile(r"provide access token", re.I), "Set fortigate_token, the token of a REST API administrator."),
    (
        re.compile(r"access token|credential|HTTP Error 401\b", re.I),
        "Check fortigate_token, and the trusted hosts of its administrator.",
    ),
    (
        re.compile(r"certificate", re.I),
        "Set ansible_httpapi_ca_path to the certificate of the CA that issued the certificate of the FortiGate.",
    ),
    (
        re.compile(r"refused|unreachable|no route|name or service|resolve|timed out|getaddrinfo|not known", re.I),
        "Check ansible_host and ansible_httpapi_port of this host, and the network to the FortiGate.",
    ),
    (
        re.compile(r"cipher|handshake", re.I),
        "The FortiGate offers no cipher that Python accepts, for example because of an evaluation licence. Check "
        "ansible_httpapi_ciphers.",
    ),
)
# A port or a host name in a URL may look like a cause, so URLs are not searched.
_URL = re.compile(r"https?://\S+", re.I)
RATE = "The FortiGate limits the rate of requests. Run with fewer forks, or raise the limit on the FortiGate."
# HTTP statuses that are about the state of the FortiGate, not about the permissions of the token.
UNWELL_STATUSES = (413, 424, 429)
# A read that gets one of these HTTP statuses is sent again after each of these delays, in seconds. The status decides,
# because the body of such a reply is an HTML page.
BUSY_STATUSES = (429, 503)
BUSY_DELAYS = (1.0, 2.0, 4.0)
# Errors after the FortiGate has closed an idle connection. Only a read is sent again, because a write may have had an
# effect.
_CLOSED = re.compile(
    r"reset by peer|remote end closed|connection aborted|broken pipe|EOF occurred|bad ?status ?line", re.I
)
FORBIDDEN, NOT_FOUND = 403, 404
# The number of parts in the path of an object, and in the path of a member of an object.
NAMED = (4, 6)
# The name for the configuration of the whole FortiGate, which is not a VDOM.
GLOBAL = "global"
# The VDOM name with which a read returns all VDOMs.
EVERY = "*"


class FortiGateError(FortiViewError):
    """The FortiGate refused a call, or did not send a reply that proves success."""

    kind = "fortigate"


class WrongVdom(FortiGateError):
    """The reply is about another VDOM than the requested one. A write may have changed this other VDOM, which is
    `vdom`."""

    def __init__(self, vdom: str, *arguments: t.Any, **context: t.Any) -> None:
        super().__init__(*arguments, **context)
        self.vdom = vdom


class FortiGate:
    """One FortiGate. `name` is its name in errors. `serial` and `version` are empty before the first reply."""

    def __init__(self, send: Send, name: str, sleep: t.Callable[[float], t.Any] = time.sleep) -> None:
        self._send = send
        self._sleep = sleep
        self.name = name
        self.serial = ""
        self.version = ""
        # The results of `Vdom.once` in this run.
        self.kept: dict[tuple[str, ...], t.Optional[list[Object]]] = {}
        self._answers_several = True

    def vdom(self, name: str) -> Vdom:
        return Vdom(self, name)

    def whole(self) -> Vdom:
        """The API for the configuration of the whole FortiGate."""
        return Vdom(self, GLOBAL)

    def read_ahead(self, vdoms: t.Iterable[str], path: str, **query: str) -> None:
        """Read a table of several VDOMs with one request, and keep the replies for `Vdom.once`. If the FortiGate does
        not support such a request, `once` reads each VDOM separately. Raises FortiGateError for a reply from another
        FortiGate."""
        missing = {name for name in vdoms if _key(name, path, query) not in self.kept}
        if len(missing) < 2 or not self._answers_several:
            return
        for vdom, reply in self._replies_of_all(path, query).items():
            found = _objects(reply.get("results"))
            if vdom in missing and found is not None and _is_success(reply):
                self.vdom(vdom).check_origin("GET", path, reply)
                self.kept[_key(vdom, path, query)] = found

    def _replies_of_all(self, path: str, query: dict[str, str]) -> dict[str, Object]:
        """The replies by VDOM. Empty if two replies are about the same VDOM, or if the FortiGate does not return a list
        of replies. Without a list, such a request is not sent again."""
        try:
            status, text = self.exchange("GET", path, {"vdom": EVERY, **_quoted(query)}, None)
            replies = loaded(without_surrogates(text)).value if status == 200 else None
        except FortiViewError:
            raise
        except Exception:  # noqa: BLE001  the connection plugin raises any exception, and the next read reports it
            replies = None
        named = (
            [one for one in replies if isinstance(one, dict) and one.get("vdom")] if isinstance(replies, list) else []
        )
        found = {str(one["vdom"]): one for one in named}
        self._answers_several = bool(found)
        # If two replies are about the same VDOM, it is not known which reply is right.
        return found if len(found) == len(named) else {}

    def exchange(self, method: str, path: str, query: dict[str, str], body: t.Optional[str]) -> tuple[int, str]:
        """Send a request. Returns the HTTP status and the text. A read is sent again if the connection was closed or
        the FortiGate is busy."""
        delays = list(BUSY_DELAYS) if method == "GET" else []
        reopened = method != "GET"
        while True:
            try:
                status, text = self._send(f"/api/v2/{path}", method, query, body)
            except FortiViewError:
                raise
            except Exception as exc:
                if reopened or not _CLOSED.search(str(exc)):
                    raise
                reopened = True
                continue
            if status not in BUSY_STATUSES or not delays:
                return status, text
            self._sleep(delays.pop(0))


class Vdom:
    """The API of a FortiGate in one VDOM. Paths begin with `monitor/` or `cmdb/`."""

    def __init__(self, fortigate: FortiGate, name: str) -> None:
        self.fortigate = fortigate
        self.name = name

    def read(self, path: str, **query: str) -> t.Any:
        """The `results` of a GET. Raises FortiGateError."""
        reply = self._call("GET", path, query, None)
        if "results" not in reply:
            raise self._error("GET", path, "the reply has no results")
        return reply["results"]

    def objects(self, path: str, **query: str) -> list[Object]:
        """The objects of a table, or a single object as a list of one. Raises FortiGateError."""
        found = _objects(self.read(path, **query))
        if found is None:
            raise self._error("GET", path, "the results in the reply are not objects")
        return found

    def found(self, path: str, **query: str) -> t.Optional[list[Object]]:
        """Like `objects`, but None if the object or the table does not exist. Raises FortiGateError."""
        try:
            return self.objects(path, **query)
        except FortiGateError as error:
            if error.context.get("http_status") == NOT_FOUND:
                return None
            raise

    def once(self, path: str, **query: str) -> t.Optional[list[Object]]:
        """Like `found`, but each request is sent only once in a run. This is for configuration that the collection
        never writes."""
        key = _key(self.name, path, query)
        if key not in self.fortigate.kept:
            self.fortigate.kept[key] = self.found(path, **query)
        return self.fortigate.kept[key]

    def write(self, method: str, path: str, body: t.Optional[t.Mapping[str, t.Any]] = None, **query: str) -> Object:
        """Send a POST, PUT or DELETE request. Raises FortiGateError. After an error, it is not known whether the
        request had an effect."""
        parts = path.split("/")
        if method == "DELETE" and not (all(parts) and len(parts) in NAMED):
            # If the path has no name, a FortiGate deletes the whole table.
            raise ValueError(f"DELETE {path} names no object")
        reply = self._call(method, path, query, None if body is None else json.dumps(body))
        if reply.get("status") != "success":
            raise self._error(method, path, "the reply does not confirm success")
        return reply

    def doubt(self, method: str, path: str, said: str, next_step: str = "") -> FortiGateError:
        """The error for a write without its confirmed effect, or for a read with unexpected content."""
        default = UNEXPECTED if method == "GET" else UNVERIFIED
        return self._error(method, path, said, next_step=next_step or default)

    def _call(self, method: str, path: str, query: dict[str, str], body: t.Optional[str]) -> Object:
        where = {"scope": GLOBAL} if self.name == GLOBAL else {"vdom": self.name}
        params = _quoted({**where, **query})
        try:
            status, text = self.fortigate.exchange(method, path, params, body)
        except FortiViewError:
            raise
        except Exception as exc:  # noqa: BLE001  the connection plugin raises any exception
            words = _words(exc)
            cure = next((cure for cause, cure in CAUSES if cause.search(_URL.sub("", words))), UNWELL)
            raise self._error(method, path, f"no reply: {words}", next_step=cure) from None
        reply = self._parsed(method, path, status, text)
        said_status = reply.get("http_status", status)
        if status != 200 or not _is_success(reply):
            said = f"HTTP {said_status}, status {printable(reply.get('status'), 40)}"
            error = self._error(method, path, said, reply.get("error"), _next_step(said_status, method, path))
            raise error.within(http_status=said_status)
        self.check_origin(method, path, reply)
        return reply

    def _parsed(self, method: str, path: str, status: int, text: str) -> Object:
        try:
            # The connection plugin returns text in an old code page, such as an interface alias, with halves of
            # surrogate pairs.
            reply = loaded(without_surrogates(text)).value
        except (ValueError, TypeError) as exc:
            place = getattr(exc, "position", None)
            where = f" at character {place}" if place and text.lstrip()[:1] in ("{", "[") else ""
            said = f"HTTP {status}, and the body of the reply is not JSON{where}"
            error = self._error(method, path, said, next_step=_next_step(status, method, path))
            raise error.within(http_status=status) from None
        if isinstance(reply, list) and len(reply) == 1:
            reply = reply[0]  # with scope=global, a FortiGate returns a list of one reply
        if not isinstance(reply, dict):
            raise self._error(method, path, f"HTTP {status}, and the JSON of the reply is not an object")
        return reply

    def check_origin(self, method: str, path: str, reply: Object) -> None:
        """Check the VDOM and the serial number of a reply, and store the serial number and the version. Raises
        FortiGateError for a reply about another VDOM or from another FortiGate, because such a reply proves nothing."""
        vdom, known = reply.get("vdom", self.name), self.fortigate.serial
        serial = printable(reply.get("serial") or known, 40)
        if vdom != self.name and self.name != GLOBAL:
            said = f"the reply is about VDOM {printable(vdom, 40)!r}"
            raise WrongVdom(printable(vdom, 40), said, **self._context(method, path), next_step=REFUSED)
        if known and serial != known:
            raise self._error(method, path, f"the reply is from {serial!r}, although the last reply was from {known!r}")
        self.fortigate.serial = serial
        self.fortigate.version = printable(reply.get("version") or self.fortigate.version, 40)

    def _error(
        self, method: str, path: str, said: str, code: object = None, next_step: str = REFUSED
    ) -> FortiGateError:
        number = code if isinstance(code, int) else None
        return FortiGateError(said, number, next_step=next_step, **self._context(method, path))

    def _context(self, method: str, path: str) -> dict[str, t.Any]:
        where = path.partition("/")[2]
        return {"doing": f"{method} {where} in VDOM {self.name}", "host": self.fortigate.name}


def _key(vdom: str, path: str, query: t.Mapping[str, str]) -> tuple[str, ...]:
    return (vdom, path, *sorted("=".join(pair) for pair in query.items()))


def _quoted(query: t.Mapping[str, str]) -> dict[str, str]:
    """The query with encoded values, because the connection plugin does not encode them."""
    return {key: urllib.parse.quote(value, safe="") for key, value in query.items()}


def _is_success(reply: Object) -> bool:
    return reply.get("http_status", 200) == 200 and reply.get("status", "success") == "success"


def _objects(results: object) -> t.Optional[list[Object]]:
    """The objects of a table, or a single object as a list of one; None for anything else."""
    found = [results] if isinstance(results, dict) else results
    return found if isinstance(found, list) and all(isinstance(one, dict) for one in found) else None


def _next_step(status: object, method: str, path: str) -> str:
    if status == BUSY_STATUSES[0]:
        return RATE
    if status == FORBIDDEN:
        return f"Check fortigate_token and its VDOMs, and {to_give(path, method)}."
    unwell = status in UNWELL_STATUSES or (isinstance(status, int) and status >= 500)
    return UNWELL if unwell else REFUSED


def _words(exc: Exception) -> str:
    """The text of an exception. If the text is a tuple of a sentence and another exception, as often from the
    connection plugin, only the other exception is used."""
    text = printable(exc, 400)
    found = re.fullmatch(r"\('[^']*', (\w+)\((.*)\)\)", text)
    return f"{found[1]}: {found[2].strip(chr(39))}" if found else text

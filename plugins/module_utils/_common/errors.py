# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The error types for FortiAnalyzer, the base class of all errors, and the format of error messages.

A message names what failed, where it failed, what FortiAnalyzer answered, and the next step. Lower layers raise an
error with the data that they have. Higher layers add the ADOM, the view and the task with `within`. The outermost
layer writes the message.
"""

from __future__ import annotations

import contextlib
import copy
import json
import re
import traceback
import typing as t

from .naming import sentence
from .octets import decoded

LONGEST_QUOTE = 500  # characters of the device's reply that a message shows
LONGEST_READ = 20000  # characters of the device's reply that an error stores
# The preposition between an action (`doing`) and the place in a message. The default is "of".
JOINED = {"logging in": "for"}


def _written(secret: str) -> list[str]:
    """The spellings of a secret: the secret itself, and the text that JSON or Python writes for it."""
    quoted = (json.dumps(secret), json.dumps(secret, ensure_ascii=False), repr(secret))
    return [form for form in dict.fromkeys((secret, *(text[1:-1] for text in quoted))) if form]


def octets_of(secret: str) -> t.Iterator[bytes]:
    """The bytes of each spelling of a secret, in UTF-8 and in the code pages that an old FortiAnalyzer may
    use to echo it."""
    for form in _written(secret):
        for codec in ("utf-8",) if form.isascii() else ("utf-8", "latin-1", "cp1252"):
            with contextlib.suppress(UnicodeEncodeError):
                yield form.encode(codec)


def redacted(text: str, secrets: t.Iterable[str]) -> str:
    """The text with asterisks in place of these secrets, in any of their spellings."""
    for secret in secrets:
        for form in (*_written(secret), *map(decoded, octets_of(secret))):
            text = text.replace(form, "********")
    return text


def printable(text: object, longest: int = LONGEST_QUOTE) -> str:
    """The text as one line, without control characters and cut to `longest` characters."""
    flat = re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+", " ", str(text)).strip()
    return flat if len(flat) <= longest else flat[:longest] + "…"


class FortiViewError(Exception):
    """The base class of all errors. `said` describes the failure, in the text of the device if it answered.

    The context is optional: `doing` (a phrase such as "reading the task"), `host`, `adom`, `view`, `name`, `tid`,
    `percentage`, `http_status`, `ticket`.
    """

    kind = "error"
    next_step = ""

    def __init__(
        self, said: object, code: t.Optional[int] = None, next_step: t.Optional[str] = None, **context: t.Any
    ) -> None:
        self._said = str(said)[:LONGEST_READ]
        self.code = code
        if next_step is not None:
            self.next_step = next_step
        self.context: dict[str, t.Any] = {}
        # For the run that this error ended: the tickets that can still be read (`tasks`), and the finished `results`.
        self.reached: dict[str, list[t.Any]] = {}
        self.facts: dict[str, t.Any] = {}
        # For a blocking run that this error ended: its plan and its results so far.
        self.outcome: dict[str, t.Any] = {}
        self.within(**context)
        super().__init__(self.said)

    @property
    def said(self) -> str:
        return printable(self._said)

    def within(self, **context: t.Any) -> FortiViewError:
        """Add context to the error. Values that a lower layer has added are kept."""
        for key, value in context.items():
            if value is not None:
                self.context.setdefault(key, value)
        return self

    def without(self, secrets: t.Iterable[str]) -> FortiViewError:
        """Blank out secrets that the device echoed. Only afterwards, `said` cuts the text to its length."""
        self._said = redacted(self._said, secrets)
        self.args = (self.said,)
        return self

    def again(self) -> FortiViewError:
        """A copy of the error for another query. It keeps only the action, the host and the HTTP status."""
        same = copy.copy(self)
        same.context = {key: self.context[key] for key in ("doing", "host", "http_status") if key in self.context}
        same.reached, same.facts = {}, {}
        return same

    def __str__(self) -> str:
        place = self._place()
        doing = self.context.get("doing")
        start = f"{doing[:1].upper()}{doing[1:]}{place} failed: " if doing else (f"Failed{place}: " if place else "")
        code = f" (code {self.code})" if self.code is not None else ""
        end = "" if not self.next_step else f" {self.next_step}"
        said = f"{self.said}{code}." if code else sentence(self.said)
        return f"{start}{said}{end}"

    def _place(self) -> str:
        known = self.context
        parts = []
        if known.get("view"):
            parts.append(f"view {known['view']}")
        if known.get("adom"):
            parts.append(f"ADOM {known['adom']}")
        if known.get("tid"):
            percentage = known.get("percentage")
            parts.append(f"task {known['tid']}" + (f" at {percentage:g} %" if percentage is not None else ""))
        place = f" {JOINED.get(known.get('doing', ''), 'of')} {', '.join(parts)}" if parts else ""
        return place + (f" on {known['host']}" if known.get("host") else "")

    def as_dict(self) -> dict[str, t.Any]:
        """The error as plain data: `kind`, `message`, `said`, `next_step`, `code` if known, and most of the context."""
        details = {key: value for key, value in self.context.items() if key not in ("doing", "ticket")}
        if self.code is not None:
            details["code"] = self.code
        return dict(details, kind=self.kind, message=str(self), said=self.said, next_step=self.next_step)

    def to_fail_json(self) -> dict[str, t.Any]:
        """The result of a failed Ansible task: `msg` and `error`. If known, it also has `tid`, the `tasks` that can still
        be read, the `results` of other queries, and facts."""
        failure: dict[str, t.Any] = {"msg": str(self), "error": self.as_dict()}
        if self.context.get("tid"):
            failure["tid"] = self.context["tid"]
        own = [self.context["ticket"]] if self.context.get("ticket") else []
        reached: dict[str, t.Any] = dict(self.reached, tasks=own + self.reached.get("tasks", []))
        # Ansible sets these facts only if failed_when makes the task succeed.
        reached["ansible_facts"] = self.facts
        return dict(self.outcome, **failure, **{key: value for key, value in reached.items() if value})


class InvalidInput(FortiViewError):
    """The input was refused before a request was sent."""

    kind = "input"


class TransportError(FortiViewError):
    """FortiAnalyzer sent no usable HTTP reply.

    `processed` is False if FortiAnalyzer cannot have acted on the request, because the request never arrived or was
    rejected. Otherwise it is True. `worth_repeating` marks temporary faults.
    """

    kind = "transport"
    next_step = "Try again. If it happens again, check the network between this machine and FortiAnalyzer, and the load of FortiAnalyzer."

    def __init__(
        self,
        said: object,
        processed: bool = True,
        worth_repeating: bool = False,
        retry_after: t.Optional[float] = None,
        **rest: t.Any,
    ) -> None:
        super().__init__(said, **rest)
        self.processed = processed
        self.worth_repeating = worth_repeating
        self.retry_after = retry_after


class TlsError(TransportError):
    kind = "tls"
    next_step = "Check the certificate of FortiAnalyzer, and that its CA is in ca_path (FAZ_CA_PATH)."


class Throttled(TransportError):
    """HTTP 429 or 503: FortiAnalyzer rejected the request, but may accept it later. The modules in `_tasks` wait and
    send the request again."""

    kind = "busy"
    next_step = "FortiAnalyzer is busy or restarting. Try again later."


class ProtocolError(FortiViewError):
    """A reply that is not the JSON-RPC of a FortiAnalyzer."""

    kind = "protocol"
    next_step = "Check that host and port are those of FortiAnalyzer's administration interface."


class Garbled(ProtocolError):
    """A reply that begins as the JSON of a FortiAnalyzer, but contains a fault that makes it unreadable."""

    kind = "garbled"
    next_step = (
        "The usual cause is a log with a name that contains an unescaped character. Exclude the row with this name by "
        "filter, or lower limit, and report the quoted text to the vendor."
    )


class ApiError(FortiViewError):
    """FortiAnalyzer refused the call. `reason` is a value of `classify`, and `subject` is the refused name
    in the request, if known."""

    kind = "api"
    next_step = "If it happens again, run the same query in the FortiView page of the FortiAnalyzer GUI, and look at the event log of FortiAnalyzer."

    def __init__(
        self, said: object, code: t.Optional[int] = None, reason: str = "other", subject: str = "", **rest: t.Any
    ) -> None:
        super().__init__(said, code, **rest)
        self.reason = reason
        self.subject = subject


class AuthenticationError(ApiError):
    kind = "auth"
    next_step = (
        "Check the credentials and the trusted hosts of the administrator. "
        "The login was not tried again, so that the administrator is not locked out."
    )


class NotPermitted(ApiError):
    kind = "permission"
    next_step = (
        "Check that the ADOM exists, and that the administrator has rpc-permit read-write, access to this ADOM, "
        "and read rights on FortiView and Log View."
    )


class SessionGone(ApiError):
    """The session has ended, or (code -11) the administrator has no permission. A new login shows the cause."""

    kind = "session"


class SlotsBusy(ApiError):
    """All search slots are taken ("No available slot for searching"). `_tasks/page_tasks.py` waits and submits the task again."""

    kind = "busy"
    next_step = "Lower max_concurrent, raise wait_timeout, or delete tasks that are not needed."


class TaskGone(ApiError):
    """FortiAnalyzer has no task with this id: the task has expired, was already read, or belongs to another view or
    ADOM."""

    kind = "gone"
    next_step = (
        "The task has expired, was already read, or belongs to another view or ADOM. "
        "Submit the query again, or read its ticket with on_gone=resubmit."
    )


class TaskFailed(ApiError):
    """FortiAnalyzer ended the task without a result."""

    kind = "failed"
    next_step = "Try a shorter time_range, and run the same query in the FortiView page of the FortiAnalyzer GUI."


class DeadlineExceeded(FortiViewError):
    """The time in `wait_timeout` has passed. The task continues, and its result can be read later."""

    kind = "timeout"
    next_step = (
        "The task is still on FortiAnalyzer: read it later with faz_fortiview_result "
        "(its ticket is in tasks), raise wait_timeout, or shorten time_range."
    )


class Incomplete(FortiViewError):
    """FortiAnalyzer did not return everything that was requested."""

    kind = "incomplete"
    next_step = (
        "No rows were returned, because an incomplete result is misleading. Run the query again, or lower limit."
    )


class NotVerified(FortiViewError):
    """FortiAnalyzer accepted a change, but the change could not be verified."""

    kind = "not_verified"


class Crashed(FortiViewError):
    """An unexpected exception, which is a defect. Secrets are also blanked in its text, which may quote a request."""

    kind = "crash"
    next_step = (
        "This is a defect of the collection or of a library that it uses. Please report the defect with its traceback, "
        "which ANSIBLE_DISPLAY_TRACEBACK=error shows."
    )

    def __init__(self, exc: Exception, secrets: t.Iterable[str] = ()) -> None:
        super().__init__(redacted(f"{type(exc).__name__}: {exc}", secrets))
        # The traceback has lines of the code but no values of variables, because values may be secrets.
        self._places = "".join(traceback.format_tb(exc.__traceback__))

    def to_fail_json(self) -> dict[str, t.Any]:
        return dict(
            super().to_fail_json(), exception=f"Traceback (most recent call last):\n{self._places}{self.said}\n"
        )

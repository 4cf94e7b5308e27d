# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Incidents of FortiAnalyzer: the wanted state, the rows, and the changes between them (protocol_fortianalyzer.rst,
"Incidents").

The name of an incident is an undocumented field. The name is also the first line of the description, because some
releases do not store this field.
"""

from __future__ import annotations

import re
import typing as t

from .._common.errors import InvalidInput, ProtocolError
from .._common.naming import counted
from .._common.octets import without_surrogates
from .._common.validation import plain_text
from .._protocol.constants import API_VERSION
from .._protocol.reply import Reply, number, whole

NEW, CLOSED = "analysis", "closed"
OPEN = ("draft", NEW, "response")
OVER = (CLOSED, "cancelled")
# FortiAnalyzer has only the severities "high", "medium" and "low".
SEVERITIES = {"critical": "high", "high": "high", "medium": "medium", "low": "low", "info": "low"}
DEFAULTS = {"severity": "medium", "category": "CAT6", "status": NEW}
CATEGORY = re.compile(r"[A-Za-z0-9_-]{1,64}")
# The maximum number of incidents in the reply to one request.
PAGE_ROWS = 2000
LONGEST_NAME, LONGEST_TEXT = 100, 10000
LEFT_OUT, CUT = "[older text was left out]", " [the rest was left out]"
# A description is not shortened to fewer characters than this.
SHORTEST_TEXT = 500
CREATED = ("createtime", "create_time", "create-time")
ALWAYS, NOTE, NEVER = "always", "note", "never"

Data = dict[str, t.Any]


class Incident(t.NamedTuple):
    """An incident on FortiAnalyzer. `created` is the creation time in seconds since the epoch, or None if it is not
    reported."""

    incid: str
    name: str
    status: str
    severity: str
    category: str
    endpoint: str
    reporter: str
    description: str
    created: t.Optional[float]

    @property
    def is_open(self) -> bool:
        """Whether the incident is open. An incident with an unknown status counts as open."""
        return self.status not in OVER

    @property
    def title(self) -> str:
        return self.name or self.description.partition("\n")[0].strip()

    def is_named(self, name: str) -> bool:
        """Whether the name or the first line of the description matches. Both are compared, because a release may not
        store the name, and a user may change it."""
        return name in (self.name, self.description.partition("\n")[0].strip())

    def as_dict(self) -> Data:
        return self._asdict()


class Wanted(t.NamedTuple):
    """The wanted incident. None keeps the value of an existing incident and means the default for a new incident."""

    adom: str
    name: str
    closed: bool
    status: t.Optional[str]
    severity: t.Optional[str]
    category: t.Optional[str]
    endpoint: t.Optional[str]
    description: t.Optional[str]
    note: str
    update: str
    window: float
    reporter: str


def incident_name(value: object) -> str:
    """Check the name of an incident. Raises InvalidInput."""
    text = plain_text("name", value).strip()
    if not text or len(text) > LONGEST_NAME:
        raise InvalidInput(f"name must have 1 to {LONGEST_NAME} characters, but has {len(text)}")
    return text


def category_of(value: t.Optional[str]) -> t.Optional[str]:
    """Check the format of a category. FortiAnalyzer defines the valid values. Raises InvalidInput."""
    if value is None or CATEGORY.fullmatch(value):
        return value
    raise InvalidInput(f"category must have 1 to 64 letters, digits, '_' and '-', such as CAT1, not {value!r:.60}")


def place(adom: str) -> str:
    return f"/incidentmgmt/adom/{adom}"


def page_params(adom: str, offset: int) -> Data:
    """The parameters of one page. `time-range` is not sent, because it is not documented to which time of an incident
    the range applies. The default level of detail is used, because `extended` omits severity and status."""
    return {"url": f"{place(adom)}/incidents", "apiver": API_VERSION, "limit": PAGE_ROWS, "offset": offset}


def one_params(adom: str, incid: str) -> Data:
    return {"url": f"{place(adom)}/incidents", "apiver": API_VERSION, "incids": [incid]}


def count_params(adom: str) -> Data:
    return {"url": f"{place(adom)}/incidents/count", "apiver": API_VERSION}


def new_params(wanted: Wanted, incident: Incident) -> Data:
    fields = ("name", "status", "severity", "category", "endpoint", "reporter", "description")
    sent = {name: getattr(incident, name) for name in fields}
    return {"url": f"{place(wanted.adom)}/incident", "apiver": API_VERSION, **sent}


def change_params(wanted: Wanted, incid: str, changes: t.Mapping[str, str]) -> Data:
    url = f"{place(wanted.adom)}/incident/{incid}"
    return {"url": url, "apiver": API_VERSION, **changes, "lastuser": wanted.reporter}


def incidents_in(reply: Reply) -> t.Optional[list[Incident]]:
    """The incidents in a reply. None if the reply has no result. Raises ProtocolError if the data is not a list of
    incidents."""
    if reply.empty:
        return None
    data = reply.data
    if isinstance(data, dict):
        data = data.get("incidents")
    if not isinstance(data, list) or not all(isinstance(row, dict) for row in data):
        raise ProtocolError("The reply has no list of incidents in `data`")
    result = reply.body.get("result")
    reported = whole(result.get("return-lines")) if isinstance(result, dict) else None
    if reported is not None and reported > len(data):
        raise ProtocolError(f"The reply contains {len(data)} of {counted(reported, 'announced incident')}")
    return [incident_of(row) for row in data]


def counted_in(reply: Reply) -> t.Optional[int]:
    """The number of incidents in a reply. None if the number cannot be read."""
    data = reply.data
    row = data[0] if isinstance(data, list) and len(data) == 1 else data
    return whole(row.get("count")) if isinstance(row, dict) else None


def incident_of(row: t.Mapping[str, t.Any]) -> Incident:
    """The incident in a row. Raises ProtocolError if the row has no `incid`."""
    incid = _text(row.get("incid"))
    if not incid:
        raise ProtocolError("The reply has an incident without `incid`")
    created = next((number(row[key]) for key in CREATED if row.get(key) is not None), None)
    words = {name: _text(row.get(name)).lower() for name in ("status", "severity")}
    return Incident(
        incid=incid,
        name=_text(row.get("name")),
        status=words["status"],
        severity=words["severity"],
        category=_text(row.get("category")),
        endpoint=_text(row.get("endpoint")),
        reporter=_text(row.get("reporter")),
        description=lines(row.get("description")),
        created=created,
    )


def made_id(reply: Reply) -> str:
    """The id of a new incident. Raises ProtocolError if the reply does not contain the id."""
    data = reply.data
    result = reply.body.get("result")
    levels = [*(result if isinstance(result, list) else [result]), data]
    found = next((_text(one["incid"]) for one in levels if isinstance(one, dict) and one.get("incid")), "")
    if not found:
        raise ProtocolError("The reply to the creation of the incident has no `incid`")
    return found


def chosen(incidents: t.Iterable[Incident], wanted: Wanted, now: float) -> list[Incident]:
    """The incidents of this name that are open, or that were created in the window or at an unknown time. Open
    incidents come first, from the oldest to the newest. Closed incidents follow, from the newest to the oldest."""
    since = now - wanted.window
    found = [
        one
        for one in incidents
        if one.is_named(wanted.name) and (one.is_open or one.created is None or one.created >= since)
    ]
    over = sorted((one for one in found if not one.is_open), key=_age, reverse=True)
    return [*sorted((one for one in found if one.is_open), key=_age), *over]


def _age(one: Incident) -> tuple[float, str]:
    return one.created or 0.0, one.incid


def new_incident(wanted: Wanted, longest: int = LONGEST_TEXT) -> Incident:
    """The incident to create, with a description of at most this length. Raises InvalidInput."""
    if not wanted.endpoint:
        raise InvalidInput(
            "endpoint is needed to create an incident: set it to the name or the address of the affected host"
        )
    given = {
        "status": wanted.status or DEFAULTS["status"],
        "severity": wanted.severity or DEFAULTS["severity"],
        "category": wanted.category or DEFAULTS["category"],
    }
    text = fitted(_headed(wanted), "", wanted.note, longest)
    return Incident(
        incid="",
        name=wanted.name,
        endpoint=wanted.endpoint,
        reporter=wanted.reporter,
        description=text,
        created=None,
        **given,
    )


def changes_of(found: Incident, wanted: Wanted, longest: int = LONGEST_TEXT) -> dict[str, str]:
    """The changes to an existing incident, with a description of at most this length."""
    if wanted.closed:
        return _closing(found, wanted, longest) if found.is_open else {}
    if wanted.update == NEVER:
        return {}
    changes = {} if found.is_open else {"status": wanted.status or DEFAULTS["status"]}
    text = found.description
    head = text.partition("\n\n")[0]
    if wanted.update == ALWAYS:
        asked = {
            "status": wanted.status,
            "severity": wanted.severity,
            "category": wanted.category,
            "endpoint": wanted.endpoint,
        }
        changes.update({name: word for name, word in asked.items() if word and word != getattr(found, name)})
        if wanted.description is not None:
            head = _head_of(text, _headed(wanted))
            if not head:
                text = head = _cut(_headed(wanted), longest)
    text = with_note(text, head, wanted.note, longest)
    return changes if text == found.description else {**changes, "description": text}


def _closing(found: Incident, wanted: Wanted, longest: int) -> dict[str, str]:
    text = with_note(found.description, found.description.partition("\n\n")[0], wanted.note, longest)
    return {"status": CLOSED, **({} if text == found.description else {"description": text})}


def _headed(wanted: Wanted) -> str:
    return "\n".join(part for part in (wanted.name, wanted.description) if part)


def _head_of(text: str, head: str) -> str:
    """The beginning of the text, if it equals the head or the shortened head. Otherwise empty. Notes follow the head
    after an empty line."""
    if text == head or text.startswith(f"{head}\n\n"):
        return head
    before, mark, after = text.partition(CUT)
    return before + mark if mark and before and head.startswith(before) and after[:2] in ("", "\n\n") else ""


def with_note(text: str, head: str, note: str, longest: int) -> str:
    """The text with the note at its end, unless the text already contains the note. `head` is the beginning of the
    text. It is kept if the text must be shortened."""
    if not note or _has(text, note):
        return text
    return fitted(head, text[len(head) :].strip("\n"), note, longest)


def _has(text: str, note: str) -> bool:
    """Whether the text contains the note as a whole paragraph. A part of a paragraph is not sufficient, because two
    notes may begin with the same text. A note that was shortened is also recognized."""
    whole_text = f"\n\n{text}\n\n"
    if f"\n\n{note}\n\n" in whole_text:
        return True
    parts = whole_text.split(f"{CUT}\n\n")[:-1]
    return any(note.startswith(part[begin.end() :]) for part in parts for begin in re.finditer("\n\n", part))


def fitted(head: str, older: str, note: str, longest: int) -> str:
    """The whole text, or the parts that fit: the head, the note, and the end of the older text."""
    text = "\n\n".join(filter(None, (head, older, note)))
    if len(text) <= longest:
        return text
    if not older and not note:
        return _cut(head, longest)
    head = _cut(head, longest // 2)
    room = longest - len(head) - len(LEFT_OUT) - 4
    note = _cut(note, room)
    left = room - len(note) - 1
    older = f"{LEFT_OUT}\n{older[-left:]}".strip() if older and left > 0 else LEFT_OUT if older else ""
    return "\n\n".join(filter(None, (head, older, note)))


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - len(CUT)]}{CUT}"


def differences(sent: t.Mapping[str, str], found: Incident) -> dict[str, str]:
    """The fields whose stored values differ from the sent values."""
    return {
        name: str(getattr(found, name))
        for name, word in sent.items()
        if name in ("status", "severity", "category", "endpoint") and getattr(found, name) != word
    }


def cut_at(sent: str, stored: str) -> int:
    """The length to which FortiAnalyzer truncated a description. 0 if the description is not truncated, or if the
    length is below SHORTEST_TEXT."""
    text = lines(sent)
    return len(stored) if stored != text and text.startswith(stored) and len(stored) >= SHORTEST_TEXT else 0


def lines(value: object) -> str:
    """The text with uniform line ends, without white space at both ends."""
    return re.sub(r"\r\n?", "\n", without_surrogates(str(value or ""))).strip()


def _text(value: object) -> str:
    return "" if value is None else without_surrogates(str(value)).strip()

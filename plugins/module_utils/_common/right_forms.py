# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finds the option that a user meant by an unknown name, and shows example values of options."""

from __future__ import annotations

import difflib
import typing as t

from .naming import agree, noun_for

# Names that users know from other modules, and the options that they may mean. The first of these options that the
# module has is suggested.
SYNONYMS: dict[str, tuple[str, ...]] = {
    "access_key": ("api_token",),
    "adom_name": ("adom", "adoms"),
    "address": ("addresses", "targets", "host"),
    "api_key": ("api_token",),
    "apikey": ("api_token",),
    "ban_time": ("expiry",),
    "ca_bundle": ("ca_path",),
    "ca_cert": ("ca_path",),
    "ca_file": ("ca_path",),
    "concurrency": ("max_concurrent",),
    "count": ("limit", "remember"),
    "days": ("time_range", "last"),
    "devices": ("device",),
    "devid": ("device",),
    "devname": ("device",),
    "domain": ("adom", "adoms"),
    "duration": ("ttl", "expiry", "time_range", "last"),
    "end": ("time_range",),
    "end_time": ("time_range",),
    "exclude": ("never", "never_extra"),
    "exclusions": ("never", "never_extra"),
    "expiry": ("ttl",),
    "faz_host": ("host",),
    "firewall": ("device",),
    "from": ("start", "time_range"),
    "hostname": ("host",),
    "hours": ("time_range", "last"),
    "id": ("tid",),
    "ignore_errors": ("on_error",),
    "insecure": ("validate_certs",),
    "ip": ("addresses", "targets"),
    "ips": ("addresses", "targets"),
    "last": ("time_range",),
    "lifetime": ("ttl", "expiry"),
    "login": ("username",),
    "max_results": ("limit",),
    "methods": ("lookup_methods",),
    "never": ("never_extra",),
    "number": ("limit",),
    "order": ("sort_by", "sort_field"),
    "order_by": ("sort_by", "sort_field"),
    "parallel": ("max_concurrent",),
    "pass": ("password",),
    "period": ("time_range", "last"),
    "poll": ("interval", "wait"),
    "range": ("time_range", "last"),
    "scope": ("device_scope",),
    "serial": ("device",),
    "server": ("host",),
    "severity": ("severities",),
    "sort": ("sort_by", "sort_field"),
    "sort_by": ("sort_field",),
    "sort_field": ("sort_by",),
    "ssl_verify": ("validate_certs",),
    "start": ("time_range",),
    "start_time": ("time_range",),
    "since": ("start", "time_range"),
    "task": ("tasks",),
    "task_id": ("tid", "tids"),
    "task_ids": ("tids", "tasks"),
    "ticket": ("tasks",),
    "tickets": ("tasks", "fortiview_tickets"),
    "timeout": ("wait_timeout", "request_timeout"),
    "to": ("end", "time_range"),
    "token": ("api_token", "access_token"),
    "top": ("limit",),
    "tz": ("timezone",),
    "until": ("end", "time_range"),
    "url": ("host",),
    "user": ("username",),
    "verify_certs": ("validate_certs",),
    "verify_ssl": ("validate_certs",),
    "verify_tls": ("validate_certs",),
    "view_name": ("view",),
    "views": ("queries", "view"),
    "whitelist": ("never", "never_extra"),
}
# Example values of options whose type alone does not show the format.
EXAMPLES = {
    "adom": "root, or [root, Branch]",
    "adoms": "root, or [root, Branch]",
    "addresses": "[203.0.113.7]",
    "around": '"2026-03-01 14:30"',
    "device": "FGT60F3X17000001, or [fgt-hq, fgt-dmz]",
    "device_scope": "{serial: FGT60F3X17000001, vdom: root}",
    "expiry": "4h",
    "filter": "'srcip==\"10.0.1.150\"'",
    "host": "faz.example.com",
    "limit": "25, or all",
    "max_age": "24h",
    "name": "top_threats",
    "queries": "[{view: top-threats}, {view: top-sources}]",
    "severities": "[critical, high]",
    "sort_by": "bandwidth desc",
    "tasks": '"{{ submitted.tasks }}"',
    "tid": "12460",
    "time_range": "24h",
    "timezone": "Europe/London",
    "ttl": "4h",
    "validate_certs": "true",
    "view": "top-threats",
    "wait_timeout": "5m",
    "worsened_by": "{incidents: 100%}",
}
NEAR, NEAR_VARIABLE = 0.75, 0.82


def meant_by(name: object, known: t.Iterable[str]) -> t.Optional[str]:
    """The known name that was probably meant by this unknown name. None if no known name is similar enough."""
    known = list(known)
    plain = {_plain(one): one for one in known}
    word = _plain(name)
    if word in plain:
        return plain[word]
    synonyms = [one for one in SYNONYMS.get(str(name).lower().replace("-", "_"), ()) if one in known]
    near = difflib.get_close_matches(word, plain, n=1, cutoff=NEAR)
    # Options that the name truncates or extends, as adomain extends adom.
    starts = [one for one in known if len(one) > 3 and (word.startswith(_plain(one)) or _plain(one).startswith(word))]
    found = [*synonyms, *(plain[one] for one in near), *(starts if len(word) > 3 else [])]
    return found[0] if found else None


def meant_variable(name: str, known: t.Iterable[str]) -> t.Optional[str]:
    """The known variable that was probably meant, or None. A run has many unrelated variables, so only a synonym or a
    close match counts."""
    known = list(known)
    plain = {_plain(one): one for one in known}
    synonyms = [one for one in SYNONYMS.get(name.lower(), ()) if one in known]
    near = difflib.get_close_matches(_plain(name), plain, n=1, cutoff=NEAR_VARIABLE)
    found = [*synonyms, *(plain[one] for one in near)]
    return found[0] if found else None


def example(option: str) -> t.Optional[str]:
    """An example value of an option, or None. `option` may include its place, as in `queries entry 1: adom`."""
    return EXAMPLES.get(option.rpartition(": ")[2])


def example_of(option: str) -> str:
    """The text that shows an example value after the name of an option. Empty if there is no example."""
    return f", as in {option}: {EXAMPLES[option]}" if option in EXAMPLES else ""


def unknown_name(name: object, known: t.Iterable[str], what: str = "an option") -> str:
    """The message about an unknown name. It suggests the name that was probably meant, or lists all known names."""
    known = sorted(known)
    meant = meant_by(name, known)
    said = f"{str(name)[:60]} is not {what}"
    return (
        f"{said}. {agree(len(known), 'The valid name is', 'Valid names are')} {', '.join(known)}"
        if meant is None
        else f"{said}. Did you mean {meant}{example_of(meant)}?"
    )


def no_such_columns(missing: t.Sequence[str], known: t.Iterable[str]) -> str:
    """The message about requested columns that no row has."""
    columns = noun_for(len(missing), "column")
    return f"no row has the {columns} {', '.join(missing)}. Choose from the columns {', '.join(known)}"


def _plain(name: object) -> str:
    return "".join(sign for sign in str(name).lower() if sign.isalnum())

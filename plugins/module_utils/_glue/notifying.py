# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sends a notification to any number of channels. A failed delivery is a part of the result and raises no error."""

from __future__ import annotations

import os
import threading
import time
import typing as t
import urllib.parse

from .._common.errors import FortiViewError, InvalidInput
from .._common.naming import noun_for
from .._common.validation import dicts
from .._insight.mail import address_problem
from .._insight.notification import LEVELS, read_notification
from .._insight.payloads import CHANNELS
from .exiting import run_to_exit
from .mailing import PORTS, mail
from .option_reading import Module, Spec, read_options
from .posting import NotDelivered, post

ATTEMPTS = 2
DEADLINE = 60.0  # seconds for one whole attempt
Channel = dict[str, t.Any]
Sender = t.Callable[[Channel, object, t.Sequence[str]], None]

CHANNEL_OPTIONS: dict[str, dict[str, t.Any]] = {
    "channel": {"type": "str", "choices": list(CHANNELS), "required": True},
    "url": {"type": "str", "no_log": True},
    "headers": {"type": "dict", "no_log": True},
    "to": {"type": "list", "elements": "str"},
    "from": {"type": "str"},
    "server": {"type": "str"},
    "port": {"type": "int"},
    "encryption": {"type": "str", "choices": list(PORTS)},
    "username": {"type": "str"},
    "password": {"type": "str", "no_log": True},
    "validate_certs": {"type": "bool", "default": True},
    "ca_path": {"type": "path"},
}
NEEDED = {"mail": ("to", "from", "server")}
ALLOWED = {
    "webhook": ("url", "headers"),
    "mail": ("to", "from", "server", "port", "encryption", "username", "password"),
}
BY_URL = ("url",)
NOTIFICATION_OPTIONS: dict[str, dict[str, t.Any]] = {
    "title": {"type": "str", "required": True},
    "level": {"type": "str", "choices": list(LEVELS), "default": "info"},
    "text": {"type": "str"},
    "facts": {
        "type": "list",
        "elements": "dict",
        "options": {"name": {"type": "str", "required": True}, "value": {"type": "raw", "required": True}},
    },
    "rows": {"type": "list", "elements": "dict"},
    "link": {"type": "str"},
    "key": {"type": "str", "no_log": False},
}


def arguments() -> dict[str, dict[str, t.Any]]:
    return {
        "notification": {"type": "dict", "required": True, "options": NOTIFICATION_OPTIONS},
        "channels": {"type": "list", "elements": "dict", "required": True, "options": CHANNEL_OPTIONS},
        "attachments": {"type": "list", "elements": "path", "default": []},
    }


class Outcome(t.NamedTuple):
    """The result of one channel. `attempts` is 0 in check mode."""

    channel: str
    to: str
    sent: bool
    attempts: int
    msg: str


def channel_problems(value: object, option: str = "channels") -> list[str]:
    """The problems of these channels, without secrets."""
    spec: Spec = {option: {"type": "list", "elements": "dict", "options": CHANNEL_OPTIONS}}
    found, refused = read_options(spec, {option: value})
    if refused:
        return refused
    entries = enumerate(found[option] or [], 1)
    return [f"{option} entry {place}: {text}" for place, entry in entries for text in _problems_of(entry)]


def _problems_of(entry: Channel) -> list[str]:
    kind = str(entry.get("channel") or "")
    if kind not in CHANNELS:
        return [f"channel is missing: set it to one of {', '.join(CHANNELS)}"]
    needed, allowed = NEEDED.get(kind, BY_URL), ALLOWED.get(kind, BY_URL)
    given = [name for name, one in entry.items() if one not in (None, "", [], {})]
    problems = [f"channel {kind} needs {name}" for name in needed if name not in given]
    problems += [
        f"channel {kind} does not support {name}"
        for name in given
        if name not in (*allowed, "channel", "validate_certs", "ca_path")
    ]
    return problems or (_mail_problems(entry) if kind == "mail" else _url_problems(entry))


def _url_problems(entry: Channel) -> list[str]:
    try:
        parts = urllib.parse.urlsplit(str(entry["url"]))
        usable = parts.scheme == "https" and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    headers = [f"{name}{one}" for name, one in (entry.get("headers") or {}).items()]
    said = (
        []
        if usable and str(entry["url"]).isprintable() and " " not in str(entry["url"])
        else ["url must begin with https://, followed by a host name, and must not contain spaces"]
    )
    return said + (
        ["headers must contain only printable characters"] if not all(one.isprintable() for one in headers) else []
    )


def _mail_problems(entry: Channel) -> list[str]:
    found = [address_problem("to", one) for one in entry["to"]] + [address_problem("from", entry["from"])]
    if (entry.get("username") or entry.get("password")) and entry.get("encryption") == "none":
        found.append(
            "a password is not sent without encryption: set encryption to starttls or tls, or remove username and password"
        )
    if bool(entry.get("username")) != bool(entry.get("password")):
        found.append("username and password must be set together")
    return list(filter(None, found))


def notify(
    params: t.Mapping[str, t.Any],
    check_mode: bool,
    senders: t.Optional[t.Mapping[str, Sender]] = None,
    sleep: t.Callable[[float], None] = time.sleep,
) -> dict[str, t.Any]:
    """The result of send_notification. Raises InvalidInput before anything is sent."""
    channels = dicts("channels", params["channels"])
    problems = channel_problems(channels)
    if problems:
        raise InvalidInput(f"Nothing was sent: {'; '.join(problems)}")
    given = {name: one for name, one in params["notification"].items() if one is not None}
    read_notification(given)
    used = senders or {"mail": mail}
    outcomes = []
    for channel in channels:
        send = used.get(channel["channel"], post)
        outcomes.append(_planned(channel) if check_mode else _sent(channel, given, params["attachments"], send, sleep))
    shown = [outcome._asdict() for outcome in outcomes]
    return {
        "changed": any(outcome.sent or not outcome.attempts for outcome in outcomes),
        "notifications": shown,
        "ansible_facts": {"fortiview_notifications": shown},
        "warnings": [
            f"The notification was not delivered to {outcome.channel} ({outcome.to}): {outcome.msg}"
            for outcome in outcomes
            if outcome.attempts and not outcome.sent
        ],
    }


def place_of(channel: Channel) -> str:
    """The recipients of a mail, or the host of a URL. The path of the URL is omitted, because it is a secret."""
    if channel["channel"] == "mail":
        return ", ".join(channel["to"])
    return str(urllib.parse.urlsplit(channel["url"]).hostname)


def _planned(channel: Channel) -> Outcome:
    return Outcome(
        channel=channel["channel"], to=place_of(channel), sent=False, attempts=0, msg="not sent in check mode"
    )


def _sent(
    channel: Channel, notification: object, attachments: t.Sequence[str], send: Sender, sleep: t.Callable[[float], None]
) -> Outcome:
    attempt, said = 0, ""
    while attempt < ATTEMPTS:
        attempt += 1
        failure = _unreadable(channel) or _attempt(lambda: send(channel, notification, attachments))
        if failure is None:
            return Outcome(channel=channel["channel"], to=place_of(channel), sent=True, attempts=attempt, msg="")
        said = str(failure)
        if not failure.again:
            break
        if attempt < ATTEMPTS:
            sleep(failure.pause)
    if attempt > 1:
        said = f"{said.rstrip('.')}. The notification was tried {attempt} times."
    return Outcome(channel=channel["channel"], to=place_of(channel), sent=False, attempts=attempt, msg=said)


def _unreadable(channel: Channel) -> t.Optional[NotDelivered]:
    """The error if the file in ca_path does not exist. This is checked here, because TLS errors do not name the file."""
    path = channel.get("ca_path")
    if not path or os.path.isfile(path):
        return None
    return NotDelivered(f"ca_path {path} is not a file: set ca_path to a file with CA certificates", again=False)


def _attempt(send: t.Callable[[], None], seconds: float = DEADLINE) -> t.Optional[NotDelivered]:
    """Send in a thread with a total time limit, because a socket timeout does not stop a receiver that sends single
    bytes slowly."""
    failures: list[NotDelivered] = []

    def run() -> None:
        try:
            send()
        except NotDelivered as failure:
            failures.append(failure)
        except FortiViewError as error:
            failures.append(NotDelivered(str(error), again=False))
        except Exception as crash:  # noqa: BLE001  its text may contain the URL
            failures.append(
                NotDelivered(f"{type(crash).__name__} in the collection. Please report this error.", again=False)
            )

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        return NotDelivered(
            f"no reply within {seconds:g} {noun_for(seconds, 'second')}. Check the connection from this machine to the server.",
            again=False,
        )
    return failures[0] if failures else None


def run_notifying() -> None:
    """Run send_notification and end the process with exit_json or fail_json."""
    module = Module(argument_spec=arguments(), supports_check_mode=True)
    run_to_exit(module, lambda: notify(module.params, module.check_mode))

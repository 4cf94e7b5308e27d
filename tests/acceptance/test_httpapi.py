# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The modules over the httpapi connection of fortinet.fortianalyzer: the real plugin where one is named, else a stand-in."""

from __future__ import annotations

import ast
import os
import time
import typing as t
from pathlib import Path

import certifi
import pytest
from ansible.module_utils.connection import Connection

from simulators.fortianalyzer import FortiAnalyzer
from simulators.fortianalyzer.device_manager import DEVICE_PASSWORD
from support import official
from support.playbooks import Controller, Data, Run

QUERY = {"view": "top-threats", "time_range": {"last": "24h"}, "limit": 5, "wait": True}
# No module process can be started with it.
NO_PYTHON = "/nonexistent/python"
USED = {
    "send_request": ["method", "params", "jsonrpc2"],
    "set_customer_option": ["key", "value"],
    "get_access_token": [],
    "get_forticloud_access_token": [],
    "login": ["username", "password"],
    "logout": [],
}


@pytest.fixture
def httpapi(folder: Path, faz: FortiAnalyzer) -> t.Iterator[Controller]:
    """A controller with the plugin, whose persistent connections end with the test."""
    controller = Controller(folder)
    tree = official.linked(folder / "official")
    others = os.environ.get("ANSIBLE_COLLECTIONS_PATH", str(Path(__file__).resolve().parents[2] / ".build"))
    controller.environment["ANSIBLE_COLLECTIONS_PATH"] = f"{tree}:{others}"
    yield controller
    for place in (folder / "pc").glob("*"):
        if place.is_socket():
            Connection(str(place)).reset()
    wait_until(lambda: not faz.open_sessions)


def wait_until(true: t.Callable[[], bool], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.05)


def host(faz: FortiAnalyzer, login: bool = True, **variables: t.Any) -> Data:
    """The variables of one FortiAnalyzer, as the guide has them."""
    credentials = {"ansible_user": faz.username, "ansible_password": faz.password} if login else {}
    return {
        "ansible_connection": "ansible.netcommon.httpapi",
        "ansible_network_os": official.NETWORK_OS,
        "ansible_host": faz.host,
        "ansible_httpapi_port": faz.port,
        "ansible_port": "{{ ansible_httpapi_port }}",
        "ansible_httpapi_use_ssl": True,
        "ansible_httpapi_ca_path": faz.ca_path,
        "ansible_httpapi_use_proxy": False,
        "ansible_python_interpreter": NO_PYTHON,
        **credentials,
        **variables,
    }


def play(
    controller: Controller, hosts: t.Mapping[str, Data], tasks: t.Sequence[Data], *arguments: str, **more: t.Any
) -> Run:
    """Run the tasks on all hosts; `more` are keywords of the play where they are no environment."""
    inventory = controller.write("inventory.yml", {"all": {"hosts": dict(hosts)}})
    environment = {name: value for name, value in more.items() if name.isupper()}
    keywords = {name: value for name, value in more.items() if not name.isupper()}
    plays = [{"hosts": "all", "gather_facts": False, **keywords, "tasks": list(tasks)}]
    return controller.play(plays, "-i", str(inventory), *arguments, **environment)


def ask(name: str = "Ask", **options: t.Any) -> Data:
    return {"name": name, "secops.fortiview.faz_fortiview_task": {**QUERY, **options}}


def logins(faz: FortiAnalyzer) -> list[int]:
    """The status code of each login with user and password."""
    return [
        entry.reply["result"][0]["status"]["code"]
        for entry in faz.journal
        if (entry.url or "").endswith("sys/login/user")
    ]


def sent(faz: FortiAnalyzer, method: str, part: str) -> int:
    return sum(entry.method == method and part in (entry.url or "") for entry in faz.journal)


def rows(run: Run, task: str = "Ask", name: t.Optional[str] = None) -> list[Data]:
    return list(run.of(task, name)["result"]["rows"])


def test_the_plugin_has_the_interface_that_is_used() -> None:
    """The stand-in is only as good as this."""
    tree = ast.parse((official.collection() / official.PLUGIN).read_text())
    plugin = next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "HttpApi")
    methods = {
        node.name: [one.arg for one in node.args.args[1:]] for node in plugin.body if isinstance(node, ast.FunctionDef)
    }
    assert {name: methods.get(name) for name in USED} == USED


@pytest.mark.parametrize("dialect", ["live", "documented"])
def test_a_play_shares_one_login_and_needs_no_module_process(
    httpapi: Controller, faz: FortiAnalyzer, dialect: str
) -> None:
    faz.switches.update({"dialect": dialect, "task_seconds": 0.5, "device_fields": False})
    task = "secops.fortiview.faz_fortiview_task"
    run = play(
        httpapi,
        {"faz": host(faz)},
        [
            {"name": "Submit", task: {"view": "top-threats", "time_range": {"last": "24h"}}, "register": "submitted"},
            {"name": "Read", "secops.fortiview.faz_fortiview_result": {"tasks": "{{ submitted.tasks }}"}},
            ask("Several", view="top-sources", queries=[{"adom": "root"}, {"adom": "Branch_Office"}]),
            {
                "name": "Sources",
                "secops.fortiview.faz_threat_sources_info": {"severities": ["critical"], "time_range": {"last": "24h"}},
            },
            {"name": "Devices", "secops.fortiview.faz_devices_info": {}},
            {**ask("Unknown view", view="no-such-view"), "ignore_errors": True},
            {**ask("Backslash", filter='user=="CORP\\jdoe"'), "ignore_errors": True},
        ],
        "-vvvv",
    )
    assert run.code == 0, run.output
    assert logins(faz) == [0]
    assert run.of("Read")["result"]["complete"]
    assert len(rows(run, "Read")) > 5
    assert [(one["adom"], one["returned"]) for one in run.of("Several")["results"]] == [
        ("root", 5),
        ("Branch_Office", 5),
    ]
    assert run.of("Sources")["offenders"]
    assert "no-such-view" in run.of("Unknown view")["msg"]
    assert "cannot send a backslash" in run.of("Backslash")["msg"]
    assert len(run.of("Devices")["devices"]) == len(faz.devices)
    assert faz.password not in run.output and DEVICE_PASSWORD not in run.output


@pytest.mark.parametrize("dialect", ["live", "documented"])
def test_an_incident_is_kept_and_closed_by_the_login_of_the_connection(
    httpapi: Controller, faz: FortiAnalyzer, dialect: str
) -> None:
    faz.switches.dialect = dialect
    name, note = "SSH brute force", "203.0.113.77 was blocked on fgt-hq: {{ 6 * 7 }}\nünïcødé"
    text = httpapi.write("note.txt", note)

    def incident(task: str, **options: t.Any) -> Data:
        return {"name": task, "secops.fortiview.faz_incident": {"name": name, **options}}

    present = {"severity": "critical", "category": "CAT2", "endpoint": "10.1.100.20"}
    noted = {**present, "note": f"{{{{ lookup('ansible.builtin.file', '{text}') }}}}"}
    tasks = [
        incident("Make", **noted),
        incident("Keep", **noted),
        incident("Close", state="closed", note="over"),
    ]
    planned = play(httpapi, {"faz1": host(faz)}, tasks[:1], "--check", "--diff")
    assert planned.code == 0 and faz.incidents == [] and "+" in planned.output, planned.output
    faz.journal.clear()
    run = play(httpapi, {"faz1": host(faz)}, tasks)
    assert run.code == 0, run.output
    (one,) = faz.incidents
    assert [run.of(task)["changed"] for task in ("Make", "Keep", "Close")] == [True, False, True]
    assert run.of("Make")["incident"]["incid"] == one.incid
    assert one.fields["status"] == "closed" and one.fields["severity"] == "high"
    assert one.fields["description"] == f"{name}\n\n{note}\n\nover"
    assert logins(faz) == [0]
    assert sent(faz, "add", "/incident") == 1 and sent(faz, "update", "/incident") == 1


def test_an_incident_that_is_refused_over_the_connection_says_why(httpapi: Controller, faz: FortiAnalyzer) -> None:
    task = {
        "name": "Make",
        "secops.fortiview.faz_incident": {"name": "x", "endpoint": "10.1.100.20", "category": "CAT77"},
    }
    run = play(httpapi, {"faz1": host(faz)}, [task])
    assert run.code != 0 and "Set category to a value that this FortiAnalyzer accepts" in run.said, run.output
    faz.switches.incident_rights = False
    run = play(httpapi, {"faz1": host(faz)}, [task])
    assert run.code != 0 and "read-write rights on incidents" in run.said and faz.incidents == [], run.output


def test_progress_is_shown_as_on_localhost(httpapi: Controller, faz: FortiAnalyzer) -> None:
    faz.switches.update({"task_seconds": 0.5})
    run = play(httpapi, {"faz": host(faz)}, [ask()], "-v")
    assert run.code == 0, run.output
    assert f"top-threats root tid {run.of('Ask')['tasks'][0]['tid']}" in run.output


def test_async_uses_a_module_process_and_the_same_login(httpapi: Controller, faz: FortiAnalyzer) -> None:
    background = {**ask(), "async": 60, "poll": 1}
    python = {"ansible_python_interpreter": "{{ ansible_playbook_python }}"}
    run = play(httpapi, {"faz": host(faz, **python)}, [ask("Before"), background])
    assert run.code == 0, run.output
    assert len(rows(run)) == 5
    assert logins(faz) == [0]


def test_async_refuses_a_connection_that_another_host_may_share(httpapi: Controller, faz: FortiAnalyzer) -> None:
    run = play(httpapi, {"faz": host(faz, ansible_port=None)}, [{**ask(), "async": 60, "poll": 1}])
    assert "set ansible_port" in run.said
    assert not faz.journal


# Credentials


def test_a_wrong_password_is_sent_once(httpapi: Controller, faz: FortiAnalyzer) -> None:
    """Not for the second query, nor for the next task."""
    wrong = host(faz, ansible_password="wrong-c4nary")
    several = ask(queries=[{"adom": "root"}, {"adom": "Branch_Office"}], on_error="continue")
    run = play(httpapi, {"faz": wrong}, [{**several, "ignore_errors": True}, ask("Again")], "-vvvv")
    assert logins(faz) == [-22]
    assert not sent(faz, "add", "fortiview")
    assert "ansible_password" in run.of("Ask")["msg"]
    assert "an earlier login was refused" in run.said
    assert "reset_connection" in run.said
    assert "wrong-c4nary" not in run.output


@pytest.mark.parametrize("missing", ["ansible_user", "ansible_password"])
def test_without_credentials_nothing_is_sent(httpapi: Controller, faz: FortiAnalyzer, missing: str) -> None:
    """The environment belongs to the FortiAnalyzer in FAZ_HOST."""
    run = play(httpapi, {"faz": host(faz, **{missing: ""})}, [ask()], FAZ_API_TOKEN=faz.api_token, FAZ_HOST="elsewhere")
    assert "ansible_user and ansible_password" in run.said
    assert "FAZ_API_TOKEN" in run.said
    assert not faz.journal


@pytest.mark.parametrize("option", ["api_token", "access_token"])
def test_an_api_token_is_handed_over_before_the_first_call(
    httpapi: Controller, faz: FortiAnalyzer, option: str
) -> None:
    faz.switches.update({"null_session_with_key_accepted": True})
    tasks = [ask("First", **{option: faz.api_token}), ask("Second", **{option: faz.api_token}), ask("Third")]
    run = play(httpapi, {"faz": host(faz, login=False)}, tasks, "-vvvv")
    assert run.code == 0, run.output
    assert [len(rows(run, task)) for task in ("First", "Second", "Third")] == [5, 5, 5]
    assert logins(faz) == []
    assert {entry.headers.get("authorization") for entry in faz.journal} == {f"Bearer {faz.api_token}"}
    assert faz.api_token not in run.output


def test_a_token_of_the_group_is_handed_over(httpapi: Controller, faz: FortiAnalyzer) -> None:
    faz.switches.update({"null_session_with_key_accepted": True})
    defaults = {"group/secops.fortiview.fortiview": {"api_token": "{{ token }}"}}
    run = play(httpapi, {"faz": host(faz, login=False, token=faz.api_token)}, [ask()], module_defaults=defaults)
    assert run.code == 0, run.output
    assert logins(faz) == []


def test_a_token_takes_the_place_of_a_login(httpapi: Controller, faz: FortiAnalyzer) -> None:
    """The plugin reads a token only when it logs in."""
    faz.switches.update({"access_token_query_accepted": True})
    tasks = [ask("Password"), ask("Token", api_token=faz.api_token), ask("Still the token")]
    run = play(httpapi, {"faz": host(faz)}, tasks)
    assert run.code == 0, run.output
    assert logins(faz) == [0]
    assert faz.open_sessions == []
    assert {entry.body["session"] for entry in list(faz.journal)[-8:]} == {None}


@pytest.mark.parametrize("refusal", ["http401", "code-11", "status401"])
def test_a_refused_token_is_no_reason_to_try_a_password(httpapi: Controller, faz: FortiAnalyzer, refusal: str) -> None:
    faz.switches.update({"null_session_with_key_accepted": True, "api_token_refusal": refusal})
    tasks = [{**ask("First", api_token="{{ token }}"), "ignore_errors": True}, ask(api_token="{{ token }}")]
    run = play(httpapi, {"faz": host(faz, login=False, token="wrong-c4nary")}, tasks, "-vvvv")
    assert "Check the API key" in run.of("First")["msg"]
    assert "Check the API key" in run.said
    assert logins(faz) == []
    assert "wrong-c4nary" not in run.output


def test_a_user_displaces_the_header_of_a_token(httpapi: Controller, faz: FortiAnalyzer) -> None:
    faz.switches.update({"null_session_with_key_accepted": True})
    run = play(httpapi, {"faz": host(faz)}, [ask(api_token=faz.api_token)])
    assert "set ansible_user to an empty string" in run.said
    assert logins(faz) == []


def test_a_second_token_is_refused(httpapi: Controller, faz: FortiAnalyzer) -> None:
    """Two hosts with one connection would be answered with each other's rights."""
    faz.switches.update({"null_session_with_key_accepted": True})
    hosts = {"faz": host(faz, login=False, token=faz.api_token), "same": host(faz, login=False, token="other-c4nary")}
    run = play(httpapi, hosts, [ask(api_token="{{ token }}")], "-vvvv", serial=1)
    assert len(rows(run, name="faz")) == 5
    assert "in use with another token" in run.of("Ask", "same")["msg"]
    assert "other-c4nary" not in run.output


def test_a_cloud_token_is_exchanged_once(httpapi: Controller, faz: FortiAnalyzer) -> None:
    token = {"forticloud_access_token": faz.cloud_token}
    run = play(
        httpapi, {"faz": host(faz, login=False)}, [ask("First", **token), ask("Second", **token), ask("Third")], "-vvvv"
    )
    assert run.code == 0, run.output
    assert sum("forticloud" in entry.path for entry in faz.journal) == 1
    assert logins(faz) == []
    assert faz.cloud_token not in run.output


def test_a_refused_cloud_token_is_no_reason_to_try_a_password(httpapi: Controller, faz: FortiAnalyzer) -> None:
    run = play(httpapi, {"faz": host(faz)}, [ask(forticloud_access_token="wrong-c4nary")])
    assert "forticloud_access_token" in run.said
    assert logins(faz) == []


def test_a_key_of_the_inventory_travels_in_a_header_only(httpapi: Controller, faz: FortiAnalyzer) -> None:
    faz.switches.update({"null_session_with_key_accepted": True})
    key = {"Authorization": f"Bearer {faz.api_token}"}
    run = play(httpapi, {"faz": host(faz, login=False, ansible_httpapi_session_key=key)}, [ask()])
    assert run.code == 0, run.output
    assert len(rows(run)) == 5
    assert {entry.query for entry in faz.journal} == {""}


# Options that the connection cannot use


def test_what_the_connection_cannot_use_is_refused(httpapi: Controller, faz: FortiAnalyzer) -> None:
    run = play(httpapi, {"faz": host(faz)}, [ask(host=faz.host, port=faz.port, username=faz.username)])
    assert "cannot use host, port, username of the task, so nothing was sent" in run.said
    assert "ansible_host; ansible_port and ansible_httpapi_port; ansible_user" in run.said
    assert not faz.journal


def test_so_is_what_module_defaults_give(httpapi: Controller, faz: FortiAnalyzer) -> None:
    defaults = {"group/secops.fortiview.fortiview": {"host": faz.host, "port": faz.port, "validate_certs": True}}
    run = play(httpapi, {"faz": host(faz)}, [ask()], module_defaults=defaults)
    assert "cannot use host, port, validate_certs of the task" in run.said
    assert not faz.journal


def test_the_environment_is_not_used(httpapi: Controller, faz: FortiAnalyzer) -> None:
    environment = {
        "FAZ_HOST": "192.0.2.1",
        "FAZ_PORT": "1",
        "FAZ_API_TOKEN": "of-another-c4nary",
        "FAZ_VALIDATE_CERTS": "false",
    }
    run = play(httpapi, {"faz": host(faz)}, [ask(), {**ask("Keyword"), "environment": environment}], **environment)
    assert run.code == 0, run.output
    assert [len(rows(run, task)) for task in ("Ask", "Keyword")] == [5, 5]
    assert not any("c4nary" in entry.headers.get("authorization", "") for entry in faz.journal)


def test_a_delegated_task_has_the_connection_of_its_own(httpapi: Controller, faz: FortiAnalyzer) -> None:
    options = {"host": faz.host, "port": faz.port, "api_token": faz.api_token, "ca_path": faz.ca_path}
    run = play(httpapi, {"faz": host(faz, login=False)}, [{**ask(**options), "delegate_to": "localhost"}])
    assert run.code == 0, run.output
    assert len(rows(run)) == 5


def test_the_connection_of_a_fortigate_does_not_lead_to_a_fortianalyzer(
    httpapi: Controller, faz: FortiAnalyzer
) -> None:
    options = {"host": faz.host, "port": faz.port, "api_token": faz.api_token, "ca_path": faz.ca_path}
    fortigate = host(faz, login=False, ansible_network_os="fortinet.fortios.fortios")
    run = play(httpapi, {"fortigate": fortigate}, [ask(**options)])
    assert run.code == 0, run.output
    assert len(rows(run)) == 5


def test_a_login_is_not_sent_in_clear(httpapi: Controller, faz: FortiAnalyzer) -> None:
    run = play(httpapi, {"faz": host(faz, ansible_httpapi_use_ssl=False)}, [ask()])
    assert "ansible_httpapi_use_ssl" in run.said
    assert not faz.journal


def test_a_certificate_that_is_not_verified_is_reported(httpapi: Controller, faz: FortiAnalyzer) -> None:
    run = play(httpapi, {"faz": host(faz, ansible_httpapi_validate_certs=False)}, [ask()])
    assert run.code == 0, run.output
    assert "certificate of FortiAnalyzer was not verified" in run.flat


def test_a_certificate_of_another_issuer_is_refused(httpapi: Controller, faz: FortiAnalyzer) -> None:
    run = play(httpapi, {"faz": host(faz, ansible_httpapi_ca_path=certifi.where())}, [ask()])
    assert run.failure["error"]["kind"] == "tls"
    assert "ansible_httpapi_ca_path" in run.said


def test_where_nobody_answers_the_address_is_named(httpapi: Controller, faz: FortiAnalyzer) -> None:
    run = play(httpapi, {"faz": host(faz, ansible_httpapi_port=1)}, [ask()])
    assert "127.0.0.1:1/" in run.said
    assert "Check ansible_host and ansible_httpapi_port" in run.said


# Two FortiAnalyzers behind one address


@pytest.fixture
def second(faz: FortiAnalyzer) -> t.Iterator[FortiAnalyzer]:
    """Each has another number of rows."""
    with FortiAnalyzer() as other:
        faz.switches.synthetic_rows = {"top-threats": 3}
        other.switches.synthetic_rows = {"top-threats": 4}
        yield other


def test_two_behind_one_address_get_their_own_answers(
    second: FortiAnalyzer, httpapi: Controller, faz: FortiAnalyzer
) -> None:
    tasks = [ask("First"), ask("Second")]
    run = play(httpapi, {"a": host(faz), "b": host(second)}, tasks)
    assert run.code == 0, run.output
    assert [len(rows(run, task, name)) for task in ("First", "Second") for name in ("a", "b")] == [3, 4, 3, 4]
    assert (logins(faz), logins(second)) == ([0], [0])


@pytest.mark.parametrize("forks", ["1", "5"])
def test_without_ansible_port_no_answer_is_that_of_the_other(
    second: FortiAnalyzer, httpapi: Controller, faz: FortiAnalyzer, forks: str
) -> None:
    """One key opens both, so that either would answer."""
    for one in (faz, second):
        one.switches.update({"null_session_with_key_accepted": True, "task_seconds": 0.3})
    hosts = {"a": host(faz, login=False, ansible_port=None), "b": host(second, login=False, ansible_port=None)}
    tasks = [{**ask(str(number), api_token=faz.api_token), "ignore_errors": True} for number in range(3)]
    run = play(httpapi, hosts, tasks, "-f", forks)
    expected = {"a": 3, "b": 4}
    for one in run.results:
        assert one.status in ("ok", "ignored"), run.output
        if one.status == "ok":
            assert len(one.result["result"]["rows"]) == expected[one.host]
        else:
            assert "set ansible_port" in one.result["msg"]


# Sessions and replies that break


@pytest.mark.parametrize(("method", "place"), [("get", "sys/status"), ("add", "top-threats"), ("get", "top-threats")])
def test_a_session_that_fortianalyzer_ended_is_renewed_once(
    httpapi: Controller, faz: FortiAnalyzer, method: str, place: str
) -> None:
    faz.fault("stale_session", method, place)
    run = play(httpapi, {"faz": host(faz)}, [ask()])
    assert run.code == 0, run.output
    assert len(rows(run)) == 5
    assert logins(faz) == [0, 0]


def test_a_missing_right_costs_one_login(httpapi: Controller, faz: FortiAnalyzer) -> None:
    faz.fault("status", "add", "top-threats", times=9, code=-11, message="No permission for the resource")
    run = play(
        httpapi, {"faz": host(faz)}, [ask(queries=[{"adom": "root"}, {"adom": "Branch_Office"}], on_error="continue")]
    )
    assert logins(faz) == [0, 0]
    failed = run.of("Ask")["failed_queries"]
    assert [one["error"]["kind"] for one in failed] == ["permission", "permission"]
    assert all("A new login was tried" in one["msg"] for one in failed)


@pytest.mark.parametrize(
    ("kind", "details"),
    [("cut_before", {}), ("truncated", {}), ("not_json", {}), ("http", {"status": 503}), ("slow", {"seconds": 4})],
)
def test_a_read_that_breaks_is_repeated(httpapi: Controller, faz: FortiAnalyzer, kind: str, details: Data) -> None:
    faz.fault(kind, "get", "top-threats", **details)
    run = play(httpapi, {"faz": host(faz, ansible_command_timeout=2)}, [ask()])
    assert run.code == 0, run.output
    assert len(rows(run)) == 5
    assert sent(faz, "get", "top-threats") == 2


def test_a_submit_without_an_answer_is_sent_again_with_a_warning(httpapi: Controller, faz: FortiAnalyzer) -> None:
    faz.fault("cut_after", "add", "top-threats")
    run = play(httpapi, {"faz": host(faz)}, [ask()])
    assert run.code == 0, run.output
    assert "submitted a second time" in run.flat


def test_a_page_in_place_of_json_is_named(httpapi: Controller, faz: FortiAnalyzer) -> None:
    faz.fault("not_json", "get", "top-threats", times=9)
    run = play(httpapi, {"faz": host(faz)}, [ask()])
    assert "The reply is not JSON" in run.said
    assert "does not report the HTTP status" in run.said
    assert sent(faz, "get", "top-threats") == 3


def test_rows_with_bytes_that_are_not_utf8_are_kept_with_a_warning(httpapi: Controller, faz: FortiAnalyzer) -> None:
    faz.switches.update({"odd_text": {"threat": "latin-1"}})
    run = play(httpapi, {"faz": host(faz)}, [ask()])
    assert run.code == 0, run.output
    assert len(rows(run)) == 5
    assert "\ufffd" in rows(run)[0]["threat"]
    assert run.of("Ask")["result"]["warnings"]


def test_a_control_character_is_named_with_its_place(httpapi: Controller, faz: FortiAnalyzer) -> None:
    faz.switches.update({"odd_text": {"threat": "control"}})
    run = play(httpapi, {"faz": host(faz)}, [ask()])
    assert "Invalid control character at: line 1 column" in run.said
    assert "run the task on localhost" in run.said

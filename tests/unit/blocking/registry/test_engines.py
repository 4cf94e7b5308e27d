# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a registry comes into being, and what is said where that fails."""

from __future__ import annotations

import builtins
import os
import pathlib
import socket
import stat
import time
import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.registry import engines
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.registry.records import RegistryError
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.registry.store import open_registry

from support.registries import claim
from support.servers import refused_port

SECRET = "s3cr3t-of-the-test"


def refused(where: str) -> str:
    """The error as a person reads it; that it comes soon, and what it never has in it."""
    started = time.monotonic()
    with pytest.raises(RegistryError) as caught:
        open_registry(where)
    assert time.monotonic() - started < 15
    error = caught.value
    assert error.next_step and error.kind == "registry"
    assert SECRET not in str(error) and SECRET not in repr(error.as_dict())
    assert (error.__cause__ is None and error.__suppress_context__) or error.__context__ is None
    return str(error)


def test_only_its_user_may_read_the_file(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    before = os.umask(0)
    try:
        with open_registry("~/new/state/registry.sqlite") as registry, registry.lock([claim().place], 0):
            registry.attempt([claim()])
            for path in (tmp_path / "new").rglob("*"):
                mode = stat.S_IMODE(path.stat().st_mode)
                assert mode == (0o700 if path.is_dir() else 0o600), path
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700


def test_a_link_leads_to_the_same_file_and_locks(tmp_path: pathlib.Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "registry")
    with open_registry(str(tmp_path / "link")) as one, open_registry(str(tmp_path / "registry")) as other:
        one.attempt([claim()])
        assert other.find() == [claim()]
        with one.lock([claim().place], 0), pytest.raises(RegistryError), other.lock([claim().place], 0):
            pytest.fail("two runs change the same list")
    assert stat.S_IMODE((tmp_path / "registry").stat().st_mode) == 0o600


def test_a_folder_that_was_there_keeps_its_mode(tmp_path: pathlib.Path) -> None:
    tmp_path.chmod(0o750)
    open_registry(str(tmp_path / "registry")).close()
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o750


@pytest.mark.parametrize(
    "where", ["", "registry.sqlite", "mysql://db/x", "sqlite:///x", "/tmp/a\0b", "~nobody-knows/x"]
)
def test_other_places_are_refused(where: str) -> None:
    assert "neither an absolute path nor a URL" in refused(where)


def test_a_path_that_cannot_be_written(tmp_path: pathlib.Path) -> None:
    (tmp_path / "file").write_text("x")
    assert "fortigate_block_registry" in refused(str(tmp_path / "file" / "registry"))
    assert "in a folder that the user" in refused(str(tmp_path))
    assert "fortigate_block_registry" in refused("/proc/registry.sqlite")


def test_a_file_that_is_no_database(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "registry"
    path.write_text('{"ip": "203.0.113.1"}\n' * 100)
    assert "Restore the file from a backup" in refused(str(path))
    assert path.read_text().startswith('{"ip"')


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://soc:{SECRET}@127.0.0.1/db",
        f"postgres://soc@127.0.0.1/db?password={SECRET}",
        f"postgresql://soc@127.0.0.1/db?sslpassword={SECRET}",
        f"postgresql://soc:a/{SECRET}@127.0.0.1/db",
        f"postgresql://soc:a@{SECRET}@127.0.0.1/db",
        f"postgresql://soc:{SECRET}",
        f"postgresql://soc@127.0.0.1/db?pass={SECRET}",
        f"postgresql://soc@127.0.0.1/db?port=%{SECRET}",
    ],
)
def test_a_password_in_the_url_is_refused_and_not_shown(url: str) -> None:
    assert "assword" in refused(url)


@pytest.mark.parametrize("host", ["127.0.0.1", "/nowhere"])
def test_a_server_that_is_not_there(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPASSWORD", SECRET)
    said = refused(f"postgresql://soc@/blocks?host={host}&port={refused_port()}")
    assert f"postgresql://{host}/blocks" in said and "fortigate_block_registry" in said


def test_a_server_that_accepts_and_is_silent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        said = refused(f"postgresql://soc@127.0.0.1:{silent.getsockname()[1]}/blocks?connect_timeout=2")
    assert "timeout" in said


def test_a_statement_that_waits_for_another_process_ends(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "STATEMENT", 1)
    with open_registry(where) as registry, engines.connect(where) as other:
        registry.attempt([claim()])
        with other.transaction():
            other.run("UPDATE fortiview_claims SET ttl = 1")
            with pytest.raises(RegistryError) as caught:
                registry.end(claim().place, [claim().address], "removed")
        assert "ending claims" in str(caught.value).lower()
        assert "has locked the file" in caught.value.next_step or "Look for locks" in caught.value.next_step
        registry.end(claim().place, [claim().address], "removed")
        assert registry.find() == []


def test_without_the_driver_the_error_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    load = builtins.__import__

    def without(name: str, *rest: t.Any, **more: t.Any) -> t.Any:
        if name.startswith("psycopg"):
            raise ImportError(f"No module named {name!r}")
        return load(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    assert "pip install psycopg[binary]" in refused("postgresql://soc@127.0.0.1/db")


@pytest.mark.postgresql
def test_a_role_that_may_not_create(postgresql_url: str) -> None:
    with engines.Postgresql(postgresql_url) as server:
        server.run("DROP ROLE IF EXISTS guest")
        server.run("CREATE ROLE guest LOGIN")
        server.run("DROP SCHEMA public CASCADE")
        server.run("CREATE SCHEMA public")
    said = refused(postgresql_url.replace("//fortiview@", "//guest@"))
    assert "permission denied" in said or "no schema has been selected" in said

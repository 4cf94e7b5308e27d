# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A registry is brought to the newest schema, as a whole or not at all."""

from __future__ import annotations

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.registry import engines, schema
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.registry.records import RegistryError
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.registry.store import open_registry

from support.registries import claim


def refused(where: str) -> str:
    with pytest.raises(RegistryError) as caught:
        open_registry(where)
    return str(caught.value)


def version(where: str) -> int:
    with engines.connect(where) as engine:
        return int(engine.rows(schema.VERSION)[0][0])


def test_an_older_schema_is_migrated_with_what_it_holds(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with engines.connect(where) as engine:
        engine.run("CREATE TABLE fortiview_registry (version INTEGER NOT NULL)")
        engine.run("INSERT INTO fortiview_registry VALUES (0)")
    with open_registry(where) as registry:
        registry.attempt([claim()])
    assert version(where) == len(schema.MIGRATIONS)
    step = ("ALTER TABLE fortiview_claims ADD COLUMN colour TEXT NOT NULL DEFAULT 'blue'",)
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, step))
    with open_registry(where) as registry:
        assert registry.find() == [claim()]
    with engines.connect(where) as engine:
        assert engine.rows("SELECT colour FROM fortiview_claims") == [("blue",)]
    assert version(where) == len(schema.MIGRATIONS)


def test_a_migration_that_fails_changes_nothing(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = version_after_opening(where)
    broken = ("ALTER TABLE fortiview_claims ADD COLUMN colour TEXT", "ALTER TABLE nowhere ADD COLUMN x TEXT")
    with monkeypatch.context() as changed:
        changed.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, broken))
        assert "nowhere" in refused(where)
    assert version_after_opening(where) == before
    with engines.connect(where) as engine, pytest.raises(engine.errors):
        engine.rows("SELECT colour FROM fortiview_claims")


def version_after_opening(where: str) -> int:
    with open_registry(where) as registry:
        registry.attempt([claim()])
    return version(where)


def test_a_newer_schema_is_refused_and_kept(where: str) -> None:
    newer = version_after_opening(where) + 1
    with engines.connect(where) as engine:
        engine.run("UPDATE fortiview_registry SET version = ?", (newer,))
    said = refused(where)
    assert f"version {newer}" in said and "Upgrade secops.fortiview" in said
    assert version(where) == newer

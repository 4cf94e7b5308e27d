# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Jobs that share nothing but a PostgreSQL database, whose password comes from a credential."""

from __future__ import annotations

import typing as t
import urllib.parse
from pathlib import Path

import psycopg
import pytest

from automation.awx.boxes import Site, site
from support.postgresql import ROLE, postgresql

pytestmark = [pytest.mark.timeout(600), pytest.mark.postgresql]
ATTACKER = "203.0.113.77"
PASSWORD = "s3cret-c4nary-of-the-registry"


@pytest.fixture(scope="module")
def url() -> t.Iterator[str]:
    """Of a database that wants the password."""
    with postgresql() as found:
        with psycopg.connect(found, autocommit=True) as connection:
            connection.execute(f"ALTER ROLE {ROLE} PASSWORD '{PASSWORD}'")  # type: ignore[arg-type]
            (place,) = urllib.parse.parse_qs(urllib.parse.urlsplit(found).query)["host"]
            (Path(place) / "data" / "pg_hba.conf").write_text("local all all scram-sha-256\n")
            connection.execute("SELECT pg_reload_conf()")
        yield found


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory, url: str) -> t.Iterator[Site]:
    home = tmp_path_factory.mktemp("registry")
    with site(home, fortiview_registry=url, fortiview_registry_password=PASSWORD) as found:
        yield found


def test_one_job_blocks_and_another_one_unblocks(here: Site) -> None:
    blocked = here.launcher.run("FortiView block", {"fortigate_block_targets": ATTACKER})
    assert blocked.successful, blocked.stdout
    assert here.banned == {ATTACKER}
    listed = here.launcher.run("FortiView list blocks")
    assert listed.successful and str(blocked.number) in listed.stdout, listed.stdout
    unblocked = here.launcher.run("FortiView unblock", {"fortigate_block_targets": ATTACKER})
    assert unblocked.successful, unblocked.stdout
    assert here.banned == set()
    # The module names its SQLite files blocks.sqlite.
    assert [path for path in (here.launcher.home, here.registry.parent) for path in path.rglob("*.sqlite")] == []
    for job in (blocked, listed, unblocked):
        assert PASSWORD not in job.stdout + str(job.events)


def test_without_the_credential_nothing_is_written(here: Site) -> None:
    template = here.launcher.template("FortiView block")
    writes = len(here.fortigate.writes)
    kept = list(template["credentials"])
    template["credentials"].remove("FortiView registry")
    try:
        job = here.launcher.run("FortiView block", {"fortigate_block_targets": ATTACKER})
    finally:
        template["credentials"][:] = kept
    assert not job.successful
    assert "registry" in job.stdout and "PGPASSWORD" in job.stdout
    assert len(here.fortigate.writes) == writes and here.banned == set()

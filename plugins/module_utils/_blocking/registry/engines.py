# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Provides one interface to SQLite and PostgreSQL, with transactions, statements with `?` for values, and locks that
end with the process."""

from __future__ import annotations

import abc
import contextlib
import fcntl
import hashlib
import os
import pathlib
import sqlite3
import typing as t

from ..._common.errors import FortiViewError
from .records import RegistryError

Row = tuple[t.Any, ...]
E = t.TypeVar("E", bound="Engine")
CONNECTING, STATEMENT = 10, 30  # seconds
SECRET_FIELDS = ("password", "sslpassword", "oauth_client_secret")


def clean(value: t.Any) -> t.Any:
    """The value in a form that both engines can store. In text, NUL and lone surrogates, for example in hostile names,
    become U+FFFD."""
    if not isinstance(value, str) or (value.isascii() and "\0" not in value):
        return value
    return value.replace("\0", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


class Engine(abc.ABC):
    """One connection. Errors of the database are raised as RegistryError."""

    name: str  # the name of the registry in errors, without secrets
    errors: type[Exception]

    def __enter__(self: E) -> E:
        return self

    def __exit__(self, *dummy: object) -> None:
        self.close()

    @contextlib.contextmanager
    def doing(self, doing: str) -> t.Iterator[None]:
        """Add the name of this action to any error in the block."""
        try:
            yield
        except (self.errors, OSError) as exc:
            raise RegistryError(exc, next_step=self.cure(exc), doing=self._phrase(doing)) from None
        except FortiViewError as exc:
            exc.within(doing=self._phrase(doing))
            raise

    def _phrase(self, doing: str) -> str:
        return f"{doing} (registry {self.name})"

    @abc.abstractmethod
    def cure(self, exc: Exception) -> str:
        """The next step for this error."""

    @abc.abstractmethod
    def transaction(self, alone: bool = False) -> t.ContextManager[None]:
        """Either all statements take effect or none. With `alone`, the transaction waits until no other transaction
        with `alone` is running."""

    @abc.abstractmethod
    def has_table(self, name: str) -> bool: ...

    @abc.abstractmethod
    def rows(self, sql: str, values: t.Sequence[t.Any] = ()) -> list[Row]: ...

    @abc.abstractmethod
    def run(self, sql: str, values: t.Sequence[t.Any] = ()) -> None: ...

    @abc.abstractmethod
    def run_each(self, sql: str, rows: t.Sequence[t.Sequence[t.Any]]) -> int:
        """Run the statement for each row of values. Returns how many rows of the table it changed."""

    @abc.abstractmethod
    def try_lock(self, name: str, holder: str) -> t.Optional[t.Callable[[], None]]:
        """Try to get the lock. Returns the function that releases it, or None if another run has the lock."""

    @abc.abstractmethod
    def holder(self, name: str) -> str:
        """The run that has the lock, "" if it is not known."""

    @abc.abstractmethod
    def close(self) -> None: ...


class Sqlite(Engine):
    """A registry in a file on a local disk."""

    errors = sqlite3.Error

    def __init__(self, where: str) -> None:
        self.name = where
        # The path is resolved, so that runs that open the file through a link use the same locks.
        self._path = pathlib.Path(os.path.realpath(where))
        with self.doing("opening the file"):
            _make_folder(self._path.parent)
            # An existing file is not opened by this call, because closing the descriptor would release the locks of
            # another connection in this process.
            with contextlib.suppress(FileExistsError):
                os.close(os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
            self._connection = sqlite3.connect(str(self._path), timeout=STATEMENT, isolation_level=None)
            # With this setting, committed data survives a power failure.
            self.run("PRAGMA synchronous = FULL")

    def cure(self, exc: Exception) -> str:
        text = str(exc)
        if "not a database" in text or "malformed" in text:
            return (
                "Restore the file from a backup. If there is no backup, move the file to another folder, and import "
                "the blocks from an audit log into a new registry with `importing`."
            )
        if "locked" in text:
            return (
                "Another process has locked the file. Find the process with `fuser`, and wait until it ends. If several machines "
                "share the registry, use PostgreSQL."
            )
        return (
            "Set fortigate_block_registry to a file on a local disk with free space, in a folder that the user "
            "of the playbook may write to."
        )

    @contextlib.contextmanager
    def transaction(self, alone: bool = False) -> t.Iterator[None]:
        # Without IMMEDIATE, a transaction that first reads and then writes could fail instead of waiting.
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    def has_table(self, name: str) -> bool:
        return bool(self.rows("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (name,)))

    def rows(self, sql: str, values: t.Sequence[t.Any] = ()) -> list[Row]:
        return self._connection.execute(sql, tuple(map(clean, values))).fetchall()

    def run(self, sql: str, values: t.Sequence[t.Any] = ()) -> None:
        self._connection.execute(sql, tuple(map(clean, values)))

    def run_each(self, sql: str, rows: t.Sequence[t.Sequence[t.Any]]) -> int:
        return self._connection.executemany(sql, [tuple(map(clean, row)) for row in rows]).rowcount

    def _lock_file(self, name: str) -> pathlib.Path:
        return self._path.with_name(f"{self._path.name}.locks") / _digest(name).hex()

    def try_lock(self, name: str, holder: str) -> t.Optional[t.Callable[[], None]]:
        path = self._lock_file(name)
        _make_folder(path.parent)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{clean(holder)}, process {os.getpid()}".encode(), 0)
        except BlockingIOError:
            os.close(descriptor)
            return None
        except BaseException:
            os.close(descriptor)
            raise
        return lambda: os.close(descriptor)

    def holder(self, name: str) -> str:
        return self._lock_file(name).read_bytes()[:200].decode("utf-8", "replace")

    def close(self) -> None:
        self._connection.close()


class Postgresql(Engine):
    """A registry in a database, which several machines can share."""

    def __init__(self, where: str) -> None:
        self.name = "PostgreSQL"
        psycopg = _psycopg()
        self.errors = psycopg.Error
        settings = self._settings(where)
        self.name = f"postgresql://{settings.get('host', '')}/{settings.get('dbname', '')}"
        with self.doing("connecting"):
            self._connection = psycopg.connect(**settings)
            # Statements are not prepared. Each statement is then planned for its own values, and works through poolers
            # that do not keep prepared statements.
            self._connection.prepare_threshold = None
            # These settings are sent as statements, because poolers refuse them as start-up options. With keepalives,
            # the server releases the locks of a machine that is no longer reachable.
            keepalives = {"tcp_keepalives_idle": 30, "tcp_keepalives_interval": 10, "tcp_keepalives_count": 3}
            for setting, value in {"statement_timeout": f"{STATEMENT}s", **keepalives}.items():
                self.run("SELECT set_config(?, ?, false)", (setting, str(value)))

    def _settings(self, where: str) -> dict[str, t.Any]:
        with self.doing("reading the URL"):
            try:
                given = dict(_psycopg().conninfo.conninfo_to_dict(where))
                ports = str(given.get("port") or "0").split(",")
                readable = "@" not in str(given.get("dbname")) and all(map(str.isdecimal, ports))
            except self.errors:
                readable = False
            if not readable:
                # Neither the URL nor the text of the library is quoted, because a password may be in the wrong part of
                # the URL.
                raise RegistryError(
                    "fortigate_block_registry is not a URL such as postgresql://user@host:5432/database?sslmode=verify-full",
                    next_step="Correct fortigate_block_registry. Do not put a password into it.",
                )
            if any(given.get(field) for field in SECRET_FIELDS):
                raise RegistryError(
                    "the URL contains a password",
                    next_step="Remove the password from fortigate_block_registry. Set PGPASSWORD or PGPASSFILE, or add passfile= to the URL.",
                )
        keepalives = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}
        always = {"autocommit": True, "client_encoding": "utf8", "application_name": "fortiview"}
        return {
            "connect_timeout": CONNECTING,
            "tcp_user_timeout": STATEMENT * 1000,
            **keepalives,
            **given,
            **always,
        }

    def cure(self, exc: Exception) -> str:
        known = CURES.get(getattr(exc, "sqlstate", None) or "")
        if known:
            return known
        if "no password" in str(exc) or "password authentication" in str(exc):
            return "Set the password of the database role in PGPASSWORD, or write it into the file that PGPASSFILE or passfile= in the URL specifies."
        if getattr(self, "_connection", None) is None:
            return (
                "Check host, port, database and sslmode in fortigate_block_registry. Check that PostgreSQL is running "
                "and permits connections from this machine."
            )
        return "Check the PostgreSQL server and its log, then run the playbook again."

    @contextlib.contextmanager
    def transaction(self, alone: bool = False) -> t.Iterator[None]:
        with self._connection.transaction():
            if alone:
                self.run("SELECT pg_advisory_xact_lock(?)", (_number("fortiview schema"),))
            yield

    def has_table(self, name: str) -> bool:
        return self.rows("SELECT to_regclass(?) IS NOT NULL", (name,)) == [(True,)]

    def rows(self, sql: str, values: t.Sequence[t.Any] = ()) -> list[Row]:
        return list(self._connection.execute(_translated(sql), tuple(map(clean, values))).fetchall())

    def run(self, sql: str, values: t.Sequence[t.Any] = ()) -> None:
        self._connection.execute(_translated(sql), tuple(map(clean, values)))

    def run_each(self, sql: str, rows: t.Sequence[t.Sequence[t.Any]]) -> int:
        with self._connection.cursor() as cursor:
            cursor.executemany(_translated(sql), [tuple(map(clean, row)) for row in rows])
            return int(cursor.rowcount)

    def try_lock(self, name: str, holder: str) -> t.Optional[t.Callable[[], None]]:
        key = _number(name)
        if self.rows("SELECT pg_try_advisory_lock(?)", (key,)) != [(True,)]:
            return None
        self.run("SELECT set_config('application_name', ?, false)", (f"fortiview, {holder}",))

        def release() -> None:
            # If the connection is broken, the server has already released the lock.
            with contextlib.suppress(self.errors):
                self.run("SELECT pg_advisory_unlock(?)", (key,))

        return release

    def holder(self, name: str) -> str:
        key = _number(name) & (1 << 64) - 1
        found = self.rows(HOLDER, (key >> 32, key & (1 << 32) - 1))
        return ", ".join(str(part) for part in found[0] if part) if found else ""

    def close(self) -> None:
        self._connection.close()


# The next step for each SQLSTATE.
CURES = {
    "42501": "Grant the database role USAGE and CREATE on its schema, and all privileges on the tables fortiview_*.",
    "57014": f"The statement took more than {STATEMENT} s. Look for locks and load on the PostgreSQL server.",
}
HOLDER = """SELECT activity.application_name, activity.client_addr::text
    FROM pg_locks AS held JOIN pg_stat_activity AS activity ON activity.pid = held.pid
    WHERE held.locktype = 'advisory' AND held.granted AND held.objsubid = 1
    AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND held.classid::bigint = ? AND held.objid::bigint = ?"""


def _number(name: str) -> int:
    """The key of an advisory lock, a signed 64-bit integer."""
    return int.from_bytes(_digest(name)[:8], "big", signed=True)


def _digest(name: str) -> bytes:
    return hashlib.sha256(clean(name).encode()).digest()[:16]


def _translated(sql: str) -> str:
    return sql.replace("%", "%%").replace("?", "%s")


def _psycopg() -> t.Any:
    try:
        import psycopg
        import psycopg.conninfo
    except ImportError as exc:
        raise RegistryError(
            f"a registry on PostgreSQL needs the Python package psycopg ({exc})",
            next_step="Run `pip install psycopg[binary]` on the machine that runs the playbook, or add the package to the execution environment.",
        ) from None
    return psycopg


def _make_folder(folder: pathlib.Path) -> None:
    """Create the directory and its missing parents. Only this user may access the new directories."""
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    for one in reversed(missing):
        one.mkdir(mode=0o700, exist_ok=True)


def connect(where: str) -> Engine:
    """The engine for a path or a URL. Raises RegistryError."""
    if where.startswith(("postgresql://", "postgres://")):
        return Postgresql(where)
    path = os.path.expanduser(where)
    if "://" in where or not os.path.isabs(path) or "\0" in path:
        raise RegistryError(
            "fortigate_block_registry is neither an absolute path nor a URL that begins with postgresql://",
            next_step="Set fortigate_block_registry to an absolute path or to such a URL.",
        )
    return Sqlite(path)

"""A PostgreSQL server of the tests' own, which only they can reach and which ends with them.

PYTEST_DONT_REWRITE: it asserts nothing, and the files of tests import from it.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from sqlalchemy import URL

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE = 60.0
USER = "grader"
SETTINGS = {
    "listen_addresses": "",  # a socket in the folder is the only way in
    "fsync": "off",  # nobody needs these databases after a crash
    "timezone": "Pacific/Kiritimati",  # far from UTC: times must not follow the server's zone
}


def program(name: str) -> str:
    """Return the path of one of PostgreSQL's programs; Debian keeps them away from PATH."""
    installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    found = str(installed[-1]) if installed else shutil.which(name)
    if found is None:
        pytest.fail(f"{name} is not installed: apt-get install postgresql")
    return found


class Server:
    """A server that runs, reached as its superuser."""

    def __init__(self, folder: Path, password: str) -> None:
        self.folder = folder
        self._password = password

    def url(self, database: str, password: str | None = None) -> str:
        """Return the address of a database as `c.CourseDirectory.db_url` names it."""
        url = URL.create(
            "postgresql",
            username=USER,
            password=password or self._password,
            database=database,
            query={"host": str(self.folder)},
        )
        return url.render_as_string(hide_password=False)

    def new(self, database: str) -> str:
        """Make an empty database; return its address."""
        self.execute(f'CREATE DATABASE "{database}"')
        return self.url(database)

    def close_connections(self, database: str) -> None:
        """End all connections to a database, as an administrator may, and see that they ended."""
        self.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s",
            database,
        )

    def execute(self, statement: str, *values: str) -> None:
        """Run a statement on the server."""
        with psycopg.connect(
            host=str(self.folder),
            user=USER,
            password=self._password,
            dbname="postgres",
            autocommit=True,
        ) as connection:
            connection.execute(statement.encode(), values or None)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Start a server with nothing in it."""
    shm = Path("/dev/shm")  # noqa: S108 - a private folder is made in it
    with tempfile.TemporaryDirectory(dir=shm if shm.is_dir() else None) as path:
        folder, password = Path(path), secrets.token_hex()
        started = Server(folder, password)
        secret = folder / "password"
        secret.write_text(password)
        with _as_somebody(folder, secret) as identity:
            _initialise(folder, secret, identity)
            with _running(started, identity):
                yield started


@contextmanager
def _as_somebody(*paths: Path) -> Iterator[dict[str, Any]]:
    """Give the files to whom the server is to run as: it refuses to be root."""
    if os.getuid() != 0:
        yield {}
        return
    for path in paths:
        shutil.chown(path, "nobody", "nogroup")
    yield {"user": "nobody", "group": "nogroup", "extra_groups": []}


def _initialise(folder: Path, secret: Path, identity: dict[str, Any]) -> None:
    subprocess.run(
        [
            *(program("initdb"), f"--pgdata={folder / 'data'}", f"--username={USER}"),
            *("--auth=scram-sha-256", f"--pwfile={secret}", "--encoding=UTF8", "--no-locale"),
            *("--no-sync", "--no-instructions"),
        ],
        cwd=folder,
        check=True,
        stdout=subprocess.DEVNULL,
        **identity,
    )


@contextmanager
def _running(server: Server, identity: dict[str, Any]) -> Iterator[None]:
    folder = server.folder
    settings = [f"-c{name}={value}" for name, value in SETTINGS.items()]
    command = [program("postgres"), "-D", str(folder / "data"), "-k", str(folder), *settings]
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(command, cwd=folder, stderr=log, **identity) as process,
    ):
        try:
            _wait_for(server, process)
            yield
        finally:
            process.send_signal(signal.SIGINT)  # asks for a quick and orderly end


def _wait_for(server: Server, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            server.execute("SELECT 1")
        except psycopg.OperationalError as error:
            if process.poll() is not None or time.monotonic() > deadline:
                log = (server.folder / "log").read_text()
                raise RuntimeError(f"PostgreSQL did not start: {log}") from error
            time.sleep(0.05)
        else:
            return

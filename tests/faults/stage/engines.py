"""The servers below klark: a PostgreSQL and a Valkey of the bench's own. The database can be killed, copied and put back."""

import os
import signal
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from klark.runtime.embedded_servers import Running, start

NAME = "klark"


class Servers:
    """PostgreSQL and Valkey on one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.running: Running = start(folder)
        self._line: psycopg.Connection | None = None

    @property
    def database_port(self) -> int:
        """Where PostgreSQL listens now."""
        return urlsplit(self.running.engines.owner_url).port or 0

    @property
    def broker_port(self) -> int:
        """Where Valkey listens now."""
        return urlsplit(self.running.engines.broker_url).port or 0

    def owner_url(self, database: str = NAME) -> str:
        """Returns the owner's address of a database."""
        return urlsplit(self.running.engines.owner_url)._replace(path=f"/{database}").geturl()

    def kill(self) -> None:
        """Kills PostgreSQL, all of it, and starts both servers again, on ports of their own."""
        os.killpg(self.running.children[0].pid, signal.SIGKILL)
        self.running.stop()
        self.running = start(self.folder)

    def run(self, *statements: str) -> None:
        """Runs statements beside the database, as in CREATE DATABASE."""
        with psycopg.connect(self.owner_url("postgres"), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    def ask(self, *statements: str) -> list[tuple[object, ...]]:
        """Runs statements in klark's database, as its owner; returns the rows of the last, if it has any. Once more, if the
        connection had been cut."""
        for _ in range(2):
            try:
                if self._line is None:
                    self._line = psycopg.connect(self.owner_url(), autocommit=True)
                for statement in statements:
                    cursor = self._line.execute(statement)  # type: ignore[call-overload]  # no stranger's words in it
                return cursor.fetchall() if cursor.description else []
            except psycopg.OperationalError as error:
                self._line, failed = None, error
        raise failed

    def copy(self, name: str, source: str = NAME) -> None:
        """Makes a copy of a database: a backup. Whoever is connected to it is cut off."""
        cut = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{source}'"
        self.run(
            f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"ALTER DATABASE {source} ALLOW_CONNECTIONS false", cut
        )
        try:
            self.run(f"CREATE DATABASE {name} TEMPLATE {source}")
        finally:
            self.run(f"ALTER DATABASE {source} ALLOW_CONNECTIONS true", f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        self.run(f"GRANT CONNECT ON DATABASE {name} TO klark_app")

    def put_back(self, name: str) -> None:
        """Puts a copy in the place of the database."""
        self.run(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
        self.copy(NAME, name)

    def stop(self) -> None:
        """Stops both."""
        self.running.stop()

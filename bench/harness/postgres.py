"""A PostgreSQL server of the benchmark's own. It waits for the disk, and is as one that has run for a while: the files of
its write-ahead log are there. A new server makes one for every 16 MB, and a commit waits for it."""

import glob
import os
import pathlib
import pwd
import shutil
import signal

from . import processes

WAL_FILES = 64
WAL_FILE_MEGABYTES = 16


class Postgres:
    def __init__(self, folder: pathlib.Path) -> None:
        programs = sorted(glob.glob("/usr/lib/postgresql/*/bin"))
        self.psql = processes.find_program("psql", *programs)
        self.pgbench = processes.find_program("pgbench", *programs)
        self.port = processes.free_port()
        self.databases = 0
        user = "postgres" if os.geteuid() == 0 else None  # it does not run as root
        own = folder / "postgres"
        own.mkdir()
        if user is not None:
            account = pwd.getpwnam(user)
            folder.chmod(0o755)
            shutil.chown(own, account.pw_uid, account.pw_gid)
        initdb = processes.Process(
            [processes.find_program("initdb", *programs), "--pgdata=data", "--username=ubiety", "--auth=trust",
             "--encoding=UTF8", "--no-locale", "--no-instructions"],
            own, "initdb", user)  # fmt: skip
        if initdb.child.wait(processes.PATIENCE) != 0:
            raise processes.Failed(f"initdb: {initdb.tail()}")
        self.process = processes.Process(
            [processes.find_program("postgres", *programs), "-D", "data", "-p", str(self.port), "-k", "",
             "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=200", "-c", "fsync=on",
             "-c", f"min_wal_size={WAL_FILES * WAL_FILE_MEGABYTES}MB", "-c", "max_wal_size=2GB"],
            own, "postgres", user, end_by=signal.SIGINT)  # fmt: skip
        ready = processes.find_program("pg_isready", *programs)
        self.process.wait_until_ready(lambda: self._answers(ready))
        self._make_wal_files()

    def __enter__(self) -> "Postgres":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.stop()

    def _make_wal_files(self) -> None:
        """The checkpoint keeps as many of those that are filled, to be used again, as min_wal_size says."""
        fill_one = "SELECT pg_logical_emit_message(true, 'bench', ''); SELECT pg_switch_wal();\n"
        self.execute(self.url("postgres"), fill_one * WAL_FILES + "CHECKPOINT;")

    def _answers(self, pg_isready: str) -> bool:
        try:
            processes.run([pg_isready, "-q", "-h", "127.0.0.1", "-p", str(self.port)])
        except processes.Failed:
            return False
        return True

    def url(self, database: str) -> str:
        return f"postgresql://ubiety@127.0.0.1:{self.port}/{database}"

    def new_database(self) -> str:
        """Makes an empty database and gives its URL."""
        self.databases += 1
        name = f"bench_{self.databases}"
        self.execute(self.url("postgres"), f"CREATE DATABASE {name}")
        return self.url(name)

    def execute(self, url: str, sql: str) -> str:
        return processes.run([self.psql, "--no-psqlrc", "-qAt", "-v", "ON_ERROR_STOP=1", "-d", url], text_in=sql)

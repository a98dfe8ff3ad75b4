"""A PostgreSQL of a test's own, and a pgBouncer, on free ports and in temporary folders. The superuser is `postgres`, and no
role has a password."""

import contextlib
import glob
import os
import pathlib
import pwd
import shutil
import socket
import subprocess
import tempfile
import time

import service

PROGRAMS = pathlib.Path(sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1])


class Postgres:
    """`with Postgres() as postgres:`, when it takes connections."""

    def __init__(self):
        self.port = service.free_port()
        self._folder = tempfile.TemporaryDirectory()
        self._log = open(pathlib.Path(self._folder.name) / "log", "w+", encoding="utf-8")
        # It refuses to run as root.
        self._user = "postgres" if os.geteuid() == 0 else None
        if self._user:
            account = pwd.getpwnam(self._user)
            os.chown(self._folder.name, account.pw_uid, account.pw_gid)
        self._run("initdb", "--pgdata=data", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-locale",
                  "--no-sync")

    def _options(self):
        return {"cwd": self._folder.name, "user": self._user, "stdout": self._log, "stderr": self._log}

    def _run(self, program, *arguments):
        subprocess.run([PROGRAMS / program, *arguments], check=True, timeout=service.PATIENCE, **self._options())

    def __enter__(self):
        self._process = subprocess.Popen(
            [PROGRAMS / "postgres", "-D", "data", "-p", str(self.port), "-k", "", "-c", "listen_addresses=127.0.0.1"],
            **self._options())
        give_up = time.monotonic() + service.PATIENCE
        while subprocess.run([PROGRAMS / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)],
                             check=False).returncode:
            if self._process.poll() is not None or time.monotonic() > give_up:
                raise RuntimeError("PostgreSQL does not start:\n" + self.log())
            time.sleep(0.05)
        return self

    def __exit__(self, *exception):
        self._process.terminate()
        self._process.wait(service.PATIENCE)
        self._log.close()
        self._folder.cleanup()

    def url(self, role, database):
        return f"postgresql://{role}@127.0.0.1:{self.port}/{database}"

    def execute(self, role, database, sql):
        """What psql prints, rows as lines; raises subprocess.CalledProcessError with the error in its stderr."""
        return subprocess.run(
            [shutil.which("psql") or PROGRAMS / "psql", "--no-psqlrc", "-qAt", "-v", "ON_ERROR_STOP=1", "-v",
             "VERBOSITY=sqlstate", "-d", self.url(role, database)],
            input=sql, capture_output=True, text=True, check=True, timeout=service.PATIENCE).stdout.rstrip("\n")

    def log(self):
        with contextlib.suppress(ValueError):
            self._log.flush()
        return (pathlib.Path(self._folder.name) / "log").read_text(encoding="utf-8")


class Pooler:
    """`with Pooler(postgres, "session") as pooler:`, when it takes connections."""

    def __init__(self, postgres, mode):
        self.port = service.free_port()
        self._folder = tempfile.TemporaryDirectory()
        os.chmod(self._folder.name, 0o755)
        users, self._settings = (pathlib.Path(self._folder.name) / name for name in ("users", "settings"))
        users.write_text('"postgres" ""\n', encoding="utf-8")
        self._settings.write_text(f"""[databases]
* = host=127.0.0.1 port={postgres.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {self.port}
unix_socket_dir =
auth_type = trust
auth_file = {users}
pool_mode = {mode}
""", encoding="utf-8")

    def __enter__(self):
        self._process = subprocess.Popen(["/usr/sbin/pgbouncer", "-q", self._settings], stderr=subprocess.DEVNULL,
                                         user="postgres" if os.geteuid() == 0 else None)
        give_up = time.monotonic() + service.PATIENCE
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > give_up:
                self.__exit__()
                raise RuntimeError("pgbouncer does not start")
            time.sleep(0.02)
        return self

    def __exit__(self, *exception):
        self._process.kill()
        self._process.wait()
        self._folder.cleanup()

    def _answers(self):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
            return True
        return False

    def url(self, role, database):
        return f"postgresql://{role}@127.0.0.1:{self.port}/{database}"

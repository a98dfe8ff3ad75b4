"""A ubietyd of a test's own, on a free port, in a temporary folder, with the embedded store unless told otherwise."""

import contextlib
import http.client
import os
import pathlib
import socket
import sqlite3
import ssl
import subprocess
import tempfile
import time

UBIETYD = os.environ["UBIETYD"]
REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
PATIENCE = 60  # seconds


def free_port():
    with contextlib.closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        # A stream has no end: its first event does.
        is_stream = self.media_type == "text/event-stream" and response.length != 0
        self.body = b"".join(iter(response.readline, b"data: {}\n")) if is_stream else response.read()

    @property
    def media_type(self):
        return self.headers.get_content_type() if "Content-Type" in self.headers else None


class Service:
    """`with Service(RATE_LIMIT_REQUESTS="1") as service:`, serving and, unless `ready` is false, ready."""

    def __init__(self, ready=True, **settings):
        self.port = free_port()
        self.fields = {}  # of every request
        self._ready = ready
        self._folder = tempfile.TemporaryDirectory()
        passed_on = {name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")}
        self._environment = {"PATH": os.environ["PATH"], "HOST": "127.0.0.1", "PORT": str(self.port),
                             "LOG_FORMAT": "text", **passed_on, **settings}
        self._log = open(pathlib.Path(self._folder.name) / "log", "w+", encoding="utf-8")

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def run(self, *command):
        """A command in the service's folder, with its settings; whether it serves already or not."""
        return subprocess.run(command, cwd=self._folder.name, env=self._environment, capture_output=True, check=False,
                              timeout=PATIENCE)

    @contextlib.contextmanager
    def locked_database(self):
        """While it lasts, nothing is written to the embedded store."""
        with contextlib.closing(sqlite3.connect(pathlib.Path(self._folder.name) / "data" / "ubiety.db")) as database:
            database.execute("BEGIN EXCLUSIVE")
            yield

    def kill(self):
        """As a crash does. It can be started again."""
        self._process.kill()
        self._process.wait()

    def restart(self):
        self._process.terminate()
        self._process.wait(PATIENCE)
        self.start()

    def start(self):
        self._process = subprocess.Popen([UBIETYD], cwd=self._folder.name, stderr=self._log, env=self._environment)
        path = "/health/ready" if self._ready else "/health/live"
        give_up = time.monotonic() + PATIENCE
        while not self._answers(path):
            if self._process.poll() is not None or time.monotonic() > give_up:
                log = self._read_log()
                self.__exit__()
                raise RuntimeError("ubietyd does not serve:\n" + log)
            time.sleep(0.02)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *exception):
        self._process.terminate()
        try:
            code = self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        log = self._read_log()
        self._log.close()
        self._folder.cleanup()
        if code not in (0, 1):  # 1: some requests were never answered, as with a database that is away
            raise RuntimeError(f"ubietyd ended with {code}:\n" + log)

    def _read_log(self):
        self._log.seek(0)
        return self._log.read()

    def _answers(self, path):
        try:
            return self.send("GET", path).status == 200
        except OSError:
            return False

    def _connection(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)

    def send(self, method, target, headers=None, body=None):
        with contextlib.closing(self._connection()) as connection:
            connection.request(method, target, body, {**self.fields, **(headers or {})})
            return Answer(connection.getresponse())

    def send_raw(self, data):
        """For what http.client would not send: it is not HTTP, or is not what the headers say."""
        with socket.create_connection(("127.0.0.1", self.port), PATIENCE) as connection:
            connection.sendall(data)
            response = http.client.HTTPResponse(connection)
            response.begin()
            return Answer(response)


class TlsService(Service):
    """One that speaks TLS alone."""

    def __init__(self, certificate, key, **settings):
        super().__init__(TLS_CERT=certificate, TLS_KEY=key, **settings)
        self._trusted = ssl.create_default_context(cafile=certificate)

    @property
    def url(self):
        return f"https://127.0.0.1:{self.port}"

    def _connection(self):
        return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=PATIENCE, context=self._trusted)


class KeyedService(Service):
    """One that asks for keys, of which it has one for each of the scopes, or lists of scopes."""

    def __init__(self, *scopes, **settings):
        super().__init__(**{"ENABLE_AUTH": "true", "AUTH_FAILURE_LIMIT": "0", **settings})
        made = self.run(UBIETYD, "migrate", "up")
        if made.returncode:
            raise RuntimeError("no store is made:\n" + made.stderr.decode())
        self.keys = {scope: self._create(scope) for scope in scopes}

    def _create(self, scope):
        created = self.run(UBIETYD, "keys", "create", "operations", "--scope", scope)
        if created.returncode:
            raise RuntimeError("no key is made:\n" + created.stderr.decode())
        return created.stdout.decode().strip()

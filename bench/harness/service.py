"""ubietyd as the benchmark runs it: the real binary with its defaults, on a store of its own."""

import collections.abc
import contextlib
import http.client
import itertools
import json
import pathlib
import time
import urllib.parse

from . import processes


class Service(processes.Process):
    def __init__(self, binary: pathlib.Path, database_url: str, folder: pathlib.Path, settings: dict[str, str]) -> None:
        self.port = processes.free_port()
        own = folder / f"service-{self.port}"
        own.mkdir(exist_ok=True)  # a port that is free again is given again
        environment = {
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "DATABASE_URL": database_url,
            "LOG_LEVEL": "WARNING",
            **settings,
        }
        begin = time.monotonic()
        super().__init__([str(binary)], own, "ubietyd", environment=environment)
        self.wait_until_ready(self._is_loaded)
        self.start_seconds = time.monotonic() - begin

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def _is_loaded(self) -> bool:
        try:
            return get(self.url + "/health/ready")[0] == 200
        except OSError:
            return False


def migrate(binary: pathlib.Path, database_url: str) -> None:
    """Makes the schema, so that it can be filled before the service starts."""
    processes.run(["env", f"DATABASE_URL={database_url}", str(binary), "migrate", "up"])


def request(method: str, url: str, body: bytes | None = None,
            fields: dict[str, str] | None = None,
            patience: float = processes.PATIENCE) -> tuple[int, dict[str, str], bytes]:  # fmt: skip
    parts = urllib.parse.urlsplit(url)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=patience)
    try:
        connection.request(method, target, body, fields or {})
        response = connection.getresponse()
        return response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
    finally:
        connection.close()


def get(url: str, fields: dict[str, str] | None = None) -> tuple[int, dict[str, str], bytes]:
    return request("GET", url, None, fields)


def post_batches(url: str, lines: collections.abc.Iterator[str], size: int = 1000) -> None:
    """Posts reports, one in each line, as many at once as a batch may have."""
    parts = urllib.parse.urlsplit(url)
    with contextlib.closing(http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=processes.PATIENCE)) as kept:
        while batch := "\n".join(itertools.islice(lines, size)):
            kept.request("POST", "/status/batch", batch, {"Content-Type": "application/x-ndjson"})
            response = kept.getresponse()
            body = response.read()
            if response.status != 200:
                raise processes.Failed(f"POST {url}/status/batch: {response.status} {body.decode()}")


def metrics(url: str) -> dict[str, float]:
    """Those that have no labels."""
    samples = (line.rsplit(" ", 1) for line in get(url + "/metrics")[2].decode().splitlines() if not line.startswith("#"))
    return {name: float(value) for name, value in samples if "{" not in name}


def post(url: str, report: dict[str, object]) -> bytes:
    status, _, body = request("POST", url + "/status", json.dumps(report).encode(), {"Content-Type": "application/json"})
    if status != 200:
        raise processes.Failed(f"POST {url}/status: {status} {body.decode()}")
    return body

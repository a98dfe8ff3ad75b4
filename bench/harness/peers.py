"""Programs that store a fleet's updates: ubietyd, and what users would pick instead of it. Each runs only in its own turns,
so that what it does in the background costs no other, and keeps its data from turn to turn."""

import collections.abc
import contextlib
import json
import os
import pathlib
import shutil
import time
import urllib.parse

from . import fleet, processes, service
from .bench import Bench, Binary
from .sample import NotThere

DAYS = 28  # before today, when the fleet's reports begin: VictoriaMetrics keeps a month by default
PARTS = """
  SELECT part || ' ' || pg_size_pretty(sum(pg_total_relation_size(oid)))
  FROM (SELECT oid, regexp_replace(relname, '_([0-9]{8}|default)_', ', ') AS part FROM pg_class
        WHERE relkind = 'r' AND relname ~ '^(update_log|device_)') AS tables
  GROUP BY part ORDER BY part;
"""
AT_REST = 5.0  # seconds for which the data must have kept its size
BYTES_IN_TAIL = 24  # of an update, see docs/SIZING.md
LONG = 600.0  # seconds, for a store to move or count all that it has


class Peer:
    """A program with its data. `running` is overridden by what starts it, the others by what it is asked."""

    name = ""
    described = ""  # its version, or its settings
    counted = ""  # what of its data counts as bytes on the disk
    format = "line_protocol"  # of post_fleet.lua
    path = "/write?db=ubiety&precision=ms"
    program: processes.Process

    def __init__(self) -> None:
        self.port = 0
        self.minutes = 0  # of the fleet's reports that were sent
        self.acknowledged = 0  # updates
        self.stored = 0  # of them, and of those whose answer was not waited for: known after `flush`
        self.bytes_when_empty = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def running(self) -> contextlib.AbstractContextManager[processes.Measured]:
        raise NotImplementedError

    def merges(self) -> int | None:
        """Since the start, if it can say so."""
        return None

    def flush(self) -> None:
        """Moves all updates to where they stay, counts them, and ends."""
        raise NotImplementedError

    def compact(self) -> None:
        """Makes the data as small as it becomes with time, and ends."""
        raise NotImplementedError

    def bytes_on_disk(self) -> int:
        raise NotImplementedError

    def bytes_by_part(self) -> str:
        """The same in words, where it has parts."""
        return ""

    def get(self, path: str) -> bytes:
        status, _, body = service.request("GET", self.url + path, patience=LONG)
        if status not in (200, 204):
            raise processes.Failed(f"{self.name}: GET {path}: {status} {body.decode()}")
        return body

    def metric(self, prefix: str) -> int:
        """The sum of the samples in /metrics that begin with the prefix."""
        lines = self.get("/metrics").decode().splitlines()
        return round(sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(prefix)))

    def wait_until_at_rest(self, is_done: collections.abc.Callable[[], bool] = lambda: True) -> None:
        size, since, deadline = -1, time.monotonic(), time.monotonic() + LONG
        while time.monotonic() < since + AT_REST:
            if time.monotonic() > deadline:
                raise processes.Failed(f"{self.name} is not at rest after {LONG:g} s")
            time.sleep(0.2)
            now = self.bytes_on_disk()
            if now != size or not is_done():
                size, since = now, time.monotonic()


class Ubiety(Peer):
    format = "ndjson"
    path = "/status/batch"

    def __init__(self, bench: Bench, binary: Binary, store: str, tail_memory: int) -> None:
        super().__init__()
        self.name = {"postgres": "ubietyd, PostgreSQL", "sqlite": "ubietyd, SQLite"}[store]
        self.counted = {"postgres": "the database after a CHECKPOINT, without the write-ahead log",
                        "sqlite": "the database's files"}[store]  # fmt: skip
        self.described = f"TAIL_MEMORY={tail_memory}: merges after each {tail_memory // BYTES_IN_TAIL:,} updates"
        self._bench, self._binary, self._tail_memory = bench, binary, tail_memory
        self._database = bench.database(store)
        self._postgres = bench.postgres.process if store == "postgres" else None
        self._taken = 0  # updates, in the turns until now
        service.migrate(binary.path, self._database)
        if store == "postgres":
            bench.execute(self._database, "SET timezone = 'UTC';" + fleet.PARTITIONS.format(days=DAYS + 1))
        self.bytes_when_empty = self.bytes_on_disk()

    @contextlib.contextmanager
    def running(self, tail_memory: int | None = None) -> collections.abc.Iterator[processes.Measured]:
        memory = str(self._tail_memory if tail_memory is None else tail_memory)
        with service.Service(self._binary.path, self._database, self._bench.folder, {"TAIL_MEMORY": memory}) as program:
            self.port = program.port
            yield Together(program, self._postgres) if self._postgres else program
            self._taken += sum(self.metric(f'ubiety_updates_total{{outcome="{outcome}"}}') for outcome in ("stored", "late"))

    def merges(self) -> int:
        return self.metric("ubiety_merge_duration_seconds_count")

    def flush(self) -> None:
        with self.running(tail_memory=0):
            processes.wait_until(lambda: self.metric("ubiety_tail_updates") == 0, f"{self.name} has merged", LONG)
        self.stored = self._taken

    def compact(self) -> None:
        with self.running():
            self.wait_until_at_rest(lambda: self.metric("ubiety_compaction_backlog") == 0)

    def bytes_by_part(self) -> str:
        if not self._postgres:
            return ""
        return "; " + ", ".join(self._bench.postgres.execute(self._database, PARTS).splitlines())

    def bytes_on_disk(self) -> int:
        if self._postgres:
            size = "CHECKPOINT; SELECT pg_database_size(current_database());"
            return int(self._bench.postgres.execute(self._database, size))
        file = pathlib.Path(self._database.removeprefix("sqlite:"))
        return allocated(file.parent.glob(file.name + "*"))


class InfluxDB(Peer):
    name = "InfluxDB"
    counted = "the folder data/ubiety, without the write-ahead log"

    def __init__(self, bench: Bench) -> None:
        super().__init__()
        self._program = found("influxd", "influxdb")
        self.described = processes.run([self._program, "version"]).strip()
        self._folder = bench.folder / "influxdb"
        self._folder.mkdir()
        with self.running():
            self._query("CREATE DATABASE ubiety")
        self.bytes_when_empty = self.bytes_on_disk()

    @contextlib.contextmanager
    def running(self, **settings: str) -> collections.abc.Iterator[processes.Measured]:
        self.port = processes.free_port()
        environment = {
            "INFLUXDB_CONFIG_PATH": "/dev/null",
            "INFLUXDB_REPORTING_DISABLED": "true",  # as in Debian's configuration; it would report to its maker
            "INFLUXDB_BIND_ADDRESS": f"127.0.0.1:{processes.free_port()}",
            "INFLUXDB_HTTP_BIND_ADDRESS": f"127.0.0.1:{self.port}",
            "INFLUXDB_META_DIR": str(self._folder / "meta"),
            "INFLUXDB_DATA_DIR": str(self._folder / "data"),
            "INFLUXDB_DATA_WAL_DIR": str(self._folder / "wal"),
            **settings,
        }
        with processes.Process([self._program, "run"], self._folder, "influxd", environment=environment) as program:
            program.wait_until_ready(lambda: answers(self.url + "/ping"))
            yield program

    def _query(self, query: str) -> dict[str, object]:
        words = urllib.parse.urlencode({"db": "ubiety", "q": query})
        status, _, body = service.request("POST", f"{self.url}/query?{words}", patience=LONG)
        answer: dict[str, object] = json.loads(body)
        if status != 200 or "error" in answer:
            raise processes.Failed(f"{self.name}: {query}: {status} {body.decode()}")
        return answer

    def flush(self) -> None:
        # By default the last updates stay in the write-ahead log for ten minutes.
        with self.running(INFLUXDB_DATA_CACHE_SNAPSHOT_WRITE_COLD_DURATION="1s"):
            count = self._query("SELECT count(battery_level) FROM status")
            self.wait_until_at_rest(lambda: self._bytes_in_cache() == 0)
        self.stored = int(count["results"][0]["series"][0]["values"][0][1])  # type: ignore[index]

    def _bytes_in_cache(self) -> int:
        caches = [part for name, part in json.loads(self.get("/debug/vars")).items() if name.startswith("tsm1_cache")]
        return sum(part["values"]["memBytes"] for part in caches if part["tags"]["database"] == "ubiety")

    def compact(self) -> None:
        # By default it waits for four hours without a write.
        with self.running(INFLUXDB_DATA_COMPACT_FULL_WRITE_COLD_DURATION="1s"):
            self.wait_until_at_rest()

    def bytes_on_disk(self) -> int:
        return allocated(files_in(self._folder / "data/ubiety"))


class VictoriaMetrics(Peer):
    name = "VictoriaMetrics"
    counted = "the data folder"

    def __init__(self, bench: Bench) -> None:
        super().__init__()
        self._program = found("victoria-metrics", "victoria-metrics")
        self.described = processes.run([self._program, "-version"]).strip() or "does not state its version"
        self._folder = bench.folder / "victoria-metrics"
        self._folder.mkdir()
        with self.running():
            pass
        self.bytes_when_empty = self.bytes_on_disk()

    @contextlib.contextmanager
    def running(self) -> collections.abc.Iterator[processes.Measured]:
        self.port = processes.free_port()
        command = [self._program, f"-httpListenAddr=127.0.0.1:{self.port}", f"-storageDataPath={self._folder / 'data'}"]
        with processes.Process(command, self._folder, "victoria-metrics") as program:
            program.wait_until_ready(lambda: answers(self.url + "/health"))
            yield program

    def flush(self) -> None:
        with self.running():
            self.get("/internal/force_flush")
            rows = self.metric('vm_rows{type="storage/')
        self.stored = rows // 3  # each field of an update is a row

    def compact(self) -> None:
        with self.running():
            self.get("/internal/force_merge")
            self.wait_until_at_rest(lambda: self.metric("vm_active_force_merges") == 0)

    def bytes_on_disk(self) -> int:
        return allocated(files_in(self._folder / "data"))


class Together:
    """A program and the database server that works for it."""

    def __init__(self, program: processes.Process, server: processes.Process) -> None:
        self._both = (program, server)

    def cpu_seconds(self) -> float:
        return sum(one.cpu_seconds() for one in self._both)

    def memory(self) -> float:
        """Of the program alone: PostgreSQL's processes share most of theirs."""
        return self._both[0].memory()


def found(program: str, package: str) -> str:
    path = shutil.which(program)
    if path is None:
        raise NotThere(f"no {program} on the PATH; it is in Debian's package {package}")
    return path


def answers(url: str) -> bool:
    try:
        return service.get(url)[0] in (200, 204)
    except OSError:
        return False


def files_in(folder: pathlib.Path) -> list[pathlib.Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def allocated(files: collections.abc.Iterable[pathlib.Path]) -> int:
    """Bytes that the disk has for the files, which may be less than their size, and may vanish meanwhile."""
    os.sync()
    total = 0
    for file in files:
        with contextlib.suppress(FileNotFoundError):
            total += file.stat().st_blocks * 512
    return total

"""The stage: what the workloads start their programs on, and the rounds in which contestants take turns."""

import collections.abc
import contextlib
import dataclasses
import pathlib
import sqlite3
import sys
import time

from . import nginx, postgres, service
from .sample import Contestant, NotThere, Sample, Workload


@dataclasses.dataclass(frozen=True)
class Binary:
    name: str
    path: pathlib.Path


@dataclasses.dataclass
class Options:
    binaries: list[Binary]  # one, or the one before and the one after
    rounds: int
    seconds: float  # of one measurement
    quick: bool


@dataclasses.dataclass
class Result:
    workload: Workload
    contestants: list[Contestant]
    samples: dict[str, list[Sample]]
    not_there: str = ""


class Bench:
    """Programs that a workload starts through it end with the workload, PostgreSQL with the run."""

    def __init__(self, folder: pathlib.Path, options: Options, whole_run: contextlib.ExitStack) -> None:
        self.folder = folder
        self.options = options
        self._whole_run = whole_run
        self._programs = contextlib.ExitStack()
        self._postgres: postgres.Postgres | None = None
        self._files = 0

    @property
    def binaries(self) -> list[Binary]:
        return self.options.binaries

    @property
    def postgres(self) -> postgres.Postgres:
        if self._postgres is None:
            self._postgres = self._whole_run.enter_context(postgres.Postgres(self.folder))
        return self._postgres

    def database(self, store: str) -> str:
        """The URL of an empty database; `store` is "postgres" or "sqlite"."""
        if store == "postgres":
            return self.postgres.new_database()
        self._files += 1
        return f"sqlite:{self.folder}/store-{self._files}.db"

    def execute(self, database_url: str, sql: str) -> None:
        if database_url.startswith("sqlite:"):
            with contextlib.closing(sqlite3.connect(database_url.removeprefix("sqlite:"))) as connection, connection:
                connection.executescript(sql)
        else:
            self.postgres.execute(database_url, sql)

    def service(self, binary: Binary, database_url: str, **settings: str) -> service.Service:
        return self._programs.enter_context(service.Service(binary.path, database_url, self.folder, settings))

    def nginx(self, constant: bytes = b"ok") -> nginx.Nginx:
        return self._programs.enter_context(nginx.Nginx(self.folder, constant.decode()))

    def keep(self, program: contextlib.AbstractContextManager[object]) -> None:
        self._programs.enter_context(program)

    @contextlib.contextmanager
    def clearing(self) -> collections.abc.Iterator[None]:
        with self._programs:
            yield
        self._programs = contextlib.ExitStack()

    def run(self, workload: Workload) -> Result:
        progress(f"{workload.name}: {workload.title}")
        with self.clearing():
            try:
                contestants = workload.stage(self)
            except NotThere as reason:
                progress(f"  not there: {reason}")
                return Result(workload, [], {}, str(reason))
            result = Result(workload, contestants, {contestant.name: [] for contestant in contestants})
            for number in range(workload.rounds or self.options.rounds):
                # Each goes first in every other round: whatever the first leaves to the second, it leaves to both.
                for contestant in contestants if number % 2 == 0 else reversed(contestants):
                    begin = time.monotonic()
                    sample = contestant.measure(self.options.seconds)
                    result.samples[contestant.name].append(sample)
                    progress(f"  round {number + 1}  {contestant.name:<28}{describe(sample, workload.unit)}"
                             f"  ({time.monotonic() - begin:.1f} s)")  # fmt: skip
        return result


def describe(sample: Sample, unit: str) -> str:
    text = f"{sample.value:>12,.1f} {unit}"
    if sample.p99 is not None:
        text += f"  p50 {sample.p50:.2f} ms  p99 {sample.p99:.2f} ms"
    if sample.refused or sample.broken:
        text += f"  REFUSED {sample.refused}  BROKEN {sample.broken}"
    return text


def progress(line: str) -> None:
    print(line, file=sys.stderr, flush=True)

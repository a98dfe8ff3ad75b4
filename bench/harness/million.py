"""Workloads of a fleet of a million devices: how long a start takes, and how much memory is used."""

import time

from . import fleet, load, processes, service
from .bench import Bench, Binary
from .contestants import one_after_the_other
from .sample import Contestant, Sample

DEVICES = 1_000_000
FULL_TAIL = 2_600_000  # updates: what TAIL_MEMORY takes by default


def starts(bench: Bench, unmerged: int) -> list[Contestant]:
    """What a service left is read, and the program ended, again and again. It ends without a merge."""

    def turn(name: str, binary: Binary, store: str) -> Contestant:
        database_url = fleet.stored(bench, binary, store, DEVICES)
        fleet.add(bench, binary, database_url, fleet.updates(DEVICES, unmerged))

        def measure(_: float) -> Sample:
            with service.Service(binary.path, database_url, bench.folder, {}) as program:
                return Sample(value=program.start_seconds, memory=program.memory())

        return Contestant(name, measure, holds="median <= 3")

    contestants = []
    for store in ("postgres", "sqlite"):
        turns = [turn(f"{store}, {binary.name}", binary, store) for binary in bench.binaries]
        contestants += one_after_the_other(bench, turns)
    return contestants


def start(bench: Bench) -> list[Contestant]:
    return starts(bench, 0)


def start_tail(bench: Bench) -> list[Contestant]:
    return starts(bench, FULL_TAIL // 10 if bench.options.quick else FULL_TAIL)


def settle(program: service.Service) -> None:
    """Waits until the memory has been the same for some seconds: a service is ready before its shards have taken in what
    was loaded, and what a start needed for a moment goes back a little later."""
    figures = [0.0]
    while len(figures) < 8 or max(figures[-8:]) - min(figures[-8:]) > 1:
        time.sleep(0.5)
        figures.append(program.memory())


def memory(bench: Bench) -> list[Contestant]:
    """Resident memory after the start, after a summary, and after updates: several of each device's, if time allows.

    The order of the turns counts here, so there is one round of them.
    """
    binary = bench.binaries[-1]
    program = bench.service(binary, fleet.stored(bench, binary, "sqlite", DEVICES))
    figures: dict[str, float] = {}

    def resident(name: str) -> Sample:
        figures[name] = program.memory()
        return Sample(value=figures[name], memory=figures[name])

    def after_start(_: float) -> Sample:
        settle(program)
        return resident("start")

    def after_updates(seconds: float) -> Sample:
        load.wrk(program, program.url, "post_status", 256, seconds * 4, str(DEVICES))
        return resident("updates")

    def after_summary(_: float) -> Sample:
        status, _, body = service.get(program.url + "/status/summary")
        if status != 200 or f'"total_devices":{DEVICES}'.encode() not in body[-200:]:
            raise processes.Failed(f"the summary does not have {DEVICES} devices: {status} {body[-200:]!r}")
        return resident("summary")

    first = Contestant("after the start", after_start, holds="median <= 256")
    return [
        first,
        Contestant("after updates", after_updates, of=first.name, holds="ratio <= 1.05"),
        Contestant("after a summary", after_summary, of=first.name),
    ]

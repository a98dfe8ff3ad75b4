"""How cost grows with the devices in the store, and with the connections: workloads whose contestants are points."""

import collections.abc
import dataclasses

from . import fleet, load, nginx, reads, service, updates
from .bench import Bench
from .contestants import FLEET, by_wrk
from .sample import Contestant, Sample, Workload

DEVICES = [1_000, 10_000, 100_000, 1_000_000]
CONNECTIONS = [1, 4, 16, 64, 256, 1_000]
POSTING, ASKING = 256, 64  # connections, while the devices are more and more


@dataclasses.dataclass
class Point(Contestant):
    series: str = ""
    at: int = 0  # the devices, or the connections


def by_devices(bench: Bench, store: str, script: str, connections: int) -> list[Contestant]:
    """In each turn a service is started on its store, measured, and ended: a point has its memory to itself."""
    binary = bench.binaries[-1]

    def point(devices: int) -> Point:
        database_url = fleet.stored(bench, binary, store, devices)

        def measure(seconds: float) -> Sample:
            with service.Service(binary.path, database_url, bench.folder, {}) as program:
                sample = load.wrk(program, program.url, script, connections, seconds, str(devices))
                sample.start = program.start_seconds
            return sample

        return Point(f"{devices:,} devices", measure, series="ubietyd", at=devices)

    return [point(devices) for devices in DEVICES]


def by_connections(program: service.Service, constant: nginx.Nginx, script: str) -> list[Contestant]:
    """The service and nginx have their turns one after the other at each number of connections."""
    points: list[Contestant] = []
    for connections in CONNECTIONS:
        reference = by_wrk(f"nginx, connections: {connections:,}", constant, "", script, connections, str(FLEET), "/constant")
        mine = by_wrk(f"ubietyd, connections: {connections:,}", program, "", script, connections, str(FLEET))
        points.append(Point(reference.name, reference.measure, series="nginx", at=connections))
        points.append(Point(mine.name, mine.measure, of=reference.name, series="ubietyd", at=connections))
    return points


def devices_post(store: str) -> collections.abc.Callable[[Bench], list[Contestant]]:
    return lambda bench: by_devices(bench, store, "post_status", POSTING)


def devices_get(bench: Bench) -> list[Contestant]:
    return by_devices(bench, "sqlite", "get_latest", ASKING)


def connections_post(store: str) -> collections.abc.Callable[[Bench], list[Contestant]]:
    def stage(bench: Bench) -> list[Contestant]:
        services, constant = updates.posted_to(bench, store)
        return by_connections(services[-1], constant, "post_status")

    return stage


def connections_get(bench: Bench) -> list[Contestant]:
    services, constant = reads.asked_for_latest(bench)
    return by_connections(services[-1], constant, "get_latest")


WORKLOADS = [
    Workload("devices_post_postgres", "durable POST on PostgreSQL, by devices", "requests/s", devices_post("postgres")),
    Workload("devices_post_sqlite", "durable POST on SQLite, by devices", "requests/s", devices_post("sqlite")),
    Workload("devices_get", "GET of the latest status, by devices", "requests/s", devices_get),
    Workload("connections_post_postgres", "durable POST on PostgreSQL, by connections", "requests/s",
             connections_post("postgres")),
    Workload("connections_post_sqlite", "durable POST on SQLite, by connections", "requests/s", connections_post("sqlite")),
    Workload("connections_get", "GET of the latest status, by connections", "requests/s", connections_get),
]  # fmt: skip

"""The workloads: what is asked, beside which reference, and what must hold."""


from . import fleet, load, nginx, service
from .bench import Bench
from .sample import Contestant, Sample, Workload

FLEET = 10_000  # devices
REPORT = {
    "device_id": "bench-0000000",
    "timestamp": "2026-01-01T00:00:00.000001Z",
    "battery_level": 76,
    "rssi": -60,
    "online": True,
}


def compared(bench: Bench, reference: str, holds: str, contestants: list[Contestant]) -> list[Contestant]:
    """The service against the reference; of two binaries, the second against the first."""
    contestants[0].of, contestants[0].holds = reference, holds
    if len(bench.binaries) == 2:
        contestants[1].of = contestants[0].name
    return contestants


def wrk_contestant(name: str, program: service.Service | nginx.Nginx, path: str, script: str, connections: int,
                   *words: str, each: int = 1) -> Contestant:  # fmt: skip
    def measure(seconds: float) -> Sample:
        return load.wrk(program, program.url + path, script, connections, seconds, *words, each=each)

    return Contestant(name, measure)


def durable_post(bench: Bench, store: str, connections: int, holds: str) -> list[Contestant]:
    services = [bench.service(binary, bench.database(store)) for binary in bench.binaries]
    answer = [service.post(program.url, REPORT) for program in services][0]
    reference = wrk_contestant("nginx, a constant", bench.nginx(answer), "", "post_status", connections, str(FLEET),
                               "/constant")  # fmt: skip
    posts = [
        wrk_contestant(binary.name, program, "", "post_status", connections, str(FLEET))
        for binary, program in zip(bench.binaries, services, strict=True)
    ]
    return [reference, *compared(bench, reference.name, holds, posts)]


def post_postgres(bench: Bench) -> list[Contestant]:
    return durable_post(bench, "postgres", 256, "ratio >= 0.55, p99 <= 15")


def post_sqlite(bench: Bench) -> list[Contestant]:
    return durable_post(bench, "sqlite", 256, "ratio >= 0.65")


def get_latest(bench: Bench) -> list[Contestant]:
    services = [bench.service(binary, fleet.stored(bench, binary, "sqlite", FLEET)) for binary in bench.binaries]
    _, _, answer = service.get(services[0].url + "/status/bench-0000000")
    reference = wrk_contestant("nginx, a constant", bench.nginx(answer), "", "get_latest", 64, str(FLEET), "/constant")
    reads = [
        wrk_contestant(binary.name, program, "", "get_latest", 64, str(FLEET))
        for binary, program in zip(bench.binaries, services, strict=True)
    ]
    return [reference, *compared(bench, reference.name, "ratio >= 0.85", reads)]


WORKLOADS = [
    Workload("post_postgres", "durable POST on PostgreSQL, 256 connections", "requests/s", post_postgres),
    Workload("post_sqlite", "durable POST on the embedded store, 256 connections", "requests/s", post_sqlite),
    Workload("get_latest", "GET of the latest status, 64 connections", "requests/s", get_latest),
]

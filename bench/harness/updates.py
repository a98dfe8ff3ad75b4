"""Workloads that write: single durable POSTs as fast as they go and at a fixed rate, and batches."""

from . import fleet, load, nginx, service
from .bench import Bench
from .contestants import FLEET, against, by_wrk
from .sample import Contestant, NotThere, Sample

BATCH = 1000  # reports in one request
FIXED_RATE = 10_000.0  # requests a second
REPORT: dict[str, object] = {
    "device_id": "bench-0000000",
    "timestamp": "2026-01-01T00:00:00.000001Z",
    "battery_level": 76,
    "rssi": -60,
    "online": True,
}


def posted_to(bench: Bench, store: str) -> tuple[list[service.Service], nginx.Nginx]:
    """A service of each binary, and the reference that answers a POST as they do."""
    services = [bench.service(binary, fleet.stored(bench, binary, store, FLEET)) for binary in bench.binaries]
    return services, bench.nginx(service.post(services[0].url, REPORT))


def durable_post(bench: Bench, store: str, holds: str) -> list[Contestant]:
    services, constant = posted_to(bench, store)
    reference = by_wrk("nginx, a constant", constant, "", "post_status", 256, str(FLEET), "/constant")
    posts = [
        by_wrk(binary.name, program, "", "post_status", 256, str(FLEET))
        for binary, program in zip(bench.binaries, services, strict=True)
    ]
    return against(bench, reference, holds, posts)


def post_postgres(bench: Bench) -> list[Contestant]:
    return durable_post(bench, "postgres", "ratio >= 0.65, p99 <= 15")


def post_sqlite(bench: Bench) -> list[Contestant]:
    return durable_post(bench, "sqlite", "ratio >= 0.7, p99 <= 15")


def batches(bench: Bench, store: str, least: int) -> list[Contestant]:
    services = [bench.service(binary, fleet.stored(bench, binary, store, FLEET)) for binary in bench.binaries]
    status, _, _ = service.request("POST", services[0].url + "/status/batch", b"", {"Content-Type": "application/json"})
    if status in (404, 405):
        raise NotThere(f"POST /status/batch is answered {status}")
    words = (str(FLEET), str(BATCH))
    reference = by_wrk("nginx, a constant", bench.nginx(), "", "post_batch", 8, *words, "/constant", each=BATCH)
    posts = [
        by_wrk(binary.name, program, "", "post_batch", 8, *words, each=BATCH)
        for binary, program in zip(bench.binaries, services, strict=True)
    ]
    return against(bench, reference, f"median >= {least}", posts)


def batch_postgres(bench: Bench) -> list[Contestant]:
    return batches(bench, "postgres", 250_000)


def batch_sqlite(bench: Bench) -> list[Contestant]:
    return batches(bench, "sqlite", 400_000)


def post_fixed_rate(bench: Bench) -> list[Contestant]:
    def turn(name: str, program: service.Service | nginx.Nginx, path: str) -> Contestant:
        def measure(seconds: float) -> Sample:
            return load.open_loop(program, program.port, path, FIXED_RATE, seconds, FLEET, bench.folder)

        return Contestant(name, measure)

    services, constant = posted_to(bench, "postgres")
    reference = turn("nginx, a constant", constant, "/constant")
    posts = [turn(binary.name, program, "/status") for binary, program in zip(bench.binaries, services, strict=True)]
    return against(bench, reference, "p99 <= 5", posts)

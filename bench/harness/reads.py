"""Workloads that read: the latest status, the summary, the history."""

import pathlib

from . import fleet, load, nginx, processes, service
from .bench import Bench, Binary
from .contestants import FLEET, against, by_wrk, one_after_the_other
from .sample import Contestant, NotThere, Sample

ARRIVING = 5_000.0  # updates a second, while summaries are asked for
REPORTING = 1_000  # devices that have a history

ROWS = 60  # of each, today

# What a history costs without anything before it: the newest segments of one device, found by the primary key alone.
HISTORY_QUERY = """\\set device random(0, {last})
SELECT first_timestamp, unit, offsets, timestamps, delays, created_ats, battery_levels, rssis, onlines FROM device_history
WHERE device_id = 'bench-' || lpad((:device)::text, 7, '0') ORDER BY last_timestamp DESC LIMIT 3;
"""


def asked_for_latest(bench: Bench) -> tuple[list[service.Service], nginx.Nginx]:
    """A service of each binary, and the reference that answers a GET of the latest status as they do."""
    services = [bench.service(binary, fleet.stored(bench, binary, "sqlite", FLEET)) for binary in bench.binaries]
    return services, bench.nginx(service.get(services[0].url + "/status/bench-0000000")[2])


def get_latest(bench: Bench) -> list[Contestant]:
    services, constant = asked_for_latest(bench)
    reference = by_wrk("nginx, a constant", constant, "", "get_latest", 64, str(FLEET), "/constant")
    reads = [
        by_wrk(binary.name, program, "", "get_latest", 64, str(FLEET))
        for binary, program in zip(bench.binaries, services, strict=True)
    ]
    return against(bench, reference, "ratio >= 0.85", reads)


def summary_as_file(bench: Bench, summary: bytes) -> nginx.Nginx:
    reference = bench.nginx()
    (reference.files / "summary.json").write_bytes(summary)
    return reference


def summaries(bench: Bench) -> tuple[list[service.Service], bytes]:
    services = [bench.service(binary, fleet.stored(bench, binary, "sqlite", FLEET)) for binary in bench.binaries]
    return services, service.get(services[0].url + "/status/summary")[2]


def summary_idle(bench: Bench) -> list[Contestant]:
    services, body = summaries(bench)
    reference = by_wrk("nginx, a file", summary_as_file(bench, body), "/summary.json", "get_fixed", 8)
    reads = [
        by_wrk(binary.name, program, "/status/summary", "get_fixed", 8)
        for binary, program in zip(bench.binaries, services, strict=True)
    ]
    return against(bench, reference, "ratio >= 1.2", reads)


def summary_busy(bench: Bench) -> list[Contestant]:
    services, body = summaries(bench)
    file = summary_as_file(bench, body)

    # The reference is asked while as many updates arrive there: its file is what does not change.
    idle = by_wrk("nginx, a file", file, "/summary.json", "get_fixed", 8)
    reference = while_updates_arrive(bench, idle, file, "/constant", FLEET)
    reads = [
        while_updates_arrive(
            bench, by_wrk(binary.name, program, "/status/summary", "get_fixed", 8), program, "/status", FLEET
        )
        for binary, program in zip(bench.binaries, services, strict=True)
    ]
    return against(bench, reference, "ratio >= 0.8", reads)


def while_updates_arrive(bench: Bench, read: Contestant, program: service.Service | nginx.Nginx, path: str,
                         devices: int) -> Contestant:  # fmt: skip
    def measure(seconds: float) -> Sample:
        lasting = load.whole_seconds(seconds * load.WARM_UP) + load.whole_seconds(seconds)
        with load.updates_arriving(program.port, path, ARRIVING, lasting, devices, bench.folder) as generator:
            sample = read.measure(seconds)
            arrived = load.figures_of(generator)
        sample.refused += int(arrived["refused"])
        sample.broken += int(arrived["unanswered"])
        return sample

    return Contestant(read.name, measure)


def summary_gzip(bench: Bench) -> list[Contestant]:
    services, _ = summaries(bench)
    _, fields, _ = service.get(services[-1].url + "/status/summary", {"Accept-Encoding": "gzip"})
    if fields.get("content-encoding") != "gzip":
        raise NotThere("the summary is not sent with gzip")
    plain = by_wrk("plain", services[-1], "/status/summary", "get_fixed", 8)
    zipped = by_wrk("gzip", services[-1], "/status/summary", "get_fixed", 8, "gzip")
    zipped.of, zipped.holds = plain.name, "ratio >= 5"
    return [plain, zipped]


def histories(bench: Bench, days: int) -> list[tuple[Binary, service.Service, str]]:
    """Histories that are merged."""
    made = []
    for binary in bench.binaries:
        database_url = fleet.filled(bench, binary, "postgres", fleet.history(REPORTING, ROWS, days), days)
        program = bench.service(binary, database_url)
        ask_for_each_history(program)
        made.append((binary, program, database_url))
    return made


def ask_for_each_history(program: service.Service) -> None:
    """A device's records are counted, and PostgreSQL's pages read, when it is asked for the first time. What is measured
    comes after."""
    for device in range(REPORTING):
        service.get(f"{program.url}/status/bench-{device:07}/history")


def history_reads(made: list[tuple[Binary, service.Service, str]]) -> list[Contestant]:
    return [by_wrk(binary.name, program, "", "get_history", 64, str(REPORTING)) for binary, program, _ in made]


def history(bench: Bench) -> list[Contestant]:
    made = histories(bench, 1)
    script = pathlib.Path(bench.folder) / "history.sql"
    script.write_text(HISTORY_QUERY.format(last=REPORTING - 1))
    script.chmod(0o644)

    def alone(seconds: float) -> Sample:
        return load.pgbench(bench.postgres.process, bench.postgres.pgbench, made[0][2], script, 2, seconds)

    return against(bench, Contestant("pgbench, the query alone", alone), "median >= 12000", history_reads(made))


def history_tail(bench: Bench) -> list[Contestant]:
    """Histories of which nothing is merged."""
    idle, busy = [], []
    for binary in bench.binaries:
        program = bench.service(binary, fleet.stored(bench, binary, "postgres", REPORTING))
        service.post_batches(program.url, fleet.history(REPORTING, ROWS))
        ask_for_each_history(program)
        read = by_wrk(binary.name, program, "", "get_history", 64, str(REPORTING))
        read.holds = "median >= 40000"
        idle.append(read)
        busy.append(while_updates_arrive(bench, read, program, "/status", REPORTING))
    for read, reference in zip(busy, idle, strict=True):
        read.name, read.of = f"{reference.name}, 5,000 updates/s arrive", reference.name
    return idle + busy


def history_partitions(bench: Bench) -> list[Contestant]:
    few, many = histories(bench, 1), histories(bench, 365)
    one = history_reads(few[:1])[0]
    one.name = "a single partition"
    reads = history_reads(many)
    for read in reads:
        read.name = f"365 partitions, {read.name}"
    return against(bench, one, "ratio >= 0.5", reads)


def history_long(bench: Bench) -> list[Contestant]:
    rows = 100_000
    contestants = []
    for store in ("postgres", "sqlite"):
        reads = []
        for binary in bench.binaries:
            program = bench.service(binary, fleet.filled(bench, binary, store, fleet.history(1, rows)))
            path = "/status/bench-0000000/history"
            _, _, body = service.get(program.url + path)
            if f'"total_records":{rows}'.encode() not in body:
                raise processes.Failed(f"another total than {rows}: {body[-100:]!r}")
            read = by_wrk(f"{store}, {binary.name}", program, path, "get_fixed", 1)
            read.holds = "p50 <= 10"
            reads.append(read)
        contestants += one_after_the_other(bench, reads)
    return contestants


def history_buckets(bench: Bench) -> list[Contestant]:
    """A month of one device, in as many buckets as it has days."""
    days = 30
    first, last = (fleet.midnight(day).strftime("%Y-%m-%dT%H:%M:%SZ") for day in (days, 0))
    path = f"/status/bench-0000000/history?from={first}&to={last}&buckets={days}"
    contestants = []
    for store in ("postgres", "sqlite"):
        reads = []
        for binary in bench.binaries:
            partitions = days + 1 if store == "postgres" else 1
            program = bench.service(binary, fleet.filled(bench, binary, store, fleet.minutes(days), partitions))
            _, _, body = service.get(program.url + path)
            if body.count(b'"records":1440') != days:
                raise processes.Failed(f"days without 1,440 records: {body[-200:]!r}")
            read = by_wrk(f"{store}, {binary.name}", program, path, "get_fixed", 1)
            read.holds = "p50 <= 50"
            reads.append(read)
        contestants += one_after_the_other(bench, reads)
    return contestants

"""Fleets and histories that a store has before a measurement: posted in batches, and merged by the service itself."""

import collections.abc
import datetime
import time

from . import processes, service
from .bench import Bench, Binary

Lines = collections.abc.Iterator[str]

# Merges take what is in the log at once.
MERGING = {"TAIL_MEMORY": "0"}

# Days that are over have partitions only if the service ran on them.
PARTITIONS = """
  SELECT count(*) FROM generate_series(1, {days} - 1) AS day,
    make_device_history_partition('device_history_' || to_char(current_date - day, 'YYYYMMDD'),
                                  current_date::timestamp AT TIME ZONE 'UTC' - day * interval '1 day',
                                  current_date::timestamp AT TIME ZONE 'UTC' - (day - 1) * interval '1 day');
"""


def report(device: int, at: datetime.datetime) -> str:
    return (
        f'{{"device_id":"bench-{device:07}","timestamp":"{at:%Y-%m-%dT%H:%M:%S.%fZ}","battery_level":{10 + device % 90},'
        f'"rssi":{-40 - device % 50},"online":{"true" if device % 10 else "false"}}}'
    )


def now() -> datetime.datetime:
    return datetime.datetime.now(datetime.timezone.utc)


def latest(devices: int) -> Lines:
    """A report of each device, an hour ago."""
    then = now() - datetime.timedelta(hours=1)
    return (report(device, then + datetime.timedelta(microseconds=device)) for device in range(devices))


def history(devices: int, rows: int, days: int = 1) -> Lines:
    """Reports of each device: so many today, at equal distances, and one on each day before."""
    end = now()
    midnight = end.replace(hour=0, minute=0, second=0, microsecond=0)
    distance = min(datetime.timedelta(seconds=0.01 if rows > 1000 else 1), (end - midnight) / (rows + 1))
    for device in range(devices):
        for day in range(days - 1, 0, -1):
            yield report(device, midnight - datetime.timedelta(days=day, hours=-12))
        for row in range(rows, 0, -1):
            yield report(device, end - row * distance)


def minutes(days: int) -> Lines:
    """A report a minute of one device, of so many days that are over."""
    begin = midnight(days)
    return (report(0, begin + datetime.timedelta(minutes=minute)) for minute in range(days * 24 * 60))


def midnight(days: int) -> datetime.datetime:
    """At which the day began that is so many days before today."""
    return now().replace(hour=0, minute=0, second=0, microsecond=0) - datetime.timedelta(days=days)


def updates(devices: int, count: int) -> Lines:
    """So many reports, of each device in turn."""
    begin = now() - datetime.timedelta(minutes=30)
    return (report(number % devices, begin + datetime.timedelta(microseconds=number)) for number in range(count))


def filled(bench: Bench, binary: Binary, store: str, lines: Lines, days: int = 1) -> str:
    """The URL of a new database that has these reports, all of them merged."""
    database_url = bench.database(store)
    service.migrate(binary.path, database_url)
    if days > 1:
        bench.execute(database_url, "SET timezone = 'UTC';" + PARTITIONS.format(days=days))
    add(bench, binary, database_url, lines)
    with service.Service(binary.path, database_url, bench.folder, MERGING) as program:
        settle(program)
    if store == "postgres":
        bench.execute(database_url, "VACUUM ANALYZE;")  # which autovacuum has done in a service's life
    return database_url


def add(bench: Bench, binary: Binary, database_url: str, lines: Lines) -> None:
    """The reports stay in the log, unless they are more than a tail takes."""
    with service.Service(binary.path, database_url, bench.folder, {}) as program:
        service.post_batches(program.url, lines)


def settle(program: service.Service) -> None:
    """Waits until everything is merged, and the days that are over are compacted."""
    quiet_since = time.monotonic()

    def is_quiet() -> bool:
        nonlocal quiet_since
        figures = service.metrics(program.url)
        if figures.get("ubiety_tail_updates", 0) > 0 or figures.get("ubiety_compaction_backlog", 0) > 0:
            quiet_since = time.monotonic()
        return time.monotonic() - quiet_since > 1

    processes.wait_until(is_quiet, "everything is merged", patience=600)


def stored(bench: Bench, binary: Binary, store: str, devices: int) -> str:
    """The URL of a new database that has the latest status of bench-0000000 and so on."""
    return filled(bench, binary, store, latest(devices))
